"""Lives of complaints under the loyalty and the marketplace procedure that golden histories are recorded of."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from domain import commands as c
from domain.case import Stage
from domain.remedies import StepChoice
from tests.alike import arrives, content, ended
from tests.house import Filed, House
from tests.workflows import loyalist as loyal
from tests.workflows import shopkeeper as shop
from tests.workflows.golden import complaint


async def _lasted(filed: Filed) -> None:
    """The look back is due after two seconds in the copy of the pack."""
    case = await filed.until(lambda case: case.stage is Stage.FOLLOWING_UP)
    assert case.follow_up is not None
    while datetime.now(UTC) <= case.follow_up.from_at:
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)


@complaint("loyalty")
async def infringement_with_opinion_and_looked_back_at(house: House) -> Filed:
    filed = await loyal.filed_under(
        house, "pushy_selling", against="和悦家电人民路店", content="一直要我再买一台，还拒绝累积积分。"
    )
    await loyal.owned_by(filed, loyal.AGENT)
    await filed.until(lambda case: case.order_check != "pending")
    await filed.does(loyal.AGENT, c.PromiseTime(about="callback", at=datetime.now(UTC) + timedelta(seconds=2)))
    # The call comes late.
    await filed.until(lambda case: any(each.name == "named_call" and each.missed for each in case.deadlines))
    await filed.does(loyal.AGENT, c.Respond(message="抱歉久等，正在核实。"))
    await filed.does(loyal.AGENT, c.Reclassify(category="merchant_infringement", reason="拒绝累积积分"))
    await filed.until(lambda case: case.level == "III")
    await filed.does(loyal.AGENT, c.HandOver(to=loyal.OTHER_AGENT.id, reason="换班"))
    await filed.does(loyal.OTHER_AGENT, c.DeclineHandOver(reason="手上已满"))
    await filed.does(loyal.AGENT, c.Verify(founded=True, findings="与交易记录相符", sources=("CRM",)))
    await loyal.assessed(filed, infringement="accrual_refused", owed="points")
    await filed.does(loyal.MERCHANT, c.GiveOpinion(opinion="商户承认", department="merchant"))
    await loyal.agreed(filed, StepChoice(step="points", points=1500))
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(loyal.MERCHANT, c.CompleteStep(step="merchant", note="已约谈门店并补录"))
    await content(filed, loyal.AGENT)
    await filed.until(lambda case: case.stage is Stage.FOLLOWING_UP)
    await filed.does(
        loyal.AGENT, c.RecordFollowUp(answered=True, satisfied=False, recurred=True, note="积分被冲回，活动资格也没有了")
    )
    await loyal.assessed(filed, infringement="misled", owed="eligibility")
    await loyal.agreed(filed)
    await filed.does(loyal.AGENT, c.CompleteStep(step="eligibility", note="后台已补加资格"))
    await filed.does(loyal.MERCHANT, c.CompleteStep(step="merchant", note="门店已停止活动资格"))
    await content(filed, loyal.AGENT)
    await _lasted(filed)
    await filed.does(loyal.AGENT, c.RecordFollowUp(answered=True, satisfied=True))
    await ended(filed)
    return filed


@complaint("loyalty")
async def reclassified_and_taken_over_by_risk_control(house: House) -> Filed:
    filed = await loyal.filed_under(house, "account_frozen")
    await loyal.owned_by(filed, loyal.AGENT)
    await filed.does(loyal.AGENT, c.Reclassify(category="account_security", reason="会员称冻结前有陌生兑换"))
    case = await filed.until(lambda case: case.offered is not None)
    assert case.offered is not None
    risk = loyal.PEOPLE[case.offered.to]
    await filed.does(risk, c.TakeOver())
    await loyal.verified(filed, risk)
    await loyal.assessed(filed, risk, security_event="used_by_stranger", identity_confirmed=True, cleared=False)
    await loyal.agreed(filed)
    await filed.until(lambda case: (step := case.step("work_order")) is not None and step.status == "ordered")
    await filed.does(risk, c.ReportProgress(message="风控正在止付涉案兑换"))
    await filed.does(risk, c.CompleteStep(step="work_order", note="已查明为撞库，涉案兑换已止付"))
    await content(filed, loyal.AGENT)
    await _lasted(filed)
    await filed.does(loyal.AGENT, c.RecordFollowUp(answered=True, satisfied=True))
    await ended(filed)
    return filed


@complaint("marketplace")
async def offers_rise_handed_over_and_second_handling_after_the_survey(house: House) -> Filed:
    # Nobody has answered for some days.
    received_at = datetime.now(UTC) - timedelta(days=5)
    filed = await shop.filed_under(house, "wrong_item", "JS-2026-0003", evidence=(shop.PHOTO,), received_at=received_at)
    await filed.until(lambda case: case.escalations > 0)
    await shop.found_true(filed, wrong_item_wish="keep")
    for number in (1, 2):
        await filed.does(shop.AGENT, c.Propose(choices=(shop.goods("compensation", "BP-03"),)))
        await filed.does(shop.AGENT, c.Decline(number=number, reason="补偿太少"))
    giver = (await filed.case()).assignee
    await filed.does(shop.SUPERVISOR, c.HandOver(to=shop.OTHER_AGENT.id, reason="下班，一并交接"))
    assert (await filed.case()).assignee == giver
    await filed.does(shop.OTHER_AGENT, c.TakeOver())
    await filed.does(shop.OTHER_AGENT, c.Assess(facts={"wrong_item_wish": "exchange"}, liable="company"))
    without = StepChoice(step="improvement", include=False)
    await shop.agreed(filed, shop.goods("exchange", "BP-03"), without, by=shop.OTHER_AGENT)
    await arrives(filed, "exchange")
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(shop.OTHER_AGENT, c.AnswerSurvey(answers={"solved": "partly"}, comment="换来的有划痕"))
    await filed.until(lambda case: case.cycle == 2 and case.stage is Stage.ASSESSING)
    await filed.does(shop.OTHER_AGENT, c.Assess(facts={"wrong_item_wish": "keep"}, liable="company"))
    await shop.agreed(filed, shop.goods("compensation", "BP-03"), without, by=shop.OTHER_AGENT)
    await content(filed, shop.OTHER_AGENT)
    await _lasted(filed)
    await filed.does(shop.OTHER_AGENT, c.RecordFollowUp(answered=True, satisfied=True, note="服务很好"))
    await ended(filed)
    return filed
