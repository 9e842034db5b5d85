"""Figures that are read when Prometheus asks, from a program that runs an event loop."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import timedelta

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

# Several scrapers, and a scraper that asks often, cost one question.
FRESH = timedelta(seconds=10)
_PATIENCE = timedelta(seconds=4)


class Collected(Collector):
    """Gauges that `read` makes, kept for `fresh`. What cannot be read is missing, and `<name>_up` is 0: old figures would lie."""

    def __init__(
        self,
        name: str,
        read: Callable[[], Awaitable[Sequence[Metric]]],
        described: Iterable[Metric],
        loop: asyncio.AbstractEventLoop,
        *,
        fresh: timedelta = FRESH,
    ) -> None:
        self._name = name
        self._read = read
        self._described = tuple(described)
        self._loop = loop
        self._fresh = fresh.total_seconds()
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._last: Sequence[Metric] | None = None

    def describe(self) -> Iterable[Metric]:
        return (*self._described, self._up(0))

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            if time.monotonic() - self._read_at > self._fresh:
                self._last = self._ask()
                self._read_at = time.monotonic()
            last = self._last
        yield self._up(0 if last is None else 1)
        yield from last or ()

    def _ask(self) -> Sequence[Metric] | None:
        answer = asyncio.run_coroutine_threadsafe(_awaited(self._read), self._loop)
        try:
            return answer.result(_PATIENCE.total_seconds())
        except Exception:  # whatever it is, the other figures must reach their reader
            answer.cancel()
            return None

    def _up(self, value: int) -> Metric:
        return GaugeMetricFamily(f"{self._name}_up", "1 when these figures could be read.", value=value)


async def _awaited(read: Callable[[], Awaitable[Sequence[Metric]]]) -> Sequence[Metric]:
    return await read()
