"""The paths through the home procedure that golden histories are recorded of: one coroutine a path, its name the file's name."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.common import WorkflowIDReusePolicy

from domain import commands as c
from domain.case import Stage
from domain.remedies import StepChoice
from tests import walk
from tests.alike import ended, tells
from tests.house import AGENT, CUSTOMER, GENERAL_MANAGER, MANAGER, SUPERVISOR, TECHNICIAN, Filed, House
from tests.workflows.golden import complaint
from workflows.arguments import Start
from workflows.complaint import ComplaintWorkflow

path = complaint("home")


@path
async def paid_with_approval(house: House) -> Filed:
    filed = await walk.agreed(house, "transport_damage", {"damage": "severe"})
    await walk.ends_satisfied(filed)
    return filed


@path
async def approved_by_signal(house: House) -> Filed:
    filed = await walk.proposed(house, "transport_damage", {"damage": "severe"})
    # One that is refused leaves an entry, and the other one counts.
    await filed.signals(AGENT, c.Approve(number=1))
    await filed.signals(SUPERVISOR, c.Approve(number=1))
    await filed.until(lambda case: case.stage is Stage.OFFERED)
    await walk.accept(filed)
    await walk.ends_satisfied(filed)
    by = {
        entry.event.kind: entry.by
        for entry in await filed.journal()
        if entry.event.kind in ("command_refused", "approved", "accepted")
    }
    assert {kind: actor.via for kind, actor in by.items()} == {
        "command_refused": "signal",
        "approved": "signal",
        "accepted": None,
    }
    return filed


@path
async def late_response_escalated_and_acknowledged(house: House) -> Filed:
    received_at = datetime.now(UTC) - timedelta(minutes=41)
    filed = await house.file("transport_damage", order_number=walk.new_order(house), received_at=received_at)
    await filed.until(lambda case: case.escalations == 3)
    await filed.does(MANAGER, c.Acknowledge(note="已知悉，马上回应"))
    await filed.does(AGENT, c.Respond(message="抱歉久等，已登记。"))
    await filed.does(CUSTOMER, c.Withdraw(reason="已自行解决"))
    await ended(filed, "withdrawn")
    return filed


@path
async def declined_then_accepted(house: House) -> Filed:
    filed = await walk.offered(house, "transport_damage", {"damage": "slight"})
    await filed.does(CUSTOMER, c.Decline(number=1, reason="补偿太少"))
    await filed.does(AGENT, c.Propose(choices=(StepChoice(step="discount", include=True),)))
    await walk.approve(filed)
    await walk.accept(filed)
    await _visited(filed, "repair")
    await walk.ends_satisfied(filed)
    return filed


@path
async def sent_back_refused_and_appealed(house: House) -> Filed:
    filed = await walk.proposed(house, "transport_delay", {"delay_days": 5})
    await filed.does(SUPERVISOR, c.SendBack(number=1, reason="请先说明原因"))
    await filed.does(AGENT, c.Propose())
    await walk.approve(filed)
    await filed.does(CUSTOMER, c.Appeal(number=2, grounds="延迟不止五天"))
    await filed.does(SUPERVISOR, c.Propose())
    await filed.does(MANAGER, c.Refuse(number=3, reason="由上级决定"))
    await filed.does(GENERAL_MANAGER, c.Propose())
    await filed.does(MANAGER, c.Approve(number=4))
    await walk.accept(filed)
    await walk.step(filed, "explanation", "ordered")
    await filed.does(AGENT, c.CompleteStep(step="explanation", note="已致电说明"))
    await walk.ends_satisfied(filed)
    return filed


@path
async def unfounded(house: House) -> Filed:
    filed = await house.file("transport_delay", order_number=walk.new_order(house))
    await filed.does(AGENT, c.Respond(message="已登记。"))
    await filed.does(AGENT, c.Verify(founded=False, findings="按承诺日期送达"))
    await ended(filed, "unfounded")
    return filed


@path
async def order_not_found(house: House) -> Filed:
    filed = await house.file("transport_loss", order_number="HM-NONE")
    await ended(filed, "unfounded")
    return filed


@path
async def withdrawn(house: House) -> Filed:
    filed = await house.file("installation_attitude", order_number=walk.new_order(house))
    await filed.does(CUSTOMER, c.Withdraw(reason="安装师傅已道歉"))
    await ended(filed, "withdrawn")
    return filed


@path
async def lost_with_claim(house: House) -> Filed:
    filed = await walk.agreed(house, "transport_loss", {})
    await walk.confirming(filed)
    await filed.does(AGENT, c.RecordCallback(answered=False))
    await filed.does(CUSTOMER, c.Confirm(satisfied=True, rating=4))
    await filed.does(AGENT, c.CompleteStep(step="claim", note="承运商已赔付"))
    await ended(filed, "satisfied")
    return filed


@path
async def rectified_on_site(house: House) -> Filed:
    filed = await house.file("installation_workmanship", order_number=walk.new_order(house))
    await filed.does(AGENT, c.Respond(message="已登记。"))
    await filed.does(AGENT, c.OrderInspection(note="查看缝隙"))
    inspection = await filed.until(lambda case: case.inspection is not None and case.inspection.status == "ordered")
    assert inspection.inspection is not None
    await _report(filed, inspection.inspection.step.id, corrected=False)
    await filed.does(AGENT, c.Verify(founded=True, findings="缝隙偏大"))
    await filed.does(AGENT, c.Assess(facts={"workmanship": "minor"}, liable="installer"))
    await filed.does(AGENT, c.Propose())
    await walk.accept(filed)
    await walk.step(filed, "rectification", "ordered")
    await _report(filed, "rectification", corrected=False)
    await filed.does(AGENT, c.ReportProgress(message="明日再次上门"))
    await _report(filed, "rectification", corrected=True)
    await walk.ends_satisfied(filed)
    return filed


@path
async def paused_and_resumed(house: House) -> Filed:
    filed = await walk.founded(house, "transport_damage")
    await filed.does(AGENT, c.Pause(reason="等待客户补充照片"))
    await filed.does(CUSTOMER, c.AttachEvidence(evidence=(walk.PHOTO,)))
    await filed.does(AGENT, c.Resume())
    await filed.until(lambda case: not any(deadline.standing_still for deadline in case.deadlines))
    await filed.does(AGENT, c.Pause(reason="客户出差", until_at=datetime.now(UTC) + timedelta(seconds=2)))
    await filed.until(lambda case: not case.paused and not any(deadline.standing_still for deadline in case.deadlines))
    await filed.handle.signal(ComplaintWorkflow.calendar_changed)
    await filed.does(AGENT, c.HandOver(to="zhao" if (await filed.case()).assignee != "zhao" else "lin", reason="换班"))
    await filed.does(CUSTOMER, c.Withdraw(reason="不再追究"))
    await ended(filed, "withdrawn")
    return filed


@path
async def refused_step_retried_then_dropped(house: House) -> Filed:
    filed = await walk.offered(house, "transport_damage", {"damage": "severe"})
    # The shop has paid back by hand meanwhile: the partner refuses to give back more than was paid.
    order = filed.opening.intake.order_number
    payment = {"kind": "refund", "order_number": order, "money": {"amount": "1000.00", "currency": "CNY"}}
    house.partners.client.post("/payments", json=payment, headers={"Idempotency-Key": f"by-hand-{order}"}).raise_for_status()
    await walk.accept(filed)
    await walk.step(filed, "refund", "failed")
    await walk.step(filed, "compensation", "done")
    await filed.does(SUPERVISOR, c.SettleStep(step="refund", action="retry", reason="再试一次"))
    await filed.until(lambda case: (state := case.step("refund")) is not None and (state.attempt, state.status) == (1, "failed"))
    await filed.does(SUPERVISOR, c.SettleStep(step="refund", action="drop", reason="已人工退款"))
    await walk.ends_satisfied(filed)
    return filed


@path
async def partner_fails_it_by_webhook(house: House) -> Filed:
    filed = await walk.agreed(house, "transport_damage", {"damage": "moderate"})
    await walk.step(filed, "collection", "ordered")
    for step, status in (("exchange", "refused"), ("exchange", "refused"), ("collection", "done"), ("collection", "done")):
        await _news(filed, step, status)
    await filed.does(SUPERVISOR, c.SettleStep(step="exchange", action="retry", reason="改约"))
    await walk.step(filed, "exchange", "ordered")
    await _news(filed, "exchange", "done", attempt=1)
    await walk.ends_satisfied(filed)
    return filed


@path
async def dissatisfied_then_second_cycle(house: House) -> Filed:
    filed = await walk.agreed(house, "transport_delay", {"delay_days": 4})
    await walk.step(filed, "explanation", "ordered")
    await filed.does(AGENT, c.CompleteStep(step="explanation", note="已说明"))
    await walk.confirming(filed)
    await filed.does(CUSTOMER, c.Confirm(satisfied=False, rating=1, comment="补偿太少"))
    await walk.second_plan(filed, {"delay_days": 9, "customer_cancels": True})
    await walk.accept(filed)
    await walk.ends_satisfied(filed)
    return filed


@path
async def closed_by_decision(house: House) -> Filed:
    filed = await walk.offered(house, "transport_delay", {"delay_days": 4})
    await filed.does(AGENT, c.Escalate(reason="客户要求十倍赔偿"))
    await filed.does(SUPERVISOR, c.CloseByDecision(outcome="decided", reason="按制度补偿，客户不接受"))
    await ended(filed, "decided")
    return filed


@path
async def reopened_in_a_run_of_its_own(house: House) -> Filed:
    first = await closed_by_decision(house)
    closed = await house.cases.get(first.opening.tenant, first.id)
    handle = await house.env.client.start_workflow(
        ComplaintWorkflow.run,
        Start(carried=closed),
        id=first.handle.id,
        task_queue=house.task_queue,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )
    filed = Filed(house, handle, first.opening)
    await filed.does(CUSTOMER, c.Reopen(reason="问题仍在"))
    await walk.second_plan(filed, {"delay_days": 9, "customer_cancels": False})
    await walk.accept(filed)
    await walk.step(filed, "explanation", "ordered")
    await filed.does(AGENT, c.CompleteStep(step="explanation", note="已说明"))
    await walk.ends_satisfied(filed)
    return filed


@path
async def database_away(house: House) -> Filed:
    records: Any = house.parts.records
    there = records._journal
    records._journal = _Away()
    try:
        filed = await house.file("transport_damage", order_number=walk.new_order(house))
        await filed.does(AGENT, c.Respond(message="已登记。"))
        await filed.does(AGENT, c.Verify(founded=True, findings="属实"))
        await asyncio.sleep(3.5)
    finally:
        records._journal = there
    await filed.does(CUSTOMER, c.Withdraw(reason="已自行解决"))
    await ended(filed, "withdrawn")
    return filed


class _Away:
    async def record(self, *_: object, **__: object) -> None:
        raise OSError("the database is away")


async def _visited(filed: Filed, step: str) -> None:
    await walk.step(filed, step, "ordered")
    await _report(filed, step, corrected=True)


async def _report(filed: Filed, step: str, *, corrected: bool) -> None:
    await filed.does(TECHNICIAN, c.ReportVisit(step=step, findings="已查看", corrected=corrected, evidence=(walk.PHOTO,)))


async def _news(filed: Filed, step: str, status: Any, attempt: int = 0) -> None:
    """A partner's webhook, as the API passes it on."""
    suffix = f"/r{attempt}" if attempt else ""
    await tells(filed, f"{walk.key_prefix(filed, 1)}{step}{suffix}", status, reference="WB-GOLDEN")
