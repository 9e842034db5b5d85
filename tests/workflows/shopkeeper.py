"""The people of the demo marketplace shop, and the way of a complaint through their procedure."""

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
from domain.intake import Evidence
from domain.journal import Entry
from domain.order import Customer, Item
from domain.remedies import StepChoice
from tests.house import Filed, House
from workflows.arguments import EffectNews
from workflows.complaint import ComplaintWorkflow

TENANT = "marketplace-demo"
AGENT = Actor(id="mei", roles=(Role.AGENT,))
OTHER_AGENT = Actor(id="nan", roles=(Role.AGENT,))
ORDERS = Actor(id="bao", roles=(Role.DEPARTMENT,))
PURCHASING = Actor(id="cen", roles=(Role.DEPARTMENT,))
OPERATIONS = Actor(id="ou", roles=(Role.DEPARTMENT,))
# The agents' own supervisor, and another one.
SUPERVISOR = Actor(id="gao", roles=(Role.SUPERVISOR,))
OTHER_SUPERVISOR = Actor(id="hua", roles=(Role.SUPERVISOR,))
MANAGER = Actor(id="xiao", roles=(Role.MANAGER,))
CUSTOMER_MAIL = "shen@customer.example"
PHOTO = Evidence(uri="s3://evidence/parcel.jpg", sha256="a" * 64, media_type="image/jpeg", size=81_220, note="收到的商品")


async def filed_under(house: House, category: str, order: str | None, by: Actor = AGENT, **intake: Any) -> Filed:
    """Taken by whoever is on duty."""
    number = house.new_order(order) if order else None
    customer = Customer(
        name="沈悦", customer_id=house.order(order)["customer_id"] if order else None, email=CUSTOMER_MAIL, phone="13900000003"
    )
    intake.setdefault("channel", "site")
    intake.setdefault("expectation", "请妥善处理")
    intake.setdefault("content", "与订单不符，请处理。")
    return await house.file(category, tenant=TENANT, order_number=number, customer=customer, filed_by=by, **intake)


async def found_true(filed: Filed, by: Actor = AGENT, **facts: Any) -> Filed:
    """Answered, found to hold, and assessed."""
    await filed.until(lambda case: case.order_check != "pending")
    await filed.does(by, c.Respond(message="非常抱歉，马上为您核实。"))
    await filed.does(by, c.Verify(founded=True, findings="与照片和订单相符", sources=("订单", "照片")))
    await filed.does(by, c.Assess(facts=facts, liable="company"))
    return filed


async def agreed(filed: Filed, *choices: StepChoice, by: Actor = AGENT, approver: Actor = SUPERVISOR) -> Case:
    """Proposed, approved by whoever has to, and accepted by the customer."""
    await filed.does(by, c.Propose(choices=choices))
    case = await filed.case()
    assert case.proposal is not None
    if case.proposal.approver_role is not None:
        await filed.does(approver, c.Approve(number=case.proposal.number))
    await filed.does(by, c.Accept(number=case.proposal.number))
    return await filed.case()


def goods(step: str, sku: str, quantity: int = 1, **choice: Any) -> StepChoice:
    return StepChoice(step=step, items=(Item(sku=sku, quantity=quantity),), **choice)


async def arrives(filed: Filed, step: str) -> None:
    """Logistics reports the end of a shipment."""
    await filed.until(lambda case: (state := case.step(step)) is not None and state.status == "ordered")
    [effect] = [each for each in effects(filed) if each["key"].endswith(f"/{step}")]
    filed.house.partners.advance("logistics", effect["reference"], "delivered")
    report = EffectReport(reference=effect["reference"], status="done", detail="delivered", at=datetime.now(UTC))
    await filed.handle.signal(ComplaintWorkflow.effect_reported, EffectNews(key=effect["key"], report=report))


async def content(filed: Filed, by: Actor = AGENT) -> None:
    """The customer is called and says that it is solved."""
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(by, c.Confirm(satisfied=True, rating=5))


async def visited(filed: Filed, by: Actor = AGENT) -> list[Entry]:
    """Some days later the customer is asked about the service, and is still content."""
    await filed.until(lambda case: case.stage is Stage.FOLLOWING_UP)
    await filed.passes(timedelta(days=3, minutes=1))
    await filed.does(by, c.RecordFollowUp(answered=True, satisfied=True, note="服务很好"))
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
    """Whether a mail about it with these words in its subject reaches one of these people or addresses in time."""
    addresses = [each if isinstance(each, str) else f"{each.id}@jishi.example" for each in to]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        subjects = [mail["subject"] for address in addresses for mail in filed.house.mail.mails(to=address)]
        if any(filed.id in subject and words in subject for subject in subjects):
            return True
        await asyncio.sleep(0.05)
    return False
