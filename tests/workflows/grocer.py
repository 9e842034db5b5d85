"""The people of the demo grocer, and the way of a complaint through their procedure."""

from __future__ import annotations

from typing import Any

from domain import commands as c
from domain.actor import Actor, Role
from domain.journal import Entry
from domain.order import Customer
from domain.remedies import StepChoice
from tests.alike import content, ended
from tests.house import Filed, House

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


async def satisfied(filed: Filed) -> list[Entry]:
    await content(filed, AGENT)
    return await ended(filed)
