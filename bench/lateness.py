"""How late a missed promise is noticed while thousands of complaints are open."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import time
import uuid
from datetime import datetime, timedelta

from temporalio.api.enums.v1 import EventType

from bench.bare import Sleeper
from bench.goals import Figure, Findings, Table, quantile, shown
from bench.life import each
from bench.opening import Crowd, now, open_received_at, progress, quiet
from bench.stand import BARE_QUEUE, Stand
from desk.ids import ComplaintName
from domain.actor import Role

_A_SECOND = 40
_FIRST_RESPONSE = timedelta(minutes=10)
# The owner is warned three minutes before; those who are opened later than that get the warning at once. Opening takes its time.
_AHEAD = timedelta(seconds=20)
_OPENED_A_SECOND = 7
_TRIES = 3
_PATIENCE = 300.0
_COMPLAINT = re.compile(r"cmp_[a-z2-7]{26}")


async def among(built: Stand, many: Crowd, due: int) -> Findings:
    """Miss so many promises, 40 a second, among those that are open."""
    window = timedelta(seconds=due / _A_SECOND)
    bare = await _bare(built, due, window)
    await quiet(built)
    # Once over half the number, so that what is measured is warm.
    await _ours(built, due // 2, window / 2)
    await quiet(built)
    server, ours, mailed = await _ours(built, due, window)
    note = f"{many.opened:,} open; {due} due in {window.total_seconds():.1f} s"
    return Findings(
        figures=[
            Figure(
                "missed promise noticed, p99 late", quantile(ours, 0.99), "s", most=0.5, aim="< 0.25 at 30,000 open",
                bare=f"{shown(quantile(bare, 0.99))} s", note=note,
            ),
            Figure("missed promise noticed, p50 late", quantile(ours, 0.5), "s", bare=f"{shown(quantile(bare, 0.5))} s"),
            Figure("its timer fired on the server, p99 late", quantile(server, 0.99), "s"),
            Figure("the supervisor's mail about it arrived, p50 late", quantile(mailed, 0.5), "s"),
            Figure("the supervisor's mail about it arrived, p99 late", quantile(mailed, 0.99), "s", note=f"{len(mailed)} mails"),
        ],
        tables=[
            Table(
                f"Lateness in seconds, {_A_SECOND} promises falling due a second", ("", "p50", "p90", "p99", "latest"),
                tuple(
                    (name, *(shown(quantile(values, share)) for share in (0.5, 0.9, 0.99, 1.0)))
                    for name, values in (
                        ("bare timers fired (event time)", bare),
                        ("our timers fired (event time)", server),
                        ("deadline_missed in the journal", ours),
                        ("the escalation's mail arrived", mailed),
                    )
                ),
            )
        ],
        notes=[
            "A miss is as late as the instant at which the complaint noted it (`deadline_missed`), which is also that of its "
            "escalation; the journal is written in the same task. The mail about it is measured apart, where it arrives.",
            "Those that fall due are real complaints whose first response is missed. What follows a miss is part of the load: a "
            "supervisor is found, the escalation written and mailed. The timers fire on time; what is later waits for its turn "
            "on two busy cores. Letters give way to misses, for up to five seconds.",
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
    return [(await _fired_late(built, handle.id))[0] for handle in handles]


async def _fired_late(built: Stand, workflow_id: str) -> list[float]:
    """Seconds, of each timer that fired in a history: its event's time against its start and length."""
    timers: dict[str, datetime] = {}
    late: list[float] = []
    async for event in built.client.get_workflow_handle(workflow_id).fetch_history_events():
        at = event.event_time.ToDatetime()
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            started = event.timer_started_event_attributes
            timers[started.timer_id] = at + started.start_to_fire_timeout.ToTimedelta()
        if event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
            late.append((at - timers[event.timer_fired_event_attributes.timer_id]).total_seconds())
    if not late:
        raise RuntimeError(f"no timer of {workflow_id} has fired")
    return late


async def _ours(built: Stand, count: int, window: timedelta) -> tuple[list[float], list[float], list[float]]:
    """Seconds late: of the server's timer, of `deadline_missed` in the journal, and of the supervisor's mail."""
    opened, first_due_at = await _opened_in_time(built, count, window)
    await asyncio.sleep((first_due_at + window - now()).total_seconds() + 5)
    sql = built.sql()
    due_at, missed = await _missed_late(sql, {life.complaint_id for life in opened})
    sql.close()
    # The last timer of each, for an earlier one was the warning's.
    fired = [(await _fired_late(built, life.workflow_id))[-1] for life in opened[:100]]
    return fired, missed, await _mailed_late(built, due_at)


async def _opened_in_time(built: Stand, count: int, window: timedelta) -> tuple[list[ComplaintName], datetime]:
    """Complaints that fall due one after the other over the window, open before the first of them does."""
    ahead = _AHEAD + timedelta(seconds=count / _OPENED_A_SECOND)
    for _ in range(_TRIES):
        first_due_at = now() + ahead
        orders = await built.orders(count)
        due = [first_due_at + window * number / count for number in range(count)]
        begun = time.monotonic()
        opened: list[ComplaintName] = await each(
            16, [_received(built, begun + number / _A_SECOND, due[number], order) for number, order in enumerate(orders)]
        )
        if now() < first_due_at - timedelta(seconds=5):
            return opened, first_due_at
        progress("the complaints were not open before the first fell due; again, with more time")
        ahead *= 2
        await quiet(built)
    raise RuntimeError("the machine is too busy to open complaints before they fall due")


async def _received(built: Stand, at: float, due_at: datetime, order: str) -> ComplaintName:
    """At `at` (monotonic seconds): as fast as they will fall due is how fast they came, and promises are given at that pace."""
    await asyncio.sleep(at - time.monotonic())
    return await open_received_at(built, due_at - _FIRST_RESPONSE, order)


async def _missed_late(sql: sqlite3.Connection, complaints: set[str]) -> tuple[dict[str, datetime], list[float]]:
    """When each was due, and the seconds from due to noticed as the journal has both; waits until every miss is written."""
    query = "SELECT complaint_id, at, json_extract(event, '$.due_at') FROM journal WHERE kind = 'deadline_missed'"
    end = time.monotonic() + _PATIENCE
    while True:
        rows = [row for row in sql.execute(query) if row[0] in complaints]
        if len(rows) >= len(complaints) or time.monotonic() > end:
            break
        await asyncio.sleep(0.5)
    if len(rows) < len(complaints):
        raise RuntimeError(f"only {len(rows)} of {len(complaints)} misses are in the journal")
    due = {complaint: datetime.fromisoformat(due_at) for complaint, _, due_at in rows}
    return due, [(datetime.fromisoformat(at) - due[complaint]).total_seconds() for complaint, at, _ in rows]


async def _mailed_late(built: Stand, due_at: dict[str, datetime]) -> list[float]:
    """Seconds from due to the arrival of the mail that tells a supervisor; waits until each has arrived."""
    end = time.monotonic() + _PATIENCE
    supervisors = {each.email for each in built.terms.tenant.staff_with(Role.SUPERVISOR)}
    while True:
        late: dict[str, float] = {}
        for received_at, subject, recipients in built.mails():
            complaint = next((word for word in _COMPLAINT.findall(subject) if word in due_at), None)
            if complaint is not None and complaint not in late and supervisors & set(recipients):
                late[complaint] = (datetime.fromisoformat(received_at) - due_at[complaint]).total_seconds()
        if len(late) >= len(due_at):
            return list(late.values())
        if time.monotonic() > end:
            raise RuntimeError(f"only {len(late)} of {len(due_at)} supervisors' mails have arrived")
        await asyncio.sleep(0.5)
