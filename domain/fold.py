"""The fold: a case is the sum of its journal. Nothing changes a case but an entry, so the journal alone tells the whole story."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from typing import Any

from domain import journal as j
from domain.budget import Pause
from domain.case import Case, OpenDeadline, Proposal, Stage, StepState
from domain.journal import Entry
from domain.money import Money
from domain.policy.wording import Wording
from domain.remedies import PlannedStep

Changes = dict[str, Any]

_INSPECTION = Wording(zh="上门核实", en="Inspection on site")


def begin(entry: Entry) -> Case:
    """The case after its first entry, which is always `Received`; raises ValueError otherwise."""
    event = entry.event
    if not isinstance(event, j.Received) or entry.seq != 1:
        raise ValueError(f"a journal begins with entry 1, received; this is entry {entry.seq}, {event.kind}")
    return Case(
        tenant=event.tenant,
        complaint_id=event.complaint_id,
        pack=event.pack,
        pack_digest=event.pack_digest,
        zone=event.zone,
        currency=event.currency,
        revision=1,
        received_at=entry.at,
        updated_at=entry.at,
        group=event.group,
        category=event.intake.category,
        level=event.level,
        urgent=event.urgent,
        priority=2 if event.urgent else 3,
        intake=event.intake,
        evidence=event.intake.evidence,
        decided=Money.zero(event.currency),
        paid=Money.zero(event.currency),
    )


def evolve(case: Case, entry: Entry) -> Case:
    """The case after one more entry; raises ValueError when an entry is missing between them."""
    if entry.seq != case.revision + 1:
        raise ValueError(f"entry {case.revision + 1} is missing before entry {entry.seq}")
    changes = _changes(entry.event, case, entry)
    return case.model_copy(update={"revision": entry.seq, "updated_at": entry.at, **changes})


def replay(entries: Iterable[Entry]) -> Case:
    """The case that a whole journal adds up to."""
    entries = iter(entries)
    case = begin(next(entries))
    for entry in entries:
        case = evolve(case, entry)
    return case


@singledispatch
def _changes(event: Any, case: Case, entry: Entry) -> Changes:
    """What an event changes beyond the revision. Notices, refused commands and progress change nothing: they are told."""
    return {}


@_changes.register
def _(event: j.OrderChecked, case: Case, entry: Entry) -> Changes:
    return {"order_check": event.result, "order": event.order}


@_changes.register
def _(event: j.Assigned, case: Case, entry: Entry) -> Changes:
    return {"assignee": event.assignee}


@_changes.register
def _(event: j.HandedOver, case: Case, entry: Entry) -> Changes:
    return {"assignee": event.assignee}


@_changes.register
def _(event: j.Responded, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.VERIFYING}


@_changes.register
def _(event: j.InspectionOrdered, case: Case, entry: Entry) -> Changes:
    step = PlannedStep(id=event.step, kind="inspection_visit", clause="", title=_INSPECTION, by="partner", executor="logistics")
    return {"inspection": StepState(step=step, cycle=case.cycle)}


@_changes.register
def _(event: j.VisitReported, case: Case, entry: Entry) -> Changes:
    return {"evidence": case.evidence + event.evidence}


@_changes.register
def _(event: j.Verified, case: Case, entry: Entry) -> Changes:
    return {"founded": event.founded, "stage": Stage.ASSESSING}


@_changes.register
def _(event: j.Assessed, case: Case, entry: Entry) -> Changes:
    return {"facts": event.facts, "liable": event.liable, "stage": Stage.PROPOSING}


@_changes.register
def _(event: j.Proposed, case: Case, entry: Entry) -> Changes:
    proposal = Proposal(number=event.number, plan=event.plan, proposed_by=entry.by.id)
    return {"proposal": proposal, "proposals": event.number}


@_changes.register
def _(event: j.ApprovalAsked, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.APPROVING, "proposal": _proposal(case, approver_role=event.role)}


@_changes.register
def _(event: j.Approved, case: Case, entry: Entry) -> Changes:
    return {"proposal": _proposal(case, decided_by=entry.by.id)}


@_changes.register
def _(event: j.SentBack, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.PROPOSING, "proposal": None}


@_changes.register
def _(event: j.Refused, case: Case, entry: Entry) -> Changes:
    role = case.proposal.approver_role if case.proposal else None
    return {"stage": Stage.PROPOSING, "proposal": None, "decision_role": role}


@_changes.register
def _(event: j.Offered, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.OFFERED}


@_changes.register
def _(event: j.Accepted, case: Case, entry: Entry) -> Changes:
    plan = case.proposal.plan if case.proposal else None
    going_on = {state.step.id for state in case.steps}
    agreed = (step for step in (plan.steps if plan else ()) if step.id not in going_on)
    steps = (*case.steps, *(StepState(step=step, cycle=case.cycle) for step in agreed))
    decided = case.decided + plan.cash if plan else case.decided
    return {"stage": Stage.CARRYING_OUT, "steps": steps, "decided": decided, "decision_role": None}


@_changes.register
def _(event: j.Declined, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.PROPOSING, "proposal": None}


@_changes.register
def _(event: j.Appealed, case: Case, entry: Entry) -> Changes:
    return {
        "stage": Stage.PROPOSING,
        "proposal": None,
        "appeals": case.appeals + 1,
        "decision_role": event.decided_by_role,
    }


@_changes.register
def _(event: j.StepOrdered, case: Case, entry: Entry) -> Changes:
    return _step(case, event.step, status="ordered", reference=event.reference, detail=event.detail)


@_changes.register
def _(event: j.StepDone, case: Case, entry: Entry) -> Changes:
    paid = case.paid + event.paid if event.paid else case.paid
    return {**_step(case, event.step, status="done", detail=event.detail, paid=event.paid), "paid": paid}


@_changes.register
def _(event: j.StepFailed, case: Case, entry: Entry) -> Changes:
    return _step(case, event.step, status="failed", detail=event.detail or event.code)


@_changes.register
def _(event: j.StepSettled, case: Case, entry: Entry) -> Changes:
    state = case.step(event.step)
    if state is None:
        return {}
    if event.action == "drop":
        # What is not carried out is no longer decided: paid may never exceed decided, and decided names what will be paid.
        money = state.cash
        decided = case.decided - money if money else case.decided
        return {**_step(case, event.step, status="dropped", detail=event.reason), "decided": decided}
    return _step(case, event.step, status="planned", attempt=state.attempt + 1)


@_changes.register
def _(event: j.CarriedOut, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.CONFIRMING, "callbacks": 0}


@_changes.register
def _(event: j.CallbackAttempted, case: Case, entry: Entry) -> Changes:
    return {"callbacks": case.callbacks + 1, "callback_at": event.next_at}


@_changes.register
def _(event: j.Confirmed, case: Case, entry: Entry) -> Changes:
    changes: Changes = {"satisfied": event.satisfied, "rating": event.rating}
    if not event.satisfied:
        # Handled again from the assessment on, under a cycle number of its own: its effects have keys of their own.
        changes |= {"stage": Stage.ASSESSING, **_next_cycle(case)}
    return changes


@_changes.register
def _(event: j.EvidenceAttached, case: Case, entry: Entry) -> Changes:
    return {"evidence": case.evidence + event.evidence}


@_changes.register
def _(event: j.Paused, case: Case, entry: Entry) -> Changes:
    pause = Pause(from_at=entry.at, reason=event.reason)
    deadlines = tuple(d.model_copy(update={"standing_still": d.pausable}) for d in case.deadlines)
    return {"paused": True, "resume_at": event.until_at, "pauses": (*case.pauses, pause), "deadlines": deadlines}


@_changes.register
def _(event: j.Resumed, case: Case, entry: Entry) -> Changes:
    *earlier, last = case.pauses
    ended = last.model_copy(update={"until_at": entry.at})
    return {"paused": False, "resume_at": None, "pauses": (*earlier, ended)}


@_changes.register
def _(event: j.EscalatedByHand, case: Case, entry: Entry) -> Changes:
    return {
        "assignee": event.assignee or case.assignee,
        "escalations": case.escalations + 1,
        "priority": max(1, case.priority - 1),
    }


@_changes.register
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


@_changes.register
def _(event: j.Closed, case: Case, entry: Entry) -> Changes:
    return {
        "stage": Stage.CLOSED,
        "outcome": event.outcome,
        "outcome_reason": event.reason,
        "closed_at": entry.at,
        "paused": False,
        "resume_at": None,
    }


@_changes.register
def _(event: j.DeadlineSet, case: Case, entry: Entry) -> Changes:
    deadline = OpenDeadline(
        key=event.key,
        name=event.name,
        clause=event.clause,
        start_at=event.start_at,
        due_at=event.due_at,
        rungs=event.rungs,
        pausable=event.pausable,
        standing_still=case.paused and event.pausable,
        explanation=event.explanation,
    )
    return {"deadlines": (*case.deadlines, deadline), "deadlines_set": case.deadlines_set + 1}


@_changes.register
def _(event: j.DeadlineMoved, case: Case, entry: Entry) -> Changes:
    still = event.due_at is None
    return _deadline(case, event.key, due_at=event.due_at, rungs=event.rungs, explanation=event.explanation, standing_still=still)


@_changes.register
def _(event: j.DeadlineMet, case: Case, entry: Entry) -> Changes:
    return {"deadlines": _without(case, event.key), "deadlines_met": case.deadlines_met + event.in_time}


@_changes.register
def _(event: j.DeadlineMissed, case: Case, entry: Entry) -> Changes:
    return {**_deadline(case, event.key, missed=True), "breaches": case.breaches + 1}


@_changes.register
def _(event: j.DeadlineDropped, case: Case, entry: Entry) -> Changes:
    return {"deadlines": _without(case, event.key)}


@_changes.register
def _(event: j.Escalated, case: Case, entry: Entry) -> Changes:
    changes = {**_deadline(case, event.key, next_rung=event.rung + 1), "escalations": case.escalations + 1}
    if "raise" in event.actions:
        changes["priority"] = max(1, case.priority - 1)
    if "hand_over" in event.actions and event.person:
        changes["assignee"] = event.person
    return changes


@_changes.register
def _(event: j.Acknowledged, case: Case, entry: Entry) -> Changes:
    return _deadline(case, event.key, acknowledged=True)


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


def _deadline(case: Case, key: str, **changes: Any) -> Changes:
    return {"deadlines": tuple(d.model_copy(update=changes) if d.key == key else d for d in case.deadlines)}


def _without(case: Case, key: str) -> tuple[OpenDeadline, ...]:
    return tuple(d for d in case.deadlines if d.key != key)


def _step(case: Case, step: str, **changes: Any) -> Changes:
    if case.inspection is not None and case.inspection.step.id == step:
        return {"inspection": case.inspection.model_copy(update=changes)}
    return {"steps": tuple(s.model_copy(update=changes) if s.step.id == step else s for s in case.steps)}
