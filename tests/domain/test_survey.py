"""The survey after the remedy: asked in both languages, answered once, and handled again where it says dissatisfied."""

from __future__ import annotations

import pytest

from domain import commands as c
from domain import journal as j
from domain.case import Stage
from domain.erasure import forget
from domain.fold import replay
from domain.journal import Entry
from domain.notice_fields import compose
from tests.domain.looked_back import AT, carry_through, handled, satisfied
from tests.domain.pure_desk import PureDesk, sample_order
from tests.moves import AGENT, CUSTOMER


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


def test_an_erased_customer_leaves_their_answers_and_not_their_words() -> None:
    # A question may be called like a field that is erased.
    answered = j.SurveyAnswered(answers={"content": "good"}, dissatisfied=False, comment="王芳的话")
    received = handled().journal[0]
    (_, kept), _ = forget([received, Entry(seq=2, at=AT, by=CUSTOMER, event=answered)])
    assert isinstance(kept.event, j.SurveyAnswered)
    assert kept.event.answers == {"content": "good"}
    assert "王芳" not in kept.model_dump_json()
