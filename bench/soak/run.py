"""The soak's hour: every open complaint lives through it, a tenth of them break a promise in it, and people go on working."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

import httpx
from temporalio.testing import TimeSkipper

from bench.goals import Figure, Findings
from bench.life import each
from bench.opening import crowd, now, open_received_at, progress, quiet
from bench.soak.memory import watched
from bench.soak.traffic import Traffic, tokens
from bench.stand import TENANT, Stand, stand
from desk.ids import ComplaintName, complaint_id

_AN_HOUR = timedelta(hours=1)
_AT_ONCE = 4
_WRITTEN_WITHIN = 300.0
# The rest of the time belongs to what the last of the hour has set off.
_BUSY = 0.9


@dataclass(frozen=True)
class Scale:
    """How many are open, how many of them wait for their first answer, how many lives are lived meanwhile, and how many
    seconds the hour is compressed into."""

    open: int
    unanswered: int
    lives: int
    seconds: float


FULL = Scale(open=10_000, unanswered=1_000, lives=600, seconds=600)
SHORT = Scale(open=200, unanswered=20, lives=8, seconds=20)


async def measure(quick: bool) -> Findings:
    return await soak(SHORT if quick else FULL)


async def soak(scale: Scale) -> Findings:
    """Raises RuntimeError when a life does not come to its end, a broken promise is not written down, or the API has an error of
    its own."""
    async with stand("partners", "mailsink", "worker", "api") as built:
        many = await crowd(built)
        await many.grow_to(scale.open - scale.unanswered, until=time.monotonic() + 600)
        unanswered = await _unanswered(built, scale.unanswered)
        await quiet(built, 300)
        people, orders = await tokens(built), await built.orders(scale.lives)
        waiting = [ComplaintName(TENANT, complaint_id(TENANT, f"crowd-{number}")) for number in range(many.opened)]
        progress(f"{len(waiting) + len(unanswered):,} open; the hour begins")
        begun = time.monotonic()
        async with httpx.AsyncClient(base_url=built.settings.api_url, trust_env=False, timeout=60) as http:
            traffic = Traffic(built, http, people)
            async with watched(built) as memory:
                busy = scale.seconds * _BUSY
                try:
                    await asyncio.gather(traffic.flow(orders, busy), _an_hour_passes(built, [*waiting, *unanswered], busy))
                except RuntimeError:
                    _last_words(built)
                    raise
                await quiet(built, scale.seconds * (1 - _BUSY) + 30)
        missed = await _misses(built, unanswered)
        for said in traffic.again[:20]:
            progress(f"to be asked again: {said}")
    minutes = f"{(time.monotonic() - begun) / 60:.1f} minutes"
    opened = len(waiting) + len(unanswered)
    note = f"{opened:,} open, {traffic.closed} lives, {traffic.requests:,} requests, {missed:,} promises missed, {minutes}"
    return Findings(
        figures=[
            *memory.figures(note),
            Figure("requests that had to be asked again", 100 * len(traffic.again) / traffic.requests, "%", most=0.1, note=note),
            *(Figure(f"{name}: memory at the end of the soak", memory.at_the_end(name), "MB") for name in ("worker", "API")),
        ],
        tables=[memory.table()],
        notes=[
            f"Soak: an hour in {minutes}. The clock of each of {opened:,} open complaints is moved on by an hour, by the "
            f"server's time skipping; {len(unanswered):,} of them wait for their first answer, are missed and escalated in it. "
            f"Meanwhile {traffic.closed} complaints are filed, read, decided, paid and closed over HTTP in real time. Every miss "
            "was in the journal, every life ended, and no request was refused; one that was answered with 503 or 504 and "
            "Retry-After was asked again under its key, as callers must, and is counted. Grown: the median of the last "
            "15 % of the samples beside that of the 15 % after the first 30 %, in which caches fill.",
        ],
    )  # fmt: skip


def _last_words(built: Stand) -> None:
    """What worker and API complained of last; their logs are gone when the stand is."""
    for part in ("worker", "api"):
        lines = (built.folder / f"{part}.log").read_text(encoding="utf-8", errors="replace").splitlines()
        for line in lines[-20:]:
            progress(f"{part}: {line[:300]}")


async def _unanswered(built: Stand, count: int) -> list[ComplaintName]:
    """Complaints that were received just now; nobody answers them within the procedure's ten minutes."""
    orders = await built.orders(count)
    opened: list[ComplaintName] = await each(16, [open_received_at(built, now(), order) for order in orders])
    return opened


async def _an_hour_passes(built: Stand, names: Sequence[ComplaintName], seconds: float) -> None:
    """The hour comes to one complaint after the other, in no order, spread over this time."""
    clock = TimeSkipper(built.client)
    in_turn = list(names)
    random.Random(20261122).shuffle(in_turn)
    turns = iter(enumerate(in_turn))
    begun = time.monotonic()

    async def work() -> None:
        for place, name in turns:
            await asyncio.sleep(max(0.0, begun + seconds * place / len(in_turn) - time.monotonic()))
            await clock.fast_forward(built.client.get_workflow_handle(name.workflow_id), _AN_HOUR)
            if place and place % 1_000 == 0:
                progress(f"the hour has passed for {place:,}")

    await asyncio.gather(*(work() for _ in range(_AT_ONCE)))


async def _misses(built: Stand, unanswered: Sequence[ComplaintName]) -> int:
    """How many of them have their missed first answer in the journal; waits until all have."""
    wanted = {name.complaint_id for name in unanswered}
    query = "SELECT complaint_id FROM journal WHERE kind = 'deadline_missed'"
    end = time.monotonic() + _WRITTEN_WITHIN
    with closing(built.sql()) as sql:
        while left := wanted - {row[0] for row in sql.execute(query)}:
            if time.monotonic() > end:
                raise RuntimeError(f"of {len(wanted):,} broken promises {len(left):,} are not in the journal")
            await asyncio.sleep(1)
    return len(wanted)
