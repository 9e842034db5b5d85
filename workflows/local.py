"""Local activities, one at a time, and what comes from outside in between.

A local activity that is under way when its workflow task has to end (a query came, or it took long) is answered in the next task,
behind the signals and results that arrived with it; replayed, its answer comes first. Two at once are answered as they finish,
and replayed in the order in which they were begun (sdk-python #1578). Both would give a replayed complaint another order of work.
So one goes at a time, and whoever brings something from outside while one is under way waits until all that follows from it is
done: then the order is the same, whichever came first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from temporalio import workflow

_Answer = TypeVar("_Answer")


def leave_a_mark(revision: int) -> None:
    """Make a workflow task that changes something, and commands nothing, visible in history: one event, no Action.

    Tasks without commands look like heartbeats: a worker that takes a complaint over reads several of them as one, and hands
    their results over behind the updates that came later; replayed from the whole history, they come one by one, and before.
    """
    workflow.upsert_memo({"revision": revision})


class LocalWork:
    """The one door to local activities. `calm` says whether anything of the workflow's own still wants one."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._outstanding = 0
        self._wanted: list[Callable[[], bool]] = []

    def also_wanted(self, wanted: Callable[[], bool]) -> None:
        """Name a part that may want a local activity of its own next."""
        self._wanted.append(wanted)

    async def run(self, begin: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """Begin a local activity when no other is under way, and wait for its answer."""
        self._outstanding += 1
        try:
            async with self._one_at_a_time:
                return await begin()
        finally:
            self._outstanding -= 1

    async def calm(self) -> None:
        """Wait here with what came from outside. Without a local activity under way, which is the rule, this costs nothing.

        Those who wait go on one after the other, in the order in which they came: each may begin local work of its own.
        """
        if self._outstanding:
            while not self.is_calm():
                await workflow.wait_condition(self.is_calm)

    def is_calm(self) -> bool:
        """Nothing of the workflow's own wants a local activity any more."""
        return not self._outstanding and not any(wanted() for wanted in self._wanted)
