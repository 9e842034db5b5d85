"""What the entries about the remedy change."""

from __future__ import annotations

from domain import journal as j
from domain.case import Case, Proposal, Stage, StepState
from domain.changes.rule import Changes, changes_of, with_proposal
from domain.journal import Entry
from domain.offers_made import risen


@changes_of.register
def _(event: j.Proposed, case: Case, entry: Entry) -> Changes:
    proposal = Proposal(number=event.number, plan=event.plan, proposed_by=entry.by.id, keyed_by=entry.by.made_by)
    return {"proposal": proposal, "proposals": event.number}


@changes_of.register
def _(event: j.ApprovalAsked, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.APPROVING, "proposal": with_proposal(case, approver_role=event.role)}


@changes_of.register
def _(event: j.Approved, case: Case, entry: Entry) -> Changes:
    return {"proposal": with_proposal(case, decided_by=entry.by.id)}


@changes_of.register
def _(event: j.SentBack, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.PROPOSING, "proposal": None}


@changes_of.register
def _(event: j.Refused, case: Case, entry: Entry) -> Changes:
    role = case.proposal.approver_role if case.proposal else None
    return {"stage": Stage.PROPOSING, "proposal": None, "decision_role": role}


@changes_of.register
def _(event: j.Offered, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.OFFERED, "offers": risen(case)}


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
