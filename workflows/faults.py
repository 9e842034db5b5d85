"""Background work of a workflow: a mistake in it fails the workflow task, in sight of the operator, and is never swallowed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from temporalio import workflow


class Background:
    """Coroutines beside the main one. `until()` raises the first exception that any of them ended with."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._fault: BaseException | None = None

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._fault = self._fault or task.exception()

    async def until(self, outcome: Callable[[], bool]) -> None:
        """Wait for an outcome, or raise what a background coroutine raised.

        Never as a failure of Temporal's own, which would end the complaint: the task fails, is seen, and goes on once mended.
        """
        await workflow.wait_condition(lambda: self._fault is not None or outcome())
        if self._fault is not None:
            raise RuntimeError(f"background work failed: {self._fault}") from self._fault
