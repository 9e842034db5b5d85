"""The home procedure from the shop's till to the closed file, over HTTP."""

from __future__ import annotations

import pytest

from tests.house import AGENT, MANAGER, OTHER_AGENT, SUPERVISOR
from tests.journeys.mailbox import decides_by_mail
from tests.journeys.town import CUSTOMER, Town

TENANT = "home-demo"
DAMAGED = {"order": "HM-2026-0001", "channel": "hotline", "content": "岩板到货时断成两块。", "expectation": "退款"}


@pytest.mark.clause("HOM-TRN-03", "HOM-DMG-03", "HOM-CLS-01", "HOM-EXE-01", "HOUSE-APPROVE")
async def test_a_late_answer_climbs_the_ladder_and_a_dissatisfied_customer_is_handled_again(town: Town) -> None:
    journey = await town.files(TENANT, "transport_damage", **DAMAGED)
    await journey.until(lambda case: case["order_check"] == "found")
    due = await journey.promise("first_response")
    assert due["clause"] == "HOM-TRN-03"

    # Nobody answers for ten minutes.
    await journey.breaks(due)
    await journey.until(lambda case: case["priority"] < 3)
    [told] = [line["event"] for line in await journey.told("escalated", 2) if line["event"]["to"] == "supervisor"]
    assert await journey.mailed(f"{told['person']}@yanju.example", "首次回应")
    await journey.does(AGENT, "respond", message="非常抱歉，已登记，今天下班前给您答复。")
    late = await journey.said_of(due, "deadline_met")
    assert not late["event"]["in_time"]

    await journey.does(AGENT, "verify", founded=True, findings="承运商承认运输破损", sources=["承运商"])
    await journey.does(AGENT, "assess", facts={"damage": "moderate"}, liable="carrier")
    await journey.does(AGENT, "propose")
    await journey.stage("approving")
    assert (await journey.refused(AGENT, "approve", number=1)).code == "wrong_role"
    # The mail to who has to approve opens the decision.
    await decides_by_mail(journey, "zhou@yanju.example", 1, "approve")
    await journey.stage("offered")
    assert journey.effects() == []
    await journey.does(CUSTOMER, "accept", number=1)
    await journey.arrives("exchange")
    await journey.arrives("collection")

    # What came was broken again: second handling, with the refund that its damage asks for.
    await journey.stage("confirming")
    await journey.does(CUSTOMER, "confirm", satisfied=False, rating=1, comment="换来的也有裂缝")
    case = await journey.stage("assessing")
    assert case["cycle"] == 2
    await journey.promise("second_handling")
    await journey.does(AGENT, "assess", facts={"damage": "severe"}, liable="carrier")
    await journey.does(OTHER_AGENT, "propose")
    await journey.does(SUPERVISOR, "approve", number=2)
    await journey.does(CUSTOMER, "accept", number=2)
    await journey.stage("confirming")
    await journey.does(CUSTOMER, "confirm", satisfied=True, rating=5)
    story = await journey.ends("satisfied")
    kinds = [line["event"]["kind"] for line in story]
    assert kinds.index("deadline_missed") < kinds.index("responded") < kinds.index("confirmed")
    assert kinds.count("carried_out") == 2
    refund = next(each for each in journey.effects() if each["kind"] == "refund")
    assert refund["request"]["money"]["amount"] == "1000.00"
    chinese = await journey.journal(language="zh-CN")
    assert [line["seq"] for line in chinese] == [line["seq"] for line in story]
    assert all(ours["story"] != theirs["story"] for ours, theirs in zip(chinese, story, strict=True))


@pytest.mark.clause("HOUSE-APPEAL")
async def test_a_plan_is_refused_upstairs_and_an_untrue_report_ends_apart(town: Town) -> None:
    journey = await town.files(TENANT, "transport_damage", **DAMAGED)
    await journey.until(lambda case: case["order_check"] == "found")
    await journey.does(AGENT, "respond", message="已登记。")
    await journey.does(AGENT, "verify", founded=True, findings="属实", sources=["承运商"])
    await journey.does(AGENT, "assess", facts={"damage": "severe"}, liable="carrier")
    unknown = await journey.refused(AGENT, "propose", choices=[{"step": "no-such-step", "include": True}])
    assert unknown.status == 422
    await journey.does(AGENT, "propose")
    case = await journey.stage("approving")
    who = {"supervisor": SUPERVISOR, "manager": MANAGER}[case["proposal"]["approver_role"]]
    await journey.does(who, "refuse", number=1, reason="请再核对运单照片")
    await journey.told("refused")
    await journey.promise("another_proposal")
    assert journey.effects() == []
    await journey.does(CUSTOMER, "withdraw", reason="已与承运商解决")
    await journey.ends("withdrawn")

    untrue = await town.files(TENANT, "transport_damage", **DAMAGED)
    await untrue.until(lambda case: case["order_check"] == "found")
    await untrue.does(AGENT, "respond", message="已登记。")
    await untrue.does(AGENT, "verify", founded=False, findings="照片不是本订单的货物", sources=["照片"])
    story = await untrue.ends("unfounded")
    assert untrue.effects() == []
    assert "carried_out" not in [line["event"]["kind"] for line in story]
