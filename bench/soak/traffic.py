"""People at work meanwhile: complaints filed, read, decided and closed over HTTP, at the pace of a busy hour."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.life import AGENT, CUSTOMER, DAMAGE, DELAY, SHOP, SUPERVISOR, Path, intake
from bench.stand import Stand
from domain.actor import Actor
from domain.commands import name_of

_PEOPLE: dict[str, Actor] = {"agent": AGENT, "supervisor": SUPERVISOR, "customer": CUSTOMER, "intake": SHOP}
_LOOK_EVERY = 0.25
_PATIENCE = 300.0


@dataclass
class Traffic:
    """Whole lives through the API. `failed` holds what was answered with an error of the server's own."""

    built: Stand
    http: httpx.AsyncClient
    tokens: dict[str, str]
    closed: int = 0
    requests: int = 0
    failed: list[str] = field(default_factory=list)

    async def flow(self, orders: list[str], seconds: float) -> None:
        """Begin a life for each of these orders, spread evenly, and wait for the end of all of them."""
        begun = time.monotonic()

        async def one(number: int, order: str) -> None:
            await asyncio.sleep(max(0.0, begun + seconds * number / len(orders) - time.monotonic()))
            await self._live((DELAY, DAMAGE)[number % 2], order)

        await asyncio.gather(*(one(number, order) for number, order in enumerate(orders)))

    async def _live(self, path: Path, order: str) -> None:
        filed = await self._ask(
            "POST", "/v1/complaints", "intake", intake(path, order).model_dump(mode="json", exclude_none=True)
        )
        complaint = str(filed["complaint_id"])
        for step in path.steps:
            await self._reaches(complaint, _at(step.stage))
            if step.stage == "proposing":
                # As a person does who is told that the order system has not answered yet.
                await self._reaches(complaint, lambda case: case.get("order_check") != "pending")
            # What an agent looks at before they act.
            await self._ask("GET", "/v1/complaints?sort=work&status=open&limit=50", "agent")
            await self._ask("GET", f"/v1/complaints/{complaint}/story", "agent")
            await self._ask(
                "POST",
                f"/v1/complaints/{complaint}/{name_of(type(step.command))}",
                _role(step.by),
                step.command.model_dump(mode="json"),
            )
        await self._reaches(complaint, _at("closed"))
        self.closed += 1

    async def _reaches(self, complaint: str, reached: Callable[[dict[str, Any]], bool]) -> None:
        end = time.monotonic() + _PATIENCE
        while not reached(case := await self._ask("GET", f"/v1/complaints/{complaint}", "agent")):
            if time.monotonic() > end:
                raise RuntimeError(f"{complaint} does not go on: stage {case.get('stage')}, order {case.get('order_check')}")
            await asyncio.sleep(_LOOK_EVERY)

    async def _ask(self, method: str, path: str, role: str, body: Any = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        answer = await self.http.request(method, path, json=body, headers=headers)
        self.requests += 1
        if answer.status_code >= 500:
            self.failed.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        elif answer.status_code >= 400 and not (method == "GET" and answer.status_code in (404, 425)):
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        found: dict[str, Any] = answer.json() if answer.status_code < 400 else {}
        return found


def _at(stage: str) -> Callable[[dict[str, Any]], bool]:
    return lambda case: case.get("stage") == stage


def _role(by: Actor) -> str:
    return next(role for role, person in _PEOPLE.items() if person is by)


async def tokens(built: Stand) -> dict[str, str]:
    """What each of them calls with. The customer's word is reported by the agent who heard it."""
    made = {role: await built.token(role, person.id) for role, person in _PEOPLE.items() if role != "customer"}
    return made | {"customer": made["agent"]}
