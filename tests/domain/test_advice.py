"""What a person is told to say and do now: by stage, by kind of complaint, with the clause."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain import commands as c
from domain.actor import Actor, Role
from domain.advice import advice_now
from domain.case import Stage
from domain.journal import FactValue
from tests.domain.pure_desk import PureDesk, sample_order

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
AGENT = Actor(id="lin", roles=(Role.AGENT,))
SUPERVISOR = Actor(id="zhou", roles=(Role.SUPERVISOR,))
CUSTOMER = Actor(id="cust-0001", roles=(Role.CUSTOMER,))


def told(desk: PureDesk) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.row, each.clauses) for each in advice_now(desk.journal, desk.pack)]


def does(desk: PureDesk, by: Actor, command: c.Command) -> None:
    assert desk.does(by, command) is None


def proposed(facts: dict[str, FactValue]) -> PureDesk:
    desk = PureDesk(AT, "transport_damage", sample_order("1000.00", AT))
    does(desk, AGENT, c.Respond(message="已登记"))
    does(desk, AGENT, c.Verify(founded=True, findings="属实", sources=("承运商",)))
    does(desk, AGENT, c.Assess(facts=facts, liable="carrier"))
    does(desk, AGENT, c.Propose())
    return desk


@pytest.mark.clause("HOM-TRN-03", "HOM-TRN-04")
def test_the_first_words_about_a_transport_give_way_to_where_to_ask() -> None:
    desk = PureDesk(AT, "transport_damage", sample_order("1000.00", AT))
    assert told(desk) == [("first_words_transport", ("HOM-TRN-03",))]
    does(desk, AGENT, c.Respond(message="已登记"))
    assert told(desk) == [("verify_transport", ("HOM-TRN-04",))]
    does(desk, AGENT, c.Verify(founded=True, findings="属实", sources=("承运商",)))
    assert told(desk) == []


@pytest.mark.clause("HOM-INS-02", "HOM-INS-03", "HOM-INS-04")
def test_an_installation_has_advice_of_its_own() -> None:
    desk = PureDesk(AT, "installation_workmanship", sample_order("1000.00", AT))
    assert told(desk) == [("first_words_installation", ("HOM-INS-02",))]
    does(desk, AGENT, c.Respond(message="已登记"))
    assert told(desk) == [("verify_installation", ("HOM-INS-03", "HOM-INS-04"))]


@pytest.mark.clause("HOM-DMG-01", "HOM-EXE-02")
def test_a_remedy_says_how_to_go_about_it_and_every_day_the_customer_hears_how_it_stands() -> None:
    desk = proposed({"damage": "slight"})
    assert told(desk) == [("damage_slight", ("HOM-DMG-01",))]
    if desk.case.stage is Stage.APPROVING:
        does(desk, SUPERVISOR, c.Approve(number=1))
    does(desk, CUSTOMER, c.Accept(number=1))
    assert told(desk) == [("daily", ("HOM-EXE-02",)), ("damage_slight", ("HOM-DMG-01",))]
    desk.carry_out(lambda step: "accepted")
    assert [row for row, _ in told(desk)] == ["daily", "damage_slight"]


def test_a_finished_complaint_asks_for_nothing() -> None:
    desk = proposed({"damage": "slight"})
    does(desk, CUSTOMER, c.Withdraw(reason="已自行解决"))
    assert desk.case.stage is Stage.CLOSED
    assert told(desk) == []
    assert advice_now([], desk.pack) == ()
