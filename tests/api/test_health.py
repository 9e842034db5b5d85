"""Alive and ready: each part that the service needs, with its state."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Mapping

import httpx
import structlog

from api.app import assembled
from api.shelf import Shelf
from desk.door import Desk
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


async def test_nobody_is_told_of_companies_and_files(unmanned: World) -> None:
    parts = unmanned.app.state.parts
    bare = dataclasses.replace(parts, shelf=Shelf((), unmanned.tenants))
    transport = httpx.ASGITransport(app=assembled(bare))
    async with httpx.AsyncClient(transport=transport, base_url="http://redress.test") as http:
        with structlog.testing.capture_logs() as lines:
            answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()["packs"]["ok"]) == (503, False)
    assert [word for word in ("home", "demo", "olist", "tenants", ".toml") if word in answer.text] == []
    assert "home-demo: home@2026-11" in str(lines), "whoever reads the log is told"


async def test_many_who_ask_at_once_cost_one_look(unmanned: World) -> None:
    looks, found = 0, asyncio.Event()

    class Counting(Desk):
        async def is_there(self) -> bool:
            nonlocal looks
            looks += 1
            await found.wait()
            return True

    parts = unmanned.app.state.parts
    transport = httpx.ASGITransport(app=assembled(dataclasses.replace(parts, desk=Counting(parts.desk.client, "nobody"))))
    async with httpx.AsyncClient(transport=transport, base_url="http://redress.test") as http:
        asking = [asyncio.create_task(http.get("/readyz")) for _ in range(20)]
        for _ in range(1000):  # turns of the loop: all of them have come by then
            await asyncio.sleep(0)
        found.set()
        answers = [(await each).json()["status"] for each in asking]
        assert (looks, set(answers)) == (1, {"degraded"})
        assert (await http.get("/readyz")).status_code == 200
        assert looks == 2, "who comes later has a fresh answer"
