"""For each promise of the home pack: how a complaint comes to make it, how it is kept, and how it becomes pointless."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from domain import commands as c
from domain.case import Case, OpenDeadline, Stage
from domain.effects import EffectReport
from domain.intake import Evidence
from domain.journal import Entry
from domain.policy import registry
from domain.policy.rows import DeadlineRule
from storage.packs import install_packs
from tests.house import AGENT, CUSTOMER, ROOT, SUPERVISOR, TECHNICIAN, Filed, House
from workflows.arguments import EffectNews
from workflows.complaint import ComplaintWorkflow

PACK = "home@2026-11"
PHOTO = Evidence(sha256="0" * 64, media_type="image/jpeg", size=1000, uri="https://files.example/site.jpg")


def rows() -> tuple[DeadlineRule, ...]:
    """The rows of the pack, read from its file: a new one is tested, or the test says that it is not."""
    install_packs(ROOT / "policies")
    return registry.released(PACK).deadline


# How far a complaint goes


async def received(house: House, category: str = "transport_damage") -> Filed:
    filed = await house.file(category, order_number=house.new_order())
    await filed.until(lambda case: case.order_check == "found" and case.assignee is not None)
    return filed


async def responded(house: House, category: str = "transport_damage") -> Filed:
    filed = await received(house, category)
    await filed.does(AGENT, c.Respond(message="已登记，今天下班前给您答复。"))
    return filed


async def assessed(house: House, category: str = "transport_damage", **facts: Any) -> Filed:
    if category == "transport_damage" and not facts:
        facts = {"damage": "severe"}
    filed = await responded(house, category)
    await filed.does(AGENT, c.Verify(founded=True, findings="承运商承认", sources=("承运商",)))
    await filed.does(AGENT, c.Assess(facts=facts, liable="company"))
    return filed


async def proposed(house: House, category: str = "transport_damage", **facts: Any) -> Filed:
    filed = await assessed(house, category, **facts)
    await filed.does(AGENT, c.Propose())
    return filed


async def accepted(house: House, category: str = "transport_damage", **facts: Any) -> Filed:
    filed = await proposed(house, category, **facts)
    if (await filed.case()).stage is Stage.APPROVING:
        await filed.does(SUPERVISOR, c.Approve(number=1))
    await filed.does(CUSTOMER, c.Accept(number=1))
    return filed


async def carried_out(house: House) -> Filed:
    filed = await accepted(house)
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    return filed


async def paying(house: House) -> Filed:
    """The money is on its way: the payment partner has taken the orders and not paid yet."""
    house.partners.mode(payments="pending")
    try:
        filed = await accepted(house)
        await filed.until(lambda case: all(step.status == "ordered" for step in case.steps))
    finally:
        house.partners.mode(payments="at_once")
    return filed


async def sent_back(house: House) -> Filed:
    filed = await proposed(house)
    await filed.does(SUPERVISOR, c.SendBack(number=1, reason="请核对金额"))
    return filed


async def not_satisfied(house: House) -> Filed:
    filed = await carried_out(house)
    await filed.does(CUSTOMER, c.Confirm(satisfied=False, rating=2, comment="划痕还在"))
    return filed


async def inspecting(house: House) -> Filed:
    filed = await responded(house, "installation_workmanship")
    await filed.does(AGENT, c.OrderInspection(note="看缝隙"))
    await filed.until(lambda case: case.inspection is not None and case.inspection.status == "ordered")
    return filed


async def rectifying(house: House) -> Filed:
    filed = await accepted(house, "installation_workmanship", workmanship="minor")
    await filed.until(lambda case: all(step.status == "ordered" for step in case.steps))
    return filed


async def installing_anew(house: House) -> Filed:
    filed = await accepted(house, "installation_workmanship", workmanship="severe")
    await filed.until(lambda case: [step.status for step in case.steps] == ["ordered", "done"])
    return filed


async def claiming(house: House) -> Filed:
    """The goods are lost and the customer has the money; the claim against the carrier is open."""
    filed = await accepted(house, "transport_loss")
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    return filed


async def replacing_the_installer(house: House) -> Filed:
    filed = await accepted(house, "installation_attitude", work_left=True)
    await filed.until(lambda case: any(d.name == "work_finished" for d in case.deadlines))
    return filed


def promised(about: Any) -> Callable[[House], Awaitable[Filed]]:
    """The customer was told a time three hours ahead."""

    async def make(house: House) -> Filed:
        filed = await responded(house)
        await filed.does(AGENT, c.PromiseTime(about=about, at=await filed.now() + timedelta(hours=3)))
        return filed

    return make


async def called_in_vain(house: House) -> Filed:
    filed = await carried_out(house)
    await filed.does(AGENT, c.RecordCallback(answered=False))
    return filed


# What keeps a promise


async def propose_again(filed: Filed) -> None:
    if (await filed.case()).stage is Stage.ASSESSING:
        await filed.does(AGENT, c.Assess(facts={"damage": "slight"}, liable="company"))
    await filed.does(AGENT, c.Propose())


async def visit(filed: Filed) -> None:
    case = await filed.case()
    step = case.inspection.step.id if case.inspection else case.steps[0].step.id
    await filed.does(TECHNICIAN, c.ReportVisit(step=step, findings="已整改", corrected=True, evidence=(PHOTO,)))


async def pay(filed: Filed) -> None:
    """The partner pays everything that it has taken on, and says so."""
    await hear_of_payments(filed, "succeeded", "done")


async def hear_of_payments(filed: Filed, stage: str, status: Any) -> None:
    for effect in filed.house.partners.effects(f"{filed.opening.tenant}:{filed.id}/"):
        filed.house.partners.advance("payments", effect["reference"], stage)
        report = EffectReport(reference=effect["reference"], status=status, detail="", at=datetime.now(UTC))
        await filed.handle.signal(ComplaintWorkflow.effect_reported, EffectNews(key=effect["key"], report=report))


def by(actor: Any, command: c.Command) -> Callable[[Filed], Awaitable[None]]:
    async def act(filed: Filed) -> None:
        await filed.does(actor, command)

    return act


# What makes it pointless

WITHDRAW = by(CUSTOMER, c.Withdraw(reason="已自行解决"))
DECIDE = by(SUPERVISOR, c.CloseByDecision(outcome="decided", reason="多次联系未果"))


def fail_and_drop(name: str) -> Callable[[Filed], Awaitable[None]]:
    """The partner gives up the step that this promise is about, and a supervisor decides that it is dropped."""

    async def act(filed: Filed) -> None:
        # Several steps of one plan may each have this promise, in whatever order partners took them: the key names the step.
        step = (await filed.promise(name)).key.split("/")[1]
        state = (await filed.case()).step(step)
        assert state is not None
        assert state.status == "ordered"
        effects = filed.house.partners.effects(f"{filed.opening.tenant}:{filed.id}/")
        effect = next(each for each in effects if each["key"].endswith(f"/{step}"))
        filed.house.partners.advance("payments" if state.cash else "logistics", effect["reference"], "failed")
        report = EffectReport(reference=effect["reference"], status="refused", detail="账户已注销", at=datetime.now(UTC))
        await filed.handle.signal(ComplaintWorkflow.effect_reported, EffectNews(key=effect["key"], report=report))
        await filed.until(lambda now: (failed := now.step(step)) is not None and failed.status == "failed")
        await filed.does(SUPERVISOR, c.SettleStep(step=step, action="drop", reason="改为线下支付"))

    return act


@dataclass(frozen=True)
class Promise:
    """One row of the pack, brought to life."""

    make: Callable[[House], Awaitable[Filed]]
    keep: Callable[[Filed], Awaitable[None]]
    drop: Callable[[Filed], Awaitable[None]]


RESPOND = by(AGENT, c.Respond(message="已登记，今天下班前给您答复。"))
VERIFY = by(AGENT, c.Verify(founded=True, findings="承运商承认", sources=("承运商",)))
REACHED = by(AGENT, c.RecordCallback(answered=True))
TELL = by(AGENT, c.ReportProgress(message="退款已提交银行"))
FINISH = by(AGENT, c.CompleteStep(step="other_installer", note="另一位师傅已装完"))
SETTLE_CLAIM = by(AGENT, c.CompleteStep(step="claim", note="承运商已赔付"))


async def installation_received(house: House) -> Filed:
    return await received(house, "installation_delay")


async def offered(house: House) -> Filed:
    filed = await proposed(house)
    await filed.does(SUPERVISOR, c.Approve(number=1))
    return filed


PROMISES: dict[str, Promise] = {
    "first_response": Promise(received, RESPOND, WITHDRAW),
    "first_contact": Promise(installation_received, RESPOND, WITHDRAW),
    "verification": Promise(responded, VERIFY, WITHDRAW),
    "inspection": Promise(inspecting, visit, WITHDRAW),
    "proposal": Promise(assessed, propose_again, WITHDRAW),
    "another_proposal": Promise(sent_back, propose_again, WITHDRAW),
    "second_handling": Promise(not_satisfied, propose_again, WITHDRAW),
    "approval": Promise(proposed, by(SUPERVISOR, c.Approve(number=1)), WITHDRAW),
    "customer_reply": Promise(offered, by(CUSTOMER, c.Accept(number=1)), WITHDRAW),
    "daily_progress": Promise(paying, TELL, pay),
    "rectification": Promise(rectifying, visit, fail_and_drop("rectification")),
    "money_arrives": Promise(paying, pay, fail_and_drop("money_arrives")),
    "goods_and_visits": Promise(installing_anew, visit, fail_and_drop("goods_and_visits")),
    "work_finished": Promise(replacing_the_installer, FINISH, DECIDE),
    "claim_settled": Promise(claiming, SETTLE_CLAIM, DECIDE),
    "callback": Promise(carried_out, REACHED, DECIDE),
    "callback_again": Promise(called_in_vain, REACHED, DECIDE),
    "named_call": Promise(promised("callback"), REACHED, WITHDRAW),
    "named_answer": Promise(promised("answer"), VERIFY, WITHDRAW),
    "named_arrival": Promise(promised("arrival"), TELL, WITHDRAW),
}


# What is to be seen of it


def of(entries: list[Entry], key: str, kind: str) -> list[Any]:
    """The entries of one kind about one promise."""
    return [entry for entry in entries if entry.event.kind == kind and getattr(entry.event, "key", None) == key]


async def gone(filed: Filed, key: str) -> Case:
    """The case once the promise no longer runs."""
    return await filed.until(lambda case: case.deadline(key) is None)


async def climbed(filed: Filed, key: str, rungs: int) -> Case:
    """The case once so many rungs of the promise's ladder have been climbed: a person may have to be looked up on the way."""

    def so_far(case: Case) -> bool:
        deadline = case.deadline(key)
        return deadline is not None and deadline.next_rung >= rungs

    return await filed.until(so_far)


def fallen_due(promise: OpenDeadline) -> int:
    """Rungs up to the due instant itself."""
    return sum(promise.due_at is not None and at <= promise.due_at for at in promise.rungs)


async def mails_about(filed: Filed, to: str, words: str, at_least: int = 1, seconds: float = 60) -> list[str]:
    """Subjects of the mails to an address about this complaint with these words in them, once there are that many."""
    end = time.monotonic() + seconds
    while True:
        subjects = [str(mail["subject"]) for mail in filed.house.mail.mails(to=to)]
        found = [subject for subject in subjects if f"{filed.id}：" in subject and words in subject]
        if len(found) >= at_least or time.monotonic() > end:
            return found
        await asyncio.sleep(0.05)
