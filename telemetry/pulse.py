"""Whether the event loop of this process still turns: what a thread can tell of it from outside."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

BEAT_SECONDS = 1.0
# Longer than any task of ours may hold the loop; the worker's longest replays take some seconds.
SILENT_SECONDS = 30.0


class Pulse:
    """Beats as long as the loop turns."""

    def __init__(self) -> None:
        self._beat_at = time.monotonic()

    def felt(self) -> bool:
        """Whether the loop turned within the last SILENT_SECONDS. Asked from any thread."""
        return time.monotonic() - self._beat_at < SILENT_SECONDS

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _beat(self) -> None:
        while True:
            self._beat_at = time.monotonic()
            await asyncio.sleep(BEAT_SECONDS)
