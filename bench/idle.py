"""What open complaints cost while nothing happens: CPU, memory and bytes of file."""

from __future__ import annotations

import asyncio
import time

from bench.goals import Figure, Findings, Table, shown
from bench.meter import cpu_ms, file_bytes, rss_mb
from bench.opening import crowd, quiet
from bench.stand import stand

_WATCHED_SECONDS = 30
_OPENING_SECONDS = 360


async def measure(quick: bool) -> Findings:
    wanted = 1_000 if quick else 30_000
    async with stand("partners", "mailsink", "worker") as built:
        many = await crowd(built)
        parts = {"Temporal server": built.process("temporal"), "worker": built.process("worker")}
        empty = {name: rss_mb(part) for name, part in parts.items()}
        size = file_bytes(built.temporal_file)
        begun = time.monotonic()
        await many.grow_to(wanted, until=begun + _OPENING_SECONDS)
        await quiet(built)
        before = {name: cpu_ms([part]) for name, part in parts.items()}
        await asyncio.sleep(_WATCHED_SECONDS)
        cores = {name: (cpu_ms([part]) - before[name]) / 1000 / _WATCHED_SECONDS for name, part in parts.items()}
        memory = {name: rss_mb(part) for name, part in parts.items()}
        grown = (file_bytes(built.temporal_file) - size) / many.opened
    note = f"{many.opened:,} open" + ("" if many.opened == wanted else f": {wanted:,} did not fit into {_OPENING_SECONDS} s")
    return Findings(
        figures=[
            Figure("idle cores, server and worker", sum(cores.values()), most=0.15, aim="≤ 0.08", note=note),
            Figure("worker memory", memory["worker"], "MB", most=250, note=note),
            Figure("Temporal's file for each open complaint", grown / 1000, "kB", note=note),
        ],
        tables=[
            Table(
                f"Idle with {many.opened:,} open complaints, over {_WATCHED_SECONDS} s", ("", "cores", "MB", "MB with none open"),
                tuple((name, f"{cores[name]:.3f}", shown(memory[name]), shown(empty[name])) for name in parts),
            )
        ],
        notes=[
            "The worker keeps up to 1,000 complaints in its cache. Each takes 0.4 MB there, for the sandbox imports the files of "
            "workflows/ anew for each run; were they passed through like the domain, it would be 0.1 MB.",
        ],
    )  # fmt: skip
