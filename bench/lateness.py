"""How late a missed promise is noticed while thousands of complaints are open."""

from __future__ import annotations

import asyncio
import sqlite3
import time
import uuid
from datetime import datetime, timedelta

from temporalio.api.enums.v1 import EventType

from bench.bare import Sleeper
from bench.goals import Figure, Findings, Table, quantile, shown
from bench.life import each
from bench.opening import crowd, now, open_received_at, quiet
from bench.stand import BARE_QUEUE, Stand, stand
from desk.ids import ComplaintName

_DUE = 400
_WINDOW = timedelta(seconds=10)
_FIRST_RESPONSE = timedelta(minutes=10)
# The owner is warned three minutes before; those who are opened later than that get the warning at once. Opening takes its time.
_AHEAD = timedelta(seconds=20)
_OPENED_A_SECOND = 7


async def measure(quick: bool) -> Findings:
    wanted, due = (1_000, 100) if quick else (10_000, _DUE)
    window = _WINDOW * due / _DUE  # the same rate in both forms
    async with stand("partners", "mailsink", "worker", "bare") as built:
        many = await crowd(built)
        begun = time.monotonic()
        await many.grow_to(wanted, until=begun + 420)
        opened_in = time.monotonic() - begun
        await quiet(built)
        bare = await _bare(built, due, window)
        await quiet(built)
        # Once over half the number, so that what is measured is warm.
        await _ours(built, due // 2, window / 2)
        await quiet(built)
        server, ours = await _ours(built, due, window)
    rate = due / window.total_seconds()
    note = f"{many.opened:,} open; {due} due in {window.total_seconds():.1f} s"
    return Findings(
        figures=[
            Figure(
                "missed promise noticed, p99 late", quantile(ours, 0.99), "s", most=0.5, aim="< 0.25 at 30,000 open",
                bare=f"{shown(quantile(bare, 0.99))} s", note=note,
            ),
            Figure("missed promise noticed, p50 late", quantile(ours, 0.5), "s", bare=f"{shown(quantile(bare, 0.5))} s"),
            Figure("its timer fired on the server, p99 late", quantile(server, 0.99), "s"),
        ],
        tables=[
            Table(
                f"Lateness in seconds, {rate:.0f} promises falling due a second", ("", "p50", "p90", "p99", "latest"),
                tuple(
                    (name, *(shown(quantile(values, share)) for share in (0.5, 0.9, 0.99, 1.0)))
                    for name, values in (
                        ("bare timers fired (event time)", bare),
                        ("our timers fired (event time)", server),
                        ("deadline_missed in the journal", ours),
                    )
                ),
            )
        ],
        notes=[
            f"{many.opened:,} complaints were opened in {opened_in:.0f} s ({many.opened / opened_in:.0f} a second, first task "
            "included): started with a case that they carry, as a continued or reopened complaint is.",
            "Those that fall due are real complaints whose first response is missed. What follows a miss is part of the load: a "
            "supervisor is found, the escalation written and mailed. The timers fire on time; what is later waits for its turn "
            "on two busy cores.",
        ],
    )  # fmt: skip


async def _bare(built: Stand, count: int, window: timedelta) -> list[float]:
    """Bare timers over the same window: seconds from due to TimerFired."""
    first = now() + timedelta(seconds=20)
    handles = []
    for number in range(count):
        seconds = (first - now() + window * number / count).total_seconds()
        handles.append(await built.client.start_workflow(Sleeper.run, seconds, id=f"bare-{uuid.uuid4()}", task_queue=BARE_QUEUE))
    await each(16, [handle.result() for handle in handles])
    return [await _fired_late(built, handle.id) for handle in handles]


async def _fired_late(built: Stand, workflow_id: str) -> float:
    """Of the first timer that fired in a history: its event's time against its start and length."""
    timers: dict[str, datetime] = {}
    async for event in built.client.get_workflow_handle(workflow_id).fetch_history_events():
        at = event.event_time.ToDatetime()
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            started = event.timer_started_event_attributes
            timers[started.timer_id] = at + started.start_to_fire_timeout.ToTimedelta()
        if event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
            return (at - timers[event.timer_fired_event_attributes.timer_id]).total_seconds()
    raise RuntimeError(f"no timer of {workflow_id} has fired")


async def _ours(built: Stand, count: int, window: timedelta) -> tuple[list[float], list[float]]:
    """Seconds late: of the server's timer, and of `deadline_missed` in the journal."""
    first_due_at = now() + _AHEAD + timedelta(seconds=count / _OPENED_A_SECOND)
    orders = await built.orders(count)
    opened: list[ComplaintName] = await each(
        16,
        [
            open_received_at(built, first_due_at + window * number / count - _FIRST_RESPONSE, order)
            for number, order in enumerate(orders)
        ],
    )
    if now() > first_due_at - timedelta(seconds=5):
        raise RuntimeError("the complaints were not open before the first fell due: the machine is too busy")
    await asyncio.sleep((first_due_at + window - now()).total_seconds() + 5)
    late = await _missed_late(built.sql(), {life.complaint_id for life in opened})
    return [await _due_timer_late(built, life.workflow_id) for life in opened[:100]], late


async def _due_timer_late(built: Stand, workflow_id: str) -> float:
    """Of the last timer that fired, for an earlier one was the warning's."""
    late = float("nan")
    timers: dict[str, datetime] = {}
    async for event in built.client.get_workflow_handle(workflow_id).fetch_history_events():
        at = event.event_time.ToDatetime()
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            started = event.timer_started_event_attributes
            timers[started.timer_id] = at + started.start_to_fire_timeout.ToTimedelta()
        if event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
            late = (at - timers[event.timer_fired_event_attributes.timer_id]).total_seconds()
    return late


async def _missed_late(sql: sqlite3.Connection, complaints: set[str]) -> list[float]:
    """Seconds from due to noticed, as the journal has both; waits until every miss is written."""
    query = "SELECT complaint_id, at, json_extract(event, '$.due_at') FROM journal WHERE kind = 'deadline_missed'"
    end = time.monotonic() + 120
    while True:
        rows = [(at, due_at) for complaint, at, due_at in sql.execute(query) if complaint in complaints]
        if len(rows) >= len(complaints) or time.monotonic() > end:
            break
        await asyncio.sleep(0.5)
    sql.close()
    if len(rows) < len(complaints):
        raise RuntimeError(f"only {len(rows)} of {len(complaints)} misses are in the journal")
    return [(datetime.fromisoformat(at) - datetime.fromisoformat(due_at)).total_seconds() for at, due_at in rows]
