"""Complaints under a procedure that looks back at its customers: carried out, and with a satisfied customer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain import commands as c
from domain.case import Stage
from tests import after_care
from tests.domain.pure_desk import PureDesk, sample_order
from tests.moves import AGENT, CUSTOMER, SUPERVISOR

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def handled(category: str = "transport_damage") -> PureDesk:
    """Everything is carried out; the customer has not said yet what they think of it."""
    desk = PureDesk(AT, category, order=sample_order(), pack=after_care.after_care())
    desk.plan()
    carry_through(desk)
    return desk


def carry_through(desk: PureDesk) -> None:
    for by, command in (
        (AGENT, c.Respond(message="已登记")),
        (AGENT, c.Verify(founded=True, findings="属实")),
        (AGENT, c.Assess(facts={"damage": "severe"}, liable="company")),
        (AGENT, c.Propose()),
        (SUPERVISOR, c.Approve(number=desk.case.proposals + 1)),
        (CUSTOMER, c.Accept(number=desk.case.proposals + 1)),
    ):
        if not (isinstance(command, c.Respond | c.Verify) and desk.case.cycle > 1):
            assert desk.does(by, command) is None, command
    desk.plan()
    desk.carry_out(lambda _: "done")
    assert desk.case.stage is Stage.CONFIRMING


def satisfied() -> PureDesk:
    desk = handled()
    assert desk.does(CUSTOMER, c.Confirm(satisfied=True, rating=5)) is None
    desk.plan()
    return desk


def said(**fields: object) -> c.RecordFollowUp:
    return c.RecordFollowUp.model_validate({"answered": True, "satisfied": True, **fields})
