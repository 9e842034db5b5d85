"""The people of the demo points platform, and the way of a complaint through their procedure."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

from domain import commands as c
from domain.actor import Actor, Role
from domain.case import Case, Stage
from domain.effects import EffectReport
from domain.fold import replay
from domain.journal import Entry
from domain.order import Customer
from domain.remedies import StepChoice
from tests.house import Filed, House
from workflows.arguments import EffectNews
from workflows.complaint import ComplaintWorkflow

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


async def arrives(filed: Filed, step: str) -> None:
    """Logistics reports the end of a shipment."""
    await filed.until(lambda case: (state := case.step(step)) is not None and state.status == "ordered")
    [effect] = [each for each in effects(filed) if each["key"].endswith(f"/{step}")]
    filed.house.partners.advance("logistics", effect["reference"], "delivered")
    report = EffectReport(reference=effect["reference"], status="done", detail="delivered", at=datetime.now(UTC))
    await filed.handle.signal(ComplaintWorkflow.effect_reported, EffectNews(key=effect["key"], report=report))


async def content(filed: Filed, by: Actor = AGENT) -> None:
    """The member is called again and is satisfied."""
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(by, c.Confirm(satisfied=True, rating=5))


async def ended(filed: Filed, outcome: str = "satisfied") -> list[Entry]:
    """The complaint has ended so, and its journal adds up to the case row."""
    assert (await filed.ends()).outcome == outcome
    entries = await filed.journal()
    assert replay(entries) == await filed.house.cases.get(TENANT, filed.id)
    return entries


async def mailed(filed: Filed, words: str, *to: Actor | str, seconds: float = 60) -> bool:
    """Whether a mail about it with these words in its subject reaches one of these people or addresses in time."""
    addresses = [each if isinstance(each, str) else f"{each.id}@hedian.example" for each in to]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        subjects = [mail["subject"] for address in addresses for mail in filed.house.mail.mails(to=address)]
        if any(filed.id in subject and words in subject for subject in subjects):
            return True
        await asyncio.sleep(0.05)
    return False


def effects(filed: Filed) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = filed.house.partners.effects(f"{TENANT}:{filed.id}/")
    return found


def frozen(filed: Filed) -> bool:
    """What the account system says of the member's account."""
    account = filed.house.partners.client.get(f"/accounts/{filed.opening.intake.customer.customer_id}").json()
    return bool(account["frozen"])
