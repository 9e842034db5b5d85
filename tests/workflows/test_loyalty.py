"""The loyalty procedure, clause by clause, on the real house."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from domain import commands as c
from domain.actor import Actor
from domain.case import Stage
from domain.money import Money
from domain.order import Item
from domain.policy import registry
from domain.remedies import StepChoice
from domain.sheet import sheet_of
from tests.alike import arrives, content, effects, ended, mailed
from tests.house import Filed, House, Refused, clear_of
from tests.workflows.loyalist import (
    AGENT,
    MERCHANT,
    OTHER_AGENT,
    OTHER_SENIOR,
    OTHER_SUPERVISOR,
    PEOPLE,
    SENIOR,
    SUPERVISOR,
    agreed,
    assessed,
    filed_under,
    frozen,
    owned_by,
    proposed,
    verified,
)
from tests.workflows.promises import of

CLOSES = time(18)  # service, on every working day of the company


def mug(step: str) -> StepChoice:
    return StepChoice(step=step, items=(Item(sku="MG-01"),))


async def taken_over(filed: Filed, before: Actor) -> Actor:
    """Whoever the procedure names has taken it over; until then the first contact owns it."""
    case = await filed.until(lambda case: case.offered is not None)
    assert case.offered is not None
    assert case.assignee == before.id
    taker = PEOPLE[case.offered.to]
    await filed.does(taker, c.TakeOver())
    assert (await filed.case()).assignee == taker.id
    return taker


@pytest.mark.clause("LOY-I-01", "LOY-I-02", "LOY-I-04", "LOY-FLW-02", "LOY-FLW-03", "LOY-FLW-05", "LOY-FLW-06", "LOY-FLW-07")
@pytest.mark.clause("LOY-LVL-01", "LOY-LVL-04", "LOY-FLW-08", "HOUSE-CONSULT", "HOUSE-ESCALATED", "HOUSE-LADDER", "HOUSE-REVISIT")
async def test_goods_are_exchanged_once_the_merchant_has_spoken_and_paid_back_when_that_was_not_enough(house: House) -> None:
    filed = await filed_under(house, "goods_quality", "JF-2026-0001")
    await owned_by(filed, AGENT)
    callback = await filed.promise("callback_level_1")
    assert callback.due_at is not None
    await filed.passes_until(callback.due_at + timedelta(seconds=1))
    await filed.written("deadline_missed")
    assert await mailed(filed, "首次回电", SUPERVISOR, OTHER_SUPERVISOR)
    # Out of time it is an escalated complaint, and those have a short limit.
    short = await filed.promise("after_a_miss")
    assert (await filed.case()).level == "III"
    assert short.start_at >= callback.due_at
    await filed.does(AGENT, c.Respond(message="抱歉久等，正在核实。"))
    at = await filed.now() + timedelta(hours=3)
    await filed.does(AGENT, c.PromiseTime(about="callback", at=at))
    named = await filed.promise("named_call")
    assert named.due_at == at
    await filed.passes_until(at - timedelta(minutes=5))
    await filed.does(AGENT, c.RecordCallback(answered=True, note="已告知正在核实"))
    await filed.does(AGENT, c.Verify(founded=True, findings="手柄开裂，照片相符", sources=("照片",)))
    assert await mailed(filed, "已核实", "merchants@hedian.example")
    await assessed(filed, entitled=True, wants="exchange")
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Propose(choices=(mug("exchange"),)))
    assert refused.value.code == "opinion_outstanding"
    await filed.does(MERCHANT, c.GiveOpinion(opinion="同意换货", responsible="山谷咖啡仓库", department="merchant"))
    case = await proposed(filed, mug("exchange"))
    assert case.stage is Stage.APPROVING
    assert await mailed(filed, "待您审批", SUPERVISOR, OTHER_SUPERVISOR)
    await filed.does(SUPERVISOR, c.Approve(number=1))
    await filed.does(AGENT, c.Accept(number=1))
    await arrives(filed, "exchange")
    await filed.promise("callback")
    assert await mailed(filed, "已在CRM办妥", "merchants@hedian.example")
    await filed.does(AGENT, c.Confirm(satisfied=False, rating=1, comment="换来的又裂了"))
    case = await filed.case()
    assert (case.cycle, case.level) == (2, "III")
    again = await filed.promise("second_handling")
    await assessed(filed, entitled=True, wants="return")
    await agreed(filed, mug("return"), mug("refund"))
    await arrives(filed, "return")
    await content(filed, AGENT)
    entries = await looked_back_at(filed)
    for promise in (short, named, again):
        [met] = of(entries, promise.key, "deadline_met")
        assert met.event.in_time
    assert {effect["kind"] for effect in effects(filed)} == {"exchange", "return", "refund"}
    # One of the two mugs.
    assert (await filed.case()).paid == Money.of("36.00", "CNY")


async def looked_back_at(filed: Filed, by: Actor = AGENT) -> list[Any]:
    """A week later the member is called once more and is still content: only then is it closed."""
    case = await filed.case()
    assert case.stage is Stage.FOLLOWING_UP
    await filed.passes(timedelta(days=7))
    assert await mailed(filed, "再次回访", PEOPLE[str(case.assignee)])
    await filed.does(by, c.RecordFollowUp(answered=True, satisfied=True))
    return await ended(filed)


@pytest.mark.clause("LOY-II-02", "LOY-II-03", "LOY-II-04", "LOY-LVL-02", "LOY-PRI-02", "HOUSE-COACH")
async def test_a_rude_agent_is_handled_by_their_own_supervisor_recorded_for_the_month_and_coached(house: House) -> None:
    await clear_of(CLOSES)  # it has to be answered on the day of its receipt
    filed = await filed_under(house, "agent_attitude", by=OTHER_AGENT, against_staff=AGENT.id, content="坐席中途挂断电话。")
    supervisor = await taken_over(filed, OTHER_AGENT)
    assert supervisor == SUPERVISOR
    same_day = await filed.promise("callback_attitude")
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Respond(message="没有此事。"))
    assert refused.value.code == "complained_of"
    await verified(filed, SUPERVISOR)
    await assessed(filed, SUPERVISOR, agent_conduct="hung_up", found_true=True)
    await proposed(filed, by=SUPERVISOR)
    with pytest.raises(Refused) as refused:
        await filed.does(SUPERVISOR, c.Approve(number=1))
    assert refused.value.code == "own_proposal"
    await filed.does(OTHER_SUPERVISOR, c.Approve(number=1))
    await filed.does(SUPERVISOR, c.Accept(number=1))
    await content(filed, SUPERVISOR)
    # What becomes of the agent is no news for the member, who is content; still it has to be done.
    assert await mailed(filed, "处理方案", "zhou@member.example")
    [told] = {mail["text"] for mail in house.mail.mails(to="zhou@member.example") if f"{filed.id} 的处理方案" in mail["subject"]}
    assert "致歉" in told
    assert "辅导" not in told
    assert await mailed(filed, "考核", SUPERVISOR)
    assert (await filed.case()).stage is Stage.CONFIRMING
    await filed.does(SUPERVISOR, c.CompleteStep(step="record", note="录音证实挂断，计入梅雪11月考核"))
    assert (await filed.case()).open
    await filed.does(SUPERVISOR, c.CompleteStep(step="coaching", note="已一对一辅导通话礼仪"))
    entries = await ended(filed)
    [met] = of(entries, same_day.key, "deadline_met")
    assert met.event.in_time
    assert [entry.clauses for entry in entries if entry.event.kind == "step_done"].count(("LOY-II-04",)) >= 2


@pytest.mark.clause("LOY-II-05", "LOY-LVL-02", "LOY-PRI-02", "LOY-FLW-04")
async def test_a_slow_agent_is_answered_for_by_another_senior_agent_on_the_same_day(house: House) -> None:
    filed = await filed_under(house, "agent_efficiency", by=OTHER_AGENT, against_staff=SENIOR.id, content="同一问题问了四遍。")
    senior = await taken_over(filed, OTHER_AGENT)
    assert senior == OTHER_SENIOR
    assert (await filed.promise("callback_efficiency")).owner == "senior_agent"
    await verified(filed, senior)
    await assessed(filed, senior, agent_failing="same_question", found_true=True)
    await agreed(filed, StepChoice(step="points", points=200), by=senior)
    await content(filed, senior)
    entries = await ended(filed)
    sheet = sheet_of(await filed.case(), entries, registry.released("loyalty@2026-11"), "zh-CN")
    assert sheet.number == filed.id
    completed = dict(sheet.parts[0].fields)
    assert set(completed) == {"提交处理方案", "回复后补填", "回访后补填"}
    assert all(said.endswith(senior.id) for said in completed.values())
    [points] = effects(filed)
    assert (points["kind"], points["request"]["points"]) == ("points", 200)


@pytest.mark.clause("LOY-III-01", "LOY-III-02", "LOY-LVL-03", "LOY-FLW-07", "LOY-FLW-08", "HOUSE-BACKOFFICE", "HOUSE-REVISIT")
async def test_a_merchants_infringement_is_made_good_by_hand_and_looked_at_again(house: House) -> None:
    filed = await filed_under(house, "merchant_infringement", against="和悦家电人民路店", content="消费后拒绝累积积分。")
    await owned_by(filed, AGENT)
    await filed.promise("callback_infringement")
    await verified(filed)
    await assessed(filed, infringement="accrual_refused", owed="points")
    await agreed(filed, StepChoice(step="points", points=1500))
    assert await mailed(filed, "后台补积分", "zhou@member.example")
    assert await mailed(filed, "商户部门处理商户", "merchants@hedian.example")
    await content(filed, AGENT)
    assert (await filed.case()).stage is Stage.FOLLOWING_UP
    await filed.does(MERCHANT, c.CompleteStep(step="merchant", note="已约谈门店并补录"))
    await filed.passes(timedelta(days=7))
    await filed.does(AGENT, c.RecordFollowUp(answered=True, satisfied=False, recurred=True, note="积分被冲回，活动资格也没有了"))
    case = await filed.case()
    assert (case.cycle, case.stage) == (2, Stage.ASSESSING)
    await filed.promise("second_handling")
    await assessed(filed, infringement="misled", owed="eligibility")
    await agreed(filed)
    await filed.promise("back_office")
    await filed.does(AGENT, c.CompleteStep(step="eligibility", note="后台已补加双倍积分资格"))
    assert await mailed(filed, "后台补加资格", "zhou@member.example")
    await filed.does(MERCHANT, c.CompleteStep(step="merchant", note="门店已停止活动资格"))
    await content(filed, AGENT)
    await looked_back_at(filed)
    [points] = effects(filed)
    assert points["request"]["points"] == 1500


@pytest.mark.clause("LOY-III-03", "LOY-III-04", "LOY-III-05", "LOY-LVL-03", "LOY-PRI-02", "HOUSE-FREEZE", "HOUSE-RISK")
async def test_an_account_at_risk_is_frozen_at_once_cleared_by_risk_control_and_released(house: House) -> None:
    filed = await filed_under(house, "account_security", content="积分在外地被兑换，不是我。")
    await owned_by(filed, AGENT)
    assert await mailed(filed, "T+2 工作日内回电", "zhou@member.example")
    assert await mailed(filed, "风控工单", "risk@hedian.example")
    callback, identity = await filed.promise("callback_security"), await filed.promise("identity")
    # The first contact checks who it is and freezes; nobody has to approve that.
    await verified(filed)
    await assessed(filed, security_event="used_by_stranger", identity_confirmed=True, cleared=False)
    at_once = await filed.promise("freeze")
    assert (await proposed(filed)).stage is Stage.OFFERED
    await filed.does(AGENT, c.Accept(number=1))
    await filed.until(lambda case: case.deadline(at_once.key) is None)
    assert frozen(filed)
    assert await mailed(filed, "已冻结，请勿使用", "zhou@member.example")
    await filed.promise("risk_work")
    risk = await taken_over(filed, AGENT)
    await filed.does(risk, c.ReportProgress(message="风控已回电，正在止付涉案兑换"))
    await filed.does(risk, c.CompleteStep(step="work_order", note="已查明为撞库，涉案兑换已止付"))
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(AGENT, c.Confirm(satisfied=False, rating=2, comment="账户还不能用"))
    await assessed(filed, risk, security_event="used_by_stranger", identity_confirmed=True, cleared=True)
    await agreed(filed)
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    assert not frozen(filed)
    await content(filed, AGENT)
    entries = await looked_back_at(filed)
    for promise in (callback, identity, at_once):
        [met] = of(entries, promise.key, "deadline_met")
        assert met.event.in_time


@pytest.mark.clause("LOY-LVL-00", "LOY-LVL-07", "LOY-III-03", "LOY-III-05", "LOY-PRI-01")
async def test_a_frozen_account_that_was_used_by_somebody_else_goes_to_risk_control_and_counts_anew_from_receipt(
    house: House,
) -> None:
    filed = await filed_under(house, "account_frozen")
    await owned_by(filed, AGENT)
    before = await filed.promise("callback_level_1")
    await filed.does(AGENT, c.Reclassify(category="account_security", reason="会员称冻结前有陌生兑换"))
    # What is told of an account at risk at its receipt is told as soon as it turns out to be one.
    assert await mailed(filed, "T+2 工作日内回电", "zhou@member.example")
    assert await mailed(filed, "风控工单", "risk@hedian.example")
    await filed.does(AGENT, c.Reclassify(urgent_causes=("public_harm",), reason="会员已联系媒体"))
    await taken_over(filed, AGENT)
    after = await filed.promise("callback_security")
    case = await filed.case()
    assert case.deadline(before.key) is None
    assert (case.level, case.urgent, case.priority) == ("III", True, 1)
    [work_order] = [
        m for m in house.mail.mails(to="risk@hedian.example") if filed.id in m["subject"] and "风控工单" in m["subject"]
    ]
    assert work_order["subject"], "nobody is told twice"
    assert after.start_at == case.received_at
    assert before.due_at is not None
    assert after.due_at is not None
    assert after.due_at > before.due_at


@pytest.mark.clause("LOY-II-01", "LOY-FLW-02", "LOY-FLW-06")
async def test_the_merchant_department_is_told_at_once_and_what_is_not_true_is_explained_and_ends(house: House) -> None:
    filed = await filed_under(house, "merchant_attitude", against="晴川数码中山店", content="店员与我争吵。")
    await owned_by(filed, AGENT)
    await filed.promise("callback_merchant")
    assert await mailed(filed, "请采取措施", "merchants@hedian.example")
    await filed.does(AGENT, c.Respond(message="正在向商户了解。"))
    await filed.does(AGENT, c.Verify(founded=False, findings="监控显示店员全程礼貌", sources=("监控",)))
    await ended(filed, "unfounded")
    assert await mailed(filed, "已办结", "zhou@member.example")
