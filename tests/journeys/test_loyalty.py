"""The loyalty procedure from the hotline to the closed file, over HTTP."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.mailbox import decides_by_mail
from tests.journeys.town import CUSTOMER, Journey, Town
from tests.workflows.loyalist import AGENT, MERCHANT, SUPERVISOR, TENANT

MUG = {"items": [{"sku": "MG-01"}]}
RULE = {"written_rule": "cooperation_terms", "service_fault": "missing_gift", "entitled": True}


async def taken_on_the_telephone(town: Town, category: str, order: str, **intake: Any) -> Journey:
    """Filed by the agent who took the call: the first contact."""
    number = town.house.new_order(order)
    member = {"name": "周宁", "email": "zhou@member.example", "customer_id": town.house.order(order)["customer_id"]}
    body = {"category": category, "channel": "hotline", "customer": member, "order_number": number, **intake}
    answer = await town.posts(TENANT, body, by=AGENT)
    assert answer.status_code == 201, answer.text
    return Journey(town, TENANT, answer.json()["complaint_id"])


async def sheet_of(journey: Journey, language: str) -> str:
    """The numbered sheet as the handler prints it."""
    headers = journey.town.token(AGENT, TENANT) | {"Accept-Language": language}
    answer = await journey.town.http.get(f"/v1/complaints/{journey.id}/sheet", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.clause(
    "LOY-FLW-01", "LOY-FLW-02", "LOY-FLW-03", "LOY-FLW-04", "LOY-FLW-05", "LOY-FLW-06", "LOY-FLW-07", "LOY-FLW-08"
)
@pytest.mark.clause("LOY-I-01", "LOY-I-02", "LOY-I-04", "LOY-LVL-04", "LOY-PRI-02", "HOUSE-REVISIT")
async def test_a_missing_gift_goes_from_the_hotline_to_the_completed_sheet(town: Town) -> None:
    missing: dict[str, Any] = {
        "category": "after_sales",
        "content": "赠品没有随货寄到。",
        "customer": {"name": "周宁", "phone": "1"},
    }
    declined = await town.declined(TENANT, **missing, channel="app", order_number="JF-2026-0001")
    assert "channel" in declined.fields
    unknown = {**missing, "category": "points_expired", "channel": "email"}
    assert (await town.declined(TENANT, **unknown)).fields == {"customer.customer_id": "missing"}

    journey = await taken_on_the_telephone(town, "after_sales", "JF-2026-0001", content="赠品没有随货寄到。")
    case = await journey.until(lambda case: case["order_check"] == "found" and case["assignee"] is not None)
    assert (case["assignee"], case["level"]) == (AGENT.id, "I")
    await journey.breaks(await journey.promise("callback_level_1"))

    await journey.does(AGENT, "respond", message="抱歉久等，马上核实。")
    at = await journey.now() + timedelta(hours=5)
    await journey.does(AGENT, "promise_time", about="answer", at=at.isoformat())
    named = await journey.promise("named_answer")
    await journey.does(AGENT, "verify", founded=True, findings="装箱单无赠品", sources=["装箱单"])
    assert await journey.mailed("merchants@hedian.example", "已核实")
    await journey.told("verified")
    told = await journey.get("/advice", AGENT, "zh-CN")
    assert ["LOY-I-03", "LOY-LVL-06"] in [line["clauses"] for line in told["advice"]]
    await journey.does(AGENT, "assess", facts=RULE, liable="supplier")
    early = await journey.refused(AGENT, "propose", language="zh-CN", choices=[{"step": "reship", **MUG}])
    assert early.code == "opinion_outstanding"
    await journey.does(MERCHANT, "give_opinion", opinion="商户确认漏发，同意补发")
    await journey.does(AGENT, "propose", choices=[{"step": "reship", "items": [{"sku": "MG-01", "quantity": 3}]}])
    await journey.does(SUPERVISOR, "refuse", number=1, reason="订单只有两只")
    assert (await journey.refused(AGENT, "propose", choices=[{"step": "reship", **MUG}])).code == "higher_level_decides"
    await journey.does(SUPERVISOR, "propose", choices=[{"step": "reship", **MUG}])
    assert (await journey.refused(SUPERVISOR, "approve", number=2)).code == "own_proposal"
    await decides_by_mail(journey, "rong@hedian.example", 2, "approve")
    await journey.stage("offered")
    assert (await journey.said_of(named, "deadline_met"))["event"]["in_time"]
    await journey.does(CUSTOMER, "accept", number=2)
    await journey.arrives("reship")
    await journey.stage("confirming")
    assert await journey.mailed("merchants@hedian.example", "已在CRM办妥")

    await journey.does(CUSTOMER, "confirm", satisfied=False, rating=2, comment="杯子有裂纹")
    case = await journey.stage("assessing")
    assert (case["cycle"], case["level"]) == (2, "III")
    again = await journey.promise("second_handling")
    await journey.does(AGENT, "assess", facts={**RULE, "service_fault": "return_refused"}, liable="supplier")
    await journey.does(AGENT, "propose", choices=[{"step": "return", **MUG}, {"step": "refund", **MUG}])
    await journey.does(SUPERVISOR, "approve", number=3)
    await journey.does(CUSTOMER, "accept", number=3)
    await journey.arrives("return")
    await journey.stage("confirming")
    await journey.does(AGENT, "confirm", satisfied=True, rating=5)

    await journey.stage("following_up")
    await journey.passes(timedelta(days=7))
    await journey.does(AGENT, "record_follow_up", answered=True, satisfied=True, note="退款已到账")
    story = await journey.ends("satisfied")
    assert (await journey.said_of(again, "deadline_met"))["event"]["in_time"]
    assert [effect["kind"] for effect in journey.effects()].count("refund") == 1
    assert (await journey.case())["paid"] == {"amount": "36.00", "currency": "CNY"}
    carried = {clause for line in story for clause in line["clauses"]}
    assert carried >= {"LOY-I-02", "LOY-I-04", "LOY-FLW-03", "LOY-FLW-05", "LOY-FLW-08", "LOY-LVL-04"}
    for language, title in (("zh-CN", "投诉处理单"), ("en", "Complaint sheet")):
        sheet = await sheet_of(journey, language)
        assert title in sheet
        assert journey.id in sheet
        # Submitted, completed after the reply, and completed after the follow-up.
        assert "—" not in sheet


@pytest.mark.clause("LOY-PRI-01", "LOY-LVL-05", "LOY-URG-02", "LOY-URG-03")
async def test_the_work_list_has_urgent_before_normal_and_the_gravest_before_the_rest(town: Town) -> None:
    late: dict[str, Any] = {"order": "JF-2026-0003", "content": "水壶还没有送到。", "channel": "email"}
    ranked = [
        await town.files(TENANT, "after_sales", **late),
        await town.files(TENANT, "merchant_attitude", **late, against="和悦家电人民路店"),
        await town.files(TENANT, "merchant_infringement", **late, against="和悦家电人民路店"),
        await town.files(TENANT, "after_sales", **late, urgent_causes=["public_harm", "passed_down"]),
    ]
    important = await town.files(TENANT, "after_sales", **late, member_tier="black_diamond")
    cases = [await each.until(lambda case: case["assignee"] is not None and case["deadlines"]) for each in (*ranked, important)]
    assert [(case["level"], case["urgent"]) for case in cases] == [
        ("I", False), ("II", False), ("III", False), ("I", True), ("III", False)
    ]  # fmt: skip
    await asyncio.gather(*(each.told("assigned") for each in (*ranked, important)))
    page = await town.get("/v1/complaints", TENANT, AGENT, sort="work", limit=100)
    place = {item["complaint_id"]: number for number, item in enumerate(page["rows"])}
    assert sorted(place[each.id] for each in ranked) == [place[each.id] for each in reversed(ranked)]
    assert place[ranked[3].id] < place[important.id] < place[ranked[1].id]
