"""Times that are named, the look back at a satisfied customer, and money that is chased, on the real house."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import commands as c
from domain.case import Stage
from domain.fold import replay
from domain.policy import registry
from tests.after_care import after_care
from tests.alike import mailbox
from tests.house import AGENT, CUSTOMER, SUPERVISOR, TECHNICIAN, Filed, House
from tests.workflows.promises import PHOTO, mails_about, of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True, scope="module")
def the_variant() -> None:
    registry.install([after_care()])


async def received(house: House) -> Filed:
    filed = await house.file(order_number=house.new_order(), under=after_care().ref)
    await filed.until(lambda case: case.order_check == "found" and case.assignee is not None)
    return filed


async def carrying_out(filed: Filed) -> Filed:
    case = await filed.case()
    if case.cycle == 1:
        await filed.does(AGENT, c.Respond(message="已登记，今天下班前给您答复。"))
        await filed.does(AGENT, c.Verify(founded=True, findings="承运商承认", sources=("承运商",)))
    await filed.does(AGENT, c.Assess(facts={"damage": "severe"} if case.cycle == 1 else {"damage": "slight"}, liable="company"))
    number = case.proposals + 1
    await filed.does(AGENT, c.Propose())
    if (await filed.case()).stage is Stage.APPROVING:
        await filed.does(SUPERVISOR, c.Approve(number=number))
    await filed.does(CUSTOMER, c.Accept(number=number))
    return filed


async def satisfied(house: House) -> Filed:
    filed = await carrying_out(await received(house))
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(CUSTOMER, c.Confirm(satisfied=True, rating=5))
    await filed.promise("visit")
    return filed


async def test_a_promised_call_is_due_when_it_was_named_and_missed_when_nobody_calls(house: House) -> None:
    filed = await received(house)
    at = await filed.now() + 26 * HOUR + timedelta(seconds=30)
    await filed.does(AGENT, c.PromiseTime(about="callback", at=at, note="下午三点方便"))
    promise = await filed.promise("promised_call")
    assert promise.due_at == at
    await filed.passes_until(at + timedelta(seconds=1))
    case = await filed.until(lambda case: (d := case.deadline(promise.key)) is not None and d.missed)
    assert case.stage is Stage.RECEIVED
    # Called late, wherever the complaint stands: the promise ends there, and its miss stays.
    await filed.does(AGENT, c.RecordCallback(answered=True))
    entries = await filed.journal()
    [met] = of(entries, promise.key, "deadline_met")
    assert not met.event.in_time
    [missed] = of(entries, promise.key, "deadline_missed")
    assert missed.event.due_at == at
    assert await mails_about(filed, "wang@customer.example", "约定时间")


async def test_a_slot_that_the_customer_named_becomes_a_deadline_of_its_own(house: House) -> None:
    filed = await carrying_out(await received(house))
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    slot = await filed.now() + 50 * HOUR
    await filed.does(AGENT, c.RecordCallback(answered=False, next_at=slot))
    assert (await filed.promise("named_slot")).due_at == slot
    await filed.does(AGENT, c.RecordCallback(answered=True))
    case = await filed.case()
    assert not any(deadline.name == "named_slot" for deadline in case.deadlines)


async def test_a_satisfied_customer_is_looked_back_at_before_the_complaint_is_closed_for_good(house: House) -> None:
    filed = await satisfied(house)
    case = await filed.case()
    assert case.stage is Stage.FOLLOWING_UP
    assert case.follow_up is not None
    visit = await filed.promise("visit")
    assert visit.start_at == case.follow_up.from_at
    assert visit.due_at == case.follow_up.from_at + 8 * DAY
    await filed.passes_until(case.follow_up.from_at + timedelta(seconds=1))
    await filed.written("follow_up_due")
    assert await mails_about(filed, mailbox(filed, (await filed.case()).assignee), "请回访")
    await filed.does(AGENT, c.RecordFollowUp(answered=True, satisfied=True, note="使用正常"))
    assert (await filed.ends()).outcome == "satisfied"
    entries = await filed.journal()
    [met] = of(entries, visit.key, "deadline_met")
    assert met.event.in_time
    assert replay(entries) == await house.cases.get("home-demo", filed.id)


async def test_what_has_come_up_again_is_handled_again_and_looked_back_at_again(house: House) -> None:
    filed = await satisfied(house)
    await filed.passes(2 * DAY)
    await filed.does(AGENT, c.RecordFollowUp(answered=True, satisfied=False, recurred=True, note="又裂了"))
    case = await filed.case()
    assert (case.stage, case.cycle) == (Stage.ASSESSING, 2)
    await carrying_out(filed)
    await filed.until(lambda case: (step := case.step("repair")) is not None and step.status == "ordered")
    await filed.does(TECHNICIAN, c.ReportVisit(step="repair", findings="已修复", corrected=True, evidence=(PHOTO,)))
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    # Each handling has effects of its own: nothing was paid twice under one key.
    keys = [effect["key"] for effect in house.partners.effects(f"home-demo:{filed.id}/")]
    assert len(keys) == len(set(keys))
    assert any("/2/" in key for key in keys)
    # The customer answers the survey; what they say is not all right, and a third handling begins.
    await filed.does(CUSTOMER, c.AnswerSurvey(answers={"solved": "yes", "service": "bad"}))
    case = await filed.case()
    assert (case.stage, case.cycle) == (Stage.ASSESSING, 3)
    await filed.does(SUPERVISOR, c.CloseByDecision(outcome="decided", reason="客户接受部分处理"))
    assert (await filed.ends()).outcome == "decided"
    assert replay(await filed.journal()) == await house.cases.get("home-demo", filed.id)


async def test_money_that_has_not_arrived_in_time_is_chased_at_its_partner_and_told(house: House) -> None:
    filed = await received(house)
    house.partners.mode(payments="pending")
    try:
        await carrying_out(filed)
        case = await filed.until(lambda case: all(step.status == "ordered" for step in case.steps))
    finally:
        house.partners.mode(payments="at_once")
    promise = await filed.promise("money_arrives")
    assert promise.due_at is not None
    # The silent partner is asked once a day. What it pays after that would be heard of a day later only.
    await filed.passes_until(promise.due_at - 4 * HOUR)
    assert all(step.status == "ordered" for step in (await filed.case()).steps)
    for effect in house.partners.effects(f"home-demo:{filed.id}/"):
        house.partners.advance("payments", effect["reference"], "succeeded")
    await filed.passes_until(promise.due_at + timedelta(seconds=1))
    case = await filed.until(lambda case: all(step.status == "done" for step in case.steps))
    assert case.paid == case.decided
    entries = await filed.journal()
    [asked] = [entry for entry in of(entries, promise.key, "escalated") if "ask_partner" in entry.event.actions]
    assert asked.at >= promise.due_at
    # Long before the next day of silence would have been over.
    paid = [entry.at for entry in entries if entry.event.kind == "step_done"]
    assert max(paid) < promise.due_at + 12 * HOUR
    assert await mails_about(filed, mailbox(filed, asked.event.person), "款项到账")
