"""What the entries about gravity and urgency change."""

from __future__ import annotations

from domain import journal as j
from domain.case import Case, Stage
from domain.changes.rule import Changes, changes_of
from domain.intake import Details, supplemented
from domain.journal import Entry


@changes_of.register
def _(event: j.Classified, case: Case, entry: Entry) -> Changes:
    # What escalations have raised stays raised.
    raised = (case.ranked or (2 if case.urgent else 3)) - case.priority
    return {
        "category": event.category,
        "group": event.group,
        "level": event.level,
        "severity": event.severity,
        "urgent": event.urgent,
        "ranked": event.priority,
        "priority": max(1, event.priority - raised),
    }


@changes_of.register
def _(event: j.Reclassified, case: Case, entry: Entry) -> Changes:
    changes: Changes = {
        "category": event.category,
        "group": event.group,
        "urgent_causes": event.urgent_causes,
        "answer_by_at": event.answer_by_at,
    }
    if event.details is not None:
        changes |= _supplemented(event.details, case)
    if event.category != case.category:
        # What was found for the one category says nothing of the other.
        changes |= {"facts": {}, "liable": None, "proposal": None}
        if case.stage in (Stage.PROPOSING, Stage.APPROVING, Stage.OFFERED):
            changes["stage"] = Stage.ASSESSING
    return changes


def _supplemented(details: Details, case: Case) -> Changes:
    """What is known besides. Whoever turns out to be complained of has it no longer, nor is it offered to them."""
    intake = supplemented(case.intake, details)
    changes: Changes = {"intake": intake}
    if intake.order_number != case.intake.order_number:
        changes["order_check"] = "pending"
    about = intake.against_staff
    if about is not None and case.assignee == about:
        changes |= {"assignee": None, "offered": None}
    if about is not None and case.offered is not None and case.offered.to == about:
        changes["offered"] = None
    return changes
