"""Roles and the line of command."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from domain.actor import LINE_OF_COMMAND, SYSTEM, Actor, Role, rank


def actor(*roles: Role) -> Actor:
    return Actor(id="somebody", roles=roles)


def test_the_line_of_command_runs_from_the_agent_to_the_general_manager() -> None:
    assert [rank(role) for role in LINE_OF_COMMAND] == [0, 1, 2, 3, 4]
    assert LINE_OF_COMMAND == (Role.AGENT, Role.SENIOR_AGENT, Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER)


@pytest.mark.parametrize("role", sorted(set(Role) - set(LINE_OF_COMMAND)))
def test_a_role_outside_the_line_of_command_stands_below_everybody_in_it(role: Role) -> None:
    assert rank(role) == -1
    assert not actor(role).has(*LINE_OF_COMMAND)


@pytest.mark.parametrize("held", LINE_OF_COMMAND)
@pytest.mark.parametrize("wanted", LINE_OF_COMMAND)
def test_who_stands_higher_holds_the_roles_below(held: Role, wanted: Role) -> None:
    assert actor(held).has(wanted) == (rank(held) >= rank(wanted))


@pytest.mark.parametrize("wanted", sorted(set(Role) - set(LINE_OF_COMMAND)))
def test_a_general_manager_is_nobody_else_besides(wanted: Role) -> None:
    assert not actor(Role.GENERAL_MANAGER).has(wanted)
    assert actor(wanted, Role.AGENT).has(wanted)


def test_nobody_holds_no_role_at_all() -> None:
    assert not actor(Role.GENERAL_MANAGER).has()


def test_the_highest_role_decides_and_not_the_first() -> None:
    assert actor(Role.CUSTOMER, Role.AGENT, Role.MANAGER, Role.SUPERVISOR).highest is Role.MANAGER
    assert actor(Role.INTAKE).highest is Role.INTAKE
    assert SYSTEM.highest is Role.SYSTEM


@pytest.mark.parametrize("wrong", [{"id": ""}, {"id": "x" * 65}, {"roles": ()}, {"roles": ("king",)}, {"password": "x"}])
def test_an_actor_has_an_id_and_known_roles(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Actor.model_validate({"id": "lin", "roles": ("agent",), **wrong})
