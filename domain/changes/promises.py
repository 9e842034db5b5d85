"""What the events of promises change in the case: deadlines, pauses and escalations (rules of `domain/fold.py`)."""

from __future__ import annotations

from typing import Any

from domain import journal as j
from domain import promise_events as p
from domain.budget import Pause
from domain.case import Case, OpenDeadline
from domain.changes.rule import Changes, changes_of, ended
from domain.journal import Entry


@changes_of.register
def _(event: j.Paused, case: Case, entry: Entry) -> Changes:
    pause = Pause(from_at=entry.at, reason=event.reason)
    deadlines = tuple(d.model_copy(update={"standing_still": d.may_stand_still(entry.at)}) for d in case.deadlines)
    return {"paused": True, "resume_at": event.until_at, "pauses": (*case.pauses, pause), "deadlines": deadlines}


@changes_of.register
def _(event: j.Resumed, case: Case, entry: Entry) -> Changes:
    return {"paused": False, "resume_at": None, "pauses": ended(case.pauses, event.ended_at or entry.at)}


@changes_of.register
def _(event: p.DeadlineSet, case: Case, entry: Entry) -> Changes:
    deadline = OpenDeadline(
        key=event.key,
        name=event.name,
        clause=event.clause,
        start_at=event.start_at,
        due_at=event.due_at,
        rungs=event.rungs,
        pausable=event.pausable,
        standing_still=case.paused and event.pausable,
        owner=event.owner,
        explanation=event.explanation,
    )
    return {"deadlines": (*case.deadlines, deadline), "deadlines_set": case.deadlines_set + 1}


@changes_of.register
def _(event: p.DeadlineMoved, case: Case, entry: Entry) -> Changes:
    still = event.due_at is None
    return _deadline(case, event.key, due_at=event.due_at, rungs=event.rungs, explanation=event.explanation, standing_still=still)


@changes_of.register
def _(event: p.DeadlineMet, case: Case, entry: Entry) -> Changes:
    return {"deadlines": _without(case, event.key), "deadlines_met": case.deadlines_met + event.in_time}


@changes_of.register
def _(event: p.DeadlineMissed, case: Case, entry: Entry) -> Changes:
    deadline = case.deadline(event.key)
    ours = deadline is None or deadline.ours
    return {**_deadline(case, event.key, missed=True), "breaches": case.breaches + ours}


@changes_of.register
def _(event: p.DeadlineDropped, case: Case, entry: Entry) -> Changes:
    return {"deadlines": _without(case, event.key)}


@changes_of.register
def _(event: p.Escalated, case: Case, entry: Entry) -> Changes:
    changes = {**_deadline(case, event.key, next_rung=event.rung + 1), "escalations": case.escalations + 1}
    if "raise" in event.actions:
        changes["priority"] = max(1, case.priority - 1)
    if "hand_over" in event.actions and event.person:
        changes["assignee"] = event.person
    return changes


@changes_of.register
def _(event: p.Acknowledged, case: Case, entry: Entry) -> Changes:
    return _deadline(case, event.key, acknowledged=True)


def _deadline(case: Case, key: str, **changes: Any) -> Changes:
    return {"deadlines": tuple(d.model_copy(update=changes) if d.key == key else d for d in case.deadlines)}


def _without(case: Case, key: str) -> tuple[OpenDeadline, ...]:
    return tuple(d for d in case.deadlines if d.key != key)
