"""The load of the intake measurement, as a process of its own: `python -m bench.load api|bare COUNT ...` prints what it saw."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
import uuid
from collections.abc import Awaitable, Callable

import uvloop
from temporalio.client import Client

from bench.goals import quantile
from bench.http import Line

CONCURRENCY = 32
_BODY = {
    "category": "transport_damage",
    "channel": "app",
    "customer": {"name": "王芳", "customer_id": "cust-0001", "email": "wang@customer.example"},
    "content": "收到的岩板破损，无法使用。",
    "expectation": "尽快处理",
    "order_number": "HM-2026-0001",
}


async def api(count: int, url: str, token: str) -> list[float]:
    """File so many complaints over HTTP, 32 at a time, each connection kept."""
    body = json.dumps(_BODY, ensure_ascii=False).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    async def worker(take: Callable[[], bool], seen: list[float]) -> None:
        async with Line(url) as line:
            while take():
                begun = time.perf_counter()
                key = {"Idempotency-Key": str(uuid.uuid4())}
                status, answer = await line.ask("POST", "/v1/complaints", headers | key, body)
                if status != 201:
                    raise RuntimeError(f"{status}: {answer[:300]!r}")
                seen.append(time.perf_counter() - begun)

    return await _share(count, worker)


async def bare(count: int, address: str) -> list[float]:
    """Start so many workflows that do nothing, 32 at a time, through one client. Nobody works on them."""
    client = await Client.connect(address)

    async def worker(take: Callable[[], bool], seen: list[float]) -> None:
        while take():
            begun = time.perf_counter()
            await client.start_workflow("NoOp", id=f"bare-{uuid.uuid4()}", task_queue="bare")
            seen.append(time.perf_counter() - begun)

    return await _share(count, worker)


async def _share(count: int, worker: Callable[[Callable[[], bool], list[float]], Awaitable[None]]) -> list[float]:
    left = count

    def take() -> bool:
        nonlocal left
        left -= 1
        return left >= 0

    seen: list[float] = []
    await asyncio.gather(*(worker(take, seen) for _ in range(CONCURRENCY)))
    return seen


async def main(kind: str, count: int, *rest: str) -> None:
    begun = time.perf_counter()
    seen = await (api(count, *rest) if kind == "api" else bare(count, *rest))
    seconds = time.perf_counter() - begun
    used = os.times()
    print(json.dumps({
        "rate": count / seconds, "p50": quantile(seen, 0.5), "p99": quantile(seen, 0.99),
        "client_cpu_ms": (used.user + used.system) * 1000 / count,
    }))  # fmt: skip
    await asyncio.sleep(0.3)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]))
