"""The people of the demo grocer, and the way of a complaint through their procedure."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

from domain import commands as c
from domain.actor import Actor, Role
from domain.case import Stage
from domain.effects import EffectReport
from domain.fold import replay
from domain.journal import Entry
from domain.order import Customer
from domain.remedies import StepChoice
from tests.house import Filed, House
from workflows.arguments import EffectNews
from workflows.complaint import ComplaintWorkflow

TENANT = "grocery-demo"
AGENT = Actor(id="tao", roles=(Role.AGENT,))
OPERATIONS = Actor(id="yun", roles=(Role.DEPARTMENT,))
SUPERVISOR = Actor(id="jiang", roles=(Role.SUPERVISOR,))
MANAGER = Actor(id="shen", roles=(Role.MANAGER,))
RICE, EGGS = "RC-5KG", "EG-30"


async def filed_under(house: House, category: str, order: str | None = "GR-2026-0001", **intake: Any) -> Filed:
    number = house.new_order(order) if order else None
    customer = Customer(
        name="李梅",
        customer_id=house.order(order)["customer_id"] if order else None,
        email="li@customer.example",
        phone="13900000001",
    )
    intake.setdefault("channel", "hotline")
    return await house.file(category, tenant=TENANT, order_number=number, customer=customer, **intake)


async def found_true(filed: Filed, **facts: Any) -> Filed:
    """Answered, verified and assessed."""
    await filed.until(lambda case: case.order_check != "pending")
    await filed.does(AGENT, c.Respond(message="非常抱歉，马上为您处理。"))
    await filed.does(AGENT, c.Verify(founded=True, findings="与订单明细及照片相符", sources=("订单明细",)))
    await filed.does(AGENT, c.Assess(facts=facts, liable="company"))
    return filed


async def agreed(filed: Filed, *choices: StepChoice, **proposal: Any) -> Filed:
    await filed.does(AGENT, c.Propose(choices=choices, **proposal))
    case = await filed.case()
    assert case.proposal is not None
    if case.proposal.approver_role is not None:
        who = {Role.SUPERVISOR: SUPERVISOR, Role.MANAGER: MANAGER}[case.proposal.approver_role]
        await filed.does(who, c.Approve(number=case.proposal.number))
    await filed.does(AGENT, c.Accept(number=case.proposal.number))
    return filed


async def arrives(filed: Filed, step: str) -> None:
    """Logistics reports the end of a shipment."""
    await filed.until(lambda case: (state := case.step(step)) is not None and state.status == "ordered")
    [effect] = [each for each in effects(filed) if each["key"].endswith(f"/{step}")]
    filed.house.partners.advance("logistics", effect["reference"], "delivered")
    report = EffectReport(reference=effect["reference"], status="done", detail="delivered", at=datetime.now(UTC))
    await filed.handle.signal(ComplaintWorkflow.effect_reported, EffectNews(key=effect["key"], report=report))


async def satisfied(filed: Filed) -> list[Entry]:
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(AGENT, c.Confirm(satisfied=True, rating=5))
    assert (await filed.ends()).outcome == "satisfied"
    entries = await filed.journal()
    assert replay(entries) == await filed.house.cases.get(TENANT, filed.id)
    return entries


def effects(filed: Filed) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = filed.house.partners.effects(f"{TENANT}:{filed.id}/")
    return found


async def mailed(filed: Filed, to: str, words: str, seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if any(filed.id in mail["subject"] and words in mail["subject"] for mail in filed.house.mail.mails(to=to)):
            return True
        await asyncio.sleep(0.05)
    return False
