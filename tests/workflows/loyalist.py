"""The people of the demo points platform, and the way of a complaint through their procedure."""

from __future__ import annotations

from typing import Any

from domain import commands as c
from domain.actor import Actor, Role
from domain.case import Case, Stage
from domain.order import Customer
from domain.remedies import StepChoice
from tests.house import Filed, House

TENANT = "loyalty-demo"
AGENT = Actor(id="mei", roles=(Role.AGENT,))
OTHER_AGENT = Actor(id="hao", roles=(Role.AGENT,))
SENIOR = Actor(id="song", roles=(Role.SENIOR_AGENT,))
OTHER_SENIOR = Actor(id="deng", roles=(Role.SENIOR_AGENT,))
# mei's own supervisor, and another one.
SUPERVISOR = Actor(id="qiu", roles=(Role.SUPERVISOR,))
OTHER_SUPERVISOR = Actor(id="rong", roles=(Role.SUPERVISOR,))
MANAGER = Actor(id="lu", roles=(Role.MANAGER,))
RISK = Actor(id="feng", roles=(Role.RISK_CONTROL,))
MERCHANT = Actor(id="shan", roles=(Role.DEPARTMENT,))
PEOPLE = {
    actor.id: actor for actor in (AGENT, OTHER_AGENT, SENIOR, OTHER_SENIOR, SUPERVISOR, OTHER_SUPERVISOR, MANAGER, RISK, MERCHANT)
} | {
    "lan": Actor(id="lan", roles=(Role.AGENT,)),
    "shi": Actor(id="shi", roles=(Role.RISK_CONTROL,)),
}  # fmt: skip
MEMBER = Customer(name="周宁", customer_id="hd-mem-0001", phone="13200000001", email="zhou@member.example")
RULE = {"written_rule": "company_rules"}


async def filed_under(house: House, category: str, order: str | None = None, by: Actor = AGENT, **intake: Any) -> Filed:
    """Taken by somebody at the telephone, of a member who has collected points for years."""
    number = house.new_order(order) if order else None
    customer = MEMBER if order is None else MEMBER.model_copy(update={"customer_id": house.order(order)["customer_id"]})
    intake.setdefault("channel", "hotline")
    intake.setdefault("content", "希望尽快处理。")
    return await house.file(category, tenant=TENANT, order_number=number, customer=customer, filed_by=by, **intake)


async def owned_by(filed: Filed, *people: Actor) -> Actor:
    """Whoever of these people has the complaint, once one of them does."""
    case = await filed.until(lambda case: case.assignee in {person.id for person in people})
    return PEOPLE[str(case.assignee)]


async def verified(filed: Filed, by: Actor = AGENT) -> Filed:
    """Called back and found valid; the merchant department gives its opinion where it is asked for one."""
    await filed.until(lambda case: case.order_check != "pending")
    if (await filed.case()).stage is Stage.RECEIVED:
        await filed.does(by, c.Respond(message="已受理，正在核实。"))
    await filed.does(by, c.Verify(founded=True, findings="与交易记录相符", sources=("CRM", "通话录音")))
    case = await filed.case()
    if any(each.opinion and not each.given for each in case.consultations):
        await filed.does(MERCHANT, c.GiveOpinion(opinion="商户承认，按合作条款办理", department="merchant"))
    return filed


async def assessed(filed: Filed, by: Actor = AGENT, liable: Any = "company", **facts: Any) -> Filed:
    await filed.does(by, c.Assess(facts={**RULE, **facts}, liable=liable))
    return filed


async def proposed(filed: Filed, *choices: StepChoice, by: Actor = AGENT, **proposal: Any) -> Case:
    await filed.does(by, c.Propose(choices=choices, **proposal))
    return await filed.case()


async def agreed(filed: Filed, *choices: StepChoice, by: Actor = AGENT, approver: Actor = SUPERVISOR, **proposal: Any) -> Filed:
    """Proposed, approved by whoever has to, and accepted by the member on the telephone."""
    case = await proposed(filed, *choices, by=by, **proposal)
    assert case.proposal is not None
    if case.proposal.approver_role is not None:
        await filed.does(approver, c.Approve(number=case.proposal.number))
    await filed.does(by, c.Accept(number=case.proposal.number))
    return filed


def frozen(filed: Filed) -> bool:
    """What the account system says of the member's account."""
    account = filed.house.partners.client.get(f"/accounts/{filed.opening.intake.customer.customer_id}").json()
    return bool(account["frozen"])
