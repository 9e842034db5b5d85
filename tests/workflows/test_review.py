"""The regular review, from complaints on one route to the mail that proposes another carrier, on real parts."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from temporalio.client import ScheduleActionStartWorkflow, ScheduleHandle
from temporalio.service import RPCError, RPCStatusCode

from activities.contract import SummaryReceipt
from domain import commands as c
from domain.case import Stage
from domain.policy import registry
from domain.summary.period import before, running
from storage.tenants import TenantShelf
from tests.house import AGENT, House
from worker.schedules import ensure_schedules, schedule_id
from workflows.review import Review, ReviewWorkflow

# Three sample orders from Quanzhou to Chengdu with one carrier.
ONE_ROUTE = ("HM-2026-0001", "HM-2026-0016", "HM-2026-0025")


def schedule(house: House, tenant: str, report: str) -> ScheduleHandle:
    return house.env.client.get_schedule_handle(schedule_id(tenant, report))


@pytest_asyncio.fixture(loop_scope="session")
async def schedules(house: House) -> AsyncIterator[None]:
    """Those of all tenants, as the worker sets them when it starts."""
    tenants = TenantShelf(house.tenants_dir)
    assert await ensure_schedules(house.env.client, house.task_queue, tenants)
    yield
    async for listed in await house.env.client.list_schedules():
        with contextlib.suppress(RPCError):
            await house.env.client.get_schedule_handle(listed.id).delete()


async def mail(house: House, to: str, about: str, seconds: float = 30) -> dict[str, Any]:
    """The one mail with these words in its subject."""
    end = time.monotonic() + seconds
    while not (found := [each for each in house.mail.mails(to) if about in each["subject"]]):
        assert time.monotonic() < end, [each["subject"] for each in house.mail.mails(to)]
        await asyncio.sleep(0.05)
    assert len(found) == 1
    return found[0]


@pytest.mark.usefixtures("schedules")
@pytest.mark.clause("HOM-SUM-01", "HOM-SUM-02")
async def test_a_route_with_three_delays_in_a_month_is_flagged_in_the_mail_to_supervisor_and_manager(house: House) -> None:
    last_month = before("month", datetime.now(UTC), "Asia/Shanghai")
    received_at = last_month.from_at + timedelta(days=9)
    late = [await house.file("transport_delay", order_number=number, received_at=received_at) for number in ONE_ROUTE]
    # One more complaint, of another kind on the same route, puts no route in doubt.
    broken = await house.file("transport_damage", received_at=received_at)
    for filed in (*late, broken):
        await filed.written("order_checked")

    await schedule(house, "home-demo", "late_routes").trigger()

    for person in ("zhou", "qian"):
        text = (await mail(house, f"{person}@yanju.example", "经常延迟的线路"))["text"]
        assert "收到投诉 4 起" in text
        assert "- 福建泉州 → 四川成都：3 起（远山物流 3）【经常延迟】" in text
        assert "考虑更换承运商或调整路线。 [HOM-SUM-02, HOUSE-ROUTE]" in text
    sent = await mail(house, "zhou@yanju.example", "经常延迟的线路")
    assert sent["subject"] == f"岩居建材 | 经常延迟的线路：{last_month}"
    assert not [each for each in house.mail.mails("lin@yanju.example") if "经常延迟的线路" in each["subject"]]

    await schedule(house, "home-demo", "transport_summary").trigger()
    text = (await mail(house, "wu@yanju.example", "运输投诉总结"))["text"]
    assert "- 运输延迟：3" in text
    assert "- 货物损坏：1" in text
    for filed in (*late, broken):
        await filed.handle.terminate()


@pytest.mark.clause("HOM-INS-10")
async def test_installation_complaints_are_summed_up_out_of_turn_in_the_readers_language(house: House) -> None:
    filed = await house.file("installation_attitude", tenant="olist-demo")
    await filed.until(lambda case: case.order_check == "found")
    await filed.does(AGENT, c.Respond(message="We are looking into it."))
    await filed.does(AGENT, c.Verify(founded=True, findings="the installer admits it", sources=("installer",)))
    await filed.does(AGENT, c.Assess(facts={"work_left": False}, liable="installer"))
    await filed.until(lambda case: case.stage is Stage.PROPOSING)
    await filed.written("assessed")
    month = running("month", datetime.now(UTC), "America/Sao_Paulo")
    pack = registry.released("home@2026-11")
    review = Review(
        tenant="olist-demo", report="installation_summary", pack=pack.ref, pack_digest=pack.digest,
        zone=month.zone, from_on=month.from_on, to_on=month.to_on,
    )  # fmt: skip

    receipt: SummaryReceipt = await house.env.client.execute_workflow(
        ReviewWorkflow.run, review, id="review-out-of-turn", task_queue=house.task_queue
    )

    assert receipt.sent_to == ("carla", "elisa")
    assert (receipt.unreached, receipt.received) == ((), 1)
    text = (await mail(house, "carla@casa.example", "Summary of installation complaints"))["text"]
    assert "Received: 1. Of these assessed: 1" in text
    assert "- Installer's attitude: 1" in text
    assert "- The installer: 1" in text
    assert "- First contact (agent): kept 1, missed 0 [HOM-INS-02]" in text
    assert "The installer was liable most often: 1 of 1 assessed complaints" in text
    await filed.handle.terminate()


@pytest.mark.usefixtures("schedules")
async def test_a_review_is_due_on_the_first_morning_of_the_month_in_the_tenants_zone(house: House) -> None:
    for tenant, zone in (("home-demo", "Asia/Shanghai"), ("olist-demo", "America/Sao_Paulo")):
        description = await schedule(house, tenant, "transport_summary").describe()
        due = [at.astimezone(ZoneInfo(zone)) for at in description.info.next_action_times]
        assert due
        assert {(at.day, at.hour, at.minute) for at in due} == {(1, 6, 0)}
        assert description.schedule.policy.catchup_window == timedelta(days=7)


@pytest.mark.usefixtures("schedules")
async def test_a_schedule_is_changed_only_when_its_row_is_and_stays_paused(house: House, tmp_path: Any) -> None:
    handle = schedule(house, "home-demo", "late_routes")
    await handle.pause(note="stocktaking")
    before_it = (await handle.describe()).info.last_updated_at
    assert await ensure_schedules(house.env.client, house.task_queue, TenantShelf(house.tenants_dir))
    assert (await handle.describe()).info.last_updated_at == before_it

    moved = (house.tenants_dir / "home-demo.toml").read_text().replace('zone = "Asia/Shanghai"', 'zone = "Asia/Tokyo"')
    (tmp_path / "home-demo.toml").write_text(moved)
    assert await ensure_schedules(house.env.client, house.task_queue, TenantShelf(tmp_path))
    changed = await handle.describe()
    assert changed.schedule.spec.time_zone_name == "Asia/Tokyo"
    assert changed.schedule.state.paused
    assert changed.schedule.state.note == "stocktaking"


@pytest.mark.usefixtures("schedules")
async def test_a_schedule_whose_company_or_row_is_gone_is_deleted_and_nobody_elses(house: House, tmp_path: Any) -> None:
    client = house.env.client
    gone, kept = schedule(house, "olist-demo", "transport_summary"), schedule(house, "home-demo", "late_routes")
    described = (await kept.describe()).schedule
    assert isinstance(described.action, ScheduleActionStartWorkflow)
    # Rows that the pack has no more, in our queue and in that of another installation beside ours.
    theirs_action = dataclasses.replace(described.action, task_queue="somebody-elses")
    ours = await client.create_schedule("review/home-demo/no_such_row", described)
    theirs = await client.create_schedule("review/home-demo/theirs", dataclasses.replace(described, action=theirs_action))
    (tmp_path / "home-demo.toml").write_text((house.tenants_dir / "home-demo.toml").read_text())

    async def deleted(handle: ScheduleHandle) -> bool:
        try:
            await handle.describe()
        except RPCError as error:
            return error.status is RPCStatusCode.NOT_FOUND
        return False

    end = time.monotonic() + 60
    # The server's list of schedules follows a moment later, so it is asked again, as the worker does at its next start.
    while not (await deleted(gone) and await deleted(ours)):
        assert time.monotonic() < end
        assert await ensure_schedules(client, house.task_queue, TenantShelf(tmp_path))
    assert not await deleted(kept)
    assert not await deleted(theirs)


async def test_a_tenant_whose_file_is_broken_is_told_and_tried_again(house: House, tmp_path: Any) -> None:
    (tmp_path / "home-demo.toml").write_text("id = ")
    assert not await ensure_schedules(house.env.client, house.task_queue, TenantShelf(tmp_path))
