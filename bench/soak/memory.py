"""What the processes hold while time goes by, and whether it grows."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from bench.goals import Figure, Table, median, shown
from bench.meter import rss_mb
from bench.stand import Stand

_EVERY_SECONDS = 2.0
# Caches fill and allocators settle first: what is called flat is what comes after.
_SETTLED = 0.3
_COMPARED = 0.15


@dataclass
class Memory:
    """Samples of each process, in MB, in the order in which they were taken."""

    parts: dict[str, str]
    samples: dict[str, list[float]] = field(default_factory=dict)

    def take(self, built: Stand) -> None:
        for name, part in self.parts.items():
            self.samples.setdefault(name, []).append(rss_mb(built.process(part)))

    def settled(self, name: str) -> float:
        """MB once it has settled: the median of a sixth of the run."""
        seen = self.samples[name]
        return median(seen[int(len(seen) * _SETTLED) : max(1, int(len(seen) * (_SETTLED + _COMPARED)))] or seen)

    def at_the_end(self, name: str) -> float:
        """MB at the end: the median of the last sixth of the run."""
        seen = self.samples[name]
        return median(seen[int(len(seen) * (1 - _COMPARED)) :] or seen)

    def growth(self, name: str) -> float:
        """Per cent from settled to the end; negative when it fell."""
        return (self.at_the_end(name) / self.settled(name) - 1) * 100

    def figures(self, note: str) -> list[Figure]:
        return [
            Figure(f"{name}: memory grown in the soak", self.growth(name), "%", most=most, note=note)
            for name, most in (("worker", 5.0), ("API", 5.0))
        ]

    def table(self) -> Table:
        """Each process through the soak, in ten stretches."""
        rows = []
        for name, seen in self.samples.items():
            tenths = [seen[len(seen) * place // 10 : len(seen) * (place + 1) // 10] or seen for place in range(10)]
            rows.append((name, *(shown(median(tenth)) for tenth in tenths)))
        return Table("Memory in MB through the soak, in tenths of it", ("", *(f"{n}/10" for n in range(1, 11))), tuple(rows))


@contextlib.asynccontextmanager
async def watched(built: Stand) -> AsyncIterator[Memory]:
    """Samples are taken for as long as the body runs."""
    memory = Memory({"Temporal server": "temporal", "worker": "worker", "API": "api", "partners": "partners"})
    memory.take(built)

    async def watch() -> None:
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            memory.take(built)

    task = asyncio.create_task(watch())
    try:
        yield memory
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
