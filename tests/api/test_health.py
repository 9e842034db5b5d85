"""Alive and ready: each part that the service needs, with its state."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from tests.api.world import World


async def states(world: World) -> tuple[int, str, Mapping[str, bool]]:
    answer = await world.http.get("/readyz")
    told = answer.json()
    return answer.status_code, told["status"], {name: part["ok"] for name, part in told.items() if name != "status"}


async def test_whoever_answers_is_alive(cut_off: World) -> None:
    assert (await cut_off.http.get("/healthz")).json() == {"status": "ok"}


async def test_without_a_worker_complaints_can_be_filed_and_wait(unmanned: World) -> None:
    status, word, parts = await states(unmanned)
    assert (status, word) == (200, "degraded")
    assert parts == {"temporal": True, "workers": False, "database": True, "migrations": True, "packs": True}


async def test_with_a_worker_everything_is_ready(manned: World) -> None:
    until = time.monotonic() + 20
    while not (found := await states(manned))[2]["workers"]:
        assert time.monotonic() < until
        await asyncio.sleep(0.1)
    assert found[:2] == (200, "ready")


async def test_without_temporal_nothing_can_be_filed(cut_off: World) -> None:
    status, word, parts = await states(cut_off)
    assert (status, word) == (503, "not_ready")
    assert (parts["temporal"], parts["workers"], parts["database"]) == (False, False, True)
