"""Looking back at a satisfied customer: what is not all right is handled again under a cycle of its own."""

from __future__ import annotations

import pytest

from domain import commands as c
from domain.case import Stage
from domain.customer_view import entry_for_customer
from domain.fold import replay
from domain.policy.errors import PackInvalid
from domain.policy.parse import parse_pack
from storage.case_row import waits_for
from tests import after_care
from tests.domain.looked_back import AT, DAY, carry_through, said, satisfied
from tests.domain.packs import changed, home
from tests.domain.pure_desk import PureDesk, sample_order
from tests.moves import AGENT, CUSTOMER, SUPERVISOR


def test_a_satisfied_customer_is_looked_back_at_between_the_seventh_and_the_fifteenth_day() -> None:
    desk = satisfied()
    assert desk.case.stage is Stage.FOLLOWING_UP
    assert desk.case.outcome is None
    [visit] = desk.case.deadlines
    assert (visit.name, visit.start_at, visit.due_at) == ("visit", AT + 7 * DAY, AT + 15 * DAY)
    # Until then it is the customer's to say that something is wrong; then it is the owner's turn.
    assert waits_for(desk.case) == "customer"
    desk.until(AT + 7 * DAY)
    assert waits_for(desk.case) == "agent"
    assert desk.journal[-1].event.kind == "follow_up_due"
    assert desk.journal[-1].clauses == ("AFT-VISIT-01",)


def test_all_is_well_and_the_complaint_is_closed_for_good() -> None:
    desk = satisfied()
    desk.until(AT + 8 * DAY)
    assert desk.does(AGENT, said(note="使用正常")) is None
    assert (desk.case.stage, desk.case.outcome, desk.case.satisfied) == (Stage.CLOSED, "satisfied", True)
    assert desk.case.deadlines == ()
    [met] = [entry.event for entry in desk.journal if entry.event.kind == "deadline_met" and "visit" in entry.event.key]
    assert met.in_time
    assert replay(desk.journal) == desk.case


def test_a_look_back_that_comes_too_early_shows_nothing_yet() -> None:
    desk = satisfied()
    refused = desk.does(AGENT, said())
    assert refused is not None
    assert refused.code == "follow_up_too_early"
    assert "2026-12-01" in refused.zh
    assert "2026-12-01" in refused.en


@pytest.mark.parametrize("wrong", [{"satisfied": False}, {"recurred": True}, {"new_demand": True}])
def test_what_is_wrong_again_is_handled_again_at_any_time(wrong: dict[str, bool]) -> None:
    desk = satisfied()
    desk.until(AT + 2 * DAY)
    assert desk.does(AGENT, said(**wrong, note="又裂了")) is None
    assert (desk.case.stage, desk.case.cycle, desk.case.satisfied) == (Stage.ASSESSING, 2, False)
    assert desk.case.follow_up is None
    desk.plan()
    assert [deadline.name for deadline in desk.case.deadlines] == ["second_handling"]
    # The second handling ends like the first one, and is looked back at as well.
    carry_through(desk)
    assert desk.does(CUSTOMER, c.Confirm(satisfied=True)) is None
    assert desk.case.stage is Stage.FOLLOWING_UP
    assert replay(desk.journal) == desk.case


def test_the_customer_may_take_their_word_back_while_the_complaint_is_kept_open() -> None:
    desk = satisfied()
    again = desk.does(CUSTOMER, c.Confirm(satisfied=True))
    assert again is not None
    assert again.code == "already_confirmed"
    assert desk.does(CUSTOMER, c.Confirm(satisfied=False, comment="又裂了")) is None
    assert (desk.case.stage, desk.case.cycle) == (Stage.ASSESSING, 2)
    assert [entry.event.kind for entry in desk.journal].count("deadline_dropped") >= 1


def test_who_does_not_answer_is_tried_again_until_a_supervisor_decides() -> None:
    desk = satisfied()
    desk.until(AT + 8 * DAY)
    for _ in range(desk.pack.confirm.attempts):
        assert desk.does(AGENT, c.RecordFollowUp(answered=False)) is None
        assert [each.name for each in desk.case.deadlines] == ["visit"]
    assert desk.journal[-1].event.kind == "escalated_by_hand"
    assert desk.does(SUPERVISOR, c.CloseByDecision(outcome="decided", reason="多次回访无人接听")) is None
    assert (desk.case.outcome, desk.case.follow_up) == ("decided", None)


def test_a_look_back_that_nobody_makes_is_missed_and_told() -> None:
    desk = satisfied()
    desk.until(AT + 15 * DAY)
    assert any(entry.event.kind == "deadline_missed" and "visit" in entry.event.key for entry in desk.journal)


def test_where_no_row_holds_the_customers_word_closes_as_before() -> None:
    desk = PureDesk(AT, "installation_attitude", order=sample_order(), pack=after_care.after_care())
    desk.plan()
    for by, command in (
        (AGENT, c.Respond(message="已登记")),
        (AGENT, c.Verify(founded=True, findings="属实")),
        (AGENT, c.Assess(facts={"work_left": False}, liable="installer")),
        (AGENT, c.Propose()),
    ):
        assert desk.does(by, command) is None
    if desk.case.stage is Stage.APPROVING:
        assert desk.does(SUPERVISOR, c.Approve(number=1)) is None
    assert desk.does(CUSTOMER, c.Accept(number=1)) is None
    desk.carry_out(lambda _: "done")
    for state in desk.case.steps:
        if state.status == "ordered":
            assert desk.does(AGENT, c.CompleteStep(step=state.step.id, note="已办")) is None
    assert desk.does(CUSTOMER, c.Confirm(satisfied=True)) is None
    assert desk.case.outcome == "satisfied"


def test_what_goes_on_behind_the_scenes_keeps_the_complaint_open_behind_the_look_back() -> None:
    desk = PureDesk(AT, "transport_loss", order=sample_order(), pack=after_care.after_care())
    desk.plan()
    for by, command in (
        (AGENT, c.Respond(message="已登记")),
        (AGENT, c.Verify(founded=True, findings="属实")),
        (AGENT, c.Assess(facts={}, liable="carrier")),
        (AGENT, c.Propose()),
        (SUPERVISOR, c.Approve(number=1)),
        (CUSTOMER, c.Accept(number=1)),
    ):
        assert desk.does(by, command) is None
    desk.carry_out(lambda _: "done")
    assert desk.does(CUSTOMER, c.Confirm(satisfied=True)) is None
    desk.plan()
    desk.until(AT + 8 * DAY)
    assert desk.does(AGENT, said()) is None
    assert (desk.case.stage, desk.case.satisfied, desk.case.open) == (Stage.CONFIRMING, True, True)
    [claim] = [state for state in desk.case.steps if state.status == "ordered"]
    assert desk.does(AGENT, c.CompleteStep(step=claim.step.id, note="已赔付")) is None
    assert desk.case.outcome == "satisfied"


def test_satisfied_is_said_of_who_was_reached_and_only_of_them() -> None:
    for fields in ({"answered": True}, {"answered": False, "satisfied": True}, {"answered": False, "recurred": True}):
        with pytest.raises(ValueError):
            c.RecordFollowUp.model_validate(fields)


def test_a_customer_sees_that_they_are_looked_back_at_and_no_remarks_about_them() -> None:
    desk = satisfied()
    desk.until(AT + 8 * DAY)
    desk.does(AGENT, said(note="语气不耐烦"))
    seen = [each for entry in desk.journal if (each := entry_for_customer(entry, desk.case)) is not None]
    assert [each.event.kind for each in seen if "follow" in each.event.kind] == ["follow_up_planned", "followed_up"]
    assert all("语气" not in each.model_dump_json() for each in seen)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('met_by = ["followed_up"]', 'met_by = ["confirmed"]', "met_by"),
        ('on = ["follow_up_due"]', 'on = ["closed"]', "nobody is reminded"),
        ('{ id = "yes", zh = "解决了", en = "Yes" },', '{ id = "no", zh = "解决了", en = "Yes" },', "one id"),
        ('deadline = "visit"', 'deadline = "nowhere"', "nowhere"),
    ],
)
def test_a_look_back_that_makes_no_sense_is_told_at_its_place(old: str, new: str, told: str) -> None:
    with pytest.raises(PackInvalid, match=told):
        parse_pack(changed(after_care.TEXT, old, new), "x.toml", home())
