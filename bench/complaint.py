"""What a typical paid complaint costs: its history, and its CPU time beside a bare workflow of the same events."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from temporalio.api.history.v1 import HistoryEvent
from temporalio.testing import TimeSkipper

from bench.bare import Mix, SameEvents
from bench.goals import Figure, Findings, Table, median, shown
from bench.history import Cost, cost_of, segments_of
from bench.life import DAMAGE, DELAY, Path, each, file, live
from bench.meter import cpu_ms, file_bytes
from bench.stand import BARE_QUEUE, Stand, stand

_PAUSE = 0.15
_AT_ONCE = 6


async def measure(quick: bool) -> Findings:
    rounds, count = (3, 20) if quick else (5, 30)
    async with stand("partners", "mailsink", "worker", "bare") as built:
        found = Findings()
        histories = {path.name: await usual_life(built, path) for path in (DELAY, DAMAGE)}
        costs = {name: cost_of(history) for name, history in histories.items()}
        found.figures += _history_figures(costs)
        found.tables += [_breakdown(name, cost) for name, cost in costs.items()]
        found.notes += _NOTES
        found.add(await _cpu(built, rounds, count))
    return found


_NOTES = [
    "The two days of a complaint are lived by the rehearsal clock of the server, whose own events are not counted; which timers "
    "are moved depends a little on the time of day. What partners and people do takes a second each.",
    "Events: a command is 5 (3 of them its workflow task), a remote activity 6 (3 of them the task that hears its answer). The "
    "six activities that send notices are 36 events; to reach 80 they would have to leave the history, as activities of their "
    "own (standalone) that are started where the journal is written and come back only when they fail.",
    "Actions: one search-attribute upsert for each change of stage (what lies with the agent is one), and one for each task that "
    "writes the journal. Bytes: every payload is made small (about half) and sealed (about 110 bytes each).",
    "The bare worker's sandbox is the SDK's own; ours asks it directly what a payload belongs to, which saves a sixth of it.",
]


async def usual_life(built: Stand, path: Path) -> list[HistoryEvent]:
    """A life over two days by the rehearsal clock, so that its timers are those of a real one."""
    sql = built.sql()
    (order,) = await built.orders(1)
    life = await file(built, sql, path, order)
    handle = built.client.get_workflow_handle(life.workflow_id)
    clock = TimeSkipper(built.client)
    for step in path.steps:
        await life.reaches(step.stage)
        # Partners and mail answer in real time, before the next person acts.
        await asyncio.sleep(1)
        await clock.fast_forward(handle, step.after)
        await life.does(step.by, step.command)
    await life.reaches("closed")
    await handle.result(rpc_timeout=timedelta(seconds=30))
    sql.close()
    return list((await handle.fetch_history()).events)


def _history_figures(costs: dict[str, Cost]) -> list[Figure]:
    figures = []
    for name, cost in costs.items():
        typical = name == DELAY.name
        figures += [
            Figure(f"{name}: events", cost.events, most=120 if typical else None, aim="≤ 80" if typical else ""),
            Figure(f"{name}: Actions", cost.total_actions, most=40 if typical else None, aim="≤ 28" if typical else ""),
            Figure(f"{name}: kB of history", cost.bytes / 1000, "kB", most=25 if typical else None),
        ]
    return figures


def _breakdown(name: str, cost: Cost) -> Table:
    actions = ", ".join(f"{number} {kind}" for kind, number in cost.actions.items())
    rows = [(kind.lower(), str(number), f"{size:,}") for kind, (number, size) in cost.by_type.items()]
    return Table(
        f"A complaint over two days ({name}): {cost.events} events, {cost.total_actions} Actions ({actions})",
        ("event", "number", "bytes"), (*rows, ("in all", str(cost.events), f"{cost.bytes:,}")),
    )  # fmt: skip


async def _cpu(built: Stand, rounds: int, count: int) -> Findings:
    """Rounds of ours and bare in turn. The bare workflow takes the same mix at the same pace, with empty activities."""
    sql = built.sql()
    orders = iter(await built.orders(rounds * count + count))
    sample = await live(built, sql, DELAY, next(orders), _PAUSE)
    history = (await built.client.get_workflow_handle(sample.workflow_id).fetch_history()).events
    mixes = [Mix(**vars(segment)) for segment in segments_of(history)]
    bare_events = await _bare_life(built, mixes)

    async def ours() -> None:
        await each(_AT_ONCE, [live(built, sql, DELAY, next(orders), _PAUSE) for _ in range(count)])

    async def bare() -> None:
        await each(_AT_ONCE, [_bare_life(built, mixes) for _ in range(count)])

    size = file_bytes(built.temporal_file), file_bytes(built.journal_file)
    rows: list[tuple[float, float, float, float]] = []
    for number in range(rounds):
        turns = {"ours": (ours, "worker"), "bare": (bare, "bare")}
        spent: dict[str, tuple[float, float]] = {}
        for kind in ("ours", "bare") if number % 2 else ("bare", "ours"):
            work, worker = turns[kind]
            spent[kind] = await _spent(built, worker, work(), count)
        rows.append((*spent["ours"], *spent["bare"]))
    sql.close()
    grown = (file_bytes(built.temporal_file) - size[0]), (file_bytes(built.journal_file) - size[1])
    ratio = [(row[0] + row[1]) / (row[2] + row[3]) for row in rows]
    server, worker_ms, bare_server, bare_worker = (median(row[i] for row in rows) for i in range(4))
    lives = rounds * count
    return Findings(
        figures=[
            Figure(
                "server + worker CPU / bare workflow of the same events", median(ratio), most=1.4, aim="≤ 1.15",
                bare=f"{shown(bare_server + bare_worker)} ms", note=f"ours {shown(server + worker_ms)} ms; {lives} lives each",
            )
        ],
        tables=[
            Table(
                f"CPU-ms of one life ({len(history)} events; the bare one {bare_events})", ("", "Temporal server", "worker"),
                (
                    ("complaint", shown(server), shown(worker_ms)),
                    ("bare workflow of the same events", shown(bare_server), shown(bare_worker)),
                ),
            )
        ],
        notes=[
            f"A closed complaint takes {shown(grown[1] / lives / 1000)} kB of the journal's file. Ours and bare together take "
            f"{shown(grown[0] / lives / 1000)} kB of Temporal's.",
            "The complaint's worker also talks HTTP to the partners and SMTP to the mail sink and writes SQL, all of which is in "
            "its figure; the bare workflow's activities do nothing and its payloads are one word.",
        ],
    )  # fmt: skip


async def _bare_life(built: Stand, mixes: list[Mix]) -> int:
    handle = await built.client.start_workflow(SameEvents.run, mixes, id=f"bare-{uuid.uuid4()}", task_queue=BARE_QUEUE)
    for _ in mixes[1:]:
        await asyncio.sleep(_PAUSE)
        await handle.execute_update(SameEvents.step, "word")
    await handle.result()
    return (await handle.describe()).history_length


async def _spent(built: Stand, worker: str, work: Coroutine[Any, Any, None], count: int) -> tuple[float, float]:
    """CPU-ms of the server and of the worker for one life."""
    server, process = built.process("temporal"), built.process(worker)
    before = cpu_ms([server]), cpu_ms([process])
    await work
    await asyncio.sleep(0.5)
    return (cpu_ms([server]) - before[0]) / count, (cpu_ms([process]) - before[1]) / count
