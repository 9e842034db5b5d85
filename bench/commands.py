"""How soon a command is answered, and how soon after it the journal shows what it did."""

from __future__ import annotations

import asyncio
import sqlite3
import time
import uuid
from dataclasses import dataclass, field

from bench.bare import Mix, SameEvents
from bench.goals import Figure, Findings, quantile, shown
from bench.http import Line
from bench.life import AGENT, DELAY, Life, file
from bench.stand import BARE_QUEUE, TENANT, Stand, stand, to_json
from domain.commands import name_of

_QUIET = 0.1


@dataclass
class Seen:
    """Seconds. `lag`: from the answer to the row; `whole`: from sending the command to the row."""

    answered: list[float] = field(default_factory=list)
    lag: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)


async def measure(quick: bool) -> Findings:
    count = 30 if quick else 100
    async with stand("partners", "mailsink", "worker", "api", "bare") as built:
        sql = built.sql()
        token = await built.token("agent", AGENT.id)
        orders = await built.orders(count + 5)
        seen, over_http, bare = Seen(), Seen(), Seen()
        for number, order in enumerate(orders):
            warm = number >= 5
            life = await _quiet_complaint(built, sql, order)
            handle = await built.client.start_workflow(
                SameEvents.run, [Mix()] * 3, id=f"bare-{uuid.uuid4()}", task_queue=BARE_QUEUE
            )
            await asyncio.sleep(_QUIET)
            for _ in range(2):
                begun = time.perf_counter()
                await handle.execute_update(SameEvents.step, "word")
                bare.answered.append(time.perf_counter() - begun) if warm else None
            # Three commands of an agent by turns: two through the desk, one over HTTP.
            for place, step in enumerate(DELAY.steps[:3]):
                await life.reaches(step.stage)
                await asyncio.sleep(_QUIET)
                target = over_http if place == (number % 3) else seen
                await _command(built, life, place, target if warm else Seen(), token if target is over_http else None)
        sql.close()
    return Findings(figures=_figures(seen, over_http, bare), notes=[_LAG])


_LAG = (
    "The journal is written by a local activity in the same workflow task that answers the command: the row is there before "
    "the answer is, unless the database is away. A lag of 0 means that the first look after the answer found it; "
    "the figures from sending the command to the row are the whole way."
)


async def _quiet_complaint(built: Stand, sql: sqlite3.Connection, order: str) -> Life:
    """Filed, its order found and its first notices sent: nothing else is under way."""
    life = await file(built, sql, DELAY, order)
    end = time.monotonic() + 60
    query = "SELECT count(*) FROM journal WHERE complaint_id = ? AND kind = 'order_checked'"
    while not sql.execute(query, (life.complaint_id,)).fetchone()[0]:
        if time.monotonic() > end:
            raise RuntimeError(f"the order of {life.complaint_id} is not found")
        await asyncio.sleep(0.01)
    await asyncio.sleep(_QUIET)
    return life


async def _command(built: Stand, life: Life, place: int, seen: Seen, token: str | None) -> None:
    step = DELAY.steps[place]
    before, _ = life.seen()
    if token is not None:
        async with Line(built.settings.api_url) as line:
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            path = f"/v1/complaints/{life.complaint_id}/{name_of(type(step.command))}"
            body = to_json(step.command.model_dump(mode="json")).encode()
            begun = time.perf_counter()
            status, answer = await line.ask("POST", path, headers, body)
            answered = time.perf_counter()
            if status != 200:
                raise RuntimeError(f"{path}: {status} {answer[:300]!r}")
    else:
        begun = time.perf_counter()
        await life.does(step.by, step.command)
        answered = time.perf_counter()
    while life.seen()[0] == before:
        await asyncio.sleep(0.001)
    shown_at = time.perf_counter()
    seen.answered.append(answered - begun)
    # The first look costs a millisecond or less; it is counted, so that 0 is never claimed.
    seen.lag.append(shown_at - answered)
    seen.whole.append(shown_at - begun)


def _figures(seen: Seen, over_http: Seen, bare: Seen) -> list[Figure]:
    def ms(values: list[float], share: float) -> float:
        return quantile(values, share) * 1000

    def beside(share: float) -> str:
        return f"{shown(ms(bare.answered, share))} ms (update)"

    count = f"{len(seen.answered)} commands of tenant {TENANT}"
    return [
        Figure("command answered, p50", ms(seen.answered, 0.5), "ms", most=25, aim="< 12", bare=beside(0.5), note=count),
        Figure("command answered, p99", ms(seen.answered, 0.99), "ms", bare=beside(0.99)),
        Figure("command answered over HTTP, p50", ms(over_http.answered, 0.5), "ms", note=f"{len(over_http.answered)} commands"),
        Figure("journal lag behind a command's answer, p50", ms(seen.lag, 0.5), "ms", most=60, aim="< 30"),
        Figure("journal lag behind a command's answer, p99", ms(seen.lag, 0.99), "ms", most=500, aim="< 150"),
        Figure("command sent until its row is there, p50", ms(seen.whole, 0.5), "ms"),
        Figure("command sent until its row is there, p99", ms(seen.whole, 0.99), "ms"),
    ]
