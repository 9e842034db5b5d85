"""How a complaint changes hands, and who may not touch it."""

from __future__ import annotations

import pytest

from domain import commands as c
from domain.actor import Actor, Role
from domain.current_details import current_details
from tests.domain.routes import HANDOVER, LIN, ZHAO, assigned_desk, code, routed

SENIOR = Actor(id="ming", roles=(Role.SENIOR_AGENT,))


@pytest.mark.clause("ECO-HND-01", "LOY-PRI-02")
def test_the_giver_stays_responsible_until_the_other_one_has_taken_it_over() -> None:
    desk = assigned_desk(routed(HANDOVER))
    assert desk.does(LIN, c.HandOver(to="zhao", reason="交班")) is None
    assert desk.case.assignee == "lin"
    assert "offered to zhao" in current_details(desk.case, desk.pack)
    assert code(desk.does(LIN, c.HandOver(to="zhao", reason="交班"))) == "already_offered"
    assert code(desk.does(LIN, c.TakeOver())) == "offered_to_other"
    assert desk.does(ZHAO, c.TakeOver()) is None
    assert (desk.case.assignee, desk.case.offered) == ("zhao", None)
    given = desk.journal[-1]
    assert (given.event.kind, given.by.id, given.clauses) == ("handed_over", "zhao", ("HOM-TRN-03",))
    assert code(desk.does(ZHAO, c.TakeOver())) == "nothing_offered"


def test_who_declines_leaves_it_with_the_giver_who_may_ask_somebody_else() -> None:
    desk = assigned_desk(routed(HANDOVER))
    desk.does(LIN, c.HandOver(to="zhao", reason="交班"))
    assert desk.does(ZHAO, c.DeclineHandOver(reason="不当班")) is None
    assert (desk.case.assignee, desk.case.offered) == ("lin", None)
    assert code(desk.does(ZHAO, c.TakeOver())) == "nothing_offered"
    assert desk.does(LIN, c.HandOver(to="ming", reason="交班")) is None
    assert desk.does(LIN, c.HandOver(to="zhao", reason="还是您")) is None
    # The last offer counts; and who takes it themselves has said so by that.
    assert code(desk.does(SENIOR, c.TakeOver())) == "offered_to_other"
    assert desk.does(SENIOR, c.HandOver(to="ming", reason="我来")) is None
    assert desk.case.assignee == "ming"
    assert code(desk.does(ZHAO, c.TakeOver())) == "nothing_offered"


def test_without_the_table_a_hand_over_counts_at_once() -> None:
    desk = assigned_desk(routed())
    assert desk.does(LIN, c.HandOver(to="zhao", reason="交班")) is None
    assert desk.case.assignee == "zhao"
    assert code(desk.does(LIN, c.HandOver(to="zhao", reason="交班"))) == "same_assignee"


@pytest.mark.clause("LOY-II-02")
def test_whoever_is_complained_of_does_not_act_on_it_and_is_not_given_it() -> None:
    desk = assigned_desk(routed(HANDOVER), against_staff="zhao")
    refused = [desk.does(ZHAO, c.Respond(message="x")), desk.does(ZHAO, c.HandOver(to="lin", reason="x"))]
    assert [code(each) for each in refused] == ["complained_of", "complained_of"]
    assert code(desk.does(LIN, c.HandOver(to="zhao", reason="x"))) == "complained_of"
    assert desk.does(LIN, c.Respond(message="x")) is None
    # A customer may bear the id of an employee, and is none.
    assert desk.does(Actor(id="zhao", roles=(Role.CUSTOMER,)), c.Withdraw(reason="x")) is None
