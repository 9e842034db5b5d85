"""What the entries from receipt to the assessment change."""

from __future__ import annotations

from domain import journal as j
from domain.case import Case, Stage, StepState
from domain.changes.rule import Changes, changes_of, with_step
from domain.journal import Entry
from domain.policy.wording import Wording
from domain.remedies import PlannedStep

_INSPECTION = Wording(zh="上门核实", en="Inspection on site")


@changes_of.register
def _(event: j.OrderChecked, case: Case, entry: Entry) -> Changes:
    return {"order_check": event.result, "order": event.order, "route": event.route}


@changes_of.register
def _(event: j.Responded, case: Case, entry: Entry) -> Changes:
    return {"stage": Stage.VERIFYING}


@changes_of.register
def _(event: j.InspectionOrdered, case: Case, entry: Entry) -> Changes:
    step = PlannedStep(id=event.step, kind="inspection_visit", clause="", title=_INSPECTION, by="partner", executor="logistics")
    return {"inspection": StepState(step=step, cycle=case.cycle, address=event.address)}


@changes_of.register
def _(event: j.VisitReported, case: Case, entry: Entry) -> Changes:
    return {"evidence": case.evidence + event.evidence, **with_step(case, event.step, to_correct=not event.corrected)}


@changes_of.register
def _(event: j.Verified, case: Case, entry: Entry) -> Changes:
    return {"founded": event.founded, "stage": Stage.ASSESSING}


@changes_of.register
def _(event: j.Assessed, case: Case, entry: Entry) -> Changes:
    return {"facts": event.facts, "liable": event.liable, "stage": Stage.PROPOSING}
