"""What the entries about whose complaint it is change."""

from __future__ import annotations

from domain import journal as j
from domain.case import Case
from domain.changes.rule import Changes, changes_of
from domain.journal import Entry


@changes_of.register
def _(event: j.Assigned, case: Case, entry: Entry) -> Changes:
    return {"assignee": event.assignee, "routed": event.route or case.routed}


@changes_of.register
def _(event: j.HandedOver, case: Case, entry: Entry) -> Changes:
    return {"assignee": event.assignee, "offered": None, "passed_over": ()}


@changes_of.register
def _(event: j.EscalatedByHand, case: Case, entry: Entry) -> Changes:
    return {
        "assignee": event.assignee or case.assignee,
        "escalations": case.escalations + 1,
        "priority": max(1, case.priority - 1),
        "taken_up": True,
    }
