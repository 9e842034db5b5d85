"""The look back after a handling: when it is due, what it finds, and the survey. What is not all right is handled again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain import commands as c
from domain import journal as j
from domain.case import Case
from domain.case_facts import facts_of
from domain.journal import Event
from domain.policy.conditions import matches
from domain.policy.matching import follow_ups_for
from domain.policy.pack import Pack
from domain.policy.survey_rows import SurveyRule
from domain.policy.talk_rows import FollowUpRule
from domain.policy.wording import Wording
from domain.refusal import Refusal
from domain.steps import unfinished


def after_satisfied(case: Case, pack: Pack, confirmed: j.Confirmed, now: datetime) -> Sequence[Event]:
    """What follows a satisfied customer: the look back that the procedure asks for, or the end."""
    facts = facts_of(case.model_copy(update={"satisfied": True}), pack, confirmed)
    row = next(follow_ups_for(pack, confirmed.kind, facts), None)
    if row is not None:
        return [confirmed, j.FollowUpPlanned(row=row.id, from_at=now + row.after, owner=row.owner)]
    return [confirmed] if unfinished(case) else [confirmed, j.Closed(outcome="satisfied")]


def record_follow_up(case: Case, pack: Pack, command: c.RecordFollowUp, now: datetime) -> Sequence[Event]:
    """Raises Refusal for a look back at a customer who is content before it is due: it is to show that the remedy lasts."""
    followed = j.FollowedUp(**command.model_dump())
    state = case.follow_up
    early = state is not None and now < state.from_at
    if state is not None and early and (followed.all_is_well or not followed.answered):
        raise Refusal(
            "follow_up_too_early",
            zh=f"回访须在 {state.from_at:%Y-%m-%d %H:%M} UTC 之后进行；客户若有问题，可随时登记",
            en=f"the look back is due from {state.from_at:%Y-%m-%d %H:%M} UTC on; what is wrong may be recorded at any time",
        )
    if not followed.answered:
        return [followed, *_nobody_answered(case, pack)]
    if followed.all_is_well and not unfinished(case):
        return [followed, j.Closed(outcome="satisfied")]
    return [followed]


def _nobody_answered(case: Case, pack: Pack) -> Sequence[Event]:
    attempts = pack.confirm.attempts
    if case.follow_up is None or case.follow_up.attempts + 1 != attempts:
        return []
    # Who cannot be reached is decided on by whoever may close without the customer's word.
    reason = f"{attempts} unanswered follow-up calls / {attempts} 次跟踪回访无人接听"
    return [j.EscalatedByHand(to=pack.closing.decided_by, assignee=None, reason=reason)]


def survey_of(case: Case, pack: Pack) -> tuple[SurveyRule, ...]:
    """The questions that this customer is asked, in the pack's order."""
    facts = facts_of(case, pack, j.Confirmed(satisfied=bool(case.satisfied)))
    return tuple(row for row in pack.survey if matches(row.when, facts))


def in_one_line(questions: tuple[SurveyRule, ...]) -> Wording:
    """The questions with their choices, as a message asks them."""
    asked = [
        Wording(
            zh=f"{row.question.zh}（{'／'.join(choice.zh for choice in row.choice)}）",
            en=f"{row.question.en} ({' / '.join(choice.en for choice in row.choice)})",
        )
        for row in questions
    ]
    return Wording(zh="".join(each.zh for each in asked) or "无", en=" ".join(each.en for each in asked) or "none")


def answer_survey(case: Case, pack: Pack, command: c.AnswerSurvey) -> Sequence[Event]:
    """Raises Refusal for an answer that the survey does not have, and for a second time in one handling."""
    questions = {row.id: {choice.id: choice for choice in row.choice} for row in survey_of(case, pack)}
    if not questions:
        raise Refusal("no_survey", zh="本规程对此投诉没有问卷", en="the procedure has no survey for this complaint")
    if case.survey:
        raise Refusal("survey_answered", zh="问卷已填写", en="the survey has been answered already")
    for question, choice in command.answers.items():
        if question not in questions:
            raise Refusal(
                "unknown_question",
                field=f"answers.{question}",
                zh=f"没有此问题，可选：{'、'.join(questions)}",
                en=f"there is no such question; there are {', '.join(questions)}",
            )
        if choice not in questions[question]:
            raise Refusal(
                "unknown_choice",
                field=f"answers.{question}",
                zh=f"没有此选项，可选：{'、'.join(questions[question])}",
                en=f"there is no such choice; there are {', '.join(questions[question])}",
            )
    dissatisfied = any(questions[question][choice].dissatisfied for question, choice in command.answers.items())
    return [j.SurveyAnswered(answers=command.answers, dissatisfied=dissatisfied, comment=command.comment)]


def rule_of(pack: Pack, row: str) -> FollowUpRule | None:
    return next((rule for rule in pack.follow_up if rule.id == row), None)


def deadline_of(pack: Pack, row: str) -> str | None:
    """The promise to look back that a row of the pack names."""
    rule = rule_of(pack, row)
    return rule.deadline if rule else None


def is_follow_up(pack: Pack, deadline: str) -> bool:
    """Whether a promise is one to look back: it starts with the plan to do so, and with nothing else."""
    return any(rule.deadline == deadline for rule in pack.follow_up)


def made_pointless(event: Event) -> bool:
    """Whether an entry ends the look back before it took place: the matter is handled again."""
    return isinstance(event, j.Confirmed) or (isinstance(event, j.SurveyAnswered) and event.dissatisfied)


def clauses_of_follow_up(case: Case, pack: Pack, event: Event) -> tuple[str, ...]:
    """The clauses of the row that asks for a look back, or of the questions that were answered."""
    match event:
        case j.FollowUpPlanned() | j.FollowUpDue():
            rule = rule_of(pack, event.row)
        case j.SurveyAnswered():
            return tuple(clause for row in pack.survey if row.id in event.answers for clause in row.clauses)
        case _:
            rule = rule_of(pack, case.follow_up.row) if case.follow_up else None
    return rule.clauses if rule else ()
