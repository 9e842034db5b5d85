"""The people of the demo company for fresh ingredients, and the way of a complaint through their procedure."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from domain import commands as c
from domain.actor import Actor, Role
from domain.case import Case, Stage
from domain.effects import EffectReport
from domain.fold import replay
from domain.intake import Evidence, Product
from domain.journal import Entry
from domain.order import Customer, Item
from domain.remedies import StepChoice
from tests.house import Filed, House
from workflows.arguments import EffectNews
from workflows.complaint import ComplaintWorkflow

TENANT = "food-demo"
AGENT = Actor(id="mai", roles=(Role.AGENT,))
OTHER_AGENT = Actor(id="he", roles=(Role.AGENT,))
QUALITY = Actor(id="ning", roles=(Role.DEPARTMENT,))
LABORATORY = Actor(id="yao", roles=(Role.DEPARTMENT,))
LOGISTICS = Actor(id="fei", roles=(Role.DEPARTMENT,))
SUPERVISOR = Actor(id="su", roles=(Role.SUPERVISOR,))
MANAGER = Actor(id="pan", roles=(Role.MANAGER,))
GENERAL_MANAGER = Actor(id="lu", roles=(Role.GENERAL_MANAGER,))
LEGAL = Actor(id="yan", roles=(Role.LEGAL,))
CUSTOMER_MAIL = "xia@customer.example"
SALMON = Product(sku="SM-400", name="三文鱼", specification="400g", lot="SM20261117A", produced_on="2026-11-17")
PHOTO = Evidence(uri="s3://evidence/label.jpg", sha256="e" * 64, media_type="image/jpeg", size=90_000, note="标签与余样")


async def filed_under(house: House, category: str, order: str | None = "FD-2026-0001", **intake: Any) -> Filed:
    """Filed by the customer of a fresh copy of that order."""
    number = house.new_order(order) if order else None
    person = Customer(
        name="夏禾", customer_id=house.order(order)["customer_id"] if order else None, email=CUSTOMER_MAIL, phone="13900000005"
    )
    intake.setdefault("channel", "app")
    intake.setdefault("content", "商品有问题，请处理。")
    filed = await house.file(category, tenant=TENANT, order_number=number, customer=person, **intake)
    await filed.until(lambda case: case.order_check != "pending" and case.assignee is not None)
    return filed


async def verified(filed: Filed) -> None:
    """Answered, and found to hold."""
    await filed.does(AGENT, c.Respond(message="非常抱歉，马上为您处理。"))
    await filed.does(AGENT, c.Verify(founded=True, findings="与照片、订单相符", sources=("照片", "订单明细")))


async def found(filed: Filed, *evidence: Evidence, liable: Any = "company", **facts: Any) -> None:
    await filed.does(AGENT, c.Assess(facts=facts, liable=liable, rests_on=tuple(each.sha256 for each in evidence)))


async def agreed(filed: Filed, *choices: StepChoice) -> Case:
    """Proposed, approved by whoever has to, and accepted by the customer."""
    await filed.does(AGENT, c.Propose(choices=choices))
    case = await filed.case()
    assert case.proposal is not None
    if case.proposal.approver_role is not None:
        approver = {Role.SUPERVISOR: SUPERVISOR, Role.MANAGER: MANAGER}[case.proposal.approver_role]
        await filed.does(approver, c.Approve(number=case.proposal.number))
    await filed.does(AGENT, c.Accept(number=case.proposal.number))
    return await filed.case()


def goods(step: str, sku: str = "SM-400", **choice: Any) -> StepChoice:
    return StepChoice(step=step, items=(Item(sku=sku),), **choice)


async def arrives(filed: Filed, step: str) -> None:
    """Logistics reports the end of a shipment."""
    await filed.until(lambda case: (state := case.step(step)) is not None and state.status == "ordered")
    await told(filed, "logistics", step, "delivered")


async def told(filed: Filed, system: str, step: str, to: str) -> None:
    """A partner ends a step and says so."""
    [effect] = [each for each in effects(filed) if each["key"].endswith(f"/{step}")]
    filed.house.partners.advance(system, effect["reference"], to)
    report = EffectReport(reference=effect["reference"], status="done", detail=to, at=datetime.now(UTC))
    await filed.handle.signal(ComplaintWorkflow.effect_reported, EffectNews(key=effect["key"], report=report))


async def content(filed: Filed) -> None:
    """The customer is called and says that it is solved."""
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(AGENT, c.Confirm(satisfied=True, rating=5))


async def visited(filed: Filed) -> list[Entry]:
    """A week later the customer is visited, and all is well."""
    await filed.until(lambda case: case.stage is Stage.FOLLOWING_UP)
    await filed.passes(timedelta(days=7, minutes=1))
    await filed.does(AGENT, c.RecordFollowUp(answered=True, satisfied=True, note="没有反复，也没有新诉求"))
    return await ended(filed)


async def ended(filed: Filed, outcome: str = "satisfied") -> list[Entry]:
    """The complaint has ended so, and its journal adds up to the case row."""
    assert (await filed.ends()).outcome == outcome
    entries = await filed.journal()
    assert replay(entries) == await filed.house.cases.get(TENANT, filed.id)
    return entries


def effects(filed: Filed) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = filed.house.partners.effects(f"{TENANT}:{filed.id}/")
    return found


async def mailed(filed: Filed, words: str, *to: Actor | str, seconds: float = 60) -> bool:
    """Whether a mail about it with these words in its subject reaches one of these people or departments in time."""
    addresses = [f"{to.id}@chenye.example" if isinstance(to, Actor) else to for to in to]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        subjects = [mail["subject"] for address in addresses for mail in filed.house.mail.mails(to=address)]
        if any(filed.id in subject and words in subject for subject in subjects):
            return True
        await asyncio.sleep(0.05)
    return False
