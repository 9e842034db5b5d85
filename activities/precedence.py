"""Precedence: what keeps promises and answers commands goes first, and letters go in between.

Hundreds of promises may fall due in the same seconds, and what follows from each, mail above all, costs as much as the miss
itself. Were both done as they come, the last miss would be noticed seconds late, because the letters about the first were written
before it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

# A letter that is seconds late harms nobody, one that never goes does.
_LONGEST = timedelta(seconds=5)
# Between two letters of a burst, so that what goes first comes in between.
_APART = timedelta(milliseconds=5)


class Precedence:
    """Shared by workflows and activities of one worker process."""

    def __init__(self, longest: timedelta = _LONGEST) -> None:
        self._longest = longest.total_seconds()
        self._first = 0
        # Workflow tasks run in threads of their own.
        self._counting = threading.Lock()
        self._one_by_one = asyncio.Lock()

    @contextmanager
    def first(self) -> Iterator[None]:
        """Around a workflow task, and around what one waits for."""
        with self._counting:
            self._first += 1
        try:
            yield
        finally:
            with self._counting:
                self._first -= 1

    async def after(self) -> None:
        """Wait for a moment in which nothing that goes first is under way; for five seconds at most."""
        if not self._first and not self._one_by_one.locked():
            return
        clock = asyncio.get_running_loop().time
        end_at = clock() + self._longest
        async with self._one_by_one:
            # One looks, two hundred times a second, and only while letters wait: cheaper than to be told by every task.
            while True:
                await asyncio.sleep(_APART.total_seconds())
                if not self._first or clock() >= end_at:
                    return
