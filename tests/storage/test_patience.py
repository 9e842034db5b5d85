"""Asking the database for as long as one has time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from storage.patience import within

SOON, LONG = timedelta(milliseconds=10), timedelta(seconds=30)


async def test_what_takes_too_long_is_not_waited_for_and_comes_to_its_own_end() -> None:
    go_on, ended = asyncio.Event(), asyncio.Event()

    async def slow() -> int:
        await go_on.wait()
        ended.set()
        raise OSError("nobody is left to hear this")

    with pytest.raises(TimeoutError):
        await within(SOON, slow())
    go_on.set()
    await asyncio.wait_for(ended.wait(), 10)


async def test_an_answer_in_time_and_an_error_in_time_are_told() -> None:
    async def answer() -> int:
        return 7

    async def fail() -> int:
        raise OSError("away")

    assert await within(LONG, answer()) == 7
    with pytest.raises(OSError, match="away"):
        await within(LONG, fail())
