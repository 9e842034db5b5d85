"""The rights table, every command by every role: a change of it shows here as a line."""

from __future__ import annotations

import pytest

from domain.actor import Actor, Role
from domain.commands import COMMANDS
from domain.rights import ALLOWED, may

_LEADERS = {Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER}
_DESK = {Role.AGENT, *_LEADERS}
_ON_SITE = {Role.DEPARTMENT, *_DESK}
_CUSTOMER_SIDE = {Role.CUSTOMER, *_DESK}

WHO_MAY = {
    "respond": _DESK,
    "order_inspection": _DESK,
    "report_visit": _ON_SITE,
    "verify": _DESK,
    "assess": _DESK,
    "propose": _DESK,
    "approve": _LEADERS,
    "send_back": _LEADERS,
    "refuse": _LEADERS,
    "accept": _CUSTOMER_SIDE,
    "decline": _CUSTOMER_SIDE,
    "appeal": _CUSTOMER_SIDE,
    "complete_step": _ON_SITE,
    "settle_step": _LEADERS,
    "report_progress": _ON_SITE,
    "record_callback": _DESK,
    "confirm": _CUSTOMER_SIDE,
    "attach_evidence": {Role.INTAKE, Role.DEPARTMENT, *_CUSTOMER_SIDE},
    "pause": _DESK,
    "resume": _DESK,
    "hand_over": _DESK,
    "escalate": _DESK,
    "acknowledge": _DESK,
    "withdraw": _CUSTOMER_SIDE,
    "reopen": _CUSTOMER_SIDE,
    "close_by_decision": _LEADERS,
}


def test_every_command_has_its_rights() -> None:
    assert set(ALLOWED) == set(COMMANDS) == set(WHO_MAY)


@pytest.mark.parametrize("command", sorted(WHO_MAY))
@pytest.mark.parametrize("role", Role)
def test_the_role_may_what_the_table_says(command: str, role: Role) -> None:
    assert may(Actor(id="somebody", roles=(role,)), command) == (role in WHO_MAY[command])


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.OPERATOR, Role.ADMINISTRATOR])
def test_who_keeps_the_software_running_decides_nothing(role: Role) -> None:
    assert not any(may(Actor(id="ops", roles=(role,)), command) for command in COMMANDS)


def test_a_second_role_adds_its_rights() -> None:
    both = Actor(id="ann", roles=(Role.OPERATOR, Role.CUSTOMER))
    assert may(both, "accept")
    assert not may(both, "approve")
