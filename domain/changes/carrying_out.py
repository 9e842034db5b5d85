"""What the entries about steps and the call back change."""

from __future__ import annotations

from domain import journal as j
from domain.case import Case, Stage
from domain.changes.rule import Changes, changes_of, next_cycle, with_step
from domain.journal import Entry


@changes_of.register
def _(event: j.StepOrdered, case: Case, entry: Entry) -> Changes:
    return with_step(case, event.step, status="ordered", reference=event.reference, detail=event.detail)


@changes_of.register
def _(event: j.StepDone, case: Case, entry: Entry) -> Changes:
    paid = case.paid + event.paid if event.paid else case.paid
    return {**with_step(case, event.step, status="done", detail=event.detail, paid=event.paid, calling_off=False), "paid": paid}


@changes_of.register
def _(event: j.StepFailed, case: Case, entry: Entry) -> Changes:
    return with_step(case, event.step, status="failed", detail=event.detail or event.code, failure=event.code, calling_off=False)


@changes_of.register
def _(event: j.CallOffAsked, case: Case, entry: Entry) -> Changes:
    return with_step(case, event.step, calling_off=True)


@changes_of.register
def _(event: j.CallOffRefused, case: Case, entry: Entry) -> Changes:
    return with_step(case, event.step, calling_off=False)


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
            **with_step(case, event.step, status="dropped", detail=event.reason, failure=None, calling_off=False),
            "decided": decided,
        }
    return with_step(case, event.step, status="planned", failure=None, attempt=state.attempt + 1)


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
        changes |= {"stage": Stage.ASSESSING, **next_cycle(case)}
    return changes
