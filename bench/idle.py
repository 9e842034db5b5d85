"""What open complaints cost while nothing happens: CPU, memory and bytes of file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bench.goals import Figure, Findings, Table, shown
from bench.meter import cpu_ms, file_bytes, rss_mb
from bench.opening import Crowd, quiet
from bench.stand import Stand

_WATCHED_SECONDS = 30
_PARTS = {"Temporal server": "temporal", "worker": "worker"}


@dataclass(frozen=True)
class Empty:
    """What a stand takes while no complaint is open."""

    memory: dict[str, float]
    file: int


def empty(built: Stand) -> Empty:
    """To be asked of a fresh stand."""
    return Empty({name: rss_mb(built.process(part)) for name, part in _PARTS.items()}, file_bytes(built.temporal_file))


async def of(built: Stand, many: Crowd, before: Empty, wanted: int) -> Findings:
    """Watch those that are open. `wanted` says how many there should be."""
    parts = {name: built.process(part) for name, part in _PARTS.items()}
    await quiet(built, 300)
    used = {name: cpu_ms([part]) for name, part in parts.items()}
    await asyncio.sleep(_WATCHED_SECONDS)
    cores = {name: (cpu_ms([part]) - used[name]) / 1000 / _WATCHED_SECONDS for name, part in parts.items()}
    memory = {name: rss_mb(part) for name, part in parts.items()}
    grown = (file_bytes(built.temporal_file) - before.file) / many.opened
    note = f"{many.opened:,} open" + ("" if many.opened == wanted else f": {wanted:,} did not fit into the time")
    return Findings(
        figures=[
            Figure("idle cores, server and worker", sum(cores.values()), most=0.15, aim="≤ 0.08", note=note),
            Figure("worker memory", memory["worker"], "MB", most=250, note=note),
            Figure("Temporal's file for each open complaint", grown / 1000, "kB", note=note),
        ],
        tables=[
            Table(
                f"Idle with {many.opened:,} open complaints, over {_WATCHED_SECONDS} s", ("", "cores", "MB", "MB with none open"),
                tuple((name, f"{cores[name]:.3f}", shown(memory[name]), shown(before.memory[name])) for name in parts),
            )
        ],
        notes=[
            "The worker keeps up to 600 complaints in its cache and replays the others from their histories. Each takes 0.1 MB "
            "there. Its memory is that of a worker that has just gone through the measurement of lateness.",
        ],
    )  # fmt: skip
