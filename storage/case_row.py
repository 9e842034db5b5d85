"""A case as a row of `complaints`: what lists sort and filter by, and whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from domain.actor import Role
from domain.case import Case, Stage, StepState
from domain.hand_overs import waiting_offer
from domain.opinions import outstanding

# Sorts after every instant that can be due.
END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)
PARTNER = "partner"


def waits_for(case: Case) -> str | None:
    """Whose turn it is: a role, or *partner* for the outside systems; None when the complaint is closed.

    What waits for the desk waits for its *agent*, whoever is assigned: an assignee of any role finds it in their own work list.
    """
    if not case.open:
        return None
    if case.paused:
        return Role.CUSTOMER.value
    match case.stage:
        case Stage.APPROVING:
            asked = case.proposal.approver_role if case.proposal else None
            return (asked or Role.SUPERVISOR).value
        case Stage.OFFERED:
            return Role.CUSTOMER.value
        case Stage.PROPOSING if outstanding(case):
            return Role.DEPARTMENT.value
        case Stage.PROPOSING:
            return (case.decision_role or Role.AGENT).value
        case Stage.VERIFYING if case.inspection is not None:
            return _turn((case.inspection,))
        case Stage.CARRYING_OUT:
            return _turn(case.steps)
        case Stage.FOLLOWING_UP if case.follow_up is not None:
            # Until the time to look back has come it is the customer's to say that something is wrong again.
            return (case.follow_up.owner if case.follow_up.reminded else Role.CUSTOMER).value
    return Role.AGENT.value


def _turn(steps: Sequence[StepState]) -> str:
    """Of several, the desk comes first: what only it can mend or do holds up the rest. A visit ends with the visitor's report."""
    under_way = [state for state in steps if state.status in ("planned", "ordered")]
    failed = any(state.status == "failed" for state in steps)
    if failed or not under_way or any(state.step.executor == "person" for state in under_way):
        return Role.AGENT.value
    return Role.DEPARTMENT.value if any(state.is_visit for state in under_way) else PARTNER


def _opinion(case: Case) -> str | None:
    """A department that owes an opinion has missed its promise, or is within it."""
    if not case.open or not outstanding(case):
        return None
    late = any(promise.missed and promise.owner is Role.DEPARTMENT for promise in case.deadlines)
    return "late" if late else "awaited"


def row_of(case: Case, workflow_id: str) -> dict[str, Any]:
    """The columns of one case."""
    next_due = case.next_due if case.open else None
    offer = waiting_offer(case) if case.open else None
    order = case.order
    return {
        "complaint_id": case.complaint_id,
        "tenant": case.tenant,
        "workflow_id": workflow_id,
        "revision": case.revision,
        "status": "open" if case.open else "closed",
        "stage": case.stage.value,
        "waits_for": waits_for(case),
        "assignee": case.assignee,
        "offered_to": offer.to if offer else None,
        "paused": case.paused,
        "cycle": case.cycle,
        "complaint_group": case.group,
        "category": case.category,
        "level": case.level,
        "severity": case.severity,
        "urgent": case.urgent,
        "priority": case.priority,
        "urgency": case.priority * 2 + (not case.urgent),
        "channel": case.intake.channel,
        "customer_id": case.intake.customer.customer_id,
        "customer_name": case.intake.customer.name,
        "order_number": case.intake.order_number,
        "origin": order.origin if order else None,
        "destination": order.destination if order else None,
        "carrier": order.carrier if order else None,
        "next_due_at": next_due.due_at if next_due else None,
        "next_due_name": next_due.name if next_due else None,
        "due_order": (next_due.due_at if next_due else None) or END_OF_TIME,
        "breaches": case.breaches,
        "escalations": case.escalations,
        "opinion": _opinion(case),
        "received_at": case.received_at,
        "updated_at": case.updated_at,
        "closed_at": case.closed_at,
        "outcome": case.outcome,
        "satisfied": case.satisfied,
        "rating": case.rating,
        "currency": case.currency,
        "decided_amount": case.decided.amount,
        "paid_amount": case.paid.amount,
        "snapshot": case.model_dump_json(),
    }
