"""The rights table, every command by every role: a change of it shows here as a line."""

from __future__ import annotations

import pytest

from domain.actor import Actor, Role
from domain.commands import COMMANDS
from domain.rights import ALLOWED, may

_LEADERS = {Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER}
_DESK = {Role.AGENT, Role.SENIOR_AGENT, *_LEADERS}
_FINDERS = {Role.RISK_CONTROL, *_DESK}
_HANDS_ON = {Role.RISK_CONTROL, Role.LEGAL, *_DESK}
_ON_SITE = {Role.DEPARTMENT, *_DESK}
_CUSTOMER_SIDE = {Role.CUSTOMER, *_DESK}

WHO_MAY = {
    "respond": _FINDERS,
    "order_inspection": _DESK,
    "report_visit": _ON_SITE,
    "verify": _FINDERS,
    "assess": _FINDERS,
    "propose": _DESK,
    "approve": _LEADERS,
    "send_back": _LEADERS,
    "refuse": _LEADERS,
    "accept": _CUSTOMER_SIDE,
    "decline": _CUSTOMER_SIDE,
    "appeal": _CUSTOMER_SIDE,
    "complete_step": {Role.DEPARTMENT, *_HANDS_ON},
    "settle_step": _LEADERS,
    "report_progress": {Role.DEPARTMENT, *_FINDERS},
    "record_callback": _FINDERS,
    "confirm": _CUSTOMER_SIDE,
    "attach_evidence": {Role.INTAKE, Role.CUSTOMER, Role.DEPARTMENT, *_HANDS_ON},
    "pause": _FINDERS,
    "resume": _FINDERS,
    "hand_over": _HANDS_ON,
    "escalate": _HANDS_ON,
    "acknowledge": _HANDS_ON,
    "withdraw": _CUSTOMER_SIDE,
    "reopen": _CUSTOMER_SIDE,
    "close_by_decision": _LEADERS,
    "note_sign": {Role.DEPARTMENT, *_HANDS_ON},
    "demand_evidence": _FINDERS,
    "presume_malice": _HANDS_ON,
    "refer_to_legal": {Role.RISK_CONTROL, *_LEADERS},
    "reclassify": _FINDERS,
    "give_opinion": {Role.DEPARTMENT, *_LEADERS},
    "promise_time": _FINDERS,
    "record_follow_up": _FINDERS,
    "answer_survey": _CUSTOMER_SIDE,
    "take_over": _HANDS_ON,
    "decline_hand_over": _HANDS_ON,
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
