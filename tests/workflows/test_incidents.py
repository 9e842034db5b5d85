"""Many complaints about one thing, on the real house: one incident, led as one, and every complaint of it answered."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from desk.door import Desk
from domain import commands as c
from domain.case import Case, Stage
from domain.fold import replay
from domain.incident import commands as ic
from domain.incident import fold
from domain.incident.commands import Bilingual, SignedForIncident
from domain.incident.events import EffectDone
from domain.journal import IncidentJoined
from domain.money import Money
from tests.house import House, Refused, build_house
from tests.temporal import start_temporal
from tests.workflows.greengrocer import AGENT, GENERAL_MANAGER, MANAGER, QUALITY, SUPERVISOR, TENANT
from tests.workflows.incident_people import (
    Led,
    a_product,
    begun,
    counted_without_a_workflow,
    effects,
    filed_about,
    led,
    mailed,
    replayed,
    told,
)


def given(case: Case) -> list[tuple[str, Money | None]]:
    return [(state.status, state.step.money) for state in case.extras]


@pytest.mark.clause("FOO-BAT-01", "FOO-SEV-01")
async def test_the_third_makes_an_incident_of_all_three_and_they_become_urgent(house: House) -> None:
    incident, filed = await begun(house)
    for each in filed:
        case = await each.until(lambda case: any(m.incident == incident.id for m in case.incidents) and case.urgent)
        assert [member.incident for member in case.incidents if member.batch == "one_product"] == [incident.id]
        assert case.priority <= 2
        joined = [entry for entry in await each.written("incident_joined") if isinstance(entry.event, IncidentJoined)]
        [ours] = [entry for entry in joined if isinstance(entry.event, IncidentJoined) and entry.event.incident == incident.id]
        assert "FOO-BAT-01" in ours.clauses
    fourth = await filed_about(house, filed[0].opening.intake.product)  # type: ignore[arg-type]
    assert (await led(house, fourth)).id == incident.id
    now = await incident.until(lambda i: len(i.complaints) == 4)
    assert set(now.complaints) == {each.id for each in (*filed, fourth)}
    await incident.journal()
    stored = await incident.stored.get(TENANT, incident.id)
    assert stored is not None
    assert fold.replay((await incident.journal())[: stored.revision]) == stored
    assert replay(await fourth.journal()).incidents == (await fourth.case()).incidents


@pytest.mark.clause("FOO-BAT-02", "FOO-BAT-03", "FOO-QLT-02")
async def test_a_stopped_lot_is_sold_no_more_and_nothing_of_it_is_sent_again(house: House) -> None:
    incident, filed = await begun(house)
    product = filed[0].opening.intake.product
    assert product is not None
    assert product.lot is not None
    with pytest.raises(Refused, match="manager"):
        await incident.does(SUPERVISOR, ic.NameTeam(lead="su"))
    await incident.does(MANAGER, ic.NameTeam(lead="su", members=("ning", "production", "logistics")))
    await incident.does(QUALITY, ic.RecordFinding(cause="冷链断链超过6小时", lots=(product.lot,), final=False))
    with pytest.raises(Refused) as refused:
        await incident.does(QUALITY, ic.SuspendLot(lot=product.lot, reason="检验未结束"))
    assert refused.value.code == "not_the_lead"
    other_kind = await filed_about(house, product, category="labelling")
    await other_kind.written("received")
    await incident.does(SUPERVISOR, ic.SuspendLot(lot=product.lot, reason="等待检验"))
    await incident.until(lambda i: i.effects[0].status == "done")
    state = house.partners.client.get("/lots/state", params={"lot": product.lot}).json()
    assert (state["on_sale"], state["recalled"]) == (False, False)
    [effect] = effects(house, incident.id)
    assert (effect["kind"], effect["request"]["reason"]) == ("suspend", "FOO-BAT-03")
    await filed[0].until(lambda case: product.lot in case.suspended_lots)
    # Whoever complains of the lot in another way is sent nothing of it either.
    other = await other_kind.until(lambda case: product.lot in case.suspended_lots)
    assert incident.id not in {member.incident for member in other.incidents}
    # One that is filed now knows at once, before the incident tells it.
    late = await filed_about(house, product)
    await late.until(lambda case: product.lot in case.suspended_lots)
    await incident.does(SUPERVISOR, ic.ReleaseLot(lot=product.lot, reason="检验合格"))
    for each in (*filed, late, other_kind):
        await each.until(lambda case: not case.suspended_lots)
    assert house.partners.client.get("/lots/state", params={"lot": product.lot}).json()["on_sale"] is True


@pytest.mark.clause("FOO-BAT-05")
async def test_an_extra_reaches_every_complaint_once_the_open_and_the_closed(house: House) -> None:
    product = a_product()
    filed = [await filed_about(house, product) for _ in range(3)]
    closed, open_one, taken_back = filed
    incident = await led(house, closed)
    for each in filed:
        await each.until(lambda case: case.order_check == "found" and any(m.incident == incident.id for m in case.incidents))
    await closed.does(AGENT, c.Respond(message="非常抱歉，马上为您处理。"))
    await closed.does(SUPERVISOR, c.CloseByDecision(outcome="decided", reason="已另行退款"))
    await closed.ends()
    await taken_back.does(AGENT, c.Withdraw(reason="客户弄错了商品"))
    await taken_back.ends()
    asked = ic.GrantExtra(kind="extra_payment", percent=100, reason="双倍退款")
    with pytest.raises(Refused) as refused:
        await incident.does(MANAGER, ic.GrantExtra(kind="extra_payment", percent=101, reason="双倍退款"))
    assert (refused.value.code, refused.value.detail["field"]) == ("over_the_cap", "percent")
    await incident.does(GENERAL_MANAGER, asked)
    with pytest.raises(Refused) as refused:
        await incident.does(GENERAL_MANAGER, ic.ApproveExtra(number=1))
    assert refused.value.code == "own_proposal"
    await incident.does(GENERAL_MANAGER, ic.RefuseExtra(number=1, reason="由经理提出"))
    await incident.does(MANAGER, asked)
    with pytest.raises(Refused) as refused:
        await incident.does(MANAGER, ic.ApproveExtra(number=2))
    assert refused.value.code == "wrong_role"
    # Whatever dies meanwhile: nothing is given twice.
    await house.stop_worker()
    approval = asyncio.create_task(incident.does(GENERAL_MANAGER, ic.ApproveExtra(number=2)))
    await house.start_worker()
    await approval
    paid = Money.of("191.90", "CNY")
    case = await open_one.until(lambda case: bool(case.extras) and case.extras[0].status != "planned")
    assert [money for _, money in given(case)] == [paid]
    assert case.extras[0].decided_by == "lu"
    assert case.decided == paid
    ours = f"extra-2-{closed.id}"
    now = await incident.until(lambda i: (e := i.effect(ours)) is not None and e.status != "planned")
    assert (await incident.until(lambda i: i.effect(f"extra-2-{taken_back.id}") is not None)).grants[1].state == "approved"
    await incident.until(lambda i: i.effect(f"extra-2-{taken_back.id}").status == "dropped")  # type: ignore[union-attr]
    assert (now.effect(ours).decided_by, now.effect(ours).money) == ("lu", paid)  # type: ignore[union-attr]
    assert [effect["request"]["money"]["amount"] for effect in effects(house, incident.id)] == ["191.90"]
    assert [effect["key"].rpartition("/")[2] for effect in effects(house, open_one.id)] == [f"{incident.id}-2"]
    assert effects(house, closed.id) == effects(house, taken_back.id) == []
    await incident.until(lambda i: (e := i.effect(ours)) is not None and e.status == "done")
    said = [e.event.detail for e in await incident.journal() if isinstance(e.event, EffectDone) and e.event.effect == ours]
    assert said == [""], "a partner's words on it may name the customer"
    late = await filed_about(house, product)
    await late.until(lambda case: bool(case.extras))
    assert len(effects(house, incident.id)) == 1
    await replayed(house, incident.handle, open_one.handle)


@pytest.mark.clause("FOO-BAT-04", "FOO-BAT-06")
async def test_a_recall_and_a_statement_reach_everybody_and_the_incident_ends(house: House) -> None:
    incident, filed = await begun(house)
    product = filed[0].opening.intake.product
    assert product is not None
    assert product.lot is not None
    text = Bilingual(zh="正在调查，预计三日内公布结果。", en="We are looking into it and expect to know more within three days.")
    await incident.does(MANAGER, ic.PublishStatement(text=text))
    recall = Bilingual(zh="请停止食用并联系我们。", en="Please do not eat it, and call us.")
    await incident.does(MANAGER, ic.Recall(lot=product.lot, reason="微生物超标", announcement=recall))
    for each in filed:
        told = [entry.event for entry in await each.written("incident_told", 2) if entry.event.kind == "incident_told"]
        assert [event.number for event in told] == [1, 2]
        assert product.lot in (await each.case()).suspended_lots
    with pytest.raises(Refused) as refused:
        await incident.does(MANAGER, ic.ReleaseLot(lot=product.lot, reason="误判"))
    assert refused.value.code == "lot_recalled"
    await incident.until(lambda i: i.effects[0].status == "ordered")
    with pytest.raises(Refused) as refused:
        await incident.does(MANAGER, ic.Close(reason="结束"))
    assert refused.value.code == "effect_under_way"
    [effect] = effects(house, incident.id)
    house.partners.advance("lots", effect["reference"], "executed")
    # The partner's word may be late: after a day of silence it is asked.
    await house.env.fast_forward(incident.handle, timedelta(days=1, minutes=1))
    await incident.until(lambda i: i.effects[0].status == "done")
    await incident.does(MANAGER, ic.Close(reason="召回完成"))
    await asyncio.wait_for(incident.handle.result(), 60)
    stored = await incident.stored.get(TENANT, incident.id)
    assert stored is not None
    assert not stored.open
    assert {(await each.case()).stage for each in filed} == {Stage.RECEIVED}, "each goes on by itself"
    await replayed(house, incident.handle)


@pytest.mark.clause("FOO-BAT-01")
async def test_one_that_is_put_into_another_category_is_counted_as_if_it_had_come_so(house: House) -> None:
    product = a_product()
    other_kind = [await filed_about(house, product, category="off_quality") for _ in range(2)]
    for _ in range(2):
        await filed_about(house, product)
    to_spoilage = c.Reclassify(category="spoilage", reason="送检确认变质")
    await other_kind[0].does(AGENT, to_spoilage)
    incident = await led(house, other_kind[0])
    await incident.until(lambda i: len(i.complaints) == 3)
    assert (await other_kind[0].case()).urgent
    await other_kind[1].does(AGENT, to_spoilage)
    assert (await led(house, other_kind[1])).id == incident.id
    now = await incident.until(lambda i: len(i.complaints) == 4)
    assert {each.id for each in other_kind} < set(now.complaints)
    # Once of the incident, it stays with it, and is counted once.
    await other_kind[1].does(AGENT, c.Reclassify(category="labelling", reason="标签有误"))
    await other_kind[1].does(AGENT, to_spoilage)
    for each in other_kind:
        joined = [entry.event for entry in await each.journal() if isinstance(entry.event, IncidentJoined)]
        assert [event.incident for event in joined if event.batch == "one_product"] == [incident.id]
    assert len((await incident.now()).complaints) == 4
    await replayed(house, incident.handle, *(each.handle for each in other_kind))


async def test_a_complaint_whose_workflow_is_gone_holds_nothing_up(house: House) -> None:
    product = a_product()
    first = await filed_about(house, product)
    # Its product is counted by what the order knows of it.
    await first.written("order_checked")
    await counted_without_a_workflow(house, first)
    second = await filed_about(house, product)
    incident = await led(house, second)
    await incident.until(lambda i: len(i.complaints) == 3)
    text = Bilingual(zh="正在调查。", en="We are looking into it.")
    await incident.does(MANAGER, ic.TellMembers(text=text))
    for each in (first, second):
        await each.written("incident_told")
    assert await told(incident, 3) == {"complaints": 3, "closed": 1}


@pytest.mark.clause("FOO-BAT-02", "FOO-BAT-04")
async def test_one_message_reaches_open_and_closed_and_the_departments_are_called(house: House) -> None:
    product = a_product()
    first = await filed_about(house, product, email="closed@customer.example")
    await first.does(AGENT, c.Withdraw(reason="已解决"))
    await first.ends()
    others = [await filed_about(house, product) for _ in range(2)]
    incident = await led(house, others[1])
    for department in ("service", "production", "quality", "logistics"):
        assert await mailed(house, f"{department}@chenye.example", incident.id)
    words = f"调查结果{uuid.uuid4().hex[:8]}"
    desk = Desk(house.env.client, house.task_queue)
    message = SignedForIncident[ic.TellMembers](by=MANAGER, command=ic.TellMembers(text=Bilingual(zh=words, en=words)))
    receipt = await desk.lead(TENANT, incident.id, message, "once")
    assert await desk.lead(TENANT, incident.id, message, "once") == receipt
    assert await told(incident, 3) == {"complaints": 3, "closed": 1}
    assert await mailed(house, "closed@customer.example", words)
    assert await mailed(house, "zhao@customer.example", words)
    assert len((await incident.now()).said) == 1


@pytest.mark.parametrize("many", [10, pytest.param(200, marks=pytest.mark.slow)])
async def test_many_at_once_make_one_workflow_that_knows_them_all(house: House, many: int) -> None:
    product = a_product()
    filed = await asyncio.gather(*(filed_about(house, product) for _ in range(many)))
    incidents = {(await led(house, each)).id for each in filed}
    assert len(incidents) == 1
    incident = Led(house, incidents.pop())
    now = await incident.until(lambda i: len(i.complaints) == many, seconds=120)
    assert set(now.complaints) == {each.id for each in filed}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def short_runs(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house whose server suggests a new run after forty events."""
    env = await start_temporal("--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=40")
    try:
        async with build_house(env, tmp_path_factory.mktemp("short")) as built:
            yield built
    finally:
        await env.shutdown()
        await asyncio.sleep(0.3)


@pytest.mark.slow
async def test_a_long_incident_goes_on_in_new_runs_and_tells_nobody_twice(short_runs: House) -> None:
    product = a_product()
    filed = [await filed_about(short_runs, product) for _ in range(12)]
    incident = await led(short_runs, filed[0])
    await incident.until(lambda i: len(i.complaints) == len(filed))
    for number in range(1, 4):
        text = Bilingual(zh=f"第{number}次告知", en=f"Message {number}")
        await incident.does(MANAGER, ic.TellMembers(text=text))
        await told(incident, number * len(filed))
    await incident.does(MANAGER, ic.GrantExtra(kind="extra_payment", percent=50, reason="加大补偿"))
    await incident.does(GENERAL_MANAGER, ic.ApproveExtra(number=1))
    for each in filed:
        await each.until(lambda case: bool(case.extras) and case.extras[0].status != "planned")
        events = [entry.event for entry in await each.journal()]
        assert [event.number for event in events if event.kind == "incident_told"] == [1, 2, 3]
        assert len(effects(short_runs, each.id)) == 1
    assert effects(short_runs, incident.id) == []
    await incident.does(MANAGER, ic.Close(reason="已了结"))
    await asyncio.wait_for(incident.handle.result(), 60)
    runs = [run async for run in short_runs.env.client.list_workflows(f'WorkflowId = "{incident.handle.id}"')]
    assert len(runs) > 1
    assert fold.replay(await incident.stored.journal(TENANT, incident.id, 0, 10_000)) == await incident.stored.get(
        TENANT, incident.id
    )
