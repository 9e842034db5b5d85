"""Looking back at a satisfied customer, and the survey: what is not all right is handled again under a cycle of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from documents.sheet import sheet_page
from domain import commands as c
from domain import journal as j
from domain.case import Stage
from domain.customer_view import entry_for_customer
from domain.erasure import forget
from domain.fold import replay
from domain.journal import Entry
from domain.notice_fields import compose
from domain.policy.errors import PackInvalid
from domain.policy.parse import parse_pack
from domain.sheet import sheet_of
from storage.case_row import waits_for
from tests import after_care
from tests.domain.packs import changed, home
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


@pytest.mark.parametrize("stage", [Stage.CONFIRMING, Stage.FOLLOWING_UP])
def test_an_answer_that_says_dissatisfied_has_it_handled_again(stage: Stage) -> None:
    desk = handled() if stage is Stage.CONFIRMING else satisfied()
    assert desk.does(CUSTOMER, c.AnswerSurvey(answers={"solved": "no", "service": "good"}, comment="还在裂")) is None
    assert (desk.case.stage, desk.case.cycle, desk.case.satisfied) == (Stage.ASSESSING, 2, False)
    assert desk.case.survey == {}
    assert replay(desk.journal) == desk.case


def test_a_good_survey_is_kept_and_asked_once() -> None:
    desk = handled()
    assert desk.does(CUSTOMER, c.AnswerSurvey(answers={"solved": "yes"})) is None
    assert desk.case.stage is Stage.CONFIRMING
    assert desk.case.survey == {"solved": "yes"}
    refused = desk.does(AGENT, c.AnswerSurvey(answers={"solved": "no"}))
    assert refused is not None
    assert refused.code == "survey_answered"


def test_a_good_answer_in_a_second_handling_starts_no_third() -> None:
    desk = handled()
    assert desk.does(CUSTOMER, c.AnswerSurvey(answers={"solved": "no"})) is None
    carry_through(desk)
    assert desk.does(CUSTOMER, c.AnswerSurvey(answers={"solved": "yes"})) is None
    desk.plan()
    assert desk.case.stage is Stage.CONFIRMING
    assert not any(deadline.name == "second_handling" for deadline in desk.case.deadlines)


@pytest.mark.parametrize(
    ("answers", "code", "field"),
    [({"taste": "good"}, "unknown_question", "answers.taste"), ({"solved": "maybe"}, "unknown_choice", "answers.solved")],
)
def test_an_answer_that_the_survey_does_not_have_is_refused_by_its_name(answers: dict[str, str], code: str, field: str) -> None:
    refused = handled().does(CUSTOMER, c.AnswerSurvey(answers=answers))
    assert refused is not None
    assert (refused.code, refused.field) == (code, field)


def test_the_customer_is_asked_in_both_languages_what_fits_their_complaint() -> None:
    desk = handled()
    rule = next(row for row in desk.pack.notice if row.id == "survey")
    [carried_out] = [entry for entry in desk.journal if entry.event.kind == "carried_out"]
    worded = compose(desk.case, desk.pack, rule, carried_out)[1]
    assert worded["survey"].zh == "问题解决了吗？（解决了／没有）服务如何？（好／一般／差）"
    assert worded["survey"].en == "Is it solved? (Yes / No) How was the service? (Good / Fair / Bad)"


def test_a_pack_without_a_survey_has_none_to_answer() -> None:
    desk = PureDesk(AT, order=sample_order())
    desk.plan()
    carry_through(desk)
    refused = desk.does(CUSTOMER, c.AnswerSurvey(answers={"solved": "yes"}))
    assert refused is not None
    assert refused.code == "no_survey"


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


def test_an_erased_customer_leaves_their_answers_and_not_their_words() -> None:
    # A question may be called like a field that is erased.
    answered = j.SurveyAnswered(answers={"content": "good"}, dissatisfied=False, comment="王芳的话")
    received = handled().journal[0]
    (_, kept), _ = forget([received, Entry(seq=2, at=AT, by=CUSTOMER, event=answered)])
    assert isinstance(kept.event, j.SurveyAnswered)
    assert kept.event.answers == {"content": "good"}
    assert "王芳" not in kept.model_dump_json()


def test_the_sheet_is_completed_three_times_under_the_complaints_own_number() -> None:
    desk = satisfied()
    first = sheet_of(desk.case, desk.journal, desk.pack, "zh-CN")
    assert (first.number, first.title) == ("cmp_pure", "投诉处理单")
    completed = dict(first.parts[0].fields)
    assert completed["提交处理方案"].endswith("lin")
    assert completed["回复后补填"].startswith("2026年11月24日")
    assert completed["回访后补填"] == "—"
    desk.until(AT + 8 * DAY)
    desk.does(AGENT, said(note="使用正常"))
    last = sheet_of(desk.case, desk.journal, desk.pack, "en")
    assert dict(last.parts[0].fields)["Completed after the follow-up"].endswith("lin")
    page = sheet_page(last, "en")
    for part in ("cmp_pure", "王芳", "Full refund", "approved proposal 1", "satisfied", "使用正常"):
        assert part in page, part


def test_what_a_customer_wrote_is_no_markup_of_the_sheet() -> None:
    desk = handled()
    intake = desk.case.intake.model_copy(update={"content": "<script>alert(1)</script>"})
    made = sheet_page(sheet_of(desk.case.model_copy(update={"intake": intake}), desk.journal, desk.pack, "zh-CN"), "zh-CN")
    assert "<script>" not in made
    assert "&lt;script&gt;" in made


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
