"""T+n over a weekend, a holiday and a make-up workday, and a calendar that is changed while promises run."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain import commands as c
from domain.service_hours import WEEKDAYS
from tests.house import AGENT, ROOT, SUPERVISOR, Filed, House, build_house, clear_of
from tests.workflows.promises import mails_about, of
from workflows.complaint import ComplaintWorkflow

ZONE = ZoneInfo("Asia/Shanghai")
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
_PEOPLE = (ROOT / "tenants" / "home-demo.toml").read_text(encoding="utf-8").partition("[notifications]")[2]
_files = 0


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shops(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house with a folder of tenants of its own."""
    async with build_house(temporal_env, tmp_path_factory.mktemp("shops"), tmp_path_factory.mktemp("tenants")) as built:
        yield built


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """A complaint is received on the day that is today for its test, which goes on with it behind midnight in Shanghai."""
    await clear_of(time(0))
    begun = today()
    monkeypatch.setattr(sys.modules[__name__], "today", lambda: begun)


def today() -> date:
    return datetime.now(ZONE).date()


def days(*after: int) -> tuple[date, ...]:
    """Days by their distance from today, so that the tests are the same on every day of the year."""
    return tuple(today() + timedelta(days=n) for n in after)


def closes(day: date) -> datetime:
    return datetime.combine(day, time(18), ZONE).astimezone(UTC)


def write(
    house: House, tenant: str, weekend: Iterable[date] = (), closed: Iterable[date] = (), opened: Iterable[date] = ()
) -> None:
    """A shop that serves from 09:00 to 18:00 on every day but these."""
    global _files
    free = {WEEKDAYS[day.weekday()] for day in weekend}
    week = [day for day in WEEKDAYS if day not in free]
    text = f'id = "{tenant}"\nname = {{ zh = "试验店", en = "Shop" }}\npack = "home@2026-11"\nzone = "Asia/Shanghai"\n'
    text += f'currency = "CNY"\nworking_week = {week}\n'
    for key, own in (("closing_days", closed), ("opening_days", opened)):
        text += f"{key} = [{', '.join(f'{{ on = {day} }}' for day in own)}]\n"
    text += "[service_hours]\n" + "".join(f'{day} = ["09:00-18:00"]\n' for day in week) + "\n[notifications]\n" + _PEOPLE
    file = house.tenants_dir / f"{tenant}.toml"
    file.write_text(text, encoding="utf-8")
    # Two writes within the clock's grain would look like one.
    _files += 1
    os.utime(file, ns=(_files * 10**9, _files * 10**9))


async def file(house: House, tenant: str) -> Filed:
    filed = await house.file(tenant=tenant, order_number=house.new_order())
    await filed.until(lambda case: case.order_check == "found")
    await filed.does(AGENT, c.Respond(message="已登记，今天下班前给您答复。"))
    return filed


@pytest.mark.clause("home:HOUSE-VERIFY", "home:HOUSE-PROPOSE")
async def test_t_plus_n_passes_over_a_weekend_and_a_closing_day(shops: House) -> None:
    write(shops, "weekend", weekend=days(1, 2), closed=days(3))
    filed = await file(shops, "weekend")
    verification, proposal = await filed.promise("verification"), await filed.promise("proposal")
    assert (verification.due_at, proposal.due_at) == (closes(days(4)[0]), closes(days(5)[0]))
    assert [(run.from_on, run.to_on) for run in verification.explanation.skipped] == [days(1, 2), days(3, 3)]
    await filed.passes_until(closes(days(3)[0]) + SECOND)
    assert (await filed.case()).breaches == 0
    await filed.passes_until(closes(days(4)[0]) + SECOND)
    [missed] = of(await filed.written("deadline_missed"), verification.key, "deadline_missed")
    assert missed.event.due_at == closes(days(4)[0])


@pytest.mark.clause("home:HOUSE-VERIFY")
async def test_t_plus_n_counts_a_make_up_workday_on_the_weekend(shops: House) -> None:
    write(shops, "made-up", weekend=days(1, 2), opened=days(2))
    filed = await file(shops, "made-up")
    verification, proposal = await filed.promise("verification"), await filed.promise("proposal")
    assert (verification.due_at, proposal.due_at) == (closes(days(2)[0]), closes(days(3)[0]))
    assert [(run.from_on, run.to_on) for run in verification.explanation.made_up] == [days(2, 2)]
    await filed.passes_until(closes(days(2)[0]) + SECOND)
    assert len(of(await filed.written("deadline_missed"), verification.key, "deadline_missed")) == 1


@pytest.mark.clause("home:HOUSE-APPROVE")
async def test_service_hours_stand_still_at_night_and_on_a_closing_day(shops: House) -> None:
    write(shops, "hours", closed=days(1))
    filed = await file(shops, "hours")
    await filed.does(AGENT, c.Verify(founded=True, findings="承运商承认", sources=("承运商",)))
    await filed.does(AGENT, c.Assess(facts={"damage": "severe"}, liable="carrier"))
    await filed.passes_until(closes(days(0)[0]) + HOUR if datetime.now(UTC) < closes(days(0)[0]) else await filed.now() + SECOND)
    await filed.does(AGENT, c.Propose())
    approval = await filed.promise("approval")
    # Asked for after closing: four hours of the next day with service, which is the day after tomorrow.
    assert approval.due_at == closes(days(2)[0]) - 5 * HOUR


async def test_trap_02_a_pause_over_the_weekend_moves_a_promise_by_the_service_hour_it_took(shops: House) -> None:
    write(shops, "paused", weekend=days(2, 3))
    filed = await file(shops, "paused")
    before = await filed.promise("verification")
    assert before.due_at == closes(days(1)[0])
    await filed.passes_until(before.due_at - HOUR)
    await filed.does(AGENT, c.Pause(reason="等客户补照片"))
    opens_again = closes(days(4)[0]) - 9 * HOUR
    await filed.passes_until(opens_again - HOUR)
    await filed.does(AGENT, c.Resume())
    case = await filed.until(lambda case: all(not deadline.standing_still for deadline in case.deadlines))
    moved = case.deadline(before.key)
    assert moved is not None
    assert moved.due_at is not None
    # Not by the 63 hours on the wall, and not into the night: what was left before the pause, after it.
    assert timedelta(0) <= opens_again + HOUR - moved.due_at < timedelta(minutes=10)
    await filed.passes_until(moved.due_at + SECOND)
    assert len(of(await filed.written("deadline_missed"), before.key, "deadline_missed")) == 1


async def test_trap_05_a_holiday_entered_later_moves_a_promise_when_it_is_about_to_fall_due(shops: House) -> None:
    write(shops, "later")
    filed = await file(shops, "later")
    before = await filed.promise("verification")
    assert before.due_at == closes(days(1)[0])
    # After the warning and before the due instant: the last moment at which anybody can enter it.
    await filed.passes_until(before.due_at - HOUR)
    write(shops, "later", closed=days(1))
    case = await filed.passes_until(before.due_at + SECOND)
    case = await filed.until(lambda case: case.deadline(before.key).due_at != before.due_at)  # type: ignore[union-attr]
    moved = case.deadline(before.key)
    assert moved is not None
    assert moved.due_at == closes(days(2)[0])
    [entry] = of(await filed.written("deadline_moved"), before.key, "deadline_moved")
    assert entry.event.why == "calendar_changed"
    assert not of(await filed.journal(), before.key, "deadline_missed")
    await filed.passes_until(moved.due_at + SECOND)
    assert len(of(await filed.written("deadline_missed"), before.key, "deadline_missed")) == 1


async def test_trap_05_a_changed_calendar_moves_running_promises_at_once_when_it_is_said(shops: House) -> None:
    write(shops, "said")
    filed = await file(shops, "said")
    before = await filed.promise("verification"), await filed.promise("proposal")
    write(shops, "said", closed=days(1, 2))
    await filed.handle.signal(ComplaintWorkflow.calendar_changed)
    entries = await filed.written("deadline_moved", 2)
    assert {entry.event.key for entry in entries if entry.event.kind == "deadline_moved"} == {each.key for each in before}
    after = await filed.promise("verification"), await filed.promise("proposal")
    assert [each.due_at for each in after] == [closes(days(3)[0]), closes(days(4)[0])]
    # Said twice is said once; and back again moves them back.
    await filed.handle.signal(ComplaintWorkflow.calendar_changed)
    write(shops, "said")
    await filed.handle.signal(ComplaintWorkflow.calendar_changed)
    await filed.written("deadline_moved", 4)
    again = await filed.promise("verification"), await filed.promise("proposal")
    assert [each.due_at for each in again] == [each.due_at for each in before]


async def test_a_calendar_that_cannot_be_read_holds_no_promise_up(shops: House) -> None:
    write(shops, "broken")
    filed = await file(shops, "broken")
    promise = await filed.promise("verification")
    assert promise.due_at is not None
    await filed.passes_until(promise.due_at - timedelta(minutes=1))
    path = shops.tenants_dir / "broken.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("Asia/Shanghai", "Asia/Nowhere"), encoding="utf-8")
    await filed.passes_until(promise.due_at + timedelta(minutes=1))
    entries = await filed.written("escalated", 2)
    assert len(of(entries, promise.key, "deadline_missed")) == 1
    assert [entry.event.rung for entry in of(entries, promise.key, "escalated")] == [0, 1]
    # Nobody could be looked up in the file: everybody of the role hears of it, once it can be read again.
    assert of(entries, promise.key, "escalated")[1].event.person is None
    write(shops, "broken")
    await filed.passes(timedelta(minutes=10))
    for supervisor in ("zhou", "wu"):
        assert len(await mails_about(filed, f"{supervisor}@yanju.example", "核实")) == 1


async def test_a_promise_asked_for_in_a_pause_and_planned_after_it_is_not_forgotten(shops: House) -> None:
    write(shops, "late")
    filed = await file(shops, "late")
    await filed.does(AGENT, c.Verify(founded=True, findings="承运商承认", sources=("承运商",)))
    await filed.does(AGENT, c.Assess(facts={"damage": "severe"}, liable="carrier"))
    await filed.does(AGENT, c.Propose())
    await filed.promise("approval")
    await filed.does(AGENT, c.Pause(reason="等客户补照片"))
    path = shops.tenants_dir / "late.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("Asia/Shanghai", "Asia/Nowhere"), encoding="utf-8")
    await filed.does(SUPERVISOR, c.SendBack(number=1, reason="请核对金额"))
    # The calendar is asked in vain while the complaint is paused; it answers when the pause is over.
    await asyncio.sleep(2)
    await filed.does(AGENT, c.Resume())
    assert not any(deadline.name == "another_proposal" for deadline in (await filed.case()).deadlines)
    write(shops, "late")
    await filed.passes(timedelta(minutes=2))
    promise = await filed.promise("another_proposal")
    assert promise.due_at is not None
    assert not promise.standing_still
    await filed.passes_until(promise.due_at + SECOND)
    entries = await filed.written("deadline_missed")
    assert len(of(entries, promise.key, "deadline_missed")) == 1


async def test_trap_09_a_closing_day_never_makes_a_promise_earlier_nor_a_make_up_day_later(shops: House) -> None:
    found: dict[str, datetime] = {}
    for name, own in {
        "plain": {"weekend": days(2, 3)},
        "closed": {"weekend": days(2, 3), "closed": days(1)},
        "opened": {"weekend": days(2, 3), "opened": days(2)},
    }.items():
        write(shops, name, **own)
        filed = await shops.file(tenant=name, order_number=shops.new_order())
        due = (await filed.promise("proposal")).due_at
        assert due is not None
        found[name] = due
        first = await filed.promise("first_response")
        assert first.due_at == filed.opening.received_at + timedelta(minutes=10)
    assert found == {"plain": closes(days(4)[0]), "closed": closes(days(5)[0]), "opened": closes(days(2)[0])}
