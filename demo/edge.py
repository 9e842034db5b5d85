"""The systems at the edge of the world as the demo handles them: fresh orders, partners' moves, what was really paid."""

from __future__ import annotations

from typing import Any

import httpx

from demo.failure import DemoFailed
from settings.language import text

Order = dict[str, Any]


class Edge:
    """The partner systems, through their own HTTP interface and the hand behind the scenes."""

    def __init__(self, url: str, run: str) -> None:
        self._run = run
        self._http = httpx.AsyncClient(base_url=url, trust_env=False, timeout=20)

    async def close(self) -> None:
        await self._http.aclose()

    async def order(self, number: str) -> Order | None:
        """An order as the shop's order system tells it."""
        answer = await self._http.get(f"/orders/{number}")
        if answer.status_code == 404:
            return None
        order: Order = answer.raise_for_status().json()
        return order

    async def fresh_order(self, sample: str) -> Order:
        """A copy of a sample order under a number of this run, so that each run has its own money to give back."""
        order = await self.order(sample)
        if order is None:
            raise DemoFailed(text(f"There is no sample order {sample}.", f"没有示例订单 {sample}。"))
        copy = order | {"number": f"{sample}-{self._run}"}
        loaded = await self._http.post(
            "/orders/bulk", json={"orders": [copy]}, headers={"Idempotency-Key": f"demo-{copy['number']}"}
        )
        loaded.raise_for_status()
        return copy

    async def effects(self, key_prefix: str) -> list[dict[str, Any]]:
        """What partners really did under keys that begin so."""
        answer = await self._http.get("/control/effects", params={"key_prefix": key_prefix})
        effects: list[dict[str, Any]] = answer.raise_for_status().json()
        return effects

    async def advance(self, system: str, reference: str, to: str) -> None:
        """Move an effect on, as the partner would in its own time; its webhook tells Redress."""
        (await self._http.post(f"/control/{system}/{reference}/advance", json={"to": to})).raise_for_status()
