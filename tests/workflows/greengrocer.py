"""The people of the demo company for fresh ingredients, and the way of a complaint through their procedure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from domain import commands as c
from domain.actor import Actor, Role
from domain.case import Case, Stage
from domain.intake import Evidence, Product
from domain.journal import Entry
from domain.order import Customer, Item
from domain.remedies import StepChoice
from tests.alike import ended
from tests.house import Filed, House

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
    number = house.order_apart(order) if order else None
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


async def visited(filed: Filed) -> list[Entry]:
    """A week later the customer is visited, and all is well."""
    await filed.until(lambda case: case.stage is Stage.FOLLOWING_UP)
    await filed.passes(timedelta(days=7, minutes=1))
    await filed.does(AGENT, c.RecordFollowUp(answered=True, satisfied=True, note="没有反复，也没有新诉求"))
    return await ended(filed)
