"""A pause just before each promise of the home pack falls due: what may stand still does, and nothing is swallowed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import commands as c
from domain.calendar import calendar_of
from storage.tenants import TenantShelf
from tests.house import AGENT, SUPERVISOR, House
from tests.workflows.promises import PROMISES, climbed, gone, of, rows

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
PAUSABLE = [row.id for row in rows() if row.pausable]
STEADFAST = [row.id for row in rows() if not row.pausable]


def test_there_are_promises_of_both_kinds() -> None:
    assert "verification" in PAUSABLE
    assert "first_response" in STEADFAST


@pytest.mark.parametrize("name", PAUSABLE)
async def test_a_pause_just_before_due_moves_the_promise_by_its_service_time_and_it_fires_once(house: House, name: str) -> None:
    calendar = calendar_of(TenantShelf(house.tenants_dir).get("home-demo"))
    filed = await PROMISES[name].make(house)
    promise = await filed.promise(name)
    assert promise.due_at is not None
    await filed.passes_until(promise.due_at - 10 * MINUTE)
    await filed.does(AGENT, c.Pause(reason="等客户补照片"))
    await filed.passes_until(promise.due_at + 40 * HOUR)
    assert not of(await filed.journal(), promise.key, "deadline_missed")
    await filed.does(AGENT, c.Resume(reason="照片已到"))

    case = await filed.until(lambda case: any(d.key == promise.key and not d.standing_still for d in case.deadlines))
    moved = case.deadline(promise.key)
    assert moved is not None
    assert moved.due_at is not None
    [pause] = case.pauses
    assert pause.until_at is not None
    left = calendar.service_time_between(pause.from_at, promise.due_at)
    assert moved.due_at == calendar.add_service_time(pause.until_at, left)
    assert timedelta(0) < left <= 10 * MINUTE

    await filed.passes_until(moved.due_at - 2 * MINUTE)
    assert not of(await filed.journal(), promise.key, "deadline_missed")
    await filed.passes_until(moved.rungs[-1] + SECOND)
    await climbed(filed, promise.key, len(moved.rungs))
    entries = await filed.journal()
    [missed] = of(entries, promise.key, "deadline_missed")
    assert missed.event.due_at == moved.due_at
    # The warning came before the pause; no rung is lost by it or comes again.
    assert [e.event.rung for e in of(entries, promise.key, "escalated")] == list(range(len(moved.rungs)))


@pytest.mark.parametrize("name", STEADFAST)
async def test_a_pause_does_not_excuse_what_does_not_wait_for_the_customer(house: House, name: str) -> None:
    filed = await PROMISES[name].make(house)
    promise = await filed.promise(name)
    assert promise.due_at is not None
    await filed.passes_until(promise.due_at - 10 * SECOND)
    await filed.does(AGENT, c.Pause(reason="等客户补照片"))
    await filed.passes_until(promise.rungs[-1] + SECOND)
    await climbed(filed, promise.key, len(promise.rungs))
    await filed.does(AGENT, c.Resume())
    entries = await filed.written("resumed")
    [missed] = of(entries, promise.key, "deadline_missed")
    assert missed.event.due_at == promise.due_at
    assert [e.event.rung for e in of(entries, promise.key, "escalated")] == list(range(len(promise.rungs)))


async def test_a_pause_after_the_miss_excuses_nothing_and_the_ladder_climbs_on(house: House) -> None:
    filed = await PROMISES["verification"].make(house)
    promise = await filed.promise("verification")
    assert promise.due_at is not None
    await filed.passes_until(promise.due_at + SECOND)
    await filed.does(AGENT, c.Pause(reason="等客户补照片"))
    await filed.passes_until(promise.rungs[-1] + SECOND)
    await climbed(filed, promise.key, len(promise.rungs))
    entries = await filed.journal()
    assert [e.event.rung for e in of(entries, promise.key, "escalated")] == list(range(len(promise.rungs)))
    await PROMISES["verification"].keep(filed)
    await gone(filed, promise.key)
    [met] = of(await filed.written("deadline_met", 2), promise.key, "deadline_met")
    assert met.event.in_time is False


async def test_what_is_kept_during_a_pause_is_kept_in_time(house: House) -> None:
    filed = await PROMISES["verification"].make(house)
    promise = await filed.promise("verification")
    assert promise.due_at is not None
    await filed.passes_until(promise.due_at - MINUTE)
    await filed.does(AGENT, c.Pause(reason="等客户补照片"))
    await filed.passes_until(promise.due_at + 40 * HOUR)
    await PROMISES["verification"].keep(filed)
    await gone(filed, promise.key)
    [met] = of(await filed.written("deadline_met", 2), promise.key, "deadline_met")
    assert met.event.in_time
    assert (await filed.case()).breaches == 0


async def test_a_pause_with_a_term_ends_by_itself_and_the_promise_runs_on(house: House) -> None:
    filed = await PROMISES["verification"].make(house)
    promise = await filed.promise("verification")
    assert promise.due_at is not None
    await filed.passes_until(promise.due_at - MINUTE)
    ends_at = promise.due_at + 40 * HOUR
    await filed.does(AGENT, c.Pause(reason="客户出差", until_at=ends_at))
    await filed.passes_until(ends_at - 2 * MINUTE)
    assert (await filed.case()).paused
    await filed.passes_until(ends_at + SECOND)
    case = await filed.until(lambda case: not case.paused)
    [resumed] = [entry for entry in await filed.written("resumed") if entry.event.kind == "resumed"]
    assert timedelta(0) <= resumed.at - ends_at < 2 * MINUTE
    case = await filed.until(lambda case: all(not d.standing_still for d in case.deadlines))
    moved = case.deadline(promise.key)
    assert moved is not None
    assert moved.due_at is not None
    await filed.passes_until(moved.due_at + SECOND)
    assert len(of(await filed.written("deadline_missed"), promise.key, "deadline_missed")) == 1


async def test_a_promise_made_during_a_pause_begins_when_the_pause_ends(house: House) -> None:
    filed = await PROMISES["approval"].make(house)
    await filed.does(AGENT, c.Pause(reason="等客户补照片"))
    await filed.does(SUPERVISOR, c.SendBack(number=1, reason="请核对金额"))
    waiting = await filed.promise("another_proposal")
    assert waiting.due_at is None
    assert waiting.standing_still
    await filed.passes(timedelta(days=5))
    await filed.does(AGENT, c.Resume())
    case = await filed.until(lambda case: any(d.key == waiting.key and d.due_at is not None for d in case.deadlines))
    promise = case.deadline(waiting.key)
    assert promise is not None
    assert promise.due_at is not None
    assert promise.due_at > await filed.now()
    assert not promise.standing_still
    await filed.passes_until(promise.due_at + SECOND)
    assert len(of(await filed.written("deadline_missed"), waiting.key, "deadline_missed")) == 1
