"""The grocery procedure from the hotline to the closed file, over HTTP."""

from __future__ import annotations

import pytest

from tests.journeys.mailbox import decides_by_mail
from tests.journeys.town import CUSTOMER, Town
from tests.workflows.grocer import AGENT, EGGS, MANAGER, RICE, SUPERVISOR, TENANT

SPOILED = {"order": "GR-2026-0001", "channel": "hotline", "content": "鸡蛋发霉。"}


@pytest.mark.clause(
    "GRO-ALL-01", "GRO-ALL-03", "GRO-ALL-06", "GRO-ALL-07", "GRO-QTY-02", "HOUSE-RESPOND", "HOUSE-MONEY", "HOUSE-APPROVE"
)
async def test_spoiled_goods_are_exchanged_then_paid_back_when_the_customer_is_not_satisfied(town: Town) -> None:
    journey = await town.files(TENANT, "quality_or_shortage", **SPOILED)
    await journey.until(lambda case: case["order_check"] == "found")
    await journey.breaks(await journey.promise("first_response"))
    assert await journey.mailed("jiang@linli.example", "首次回应")

    await journey.does(AGENT, "respond", message="非常抱歉，马上处理。")
    await journey.does(AGENT, "verify", founded=True, findings="与订单照片相符", sources=["订单明细"])
    await journey.does(AGENT, "assess", facts={"fault": "spoiled", "wants": "exchange"}, liable="company")
    await journey.does(AGENT, "propose", choices=[{"step": "exchange", "items": [{"sku": RICE}]}])
    await journey.does(CUSTOMER, "accept", number=1)
    await journey.breaks(await journey.promise("arrival_told"))
    await journey.does(AGENT, "report_progress", message="明天上午送达")
    await journey.arrives("exchange")
    await journey.stage("confirming")
    await journey.does(CUSTOMER, "confirm", satisfied=False, rating=1, comment="换来的也不新鲜")

    await journey.stage("assessing")
    await journey.does(AGENT, "assess", facts={"fault": "spoiled", "wants": "return"}, liable="company")
    goods = [{"step": "return", "items": [{"sku": EGGS, "quantity": 2}]}]
    beyond = {"step": "refund", "amount": {"amount": "65.60", "currency": "CNY"}}
    await journey.does(AGENT, "propose", choices=[*goods, beyond])
    nobody = await journey.refused(AGENT, "approve", number=2, language="zh-CN")
    assert nobody.code == "wrong_role"
    await decides_by_mail(journey, "jiang@linli.example", 2, "approve")
    await journey.stage("offered")
    await journey.does(CUSTOMER, "accept", number=2)
    await journey.arrives("return")
    await journey.stage("confirming")
    await journey.does(AGENT, "confirm", satisfied=True, rating=5)
    story = await journey.ends("satisfied")
    assert [effect["kind"] for effect in journey.effects()].count("refund") == 1
    case = await journey.case()
    assert case["paid"] == {"amount": "65.60", "currency": "CNY"}
    assert any("GRO-QTY-02" in line["clauses"] for line in story)


@pytest.mark.clause("GRO-MIS-02", "HOUSE-APPEAL")
async def test_what_a_supervisor_refuses_may_be_appealed_and_decided_by_the_manager(town: Town) -> None:
    declined = await town.declined(
        TENANT, category="missing_components", channel="app", content="没有保修卡", customer={"name": "李"}
    )
    assert "order_number" in declined.fields
    journey = await town.files(TENANT, "missing_components", order="GR-2026-0001", content="没有保修卡。")
    await journey.until(lambda case: case["order_check"] == "found")
    await journey.does(AGENT, "respond", message="非常抱歉。")
    await journey.does(AGENT, "verify", founded=True, findings="与订单明细相符", sources=["订单明细"])
    await journey.does(AGENT, "assess", facts={"missing": "accessory", "reship_wanted": True}, liable="company")
    await journey.does(AGENT, "propose", choices=[{"step": "reship", "items": [{"sku": "AF-6L", "part": "accessory"}]}])
    await journey.stage("approving")
    await journey.does(SUPERVISOR, "refuse", number=1, reason="订单内没有该商品")
    within = [{"step": "reship", "items": [{"sku": RICE, "part": "warranty_card"}]}]
    assert (await journey.refused(AGENT, "propose", choices=within)).code == "higher_level_decides"
    await journey.does(SUPERVISOR, "propose", choices=within)
    await journey.does(CUSTOMER, "appeal", number=2, grounds="还少了配件")
    await journey.promise("another_proposal")
    assert await journey.mailed("jiang@linli.example", "申诉")
    await journey.does(MANAGER, "close_by_decision", outcome="decided", reason="订单内物品已可补发，客户改日到店领取")
    await journey.ends("decided")
    assert journey.effects() == []
