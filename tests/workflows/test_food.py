"""The procedure for fresh ingredients, clause by clause, on the real house."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain import commands as c
from domain.case import Stage
from domain.money import Money
from domain.remedies import StepChoice
from tests.alike import arrives, content, effects, ended, mailed, told
from tests.house import House, Refused
from tests.workflows.greengrocer import (
    AGENT,
    CUSTOMER_MAIL,
    LABORATORY,
    LOGISTICS,
    MANAGER,
    OTHER_AGENT,
    PHOTO,
    QUALITY,
    SALMON,
    SUPERVISOR,
    agreed,
    filed_under,
    found,
    goods,
    verified,
    visited,
)
from tests.workflows.promises import of

QUALITY_MAIL, LOGISTICS_MAIL = "quality@chenye.example", "logistics@chenye.example"


@pytest.mark.clause(
    "FOO-RSP-01", "FOO-EFF-01", "FOO-OBJ-02", "FOO-QLT-02", "FOO-REG-01", "FOO-REG-02", "FOO-REG-03", "FOO-REG-04"
)
@pytest.mark.clause("FOO-FBK-01", "FOO-FBK-03", "FOO-FBK-05", "FOO-EFF-03", "HOUSE-LADDER", "HOUSE-VERIFY", "HOUSE-CALLBACK")
async def test_what_spoiled_in_its_time_is_exchanged_without_condition_and_visited_a_week_later(house: House) -> None:
    seen_at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    recorded: dict[str, Any] = {
        "product": SALMON,
        "occurred_at": seen_at,
        "bought_through": "官方APP",
        "address": "杭州市西湖区文三路 1 号",
    }
    filed = await filed_under(house, "spoilage", evidence=(PHOTO,), **recorded)
    case = await filed.case()
    assert (case.severity, case.urgent, case.priority, case.stage) == ("general", False, 2, Stage.RECEIVED)
    assert (case.intake.product, case.intake.occurred_at, case.evidence) == (SALMON, seen_at, (PHOTO,))
    assert case.order is not None
    assert case.order.paid == Money.of("191.90", "CNY")
    first, plan = await filed.promise("first_response"), await filed.promise("plan")
    received = case.received_at
    assert (first.due_at, plan.due_at) == (received + timedelta(hours=2), received + timedelta(hours=24))
    await filed.passes(timedelta(hours=2, minutes=1))
    assert await mailed(filed, "首次回应", SUPERVISOR)

    await verified(filed)
    await found(filed, within_shelf_life=True, wants="exchange")
    await agreed(filed, goods("exchange"))
    # Nobody has to be asked, and the customer knows the waybill before it comes.
    assert await mailed(filed, "处理方案", CUSTOMER_MAIL)
    await filed.until(lambda case: (state := case.step("exchange")) is not None and state.status == "ordered")
    [exchange] = effects(filed)
    assert await mailed(filed, f"运单 {exchange['reference']}", CUSTOMER_MAIL)
    await arrives(filed, "exchange")

    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    assert await mailed(filed, "请您评价", CUSTOMER_MAIL)
    await filed.does(AGENT, c.RecordCallback(answered=True))
    await filed.does(AGENT, c.AnswerSurvey(answers={"solved": "yes", "content": "satisfied"}))
    await content(filed, AGENT)
    case = await filed.case()
    assert case.stage is Stage.FOLLOWING_UP
    confirmed_at = case.updated_at
    visit = await filed.promise("visit")
    assert visit.due_at is not None
    assert abs(visit.due_at - confirmed_at - timedelta(days=15)) < timedelta(minutes=1)
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.RecordFollowUp(answered=True, satisfied=True))
    assert refused.value.code == "follow_up_too_early"
    await filed.passes(timedelta(days=7, minutes=1))
    assert await mailed(filed, "跟踪回访", AGENT, OTHER_AGENT)
    await filed.does(AGENT, c.RecordFollowUp(answered=True, satisfied=True, note="没有反复，也没有新诉求"))
    entries = await ended(filed)
    [late] = of(entries, first.key, "deadline_met")
    assert not late.event.in_time
    [kept] = of(entries, visit.key, "deadline_met")
    assert kept.event.in_time


@pytest.mark.clause("FOO-RSP-02", "FOO-SEV-01", "FOO-PRI-01", "FOO-QLT-01", "FOO-QLT-03", "FOO-FBK-02", "FOO-EFF-02")
@pytest.mark.clause("HOUSE-ATONCE", "HOUSE-APPROVE", "HOUSE-SHIP")
async def test_food_safety_is_answered_at_once_by_an_expert_and_a_refund_that_stays_away_is_chased(house: House) -> None:
    filed = await filed_under(house, "food_safety", product=SALMON, content="吃完全家上吐下泻。")
    case = await filed.case()
    assert (case.severity, case.urgent, case.priority) == ("severe", True, 1)
    at_once, expert = await filed.promise("answered_at_once"), await filed.promise("expert")
    assert (at_once.due_at, expert.due_at) == (case.received_at + timedelta(minutes=10), expert.start_at + timedelta(minutes=30))
    assert await mailed(filed, "请质检部评估", QUALITY_MAIL)
    assert await mailed(filed, "正在处理", CUSTOMER_MAIL)
    assert await mailed(filed, "严重问题", MANAGER)
    await verified(filed)
    await found(filed, within_shelf_life=True)
    plan = (goods("refund"), goods("sample"))
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Propose(choices=plan))
    assert refused.value.code == "opinion_outstanding"
    await filed.does(QUALITY, c.GiveOpinion(opinion="疑为冷链中断，取样检测", department="quality"))

    house.partners.mode(payments="pending")
    try:
        await agreed(filed, *plan)
        assert await mailed(filed, "退款", CUSTOMER_MAIL)
        refund = await filed.promise("refund_arrives")
        test = await filed.promise("sample_test")
        assert test.due_at is not None
        assert refund.due_at is not None
        await arrives(filed, "sample")
        await filed.does(LABORATORY, c.CompleteStep(step="test", note="菌落超标，该批停售"))
        # Three working days, and the money is not there: the supervisor hears of it, and the partner is asked.
        await filed.passes_until(refund.due_at + timedelta(minutes=1))
        assert await mailed(filed, "退款到账", SUPERVISOR)
        await told(filed, "payments", "refund", "succeeded")
    finally:
        house.partners.mode(payments="at_once")
    await content(filed, AGENT)
    entries = await visited(filed)
    [met] = of(entries, expert.key, "deadline_met")
    assert met.event.in_time
    assert {"ask_partner" in each.event.actions for each in of(entries, refund.key, "escalated")} == {True}
    assert {each["kind"] for each in effects(filed)} == {"refund", "collection"}
    case = await filed.case()
    assert case.paid == Money.of("89.00", "CNY")


@pytest.mark.clause(
    "FOO-USE-02", "FOO-QLT-01", "FOO-EFF-02", "FOO-EFF-01", "FOO-OBJ-01", "FOO-OBJ-03", "FOO-QLT-04", "HOUSE-AGAIN"
)
async def test_a_doubtful_quality_is_tested_at_the_companys_cost_and_nobody_is_blamed_without_evidence(house: House) -> None:
    filed = await filed_under(house, "result_unexpected", product=SALMON, content="煎出来没有味道。")
    await filed.does(AGENT, c.Respond(message="请问是怎样解冻和烹饪的？"))
    await filed.does(AGENT, c.Verify(founded=True, findings="用法与指南一致", sources=("客户说明", "使用指南")))
    await filed.does(AGENT, c.Reclassify(category="off_quality", reason="用法无误，疑为商品本身问题"))
    case = await filed.until(lambda case: case.priority == 2)
    assert (case.category, case.group) == ("off_quality", "quality")
    plan = await filed.promise("plan_or_test")
    assert plan.due_at == case.received_at + timedelta(hours=24)

    await found(filed, test="needed")
    assert await mailed(filed, "请上门取样", LOGISTICS_MAIL)
    assert await mailed(filed, "请检测样品", "laboratory@chenye.example")
    assert await mailed(filed, "样品检测安排", CUSTOMER_MAIL)
    result, word = await filed.promise("test_result"), await filed.promise("progress")
    assert word.due_at == word.start_at + timedelta(hours=24)
    await filed.does(AGENT, c.ReportProgress(message="样品已送检"))
    await filed.until(lambda case: any(d.name == "progress" and d.key != word.key for d in case.deadlines))
    await filed.does(LABORATORY, c.GiveOpinion(opinion="各项指标合格", department="laboratory"))
    again = await filed.promise("plan_after_test")

    for liable in ("customer", "company"):
        with pytest.raises(Refused) as refused:
            await found(filed, liable=liable, test="sound")
        assert (refused.value.code, refused.value.detail["field"]) == ("evidence_missing", "rests_on")
    await filed.does(AGENT, c.AttachEvidence(evidence=(PHOTO,)))
    await found(filed, PHOTO, liable="customer", test="sound")
    # A coupon for whoever stays unhappy, and for nobody else.
    await filed.does(AGENT, c.Propose())
    proposed = (await filed.case()).proposal
    assert proposed is not None
    assert [each.kind for each in proposed.plan.steps] == ["explain"]
    await filed.does(AGENT, c.Decline(number=1, reason="仍不满意"))
    case = await agreed(filed, StepChoice(step="goodwill", include=True))
    assert [each.step.money for each in case.steps] == [None, Money.of("10.00", "CNY")]
    await content(filed, AGENT)
    entries = await visited(filed)
    for kept in (result, again):
        [met] = of(entries, kept.key, "deadline_met")
        assert met.event.in_time
    assert of(entries, plan.key, "deadline_dropped")
    [assessed] = [each for each in entries if each.event.kind == "assessed" and each.event.liable == "customer"]
    assert "FOO-OBJ-03" in assessed.clauses


@pytest.mark.clause("FOO-DLV-01", "FOO-DLV-02", "FOO-FBK-03", "FOO-FBK-04", "FOO-EFF-03")
async def test_what_is_missing_is_sent_by_express_and_who_is_not_satisfied_is_handled_again(house: House) -> None:
    filed = await filed_under(house, "missing_item", content="少了一份三文鱼。")
    case = await filed.case()
    assert case.route is not None
    put_right = await filed.promise("delivery_put_right")
    assert put_right.due_at == case.received_at + timedelta(hours=48)
    assert await mailed(filed, "请物流部核实", LOGISTICS_MAIL)
    await filed.does(LOGISTICS, c.GiveOpinion(opinion="分拣漏装，已发出其余包裹", department="logistics"))
    await verified(filed)
    await found(filed, express=True)
    await agreed(filed, goods("express"))
    await arrives(filed, "express")

    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(AGENT, c.AnswerSurvey(answers={"solved": "partly", "content": "dissatisfied"}, comment="送来的少了半斤"))
    case = await filed.until(lambda case: case.stage is Stage.ASSESSING)
    assert case.cycle == 2
    again = await filed.promise("second_handling")
    # One named person to the end: it changes hands only when the other one takes it.
    giver, taker = (AGENT, OTHER_AGENT) if case.assignee == AGENT.id else (OTHER_AGENT, AGENT)
    await filed.does(giver, c.HandOver(to=taker.id, reason="轮休"))
    assert (await filed.case()).assignee == giver.id
    await filed.does(taker, c.TakeOver())
    assert (await filed.case()).assignee == taker.id
    await found(filed, express=False)
    await agreed(filed, goods("reship"))
    await arrives(filed, "reship")
    await content(filed, AGENT)
    entries = await visited(filed)
    for kept in (put_right, again):
        [met] = of(entries, kept.key, "deadline_met")
        assert met.event.in_time
    assert [each["kind"] for each in effects(filed)] == ["reship", "reship"]


@pytest.mark.clause("FOO-DLV-04", "FOO-FBK-02", "HOUSE-REPLY")
async def test_who_is_late_names_a_new_time_and_keeps_it_as_a_promise(house: House) -> None:
    filed = await filed_under(house, "late", "FD-2026-0005", content="还没送到。")
    await filed.does(AGENT, c.Respond(message="大雪封路，非常抱歉。"))
    at = await filed.now() + timedelta(hours=3)
    await filed.does(AGENT, c.PromiseTime(about="arrival", at=at, note="今天下午送达"))
    promise = await filed.promise("named_arrival")
    assert promise.due_at == at
    assert await mailed(filed, "前", CUSTOMER_MAIL)
    await filed.passes_until(at + timedelta(minutes=1))
    assert await mailed(filed, "答应的送达时间", SUPERVISOR)
    await filed.does(AGENT, c.Verify(founded=True, findings="承运方确认延误", sources=("承运方",)))
    await found(filed, beyond_promise=True, agreed="coupon")
    case = await agreed(filed)
    assert [each.step.money for each in case.steps] == [Money.of("15.00", "CNY")]
    await content(filed, AGENT)
    await visited(filed)


@pytest.mark.clause("FOO-SEV-01", "FOO-RSP-02")
async def test_what_turns_out_to_be_food_safety_is_reported_and_told_as_at_once_as_if_it_had_been_filed_so(house: House) -> None:
    filed = await filed_under(house, "spoilage", product=SALMON, evidence=(PHOTO,))
    await filed.does(AGENT, c.Reclassify(category="food_safety", reason="客户食用后不适"))
    assert await mailed(filed, "严重问题", MANAGER)
    assert await mailed(filed, "正在处理", CUSTOMER_MAIL)
    assert await mailed(filed, "请质检部评估", QUALITY_MAIL)


@pytest.mark.clause("FOO-USE-01", "FOO-PRV-02", "FOO-PRV-01")
async def test_a_question_of_use_is_answered_with_the_guide(house: House) -> None:
    filed = await filed_under(house, "use_question", None, content="请问三文鱼怎么解冻，能放几天？")
    await filed.does(AGENT, c.Respond(message="马上把指南发给您。"))
    await found(filed, liable="nobody")
    await agreed(filed)
    assert await mailed(filed, "使用指南", CUSTOMER_MAIL)
    [mail] = [
        each for each in house.mail.mails(to=CUSTOMER_MAIL) if filed.id in each["subject"] and "使用指南" in each["subject"]
    ]
    assert "解冻" in mail["text"]
    # Nothing has to be looked back at: an answered question is closed at once.
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(AGENT, c.Confirm(satisfied=True, rating=5))
    await ended(filed)
