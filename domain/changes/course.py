"""What evidence, the end and what follows it change."""

from __future__ import annotations

from domain import journal as j
from domain.case import Case, Stage
from domain.changes.rule import Changes, changes_of, ended, next_cycle
from domain.journal import Entry


@changes_of.register
def _(event: j.EvidenceAttached, case: Case, entry: Entry) -> Changes:
    return {"evidence": case.evidence + event.evidence}


@changes_of.register
def _(event: j.Reopened, case: Case, entry: Entry) -> Changes:
    return {
        "stage": Stage.ASSESSING,
        "reopened": case.reopened + 1,
        **next_cycle(case),
        "outcome": None,
        "outcome_reason": None,
        "closed_at": None,
        "satisfied": None,
        "rating": None,
        "decision_role": None,
        "presumed": False,
        "with_legal": False,
    }


@changes_of.register
def _(event: j.Closed, case: Case, entry: Entry) -> Changes:
    return {
        "stage": Stage.CLOSED,
        "outcome": event.outcome,
        "outcome_reason": event.reason,
        "closed_at": entry.at,
        "follow_up": None,
        "paused": False,
        "resume_at": None,
        "pauses": ended(case.pauses, entry.at),
    }
