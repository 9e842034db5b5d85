"""What the look back after a handling and the survey change."""

from __future__ import annotations

from domain import journal as j
from domain.case import Case, FollowUp, Stage
from domain.changes.rule import Changes, changes_of, next_cycle
from domain.journal import Entry


@changes_of.register
def _(event: j.FollowUpPlanned, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.FOLLOWING_UP, "follow_up": FollowUp(row=event.row, from_at=event.from_at, owner=event.owner)}


@changes_of.register
def _(event: j.FollowUpDue, case: Case, entry: Entry) -> Changes:
    return {"follow_up": case.follow_up.model_copy(update={"reminded": True}) if case.follow_up else None}


@changes_of.register
def _(event: j.FollowedUp, case: Case, entry: Entry) -> Changes:
    if not event.answered:
        state = case.follow_up
        return {"follow_up": state.model_copy(update={"attempts": state.attempts + 1, "reminded": True}) if state else None}
    if event.all_is_well:
        # What goes on behind the scenes keeps the complaint open, as it does after the customer's word on the result.
        return {"stage": Stage.CONFIRMING, "follow_up": None}
    return _handled_again(case)


@changes_of.register
def _(event: j.SurveyAnswered, case: Case, entry: Entry) -> Changes:
    return _handled_again(case) if event.dissatisfied else {"survey": event.answers}


def _handled_again(case: Case) -> Changes:
    return {"stage": Stage.ASSESSING, "satisfied": False, **next_cycle(case)}
