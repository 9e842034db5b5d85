"""The online shop's procedure, clause by clause, on the real house."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from domain import commands as c
from domain.actor import Role
from domain.advice import advice_now
from domain.case import Stage
from domain.intake import Intake
from domain.journal import OpinionGiven, StepDone
from domain.money import Money
from domain.order import Customer
from domain.policy import registry
from domain.policy.matching import missing_at_intake
from domain.policy.pack import Pack
from domain.remedies import StepChoice
from tests.alike import arrives, content, effects, ended, mailed
from tests.house import House, Refused
from tests.workflows.promises import of
from tests.workflows.shopkeeper import (
    AGENT,
    CUSTOMER_MAIL,
    MANAGER,
    OPERATIONS,
    ORDERS,
    OTHER_AGENT,
    OTHER_SUPERVISOR,
    PHOTO,
    PURCHASING,
    SUPERVISOR,
    TENANT,
    agreed,
    filed_under,
    found_true,
    goods,
    visited,
)


def the_pack(house: House) -> Pack:
    return registry.released(house.parts.tenants.get(TENANT).pack)


@pytest.mark.clause(
    "ECO-WRG-01", "ECO-CNF-01", "ECO-REP-01", "HOUSE-RESPOND", "HOUSE-LADDER", "HOUSE-CAP", "ECO-FLW-01", "ECO-NTF-01"
)
async def test_offers_for_a_wrong_item_rise_step_by_step_and_stop_at_thirty_per_cent_of_it(house: House) -> None:
    filed = await filed_under(house, "wrong_item", "JS-2026-0003", evidence=(PHOTO,))
    first = await filed.promise("first_response")
    assert first.due_at is not None
    await filed.passes_until(first.due_at + timedelta(seconds=1))
    await filed.written("deadline_missed")
    assert await mailed(filed, "首次回应", SUPERVISOR, OTHER_SUPERVISOR)
    await found_true(filed, wrong_item_wish="keep")
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Propose())
    assert refused.value.detail["field"] == "choices.compensation.items"
    offers = []
    for number in (1, 2, 3):
        await filed.does(AGENT, c.Propose(choices=(goods("compensation", "BP-03"),)))
        case = await filed.case()
        assert case.proposal is not None
        offers.append(case.proposal.plan.total)
        if number < 3:
            await filed.does(AGENT, c.Decline(number=number, reason="补偿太少"))
    # Ten, twenty and thirty per cent of a bag worth 399.00.
    assert offers == [Money.of("39.90", "CNY"), Money.of("79.80", "CNY"), Money.of("119.70", "CNY")]
    await filed.does(AGENT, c.Decline(number=3, reason="还是太少"))
    for percent in ("20", "31"):
        with pytest.raises(Refused) as refused:
            await filed.does(AGENT, c.Propose(choices=(goods("compensation", "BP-03", percent=Decimal(percent)),)))
        assert refused.value.code == "not_allowed_by_policy"
    await filed.does(AGENT, c.Assess(facts={"wrong_item_wish": "exchange"}, liable="company"))
    assert not effects(filed), "nothing moves before the customer has confirmed"
    await agreed(filed, goods("exchange", "BP-03"), StepChoice(step="improvement", include=False))
    assert await mailed(filed, "正在办理", CUSTOMER_MAIL)
    await arrives(filed, "exchange")
    await content(filed, AGENT)
    await visited(filed)
    assert await mailed(filed, "已结案", CUSTOMER_MAIL)
    [letter] = [m["text"] for m in house.mail.mails(to=CUSTOMER_MAIL) if f"{filed.id} 已结案" in m["subject"]]
    for said in ("结果：换货。", "经过：我们核实了情况，查明原因", "感谢您的理解，再次致歉"):
        assert said in letter
    assert [each["kind"] for each in effects(filed)] == ["exchange"]


@pytest.mark.clause(
    "ECO-RSP-01", "ECO-RSP-02", "ECO-INV-01", "ECO-SOL-01", "ECO-SOL-03", "ECO-IMP-01", "ECO-CLS-01", "HOUSE-OPINION"
)
@pytest.mark.clause("HOUSE-MONEY", "HOUSE-ARRIVE", "HOUSE-CALLBACK", "HOUSE-VISIT", "ECO-FLW-01", "HOUSE-APPROVE")
async def test_purchasing_answers_for_bad_goods_the_refund_is_told_to_the_supervisor_and_the_process_is_adjusted(
    house: House,
) -> None:
    filed = await filed_under(house, "product_quality", "JS-2026-0002", expectation="退款")
    await found_true(filed, cause="goods", remedy_wanted="refund")
    assert await mailed(filed, "请给出意见", "purchasing@jishi.example")
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Propose(choices=(goods("return", "LM-02"),)))
    assert refused.value.code == "opinion_outstanding"
    asked = await filed.promise("opinion")
    await filed.does(
        PURCHASING, c.GiveOpinion(opinion="该批台灯开关不良，同意退款", responsible="采购员方某", department="purchasing")
    )
    case = await agreed(filed, goods("return", "LM-02"))
    assert case.proposal is not None
    assert case.proposal.approver_role is Role.SUPERVISOR
    assert await mailed(filed, "坚持退款", SUPERVISOR, OTHER_SUPERVISOR)
    await arrives(filed, "return")
    await filed.until(lambda case: case.paid == Money.of("259.00", "CNY"))
    assert await mailed(filed, "运营部调整流程", "operations@jishi.example")
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    # The first callback finds a customer who is not satisfied: another plan, as often as it takes.
    await filed.does(AGENT, c.Confirm(satisfied=False, rating=2, comment="希望有个说法"))
    await filed.does(AGENT, c.Assess(facts={"cause": "desk", "remedy_wanted": "apology"}, liable="company"))
    await agreed(filed, StepChoice(step="coupon", include=True))
    await content(filed, AGENT)
    # Satisfied, and still open until the process is adjusted.
    assert (await filed.case()).open
    for step in [s.step.id for s in (await filed.case()).steps if s.step.kind == "internal_report"]:
        await filed.does(OPERATIONS, c.CompleteStep(step=step, note="入库检验增加开关测试"))
    entries = await visited(filed)
    [given] = of(entries, asked.key, "deadline_met")
    assert given.event.in_time
    [opinion] = [entry.event for entry in entries if isinstance(entry.event, OpinionGiven)]
    assert opinion.responsible == "采购员方某"


@pytest.mark.clause("ECO-PRE-01", "ECO-PRE-02", "HOUSE-PROPOSE")
async def test_a_waybill_is_voided_with_the_supervisors_signature_before_the_order_is_called_off(house: House) -> None:
    filed = await filed_under(house, "before_dispatch", "JS-2026-0006", expectation="不要了")
    await found_true(filed, change="cancel", waybill_made=True)
    await filed.does(AGENT, c.Propose())
    case = await filed.case()
    assert case.proposal is not None
    assert case.proposal.approver_role is Role.SUPERVISOR
    with pytest.raises(Refused):
        await filed.does(AGENT, c.Approve(number=1))
    await filed.does(SUPERVISOR, c.SendBack(number=1, reason="请核对订单号与快递单"))
    await filed.does(AGENT, c.Propose())
    await filed.does(SUPERVISOR, c.Approve(number=2, note="已签字"))
    await filed.does(AGENT, c.Accept(number=2))
    assert await mailed(filed, "作废快递单", "orders@jishi.example")
    await filed.until(lambda case: case.paid.amount > 0)
    assert (await filed.case()).stage is Stage.CARRYING_OUT
    number = str(filed.opening.intake.order_number)
    for wrong in ({}, {"waybill": "YC7700123", "order_number": "JS-2026-0001"}):
        with pytest.raises(Refused):
            await filed.does(ORDERS, c.CompleteStep(step="void_waybill", note="单号已核对，签字单归档", **wrong))
    signed = c.CompleteStep(step="void_waybill", note="单号已核对，签字单归档", waybill="YC7700123", order_number=number)
    await filed.does(ORDERS, signed)
    await content(filed, AGENT)
    entries = await ended(filed)
    [voided] = [e for e in entries if isinstance(e.event, StepDone) and e.event.step == "void_waybill"]
    assert voided.clauses == ("ECO-PRE-02",)
    assert [each["kind"] for each in effects(filed)] == ["refund"]


@pytest.mark.clause("ECO-RMA-01", "ECO-APL-01", "ECO-SOL-02")
async def test_a_return_outside_the_conditions_is_explained_appealed_and_exchanged_by_the_supervisor(house: House) -> None:
    filed = await filed_under(house, "return_exchange", "JS-2026-0004", expectation="换一双")
    await found_true(filed, conditions_met=False)
    await filed.does(AGENT, c.Propose(choices=(StepChoice(step="coupon", include=False),)))
    await filed.does(AGENT, c.Appeal(number=1, grounds="只试穿过一次"))
    assert await mailed(filed, "申诉", SUPERVISOR, OTHER_SUPERVISOR)
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Propose())
    assert refused.value.code == "higher_level_decides"
    await filed.does(SUPERVISOR, c.Assess(facts={"conditions_met": True, "return_or_exchange": "exchange"}, liable="company"))
    told = advice_now(await filed.journal(), the_pack(house))
    assert "photo_first" not in {line.row for line in told}
    [once] = [line for line in told if "ECO-SOL-02" in line.clauses]
    assert "neither returned nor exchanged" in once.text.en
    case = await agreed(filed, goods("exchange", "SH-04"), by=SUPERVISOR)
    assert [state.step.department for state in case.steps if state.step.id == "warehouse"] == ["warehouse"]
    await arrives(filed, "exchange")
    await filed.does(AGENT, c.CompleteStep(step="warehouse", note="验收完好，已入库"))
    await content(filed, AGENT)
    await ended(filed)


@pytest.mark.clause("ECO-AUT-01", "ECO-HND-01", "ECO-REP-01")
async def test_what_is_beyond_the_desk_is_answered_within_a_day_and_handed_over_at_the_end_of_the_shift(house: House) -> None:
    filed = await filed_under(house, "after_sales_support", "JS-2026-0007", expectation="三倍赔偿")
    case = await filed.until(lambda case: case.assignee == AGENT.id)
    assert case.assignee == AGENT.id, "whoever is on duty and takes the call has it"
    await filed.does(AGENT, c.Respond(message="已记下，请示后答复您。"))
    at = await filed.now() + timedelta(hours=20)
    await filed.does(AGENT, c.PromiseTime(about="answer", at=at))
    assert (await filed.promise("promised_answer")).due_at == at
    await filed.does(AGENT, c.HandOver(to=OTHER_AGENT.id, reason="下班，退款事宜一并交接"))
    case = await filed.case()
    assert case.assignee == AGENT.id
    assert await mailed(filed, "请接手", OTHER_AGENT)
    await filed.does(OTHER_AGENT, c.TakeOver())
    assert (await filed.case()).assignee == OTHER_AGENT.id
    await filed.does(OTHER_AGENT, c.Verify(founded=True, findings="页面承诺延保", sources=("页面快照",)))
    await filed.does(OTHER_AGENT, c.Assess(facts={"cause": "desk", "remedy_wanted": "compensation"}, liable="company"))
    await filed.does(OTHER_AGENT, c.Escalate(to=Role.SUPERVISOR, reason="超出权限：客户要求三倍赔偿"))
    golden = await filed.promise("golden")
    assert golden.due_at is not None
    assert golden.due_at - golden.start_at == timedelta(hours=24)
    case = await filed.until(lambda case: case.assignee in (SUPERVISOR.id, OTHER_SUPERVISOR.id))
    assert case.offered is None, "what goes up is theirs at once, unlike what a colleague hands over"
    assert await mailed(filed, "请您决定", SUPERVISOR, OTHER_SUPERVISOR)
    await filed.passes_until(golden.due_at + timedelta(seconds=1))
    await filed.written("deadline_missed")
    assert await mailed(filed, "24小时内答复", MANAGER)
    await filed.does(SUPERVISOR, c.Propose(choices=(StepChoice(step="improvement", include=False),)))
    case = await filed.case()
    assert case.proposal is not None
    assert case.proposal.approver_role in (None, Role.SUPERVISOR)
    if case.proposal.approver_role is not None:
        await filed.does(OTHER_SUPERVISOR, c.Approve(number=1))
    await filed.does(SUPERVISOR, c.Decline(number=1, reason="不接受"))
    await filed.does(SUPERVISOR, c.CloseByDecision(outcome="decided", reason="已按规定补偿上限答复，客户另行主张"))
    entries = await ended(filed, "decided")
    [late] = of(entries, golden.key, "deadline_met")
    assert not late.event.in_time


@pytest.mark.clause("ECO-STF-01", "ECO-ASG-02")
async def test_rude_staff_are_looked_into_by_their_supervisor_and_another_one_signs_the_sanction(house: House) -> None:
    filed = await filed_under(
        house, "service_attitude", None, by=OTHER_AGENT, against="客服梅青", against_staff=AGENT.id, content="态度恶劣。"
    )
    case = await filed.until(lambda case: case.assignee is not None)
    assert (case.assignee, case.priority) == (SUPERVISOR.id, 3)
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Respond(message="没有。"))
    assert refused.value.code == "complained_of"
    await found_true(filed, SUPERVISOR, staff_at_fault=True)
    left_out = tuple(StepChoice(step=step, include=False) for step in ("improvement", "coupon"))
    await filed.does(SUPERVISOR, c.Propose(choices=left_out))
    with pytest.raises(Refused) as refused:
        await filed.does(SUPERVISOR, c.Approve(number=1))
    assert refused.value.code == "own_proposal"
    await filed.does(OTHER_SUPERVISOR, c.Approve(number=1))
    await filed.does(SUPERVISOR, c.Accept(number=1))
    await filed.does(SUPERVISOR, c.CompleteStep(step="sanction", note="记过一次，扣当月绩效"))
    await content(filed, SUPERVISOR)
    entries = await visited(filed, SUPERVISOR)
    assert [e.clauses for e in entries if isinstance(e.event, StepDone) and e.event.step == "sanction"] == [("ECO-STF-01",)]


@pytest.mark.clause("ECO-RMK-01", "ECO-JDG-01", "HOUSE-VERIFY", "HOUSE-FIGURES", "HOUSE-REPLY")
async def test_an_ignored_remark_ends_with_a_call_that_asks_for_suggestions_and_an_untrue_complaint_with_a_tactful_answer(
    house: House,
) -> None:
    filed = await filed_under(house, "remark_ignored", "JS-2026-0001", content="备注了不要红色。")
    await found_true(filed)
    await agreed(filed, StepChoice(step="improvement", include=False))
    await filed.does(AGENT, c.CompleteStep(step="suggestions", note="客户建议备注加粗打印"))
    await content(filed, AGENT)
    await visited(filed)
    untrue = await filed_under(house, "remark_ignored", "JS-2026-0001", content="备注没看。")
    await untrue.does(AGENT, c.Respond(message="马上核实。"))
    await untrue.does(AGENT, c.Verify(founded=False, findings="订单没有备注", sources=("订单",)))
    await ended(untrue, "unfounded")
    assert await mailed(untrue, "核实结果", CUSTOMER_MAIL)


@pytest.mark.clause("ECO-REC-02", "ECO-CLS-01", "ECO-ASG-02")
def test_every_channel_ends_in_one_register_with_what_has_to_be_known_of_each_kind(house: House) -> None:
    pack = the_pack(house)
    bare = {"customer": Customer(name="沈悦"), "content": "请处理"}
    assert set(pack.channels) == {"hotline", "email", "site", "chat", "social"}
    lacking = {
        category.id: missing_at_intake(category, Intake(category=category.id, channel="site", **bare))
        for category in pack.category
    }
    assert all("contact" in missing for missing in lacking.values())
    assert lacking["wrong_item"] == ("contact", "order_number", "evidence", "expectation")
    assert lacking["service_attitude"] == ("contact", "against", "against_staff", "expectation")
    assert {category.group for category in pack.category} == {"goods", "order", "returns", "delivery", "service"}
    ranked = {row.id: row.priority for row in pack.classification}
    assert ranked["public"] == 1
    assert ranked["goods_and_staff"] == 3
    assert ranked["the_rest"] == 4
