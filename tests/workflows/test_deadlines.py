"""Every promise of the home pack: kept to the last second, one second late, and dropped when it has become pointless."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.actor import Role
from domain.promise_events import DeadlineMet, DeadlineMissed
from domain.promises import settle
from tests.house import House
from tests.workflows.promises import PROMISES, climbed, fallen_due, gone, of, rows

SECOND = timedelta(seconds=1)
every_promise = pytest.mark.parametrize("name", PROMISES)


def test_no_promise_of_the_pack_is_forgotten_here() -> None:
    assert [row.id for row in rows()] == list(PROMISES)


@every_promise
@pytest.mark.clause("HOM-TRN-03", "HOM-INS-02", "HOM-INS-05", "HOM-EXE-02", "HOM-LOS-02")
async def test_a_promise_kept_in_the_last_seconds_is_kept_in_time(house: House, name: str) -> None:
    filed = await PROMISES[name].make(house)
    promise = await filed.promise(name)
    assert promise.due_at is not None
    # To the microsecond by the rule itself; on a running clock a command takes its milliseconds.
    assert settle(promise, "met", promise.due_at) == [DeadlineMet(key=promise.key, in_time=True)]
    assert settle(promise, "met", promise.due_at + timedelta(microseconds=1)) == [
        DeadlineMissed(key=promise.key, due_at=promise.due_at),
        DeadlineMet(key=promise.key, in_time=False),
    ]
    # Seconds on the clock of a busy machine: as many as a command may take there.
    await filed.passes_until(promise.due_at - 60 * SECOND)
    await PROMISES[name].keep(filed)
    await gone(filed, promise.key)

    entries = await filed.written("deadline_met")
    [met] = of(entries, promise.key, "deadline_met")
    assert met.event.in_time, met
    assert met.at <= promise.due_at
    assert not of(entries, promise.key, "deadline_missed")


@every_promise
@pytest.mark.clause("home:HOUSE-LADDER")
async def test_a_promise_kept_one_second_late_is_missed_once_and_counts_as_a_breach(house: House, name: str) -> None:
    filed = await PROMISES[name].make(house)
    promise = await filed.promise(name)
    assert promise.due_at is not None
    await filed.passes_until(promise.due_at + SECOND)
    await climbed(filed, promise.key, fallen_due(promise))
    await PROMISES[name].keep(filed)
    case = await gone(filed, promise.key)

    entries = await filed.written("deadline_met", sum(e.event.kind == "deadline_met" for e in await filed.journal()))
    [missed] = of(entries, promise.key, "deadline_missed")
    [met] = of(entries, promise.key, "deadline_met")
    assert missed.event.due_at == promise.due_at
    assert promise.due_at <= missed.at <= met.at
    assert missed.seq < met.seq
    assert met.event.in_time is False
    owners = {row.id: row.owner for row in rows()}
    broken = [entry.event.key for entry in entries if entry.event.kind == "deadline_missed"]
    # A customer who answers late breaks none of our promises.
    assert case.breaches == sum(owners[key.split("/")[0]] is not Role.CUSTOMER for key in broken)
    # Only what was reached of the ladder: the warning and the rung of the due instant itself.
    rungs = [entry.event.rung for entry in of(entries, promise.key, "escalated")]
    assert rungs == [number for number, at in enumerate(promise.rungs) if at <= promise.due_at]
    # It is over: nothing of it follows.
    await filed.passes_until(promise.rungs[-1] + SECOND)
    assert [e.event.rung for e in of(await filed.journal(), promise.key, "escalated")] == rungs


@every_promise
async def test_a_promise_that_became_pointless_is_dropped_and_asks_for_nothing_more(house: House, name: str) -> None:
    filed = await PROMISES[name].make(house)
    promise = await filed.promise(name)
    await PROMISES[name].drop(filed)
    case = await gone(filed, promise.key)
    if not case.open:
        await filed.ends()

    entries = await filed.written("deadline_dropped")
    [dropped] = of(entries, promise.key, "deadline_dropped")
    assert not of(entries, promise.key, "deadline_met")
    if case.open:
        await filed.passes_until(promise.rungs[-1] + SECOND)
        entries = await filed.journal()
    assert not of(entries, promise.key, "deadline_missed")
    # A warning may have been given already: where the pack warns as early as the promise begins.
    assert all(entry.seq < dropped.seq for entry in of(entries, promise.key, "escalated"))
    assert len(of(entries, promise.key, "escalated")) <= sum(at <= dropped.at for at in promise.rungs)
