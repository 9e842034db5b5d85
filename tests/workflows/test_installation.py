"""Installation complaints: contact, a look on site, and every remedy, on real partners."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain import commands as c
from domain.case import Stage
from domain.journal import VisitReported
from domain.promise_events import DeadlineSet
from tests import walk
from tests.alike import tells
from tests.house import AGENT, TECHNICIAN, House, Refused


@pytest.mark.clause("HOM-INS-03", "HOM-INS-04")
async def test_a_technician_looks_on_site_and_leaves_photographs(house: House) -> None:
    filed = await house.file("installation_workmanship", order_number=walk.new_order(house))
    await filed.until(lambda case: case.order_check == "found")
    await filed.does(AGENT, c.Respond(message="已登记，安排师傅上门查看。"))
    await filed.does(AGENT, c.OrderInspection(note="看缝隙与固定"))
    await filed.until(lambda case: case.inspection is not None and case.inspection.status == "ordered")
    (visit,) = walk.effects_of(filed)
    assert (visit["kind"], visit["request"]["address"]) == ("inspection", "上海市徐汇区漕溪北路 1 号")
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.OrderInspection())
    assert refused.value.code == "inspection_under_way"
    assert (await filed.promise("inspection")).clause == "HOUSE-INSPECT"

    await filed.does(TECHNICIAN, c.ReportVisit(step="inspection", findings="螺钉松动", evidence=(walk.PHOTO,)))
    case = await filed.case()
    assert case.evidence == (walk.PHOTO,)
    assert case.inspection is not None
    assert case.inspection.status == "done"
    assert all(deadline.name != "inspection" for deadline in case.deadlines)

    sources = ("安装人员说明", "安装合同第 4 条", "安装记录单")
    await filed.does(AGENT, c.Verify(founded=True, findings="固定不牢", sources=sources))
    await filed.does(AGENT, c.Assess(facts={"workmanship": "minor"}, liable="installer"))
    case = await filed.case()
    assert (case.liable, case.stage) == ("installer", Stage.PROPOSING)
    entries = await filed.written("assessed")
    assert "HOM-INS-04" in walk.clauses_of(entries, "assessed")


async def test_an_inspection_goes_to_the_address_it_was_ordered_to(house: House) -> None:
    filed = await house.file("transport_damage", order_number=walk.new_order(house))
    await filed.does(AGENT, c.Respond(message="已登记。"))
    await filed.does(AGENT, c.OrderInspection(address="成都市武侯区仓库 3 号门"))
    await filed.until(lambda case: case.inspection is not None and case.inspection.status == "ordered")
    (visit,) = walk.effects_of(filed)
    assert visit["request"]["address"] == "成都市武侯区仓库 3 号门"


@pytest.mark.clause("HOM-INS-05", "HOM-INS-10")
async def test_a_minor_fault_is_put_right_within_24_hours_until_it_is_right(house: House) -> None:
    filed = await walk.agreed(house, "installation_workmanship", {"workmanship": "minor"}, liable="installer")
    await walk.step(filed, "rectification", "ordered")
    promise = await filed.promise("rectification")
    assert promise.due_at == promise.start_at + timedelta(hours=24)
    assert promise.clause == "HOM-INS-05"
    (visit,) = walk.effects_of(filed)
    before_at = datetime.fromisoformat(visit["request"]["before_at"])
    assert promise.due_at - timedelta(hours=1) < before_at <= promise.due_at, "the partner is told by when to come"
    assert visit["before_at"] == visit["request"]["before_at"]

    await filed.does(TECHNICIAN, c.ReportVisit(step="rectification", findings="缺配件，明早再来", evidence=(walk.PHOTO,)))
    await tells(filed, visit["key"], "done", "completed", visit["reference"])
    case = await filed.case()
    state = case.step("rectification")
    assert state is not None
    assert state.status == "ordered", "a visit that put nothing right is none, although it took place"
    assert case.deadline(promise.key) is not None
    assert case.stage is Stage.CARRYING_OUT

    await filed.does(TECHNICIAN, c.ReportVisit(step="rectification", findings="已紧固", corrected=True, evidence=(walk.PHOTO,)))
    case = await walk.confirming(filed)
    assert case.deadline(promise.key) is None
    assert case.breaches == 0
    entries = await walk.ends_satisfied(filed)
    visits = [entry.event for entry in entries if isinstance(entry.event, VisitReported)]
    assert [visit.corrected for visit in visits] == [False, True]
    assert all(visit.evidence for visit in visits)
    # Carried out, reported and closed as a transport complaint is.
    promised = {entry.event.name for entry in entries if isinstance(entry.event, DeadlineSet)}
    assert {"daily_progress", "callback"} <= promised
    assert "HOM-CLS-01" in walk.clauses_of(entries, "closed")


@pytest.mark.clause("HOM-INS-06")
async def test_a_severe_fault_is_installed_anew_with_compensation(house: House) -> None:
    filed = await walk.agreed(house, "installation_workmanship", {"workmanship": "severe"}, liable="installer")
    await walk.step(filed, "compensation", "done")
    assert walk.paid_out(filed) == [("reinstallation", ""), ("extra_payment", "75.00")]
    await filed.does(
        TECHNICIAN, c.ReportVisit(step="reinstallation", findings="已全部重装", corrected=True, evidence=(walk.PHOTO,))
    )
    await walk.ends_satisfied(filed)


@pytest.mark.clause("HOM-INS-07")
async def test_a_short_delay_of_the_installation_is_explained_with_a_coupon(house: House) -> None:
    filed = await walk.agreed(house, "installation_delay", {"delay_days": 2}, liable="installer")
    assert (await filed.case()).facts["delay"] == "short"
    await filed.does(AGENT, c.CompleteStep(step="explanation", note="师傅排班冲突，改为周六上午"))
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("coupon", "20.00")]


@pytest.mark.clause("HOM-INS-08")
@pytest.mark.parametrize(("days", "extra"), [(3, "30.00"), (31, "300.00")])
async def test_a_long_delay_of_the_installation_is_compensated_by_the_day(house: House, days: int, extra: str) -> None:
    filed = await walk.agreed(house, "installation_delay", {"delay_days": days}, liable="installer")
    assert (await filed.case()).facts["delay"] == "long"
    await filed.does(AGENT, c.CompleteStep(step="explanation", note="缺料，已定新的时间"))
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("extra_payment", extra)]


@pytest.mark.clause("HOM-INS-09")
async def test_a_rude_installer_is_replaced_where_work_is_left_and_reported_to_their_supervisor(house: House) -> None:
    filed = await walk.agreed(house, "installation_attitude", {"work_left": True}, liable="installer")
    await filed.until(lambda case: all(state.status == "ordered" for state in case.steps))
    await filed.does(AGENT, c.CompleteStep(step="apology", note="已电话致歉"))
    await filed.does(TECHNICIAN, c.CompleteStep(step="other_installer", note="何师傅已完成余下安装"))
    await walk.confirming(filed)
    await filed.does(TECHNICIAN, c.CompleteStep(step="to_supervisor", note="已约谈并记录"))
    entries = await walk.ends_satisfied(filed)
    assert "HOM-INS-09" in walk.clauses_of(entries, "step_done")
    assert walk.effects_of(filed) == []


@pytest.mark.clause("HOM-INS-09")
async def test_a_rude_installer_who_has_finished_is_apologised_for_and_reported(house: House) -> None:
    filed = await walk.agreed(house, "installation_attitude", {"work_left": False}, liable="installer")
    case = await filed.until(lambda case: all(state.status == "ordered" for state in case.steps))
    assert [state.step.id for state in case.steps] == ["apology", "to_supervisor"]


@pytest.mark.clause("HOM-INS-02", "HOM-INS-01")
async def test_contact_is_promised_within_fifteen_minutes_and_the_address_is_on_record(house: House) -> None:
    filed = await house.file("installation_delay", order_number=walk.new_order(house))
    promise = await filed.promise("first_contact")
    assert promise.due_at == filed.opening.received_at + timedelta(minutes=15)
    entries = await filed.written("received")
    assert "HOM-INS-01" in walk.clauses_of(entries, "received")
    await filed.does(AGENT, c.Respond(message="您好，我们非常重视，请核对安装地址。"))
    case = await filed.case()
    assert case.deadline(promise.key) is None
    assert case.breaches == 0
    assert case.intake.installation_address == "上海市徐汇区漕溪北路 1 号"
