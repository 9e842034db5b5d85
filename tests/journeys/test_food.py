"""The procedure for fresh ingredients from the app to the closed file, over HTTP."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from domain.actor import Actor
from tests.journeys.town import CUSTOMER, Journey, Town
from tests.workflows.greengrocer import AGENT, GENERAL_MANAGER, MANAGER, QUALITY, SUPERVISOR, TENANT


async def filed(town: Town, category: str = "spoilage", order: str = "FD-2026-0003", **intake: Any) -> Journey:
    journey = await town.files(TENANT, category, order=order, content=intake.pop("content", "香菇发霉，有异味。"), **intake)
    await journey.until(lambda case: case["order_check"] == "found" and case["assignee"] is not None)
    return journey


def days() -> dict[str, str]:
    """Those in which everything here happens, by the clock of the test or of a complaint."""
    today = datetime.now(UTC).date()
    return {"from": str(today - timedelta(days=2)), "to": str(today + timedelta(days=30))}


async def verified(journey: Journey) -> None:
    await journey.does(AGENT, "respond", message="非常抱歉，马上为您处理。")
    await journey.does(AGENT, "verify", founded=True, findings="与照片、订单相符", sources=["照片", "订单明细"])


@pytest.mark.clause(
    "FOO-RSP-01", "FOO-RSP-03", "FOO-REG-02", "FOO-OBJ-02", "FOO-QLT-03", "FOO-FBK-02", "FOO-FBK-04", "FOO-FBK-05"
)
@pytest.mark.clause("FOO-RSP-04", "FOO-PRV-01", "FOO-PRV-03", "FOO-PRV-04")
async def test_a_late_answer_a_refused_plan_a_dissatisfied_customer_and_a_visit(town: Town) -> None:
    nothing = await town.declined(
        TENANT, category="spoilage", channel="social", content="香菇发霉。", order_number="FD-2026-0003",
        customer={"name": "夏禾", "email": "xia@customer.example"},
    )  # fmt: skip
    assert set(nothing.fields) == {"product.name", "product.lot"}
    journey = await filed(
        town, product={"sku": "MU-300", "name": f"鲜香菇 {uuid.uuid4()}", "lot": "MU20261116A"}, channel="social"
    )
    late = await journey.breaks(await journey.promise("first_response"))
    assert late["clauses"] == ["FOO-RSP-01"]
    assert await journey.mailed("su@chenye.example", "首次回应")
    await verified(journey)

    # Spoiled within its shelf life: the customer decides. One packet back, then all three.
    await journey.does(AGENT, "assess", facts={"within_shelf_life": True, "wants": "refund"}, liable="company")
    await journey.does(AGENT, "propose", choices=[{"step": "refund", "items": [{"sku": "MU-300"}]}])
    assert (await journey.refused(AGENT, "approve", number=1)).code == "wrong_role"
    await journey.does(SUPERVISOR, "send_back", number=1, reason="三份都已发霉")
    await journey.does(AGENT, "propose", choices=[{"step": "refund", "items": [{"sku": "MU-300", "quantity": 2}]}])
    await journey.does(SUPERVISOR, "approve", number=2)
    await journey.does(CUSTOMER, "accept", number=2)
    assert await journey.mailed("wang@customer.example", "37.60 CNY")
    await journey.stage("confirming")
    await journey.does(CUSTOMER, "answer_survey", answers={"solved": "partly", "content": "fair"})
    await journey.stage("assessing")
    await journey.promise("second_handling")
    await journey.does(AGENT, "assess", facts={"within_shelf_life": True, "wants": "sound_item"}, liable="company")
    await journey.does(AGENT, "propose", choices=[{"step": "reship", "items": [{"sku": "MU-300"}]}])
    await journey.does(CUSTOMER, "accept", number=3)
    await journey.arrives("reship")
    await journey.stage("confirming")
    await journey.does(CUSTOMER, "confirm", satisfied=True, rating=5)
    await journey.stage("following_up")
    early = await journey.refused(AGENT, "record_follow_up", answered=True, satisfied=True)
    assert early.code == "follow_up_too_early"
    await journey.passes(timedelta(days=7, minutes=1))
    await journey.does(AGENT, "record_follow_up", answered=True, satisfied=True)
    story = await journey.ends("satisfied")
    assert [line["event"]["kind"] for line in story].count("carried_out") == 2
    assert [effect["kind"] for effect in journey.effects()] == ["refund", "reship"]

    # How fast it was answered is the first figure: by promise, and by the person who had it.
    report = (await town.get("/v1/reports/timeliness", TENANT, SUPERVISOR, **days()))["summary"]
    answered = next(each for each in report["promises"] if each["name"] == "first_response")
    assert answered["missed"] >= 1
    assert {each["person"] for each in report["people"] if each["missed"]} & {"mai", "he"}
    assert {each["team"] for each in report["teams"] if each["missed"]} >= {"service"}
    listed = await town.get("/v1/reports", TENANT, SUPERVISOR)
    assert {(each["id"], each["every"]) for each in listed} >= {("recurring", "month"), ("staff_test", "quarter")}
    tested = (await town.get("/v1/reports/staff_test", TENANT, SUPERVISOR, **days()))["summary"]
    assert any("Test the service staff" in each["text"]["en"] for each in tested["improvements"])
    articles = await town.get("/v1/articles", TENANT, AGENT)
    prevention = " ".join(each["text"]["zh"] for each in articles if {"FOO-PRV-01", "FOO-PRV-04"} & set(each["clauses"]))
    for word in ("温湿度", "易碎", "承运商合同", "角色演练"):
        assert word in prevention


@pytest.mark.clause("FOO-ABU-02", "FOO-ABU-03", "FOO-ABU-04", "FOO-PRV-02")
async def test_who_was_refused_as_malicious_is_limited_for_a_while_and_may_appeal(town: Town) -> None:
    lot = {"sku": "MK-950", "name": f"鲜牛奶 {uuid.uuid4()}", "lot": "MK20261116B"}
    journey = await filed(town, order="FD-2026-0007", product=lot, content="全部退款再赔十倍，不赔就曝光你们。")
    await journey.told("sign_noted")
    await journey.does(AGENT, "respond", message="请提供购买凭证和照片。")
    assert (await journey.refused(AGENT, "presume_malice", reason="要求过分")).status == 409
    await journey.does(AGENT, "demand_evidence", what="购买凭证、带批号的照片")
    await journey.passes_until((await journey.promise("proof"))["due_at"])
    await journey.does(AGENT, "presume_malice", reason="逾期未提供任何凭证")
    await journey.does(SUPERVISOR, "refer_to_legal", reason="持续威胁")
    await journey.does(SUPERVISOR, "close_by_decision", outcome="refused_as_malicious", reason="不属公司责任")
    await journey.ends("refused_as_malicious")
    whole = await journey.get("/file", SUPERVISOR)
    assert whole["case"]["complaint_id"] == journey.id
    assert {"malice_presumed", "referred_to_legal"} <= {line["event"]["kind"] for line in whole["journal"]}
    assert all(line["zh"] and line["en"] for line in whole["journal"])

    entry = {
        "complaint_id": journey.id, "limits": ["complaints"], "reason": "恶意投诉",
        "expires_at": (datetime.now(UTC) + timedelta(days=200)).isoformat(),
    }  # fmt: skip
    too_long = await town.post("/v1/blacklist", TENANT, SUPERVISOR, **entry)
    assert too_long.status_code in (409, 422), too_long.text
    entry["expires_at"] = (datetime.now(UTC) + timedelta(days=180)).isoformat()
    listed = await town.post("/v1/blacklist", TENANT, SUPERVISOR, **entry)
    assert listed.status_code == 201, listed.text
    assert listed.json()["clause"] == "FOO-ABU-04"
    again = await filed(town, "late", order="FD-2026-0007")
    signs = await again.get("/signs", AGENT)
    assert [each["complaint_id"] for each in signs["blacklisted"]] == [journey.id]

    appeal = await town.http.post(
        f"/v1/complaints/{journey.id}/blacklist-appeal",
        json={"grounds": "误会，凭证已找到"},
        headers=town.token(CUSTOMER, TENANT, journey.id),
    )
    assert appeal.status_code == 200, appeal.text
    path = f"/v1/blacklist/{listed.json()['entry_id']}/decision"
    own = await town.post(path, TENANT, SUPERVISOR, keep=False, reason="凭证属实")
    assert own.status_code in (403, 409), own.text
    removed = await town.post(path, TENANT, MANAGER, keep=False, reason="凭证属实")
    assert removed.status_code == 200, removed.text
    assert (await again.get("/signs", AGENT))["blacklisted"] == []
    month = datetime.fromisoformat(whole["case"]["received_at"]).astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y-%m")
    library = await town.get("/v1/case-library", TENANT, SUPERVISOR, result="failed", month=month)
    assert journey.id in {case["complaint_id"] for case in library["cases"]["rows"]}


@pytest.mark.clause(
    "FOO-BAT-01", "FOO-BAT-02", "FOO-BAT-03", "FOO-BAT-04", "FOO-BAT-05", "FOO-BAT-06", "FOO-QLT-02", "FOO-SEV-01"
)
@pytest.mark.clause("FOO-FBK-06", "HOUSE-RECURS")
async def test_three_about_one_product_are_looked_into_as_one_and_nothing_of_the_stopped_lot_is_sent(town: Town) -> None:
    product = {"sku": f"TF-{uuid.uuid4().hex[:8]}", "name": "豆腐", "lot": f"TF{uuid.uuid4().hex[:8]}"}
    lot = product["lot"]
    journeys = [await filed(town, "packaging_broken", product=product, content="包装漏气。") for _ in range(3)]
    first = journeys[0]
    case = await first.until(lambda case: bool(case.get("incidents")) and case.get("severity") == "severe")
    assert (case["urgent"], case["priority"]) == (True, 1)
    assert await first.mailed("pan@chenye.example", "集中投诉")
    assert await first.mailed("wang@customer.example", "专项调查")
    incident = f"/v1/incidents/{case['incidents'][0]['incident']}"

    async def gives(who: Actor, command: str, **body: Any) -> httpx.Response:
        answer = await town.post(f"{incident}/{command}", TENANT, who, **body)
        assert answer.status_code in (200, 403, 409), f"{command} by {who.id}: {answer.status_code} {answer.text}"
        return answer

    assert (await gives(MANAGER, "name_team", lead="su", members=["service", "production", "quality", "logistics"])).is_success
    assert (await gives(QUALITY, "record_finding", cause="封口机温度不足", lots=[lot], final=True)).is_success
    assert (await gives(QUALITY, "suspend_lot", lot=lot, reason="等待抽检")).status_code in (403, 409)
    assert (await gives(SUPERVISOR, "suspend_lot", lot=lot, reason="等待抽检")).is_success
    await first.until(lambda case: lot in case.get("suspended_lots", ()))

    # Quality has looked at it; a new one of the lot would be as bad, so the customer is paid back.
    await verified(first)
    await first.does(QUALITY, "give_opinion", opinion="封口不良", department="quality")
    await first.does(AGENT, "assess", facts={"own_handling": False, "wants": "sound_item"}, liable="company")
    stopped = await first.refused(AGENT, "propose", choices=[{"step": "reship", "items": [{"sku": "TF-400"}]}])
    assert lot in str(stopped.problem)
    await first.does(AGENT, "assess", facts={"own_handling": False, "wants": "refund"}, liable="company")
    await first.does(AGENT, "propose", choices=[{"step": "refund", "items": [{"sku": "TF-400"}]}])
    await first.does(SUPERVISOR, "approve", number=1)
    await first.does(CUSTOMER, "accept", number=1)
    await first.stage("confirming")

    statement = {"zh": "正在调查，预计三日内公布结果。", "en": "We are looking into it and expect to know more in three days."}
    assert (await gives(SUPERVISOR, "publish_statement", text=statement)).is_success
    double = {"kind": "extra_payment", "percent": "100", "reason": "双倍退款"}
    assert (await gives(SUPERVISOR, "grant_extra", **double)).is_success
    assert (await gives(MANAGER, "approve_extra", number=1)).status_code == 403
    assert (await gives(GENERAL_MANAGER, "approve_extra", number=1)).is_success
    recall = {"zh": "请停止食用并联系我们。", "en": "Please do not eat it, and call us."}
    assert (await gives(SUPERVISOR, "recall", lot=lot, reason="密封不良", announcement=recall)).is_success
    for journey in journeys:
        assert len(await journey.told("incident_told", 2)) == 2
        extra = await journey.until(lambda case: any(each["status"] != "planned" for each in case.get("extras", ())))
        assert extra["extras"][0]["step"]["money"] == extra["order"]["paid"]
    await first.does(CUSTOMER, "confirm", satisfied=True, rating=4)
    await first.passes(timedelta(days=7, minutes=1))
    await first.does(AGENT, "record_follow_up", answered=True, satisfied=True)
    await first.ends("satisfied")
    members = await town.get(f"{incident}/members", TENANT, MANAGER)
    assert {each["complaint_id"] for each in members["rows"]} == {journey.id for journey in journeys}
    story = await town.get(f"{incident}/journal", TENANT, MANAGER)
    assert {"FOO-BAT-01", "FOO-BAT-03", "FOO-BAT-05", "FOO-BAT-06"} <= {c for line in story["entries"] for c in line["clauses"]}
    state = town.house.partners.client.get("/lots/state", params={"lot": lot}).json()
    assert (state["on_sale"], state["recalled"]) == (False, True)

    # What recurs within a month is what production and quality hear of.
    report = (await town.get("/v1/reports/recurring", TENANT, SUPERVISOR, **days()))["summary"]
    assert ("lot", lot, 3) in {(each["kind"], each["name"]["en"], each["count"]) for each in report["recurring"]}
