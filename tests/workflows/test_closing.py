"""How complaints end and go on: satisfied, handled again, unfounded, withdrawn, decided, reopened; and who works on them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from desk.door import Desk
from desk.errors import Refused as DeskRefused
from domain import commands as c
from domain.actor import Role
from domain.case import Case, Stage
from domain.commands import Signed
from domain.journal import Entry
from domain.money import Money
from domain.remedies import StepChoice
from tests import walk
from tests.alike import ended
from tests.house import AGENT, CUSTOMER, MANAGER, OTHER_AGENT, SUPERVISOR, TECHNICIAN, Filed, House, Refused, signed_by
from tests.workflows.test_peers_traps import database_of, take_away
from workflows.arguments import Ending
from workflows.complaint import ComplaintWorkflow

SEVERE = {"damage": "severe"}


@pytest.mark.clause("HOM-EXE-02", "HOM-INS-10")
@pytest.mark.parametrize(
    ("category", "facts"), [("transport_damage", {"damage": "moderate"}), ("installation_workmanship", {"workmanship": "severe"})]
)
async def test_the_customer_hears_of_progress_every_day_until_it_is_done(
    house: House, category: str, facts: dict[str, str]
) -> None:
    filed = await walk.agreed(house, category, facts)
    first = await filed.promise("daily_progress")
    assert first.due_at == first.start_at + timedelta(hours=24)
    await filed.passes(timedelta(hours=20))
    await filed.does(AGENT, c.ReportProgress(message="新货已发出，明天到。"))
    second = await filed.promise("daily_progress")
    assert second.due_at == second.start_at + timedelta(hours=24)
    assert second.start_at >= first.start_at + timedelta(hours=20)
    case = await filed.case()
    missed = [entry.event for entry in await filed.journal() if entry.event.kind == "deadline_missed"]
    assert missed == []
    assert [d.name for d in case.deadlines].count("daily_progress") == 1


@pytest.mark.clause("HOM-CLS-01")
async def test_only_a_satisfied_customer_closes(house: House) -> None:
    filed = await walk.agreed(house, "transport_damage", SEVERE)
    await walk.confirming(filed)
    with pytest.raises(Refused) as refused:
        await filed.does(CUSTOMER, c.Confirm(satisfied=True, rating=2))
    assert refused.value.code == "rating_contradicts"
    assert (await filed.case()).open
    await filed.does(AGENT, c.RecordCallback(answered=True, note="客户表示满意"))
    assert (await filed.case()).open, "an answered call is not yet the customer's word"
    entries = await walk.ends_satisfied(filed)
    assert "HOM-CLS-01" in walk.clauses_of(entries, "confirmed")


@pytest.mark.clause("HOM-CLS-01")
async def test_a_dissatisfied_customer_is_handled_again_and_caps_count_what_was_given(house: House) -> None:
    filed = await walk.agreed(house, "transport_delay", {"delay_days": 45, "customer_cancels": False})
    await filed.does(AGENT, c.CompleteStep(step="explanation", note="线路中断"))
    await walk.confirming(filed)
    assert walk.paid_out(filed, cycle=1) == [("extra_payment", "300.00")]
    await filed.does(CUSTOMER, c.Confirm(satisfied=False, rating=1, comment="太少"))
    case = await filed.case()
    assert (case.cycle, case.stage) == (2, Stage.ASSESSING)
    assert (await filed.promise("second_handling")).clause == "HOUSE-PROPOSE"

    # 30 % of 50 % are given: by the day 20 % are left, and nobody may go beyond.
    await filed.does(AGENT, c.Assess(facts={"delay_days": 45, "customer_cancels": False}, liable="carrier"))
    above = (StepChoice(step="compensation", percent=Decimal("25")),)
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Propose(choices=above, reason="安抚"))
    assert refused.value.detail["field"] == "choices.compensation.percent"
    await filed.does(AGENT, c.Propose())
    await walk.approve(filed)
    await walk.accept(filed)
    await filed.does(AGENT, c.CompleteStep(step="explanation", note="再次说明"))
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed, cycle=2) == [("extra_payment", "200.00")]
    row = await house.cases.get("home-demo", filed.id)
    assert row is not None
    assert row.paid == row.decided == Money.of("500.00", "CNY")


async def test_the_claim_against_the_carrier_outlives_a_second_handling(house: House) -> None:
    filed = await walk.agreed(house, "transport_loss", {})
    await walk.confirming(filed)
    await filed.does(CUSTOMER, c.Confirm(satisfied=False, rating=1))
    await walk.second_plan(filed, {})
    await walk.accept(filed)
    await walk.confirming(filed)
    case = await filed.case()
    assert [(s.step.id, s.cycle) for s in case.steps if s.step.id == "claim"] == [("claim", 1)]
    assert walk.paid_out(filed, cycle=1) == [("refund", "1000.00"), ("extra_payment", "250.00")]
    assert walk.paid_out(filed, cycle=2) == [("extra_payment", "250.00")], "what was paid back cannot be paid back again"
    await filed.does(AGENT, c.CompleteStep(step="claim", note="承运商已赔付"))
    await walk.ends_satisfied(filed)


@pytest.mark.clause("HOM-TRN-04")
async def test_what_is_not_true_ends_as_unfounded_and_the_customer_is_told_why(house: House) -> None:
    filed = await house.file(order_number=walk.new_order(house))
    await filed.does(AGENT, c.Respond(message="已登记。"))
    await filed.does(AGENT, c.Verify(founded=False, findings="签收照片显示货物完好", sources=("承运商", "仓库")))
    entries = await ended(filed, "unfounded")
    assert "HOM-TRN-04" in walk.clauses_of(entries, "deadline_met") | walk.clauses_of(entries, "verified")
    mails = [m for m in house.mail.mails(to="wang@customer.example") if filed.id in m["subject"]]
    assert any("签收照片显示货物完好" in mail["text"] for mail in mails)


async def test_what_ends_while_the_database_is_away_ends_for_good_once_it_is_back(house: House) -> None:
    filed = await walk.proposed(house, "transport_damage", SEVERE)
    await filed.journal()
    await house.parts.database.close()
    bring_back = take_away(database_of(house))
    try:
        await filed.does(CUSTOMER, c.Withdraw(reason="已自行解决"))
        end = asyncio.get_running_loop().time() + 60
        while not _told_of_the_end(await filed.handle.query(ComplaintWorkflow.unwritten)):
            assert asyncio.get_running_loop().time() < end
            await asyncio.sleep(0.1)
    finally:
        bring_back()
    await filed.passes(timedelta(minutes=2))
    assert _told_of_the_end(await ended(filed, "withdrawn"))


def _told_of_the_end(entries: list[Entry]) -> bool:
    """Everybody has heard of it: what the journal says last."""
    kinds = [entry.event.kind for entry in entries]
    return "closed" in kinds and "notice_sent" in kinds[kinds.index("closed") :]


async def test_a_customer_may_withdraw_until_the_plan_is_being_carried_out(house: House) -> None:
    filed = await walk.proposed(house, "transport_damage", SEVERE)
    await filed.does(CUSTOMER, c.Withdraw(reason="已自行解决"))
    await ended(filed, "withdrawn")
    late = await walk.agreed(house, "transport_damage", {"damage": "moderate"})
    with pytest.raises(Refused) as refused:
        await late.does(CUSTOMER, c.Withdraw(reason="算了"))
    assert refused.value.code == "wrong_stage"


@pytest.mark.parametrize("outcome", ["explanation_accepted", "refused_as_malicious", "referred_outside", "decided"])
async def test_a_supervisor_may_end_a_complaint_with_a_reason(house: House, outcome: str) -> None:
    filed = await walk.founded(house, "transport_damage")
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.CloseByDecision(outcome=outcome, reason="决定"))
    assert refused.value.code == "wrong_role"
    await filed.does(SUPERVISOR, c.CloseByDecision(outcome=outcome, reason="已与客户书面确认"))
    await ended(filed, outcome)


async def test_no_decision_ends_a_complaint_while_a_partner_carries_out_a_step(house: House) -> None:
    filed = await walk.agreed(house, "transport_damage", {"damage": "moderate"})
    await walk.step(filed, "collection", "ordered")
    with pytest.raises(Refused) as refused:
        await filed.does(MANAGER, c.CloseByDecision(outcome="decided", reason="到此为止"))
    assert refused.value.code == "step_under_way"


async def test_three_unanswered_calls_go_to_a_supervisor_who_may_close(house: House) -> None:
    filed = await walk.agreed(house, "transport_damage", SEVERE)
    await walk.confirming(filed)
    for _ in range(2):
        await filed.does(AGENT, c.RecordCallback(answered=False))
    assert (await filed.case()).escalations == 0
    await filed.does(AGENT, c.RecordCallback(answered=False, note="关机"))
    case = await filed.until(lambda case: case.assignee in ("zhou", "wu"))
    assert (case.callbacks, case.escalations) == (3, 1)
    await filed.does(SUPERVISOR, c.CloseByDecision(outcome="decided", reason="三次无人接听，款项已到账"))
    await ended(filed, "decided")


async def test_a_complaint_is_handed_over_and_escalated_by_hand(house: House) -> None:
    filed = await walk.founded(house, "transport_damage")
    before = await filed.until(lambda case: case.assignee is not None)
    other = OTHER_AGENT.id if before.assignee != OTHER_AGENT.id else AGENT.id
    await filed.does(AGENT, c.HandOver(to=other, reason="换班"))
    assert (await filed.case()).assignee == other
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.HandOver(to=other, reason="换班"))
    assert refused.value.code == "same_assignee"
    await filed.does(AGENT, c.Escalate(to=Role.MANAGER, reason="客户要求经理出面"))
    case = await filed.until(lambda case: case.assignee == "qian")
    assert case.priority == before.priority - 1
    entries = await filed.written("handed_over", times=2)
    assert [entry.event.kind for entry in entries if entry.event.kind in ("escalated_by_hand", "handed_over")] == [
        "handed_over",
        "escalated_by_hand",
        "handed_over",
    ]


async def test_a_closed_complaint_is_reopened_through_the_desk_and_handled_under_another_cycle(house: House) -> None:
    filed = await walk.agreed(house, "transport_damage", {"damage": "slight"})
    await walk.step(filed, "repair", "ordered")
    report = c.ReportVisit(step="repair", findings="已修复", corrected=True, evidence=(walk.PHOTO,))
    await filed.does(TECHNICIAN, report)
    await walk.ends_satisfied(filed)

    closed = await house.cases.get("home-demo", filed.id)
    assert closed is not None
    reopened = await reopen(filed, closed)
    case = await reopened.until(lambda case: case.open)
    assert (case.cycle, case.stage, case.reopened, case.outcome) == (2, Stage.ASSESSING, 1, None)
    assert (await reopened.promise("another_proposal")).clause == "HOUSE-PROPOSE"

    await walk.second_plan(reopened, SEVERE)
    await walk.accept(reopened)
    await walk.ends_satisfied(reopened)
    assert walk.paid_out(reopened, cycle=1) == [("coupon", "50.00"), ("repair", "")]
    assert walk.paid_out(reopened, cycle=2) == [("refund", "1000.00"), ("extra_payment", "150.00")]


async def test_an_open_complaint_is_not_reopened(house: House) -> None:
    filed = await walk.founded(house, "transport_damage")
    desk = Desk(house.env.client, house.task_queue)
    signed: Signed[c.Reopen] = signed_by(AGENT, c.Reopen(reason="再看一次"))
    with pytest.raises(DeskRefused) as refused:
        await desk.reopen(await filed.case(), signed)
    assert refused.value.code == "wrong_stage"


async def reopen(filed: Filed, closed: Case) -> Filed:
    """Take it up again as the API does; the new run under the old name."""
    house = filed.house
    desk = Desk(house.env.client, house.task_queue)
    signed: Signed[c.Reopen] = signed_by(CUSTOMER, c.Reopen(reason="裂缝又出现了"))
    receipt = await desk.reopen(closed, signed, command_id="again")
    assert await desk.reopen(closed, signed, command_id="again") == receipt, "the same key is told the same answer"
    name = f"complaint/{closed.tenant}/{closed.complaint_id}"
    handle: WorkflowHandle[Any, Any] = house.env.client.get_workflow_handle(name, result_type=Ending)
    return Filed(house, handle, filed.opening)
