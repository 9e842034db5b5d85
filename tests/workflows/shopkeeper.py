"""The people of the demo marketplace shop, and the way of a complaint through their procedure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from domain import commands as c
from domain.actor import Actor, Role
from domain.case import Case, Stage
from domain.intake import Evidence
from domain.journal import Entry
from domain.order import Customer, Item
from domain.remedies import StepChoice
from tests.alike import ended
from tests.house import Filed, House

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


async def visited(filed: Filed, by: Actor = AGENT) -> list[Entry]:
    """Some days later the customer is asked about the service, and is still content."""
    await filed.until(lambda case: case.stage is Stage.FOLLOWING_UP)
    await filed.passes(timedelta(days=3, minutes=1))
    await filed.does(by, c.RecordFollowUp(answered=True, satisfied=True, note="服务很好"))
    return await ended(filed)
