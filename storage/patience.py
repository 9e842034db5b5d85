"""Asking the database for as long as one has time, and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")


async def within(patience: timedelta, asked: Coroutine[Any, Any, _Answer]) -> _Answer:
    """The answer, or TimeoutError when it takes longer than that.

    What was asked is not broken off: the driver would drop the connection in the middle. It goes on to its end, and nobody hears.
    """
    task = asyncio.ensure_future(asked)
    done, _ = await asyncio.wait({task}, timeout=patience.total_seconds())
    if not done:
        task.add_done_callback(_unheard)
        raise TimeoutError
    return task.result()


def _unheard(task: asyncio.Future[Any]) -> None:
    """An error that nobody waits for any more has been heard of."""
    if not task.cancelled():
        task.exception()
