"""What each event changes in the case: the rules of the fold (`domain/fold.py`), in the order of the procedure."""

from __future__ import annotations

from datetime import datetime
from functools import singledispatch
from typing import Any

from domain import journal as j
from domain.budget import Pause
from domain.case import Case, Proposal, Stage, StepState
from domain.journal import Entry
from domain.policy.wording import Wording
from domain.remedies import PlannedStep

Changes = dict[str, Any]

_INSPECTION = Wording(zh="上门核实", en="Inspection on site")


@singledispatch
def changes_of(event: Any, case: Case, entry: Entry) -> Changes:
    """What an event changes beyond the revision. Notices, refused commands and progress change nothing: they are told."""
    return {}


@changes_of.register
def _(event: j.OrderChecked, case: Case, entry: Entry) -> Changes:
    return {"order_check": event.result, "order": event.order, "route": event.route}


@changes_of.register
def _(event: j.Assigned, case: Case, entry: Entry) -> Changes:
    return {"assignee": event.assignee}


@changes_of.register
def _(event: j.HandedOver, case: Case, entry: Entry) -> Changes:
    return {"assignee": event.assignee}


@changes_of.register
def _(event: j.Responded, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.VERIFYING}


@changes_of.register
def _(event: j.InspectionOrdered, case: Case, entry: Entry) -> Changes:
    step = PlannedStep(id=event.step, kind="inspection_visit", clause="", title=_INSPECTION, by="partner", executor="logistics")
    return {"inspection": StepState(step=step, cycle=case.cycle, address=event.address)}


@changes_of.register
def _(event: j.VisitReported, case: Case, entry: Entry) -> Changes:
    return {"evidence": case.evidence + event.evidence, **_step(case, event.step, to_correct=not event.corrected)}


@changes_of.register
def _(event: j.Verified, case: Case, entry: Entry) -> Changes:
    return {"founded": event.founded, "stage": Stage.ASSESSING}


@changes_of.register
def _(event: j.Assessed, case: Case, entry: Entry) -> Changes:
    return {"facts": event.facts, "liable": event.liable, "stage": Stage.PROPOSING}


@changes_of.register
def _(event: j.Proposed, case: Case, entry: Entry) -> Changes:
    proposal = Proposal(number=event.number, plan=event.plan, proposed_by=entry.by.id)
    return {"proposal": proposal, "proposals": event.number}


@changes_of.register
def _(event: j.ApprovalAsked, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.APPROVING, "proposal": _proposal(case, approver_role=event.role)}


@changes_of.register
def _(event: j.Approved, case: Case, entry: Entry) -> Changes:
    return {"proposal": _proposal(case, decided_by=entry.by.id)}


@changes_of.register
def _(event: j.SentBack, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.PROPOSING, "proposal": None}


@changes_of.register
def _(event: j.Refused, case: Case, entry: Entry) -> Changes:
    role = case.proposal.approver_role if case.proposal else None
    return {"stage": Stage.PROPOSING, "proposal": None, "decision_role": role}


@changes_of.register
def _(event: j.Offered, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.OFFERED}


@changes_of.register
def _(event: j.Accepted, case: Case, entry: Entry) -> Changes:
    plan = case.proposal.plan if case.proposal else None
    going_on = {state.step.id for state in case.steps}
    agreed = (step for step in (plan.steps if plan else ()) if step.id not in going_on)
    steps = (*case.steps, *(StepState(step=step, cycle=case.cycle) for step in agreed))
    decided = case.decided + plan.cash if plan else case.decided
    return {"stage": Stage.CARRYING_OUT, "steps": steps, "decided": decided, "decision_role": None}


@changes_of.register
def _(event: j.Declined, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.PROPOSING, "proposal": None}


@changes_of.register
def _(event: j.Appealed, case: Case, entry: Entry) -> Changes:
    return {
        "stage": Stage.PROPOSING,
        "proposal": None,
        "appeals": case.appeals + 1,
        "decision_role": event.decided_by_role,
    }


@changes_of.register
def _(event: j.StepOrdered, case: Case, entry: Entry) -> Changes:
    return _step(case, event.step, status="ordered", reference=event.reference, detail=event.detail)


@changes_of.register
def _(event: j.StepDone, case: Case, entry: Entry) -> Changes:
    paid = case.paid + event.paid if event.paid else case.paid
    return {**_step(case, event.step, status="done", detail=event.detail, paid=event.paid, calling_off=False), "paid": paid}


@changes_of.register
def _(event: j.StepFailed, case: Case, entry: Entry) -> Changes:
    return _step(case, event.step, status="failed", detail=event.detail or event.code, failure=event.code, calling_off=False)


@changes_of.register
def _(event: j.CallOffAsked, case: Case, entry: Entry) -> Changes:
    return _step(case, event.step, calling_off=True)


@changes_of.register
def _(event: j.CallOffRefused, case: Case, entry: Entry) -> Changes:
    return _step(case, event.step, calling_off=False)


@changes_of.register
def _(event: j.StepSettled, case: Case, entry: Entry) -> Changes:
    inspection = case.inspection
    state = inspection if inspection is not None and inspection.step.id == event.step else case.step(event.step)
    if state is None:
        return {}
    if event.action == "drop":
        # What is not carried out is no longer decided: paid may never exceed decided, and decided names what will be paid.
        money = state.cash
        decided = case.decided - money if money else case.decided
        return {
            **_step(case, event.step, status="dropped", detail=event.reason, failure=None, calling_off=False),
            "decided": decided,
        }
    return _step(case, event.step, status="planned", failure=None, attempt=state.attempt + 1)


@changes_of.register
def _(event: j.CarriedOut, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.CONFIRMING, "callbacks": 0}


@changes_of.register
def _(event: j.CallbackAttempted, case: Case, entry: Entry) -> Changes:
    return {"callbacks": case.callbacks + 1, "callback_at": event.next_at}


@changes_of.register
def _(event: j.Confirmed, case: Case, entry: Entry) -> Changes:
    changes: Changes = {"satisfied": event.satisfied, "rating": event.rating}
    if not event.satisfied:
        # Handled again from the assessment on, under a cycle number of its own: its effects have keys of their own.
        changes |= {"stage": Stage.ASSESSING, **_next_cycle(case)}
    return changes


@changes_of.register
def _(event: j.EvidenceAttached, case: Case, entry: Entry) -> Changes:
    return {"evidence": case.evidence + event.evidence}


@changes_of.register
def _(event: j.EscalatedByHand, case: Case, entry: Entry) -> Changes:
    return {
        "assignee": event.assignee or case.assignee,
        "escalations": case.escalations + 1,
        "priority": max(1, case.priority - 1),
    }


@changes_of.register
def _(event: j.Reopened, case: Case, entry: Entry) -> Changes:
    return {
        "stage": Stage.ASSESSING,
        "reopened": case.reopened + 1,
        **_next_cycle(case),
        "outcome": None,
        "outcome_reason": None,
        "closed_at": None,
        "satisfied": None,
        "rating": None,
        "decision_role": None,
    }


@changes_of.register
def _(event: j.Closed, case: Case, entry: Entry) -> Changes:
    return {
        "stage": Stage.CLOSED,
        "outcome": event.outcome,
        "outcome_reason": event.reason,
        "closed_at": entry.at,
        "paused": False,
        "resume_at": None,
        "pauses": ended(case.pauses, entry.at),
    }


def ended(pauses: tuple[Pause, ...], at: datetime) -> tuple[Pause, ...]:
    """The pauses with the open one ended, if there is one: left open, it would stop every promise made after it."""
    return tuple(pause if pause.until_at else pause.model_copy(update={"until_at": max(at, pause.from_at)}) for pause in pauses)


def _next_cycle(case: Case) -> Changes:
    # A claim against the carrier goes on, whatever the customer is offered next.
    going_on = tuple(s for s in case.steps if s.behind_the_scenes and s.status not in ("done", "dropped"))
    return {
        "cycle": case.cycle + 1,
        "proposal": None,
        "steps": going_on,
        "earlier_steps": case.earlier_steps + tuple(s for s in case.steps if s not in going_on),
        "callback_at": None,
    }


def _proposal(case: Case, **changes: Any) -> Proposal | None:
    return case.proposal.model_copy(update=changes) if case.proposal else None


def _step(case: Case, step: str, **changes: Any) -> Changes:
    if case.inspection is not None and case.inspection.step.id == step:
        return {"inspection": case.inspection.model_copy(update=changes)}
    return {"steps": tuple(s.model_copy(update=changes) if s.step.id == step else s for s in case.steps)}
