"""What tests of the API do again and again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from domain.actor import Role
from tests.api.world import as_role

AGENT = as_role(Role.AGENT, id="lin")


async def until(ask: Callable[[], Awaitable[httpx.Response]], holds: Callable[[Any], bool], seconds: float = 60) -> Any:
    """The first answer that holds: lists and journals follow a moment behind the commands."""
    for _ in range(int(seconds / 0.05)):
        answer = await ask()
        if answer.status_code == 200 and holds(answer.json()):
            return answer.json()
        await asyncio.sleep(0.05)
    raise AssertionError(f"never became true: {answer.status_code} {answer.text[:500]}")


async def done(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()
