"""Answers to the survey in summaries: counted question by question, told in both languages, and part of satisfaction."""

from documents.sections import sections
from documents.web import html
from domain import journal as j
from domain.summary.figures import Summary
from domain.summary.telling import in_words
from tests.after_care import after_care
from tests.domain.summaries import LATE, NOVEMBER, summary, told


def made() -> Summary:
    answers = (
        ("c1", j.SurveyAnswered(answers={"solved": "yes", "service": "good"}, dissatisfied=False)),
        ("c2", j.SurveyAnswered(answers={"solved": "yes"}, dissatisfied=False)),
        ("c3", j.SurveyAnswered(answers={"service": "bad", "solved": "no"}, dissatisfied=True)),
        ("c4", j.FollowedUp(answered=True, satisfied=True, recurred=True)),
        ("c5", j.FollowedUp(answered=True, satisfied=True)),
        ("c6", j.FollowedUp(answered=False)),
    )
    entries = tuple(row for complaint, event in answers for row in told(event, complaint=complaint))
    return summary(complaints=(LATE,), entries=entries, pack=after_care())


def test_answers_are_counted_in_the_packs_order() -> None:
    assert [(each.question, each.id, each.count) for each in made().by_answer] == [
        ("solved", "yes", 2), ("solved", "no", 1), ("service", "good", 1), ("service", "bad", 1),
    ]  # fmt: skip


def test_who_says_no_in_the_survey_or_has_it_again_is_handled_again() -> None:
    assert (made().satisfaction.dissatisfied, made().satisfaction.handled_again) == (2, 2)


def test_they_are_told_in_both_languages_and_on_the_page() -> None:
    assert "- 问题解决了吗？ 解决了：2" in in_words(made(), "zh-CN")
    assert "- Is it solved? Yes: 2" in in_words(made(), "en")
    [section] = [each for each in sections(made(), "en") if each.title == "Survey"]
    assert section.rows[0] == ("Is it solved?", "Yes", 2)
    assert "服务如何？" in html(made(), "zh-CN")


def test_a_summary_without_a_survey_says_nothing_of_one() -> None:
    without = summary(complaints=(LATE,))
    assert "by_answer" not in without.model_dump_json()
    assert all(each.title != "Survey" for each in sections(without, "en"))
    before = told(j.SurveyAnswered(answers={"solved": "yes"}, dissatisfied=False), at=NOVEMBER.from_at.replace(year=2025))
    assert summary(complaints=(LATE,), entries=before, pack=after_care()).by_answer == ()
