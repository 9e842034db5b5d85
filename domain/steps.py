"""Steps of a plan and visits: what people report of them, what becomes of those that fail, and what follows the last one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from domain import commands as c
from domain import journal as j
from domain.case import Case, Stage, StepState
from domain.journal import Event
from domain.money import Money
from domain.refusal import Refusal

# The failure of a step whose key stands in the ledger with other content: nobody knows what its partner did.
LEDGER_CONFLICT = "ledger_conflict"


def order_inspection(case: Case, command: c.OrderInspection) -> Sequence[Event]:
    if case.inspection is not None and case.inspection.status in ("planned", "ordered"):
        raise Refusal("inspection_under_way", zh="已安排上门核实，请等待结果", en="an inspection is already on its way")
    address = command.address or case.intake.installation_address
    return [j.InspectionOrdered(step=f"inspection-{case.revision + 1}", address=address, note=command.note)]


def report_visit(case: Case, command: c.ReportVisit) -> Sequence[Event]:
    state = _step_of(case, command.step)
    if not state.is_visit:
        raise Refusal("not_a_visit", field="step", zh="该步骤不是上门服务", en="this step is not a visit")
    _check_unfinished(state)
    step = state.step.id
    report = j.VisitReported(step=step, findings=command.findings, corrected=command.corrected, evidence=command.evidence)
    if state is not case.inspection and not command.corrected:
        return [report]
    return [report, j.StepDone(step=step, detail=command.findings[:200]), *_if_last(case, step)]


def complete_step(case: Case, command: c.CompleteStep) -> Sequence[Event]:
    state = _step_of(case, command.step)
    if state.step.executor != "person":
        raise Refusal(
            "not_a_persons_step",
            field="step",
            zh="该步骤由合作方系统执行，不能人工标记完成",
            en="a partner carries this step out; it cannot be marked done by hand",
        )
    _check_unfinished(state)
    if waits(case, state):
        raise _still_waits(state)
    detail = command.note
    if state.step.kind == "void_waybill":
        _check_numbers(case, command)
        detail = f"{command.waybill} / {command.order_number}: {command.note}"
    return [j.StepDone(step=command.step, detail=detail[:200]), *_if_last(case, command.step)]


def _check_numbers(case: Case, command: c.CompleteStep) -> None:
    """A voided waybill is filed with its number and the order's, and the order's is the right one."""
    for field in ("waybill", "order_number"):
        if getattr(command, field) is None:
            raise Refusal(
                "number_missing",
                field=field,
                zh="作废运单归档须填写运单号与订单号",
                en="a voided waybill is filed with its own number and the order's; give both",
            )
    known = case.intake.order_number
    if known is not None and command.order_number != known:
        raise Refusal(
            "other_order",
            field="order_number",
            zh=f"该运单不属于本投诉的订单（{known}），请核对",
            en=f"that is not this complaint's order ({known}); check the numbers",
        )


def goes_on_behind(case: Case, step: str) -> bool:
    """A step between the company and others, such as a claim: it ends when it ends, wherever the customer's own matter stands."""
    state = case.step(step)
    return case.open and state is not None and state.behind_the_scenes


def settle_step(case: Case, command: c.SettleStep) -> Sequence[Event]:
    state = _step_of(case, command.step)
    if waits(case, state):
        return _settle_waiting(case, state, command)
    if command.action == "call_off":
        return _call_off(state, command)
    if state.status != "failed":
        raise Refusal("step_not_failed", field="step", zh="该步骤没有失败，无需处置", en="this step has not failed")
    if command.action not in options(state):
        raise may_have_happened()
    settled = j.StepSettled(step=state.step.id, action=command.action, reason=command.reason)
    return [settled, *(_if_last(case, command.step) if command.action == "drop" else ())]


def waits(case: Case, state: StepState) -> bool:
    """It is ordered once an earlier step is done. Dropped, that one never will be: then a person says what becomes of this."""
    if state.status != "planned" or state.attempt or state.step.after is None:
        return False
    before = case.step(state.step.after)
    return before is not None and before.status != "done"


def _settle_waiting(case: Case, state: StepState, command: c.SettleStep) -> Sequence[Event]:
    """Nothing was ordered: it is dropped at once, or ordered all the same where what it waits for was dropped."""
    settled = j.StepSettled(step=state.step.id, action="retry" if command.action == "retry" else "drop", reason=command.reason)
    if command.action != "retry":
        return [settled, *_if_last(case, command.step)]
    before = case.step(state.step.after or "")
    if before is None or before.status != "dropped":
        raise _still_waits(state)
    return [settled]


def _still_waits(state: StepState) -> Refusal:
    return Refusal(
        "step_waits",
        field="step",
        zh=f"该步骤须待“{state.step.after}”完成后执行",
        en=f"this step comes after {state.step.after}, which is not done",
    )


def may_have_happened() -> Refusal:
    """A retry is a new key at the partner. Under the old one something else was asked for before, and may have happened."""
    return Refusal(
        "may_have_happened",
        field="action",
        zh="账目中该步骤曾以另一内容下达，可能已经执行，不能重试；请与合作方核对后取消该步骤",
        en="the ledger has another order under this step, which may have happened: look at it with the partner, then drop it",
    )


def options(state: StepState) -> tuple[Literal["retry", "drop", "call_off", "complete"], ...]:
    """What a person may do about a step as it stands now."""
    if state.status == "failed":
        return ("drop",) if state.failure == LEDGER_CONFLICT else ("retry", "drop")
    if state.step.executor == "person":
        return ("complete",) if state.status in ("planned", "ordered") else ()
    under_way = state.status in ("planned", "ordered") or (state.status == "done" and state.step.executor == "benefits")
    return ("call_off",) if under_way and state.step.executor != "none" and not state.calling_off else ()


def called_off(case: Case, step: str, detail: str) -> Sequence[Event]:
    """The events of a step that its partner has stopped or taken back."""
    return [j.StepSettled(step=step, action="drop", reason=f"called off: {detail}"[:300]), *_if_last(case, step)]


def _call_off(state: StepState, command: c.SettleStep) -> Sequence[Event]:
    if state.calling_off:
        raise Refusal("called_off_already", field="step", zh="该步骤正在撤回", en="this step is being called off already")
    if "call_off" not in options(state):
        raise Refusal(
            "cannot_be_called_off",
            field="step",
            zh="只有合作方正在执行的步骤和已发放的权益可以撤回",
            en="only what a partner is carrying out, and a benefit that was granted, can be called off",
        )
    return [j.CallOffAsked(step=state.step.id, reason=command.reason)]


def step_done(case: Case, step: str, detail: str, paid: Money | None) -> Sequence[Event]:
    """The events of a step that a partner has finished."""
    return [j.StepDone(step=step, detail=detail, paid=paid), *_if_last(case, step)]


def unfinished(case: Case) -> tuple[StepState, ...]:
    """Steps of the agreed plan that are neither done nor dropped."""
    return tuple(s for s in case.steps if s.status not in ("done", "dropped"))


def _if_last(case: Case, step: str) -> Sequence[Event]:
    """What follows when this was the last step: the call back, or the end when the customer is satisfied already."""
    left = [s for s in unfinished(case) if s.step.id != step]
    if case.stage is Stage.CONFIRMING and case.satisfied and not left:
        return [j.Closed(outcome="satisfied")]
    if case.stage is Stage.CARRYING_OUT and all(s.behind_the_scenes for s in left):
        return [j.CarriedOut()]
    return []


def _step_of(case: Case, step: str) -> StepState:
    if case.inspection is not None and step in ("inspection", case.inspection.step.id):
        return case.inspection
    state = case.step(step)
    if state is None:
        known = [s.step.id for s in case.steps] + ([case.inspection.step.id] if case.inspection else [])
        raise Refusal(
            "no_such_step",
            field="step",
            zh=f"没有此步骤，可选：{'、'.join(known) or '无'}",
            en=f"there is no such step; there are: {', '.join(known) or 'none'}",
        )
    return state


def _check_unfinished(state: StepState) -> None:
    if state.status in ("done", "dropped"):
        raise Refusal("step_finished", field="step", zh="该步骤已结束", en="this step is already finished")
