"""The way of a complaint up to a stage, for tests of what comes after it. Each step is a command that a person gives."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Mapping
from typing import Any

from domain import commands as c
from domain.case import Case, Stage
from domain.intake import Evidence
from domain.journal import Entry, FactValue
from domain.remedies import StepChoice
from tests.alike import ended
from tests.house import AGENT, CUSTOMER, GENERAL_MANAGER, MANAGER, SUPERVISOR, Filed, House

PHOTO = Evidence(uri="s3://evidence/photo.jpg", sha256="ab" * 32, media_type="image/jpeg", size=120_000, note="现场照片")
_APPROVERS = {"supervisor": SUPERVISOR, "manager": MANAGER, "general_manager": GENERAL_MANAGER}
# Each plan of the home pack has its steps in this order.
_PLAN_ORDER = (
    "inspection", "refund", "exchange", "reship", "reinstallation", "rectification", "coupon", "gift", "points", "extra_payment",
    "return", "collection", "repair",
)  # fmt: skip
_numbers = itertools.count(time.monotonic_ns() % 10**9)


def new_order(house: House, paid: str = "1000.00") -> str:
    """An order of its own, so that what a test refunds is limited by nobody else's refunds."""
    number = f"HM-T-{next(_numbers)}"
    money = {"amount": paid, "currency": "CNY"}
    house.partners.load({**house.order(), "number": number, "goods": money, "paid": money, "lines": []})
    return number


async def founded(house: House, category: str, *, paid: str = "1000.00", **intake: Any) -> Filed:
    """Received, answered and verified."""
    filed = await house.file(category, order_number=new_order(house, paid), **intake)
    await filed.until(lambda case: case.order_check == "found")
    await filed.does(AGENT, c.Respond(message="已登记，今天下班前给您答复。"))
    await filed.does(AGENT, c.Verify(founded=True, findings="属实", sources=("承运商", "仓库发货记录")))
    return filed


async def proposed(
    house: House,
    category: str,
    facts: Mapping[str, FactValue],
    choices: Iterable[StepChoice] = (),
    reason: str | None = None,
    *,
    liable: Any = "carrier",
    **intake: Any,
) -> Filed:
    """The agent's plan lies before the approver, or before the customer when nobody has to approve it."""
    filed = await founded(house, category, **intake)
    await filed.does(AGENT, c.Assess(facts=dict(facts), liable=liable))
    await filed.does(AGENT, c.Propose(choices=tuple(choices), reason=reason))
    return filed


async def offered(house: House, category: str, facts: Mapping[str, FactValue], *choices: StepChoice, **intake: Any) -> Filed:
    """Approved by whoever has to, and offered to the customer."""
    filed = await proposed(house, category, facts, choices, **intake)
    await approve(filed)
    return filed


async def approve(filed: Filed) -> None:
    """The person of the role that has to approves what is proposed, if anybody has to."""
    proposal = (await filed.case()).proposal
    assert proposal is not None
    if proposal.approver_role is not None:
        await filed.does(_APPROVERS[proposal.approver_role], c.Approve(number=proposal.number))


async def agreed(house: House, category: str, facts: Mapping[str, FactValue], *choices: StepChoice, **intake: Any) -> Filed:
    """The customer has agreed: the plan is being carried out."""
    filed = await offered(house, category, facts, *choices, **intake)
    assert house.partners.effects(key_prefix(filed)) == [], "nothing is carried out before the customer agrees"
    await accept(filed)
    return filed


async def accept(filed: Filed) -> None:
    proposal = (await filed.case()).proposal
    assert proposal is not None
    await filed.does(CUSTOMER, c.Accept(number=proposal.number))


async def second_plan(filed: Filed, facts: Mapping[str, FactValue], *choices: StepChoice) -> Case:
    """After a dissatisfied customer: assessed again, proposed and approved."""
    await filed.does(AGENT, c.Assess(facts=dict(facts), liable="carrier"))
    await filed.does(AGENT, c.Propose(choices=choices))
    await approve(filed)
    return await filed.case()


async def step(filed: Filed, name: str, status: str) -> Case:
    """The case once a step has come so far."""

    def so_far(case: Case) -> bool:
        state = case.step(name)
        return state is not None and state.status == status

    return await filed.until(so_far)


async def confirming(filed: Filed) -> Case:
    return await filed.until(lambda case: case.stage is Stage.CONFIRMING)


async def ends_satisfied(filed: Filed) -> list[Entry]:
    """The customer is satisfied; the journal as the database holds it, which must add up to the case row."""
    await confirming(filed)
    await filed.does(CUSTOMER, c.Confirm(satisfied=True, rating=5))
    return await ended(filed)


def key_prefix(filed: Filed, cycle: int | None = None) -> str:
    return f"{filed.opening.tenant}:{filed.id}/" + (f"{cycle}/" if cycle else "")


def effects_of(filed: Filed, cycle: int | None = None) -> list[dict[str, Any]]:
    """What partners really did for this complaint, in the order of plans: their steps are ordered side by side."""
    effects = filed.house.partners.effects(key_prefix(filed, cycle))
    return sorted(effects, key=lambda effect: (effect["key"].split("/")[1], _PLAN_ORDER.index(effect["kind"])))


def paid_out(filed: Filed, cycle: int | None = None) -> list[tuple[str, str]]:
    """Kind and amount of what really happened at the partners; None's place is empty."""
    return [(e["kind"], (e["request"].get("money") or {}).get("amount", "")) for e in effects_of(filed, cycle)]


def clauses_of(entries: Iterable[Entry], kind: str) -> set[str]:
    """Clauses behind the entries of a kind."""
    return {clause for entry in entries if entry.event.kind == kind for clause in entry.clauses}
