"""The online shop's procedure from its page to the closed file, over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.journeys.town import CUSTOMER, Town
from tests.workflows.shopkeeper import AGENT, OTHER_SUPERVISOR, PURCHASING, SUPERVISOR, TENANT

PHOTO = {"uri": "s3://evidence/lamp.jpg", "sha256": "b" * 64, "media_type": "image/jpeg", "size": 70_110, "note": "灯不亮"}


@pytest.mark.clause(
    "ECO-SLF-01", "ECO-REC-01", "ECO-REC-02", "ECO-RSP-01", "ECO-CNF-01", "ECO-NTF-01", "ECO-FLW-01", "ECO-LOG-01"
)
@pytest.mark.clause("ECO-SOL-03", "ECO-INV-01", "HOUSE-RESPOND", "HOUSE-MONEY", "HOUSE-VISIT")
async def test_a_broken_lamp_is_exchanged_and_paid_back_when_the_next_one_is_broken_too(town: Town) -> None:
    bare = await town.declined(TENANT, category="wrong_item", channel="site", content="发错了", customer={"name": "沈"})
    assert {"customer", "order_number", "evidence"} & set(bare.fields)

    journey = await town.files(TENANT, "product_quality", order="JS-2026-0002", channel="site", evidence=[PHOTO])
    await journey.until(lambda case: case["order_check"] == "found")
    await journey.breaks(await journey.promise("first_response"))
    await journey.does(AGENT, "respond", message="非常抱歉，马上核实。")
    await journey.does(AGENT, "verify", founded=True, findings="照片相符，灯珠不亮", sources=["照片"])
    await journey.does(AGENT, "assess", facts={"cause": "goods", "remedy_wanted": "exchange"}, liable="company")
    lamp = [{"step": "exchange", "items": [{"sku": "LM-02"}]}, {"step": "improvement", "include": False}]
    assert (await journey.refused(AGENT, "propose", choices=lamp)).code == "opinion_outstanding"
    await journey.does(PURCHASING, "give_opinion", opinion="同意换货", responsible="采购员方某", department="purchasing")
    await journey.does(AGENT, "propose", choices=lamp)
    assert journey.effects() == []
    await journey.does(CUSTOMER, "accept", number=1)
    await journey.arrives("exchange")
    await journey.stage("confirming")
    await journey.does(CUSTOMER, "confirm", satisfied=False, rating=1, comment="换来的也不亮")

    await journey.stage("assessing")
    await journey.does(AGENT, "assess", facts={"cause": "goods", "remedy_wanted": "refund"}, liable="company")
    await journey.until(lambda case: case["stage"] == "proposing")
    back = [{"step": "return", "items": [{"sku": "LM-02"}]}, {"step": "improvement", "include": False}]
    await journey.does(PURCHASING, "give_opinion", opinion="同意退款", department="purchasing")
    await journey.does(AGENT, "propose", choices=back)
    await journey.does(SUPERVISOR, "refuse", number=2, reason="请先确认退货单号")
    assert (await journey.refused(AGENT, "propose", choices=back)).code == "higher_level_decides"
    await journey.does(SUPERVISOR, "propose", choices=back)
    assert (await journey.refused(SUPERVISOR, "approve", number=3)).code == "own_proposal"
    await journey.does(OTHER_SUPERVISOR, "approve", number=3)
    await journey.does(CUSTOMER, "accept", number=3)
    await journey.arrives("return")
    await journey.until(lambda case: case["paid"] == {"amount": "259.00", "currency": "CNY"})
    await journey.stage("confirming")
    await journey.does(CUSTOMER, "answer_survey", answers={"solved": "yes"})
    await journey.does(CUSTOMER, "confirm", satisfied=True, rating=5)
    await journey.stage("following_up")
    await journey.passes(timedelta(days=3, minutes=1))
    owner = (await journey.case())["assignee"]
    assert await journey.mailed(f"{owner}@jishi.example", "请回访服务质量")
    await journey.does(AGENT, "record_follow_up", answered=True, satisfied=True, note="服务很好")
    story = await journey.ends("satisfied")

    # The customer reads the record, the answers and the outcome under their own link, and nobody's name.
    mine = await journey.journal(CUSTOMER, "zh-CN")
    assert any("结案" in line["story"] for line in mine)
    assert not any("采购员方某" in line["story"] for line in mine)
    assert sorted(effect["kind"] for effect in journey.effects()) == ["exchange", "refund", "return"]
    assert any("ECO-RSP-01" in line["clauses"] for line in story)
