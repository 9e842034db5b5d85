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
# As a page does that is open.
_LOOK_EVERY = 1.0
_PATIENCE = 300.0


@dataclass
class Traffic:
    """Whole lives through the API. `again` holds what the server could not answer at once and asked to be asked again, with the
    second of the hour. Raises RuntimeError for any other refusal or error."""

    built: Stand
    http: httpx.AsyncClient
    tokens: dict[str, str]
    closed: int = 0
    requests: int = 0
    again: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    async def flow(self, orders: list[str], seconds: float) -> None:
        """Begin a life for each of these orders, spread evenly, and wait for the end of all of them."""
        self.begun = time.monotonic()

        async def one(number: int, order: str) -> None:
            await asyncio.sleep(max(0.0, self.begun + seconds * number / len(orders) - time.monotonic()))
            await self._live((DELAY, DAMAGE)[number % 2], order)

        await asyncio.gather(*(one(number, order) for number, order in enumerate(orders)))

    async def _live(self, path: Path, order: str) -> None:
        filed = await self._ask(
            "POST", "/v1/complaints", self.tokens["intake"], intake(path, order).model_dump(mode="json", exclude_none=True)
        )
        complaint = f"/v1/complaints/{filed['complaint_id']}"
        link = await self._ask("POST", f"{complaint}/customer-link", self.tokens["agent"], {})
        tokens = self.tokens | {"customer": str(link["token"])}
        for step in path.steps:
            await self._reaches(complaint, _at(step.stage))
            if step.stage == "proposing":
                # As a person does who is told that the order system has not answered yet.
                await self._reaches(complaint, lambda case: case.get("order_check") != "pending")
            token = tokens[_role(step.by)]
            # What people look at before they act: a customer at their complaint, the others at their work too.
            if step.by is not CUSTOMER:
                await self._ask("GET", "/v1/complaints?sort=work&status=open&limit=50", token)
            await self._ask("GET", f"{complaint}/journal", token)
            await self._ask("POST", f"{complaint}/{name_of(type(step.command))}", token, step.command.model_dump(mode="json"))
        await self._reaches(complaint, _at("closed"))
        self.closed += 1

    async def _reaches(self, complaint: str, reached: Callable[[dict[str, Any]], bool]) -> None:
        end = time.monotonic() + _PATIENCE
        while not reached(case := await self._ask("GET", complaint, self.tokens["agent"])):
            if time.monotonic() > end:
                raise RuntimeError(f"{complaint} does not go on: stage {case.get('stage')}, order {case.get('order_check')}")
            await asyncio.sleep(_LOOK_EVERY)

    async def _ask(self, method: str, path: str, token: str, body: Any = None) -> dict[str, Any]:
        """What is answered in the end: as every caller must, a request that is to come later comes again under its key."""
        headers = {"Authorization": f"Bearer {token}"}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        end = time.monotonic() + _PATIENCE
        while True:
            answer = await self.http.request(method, path, json=body, headers=headers)
            self.requests += 1
            if answer.status_code < 400:
                found: dict[str, Any] = answer.json()
                return found
            said = f"{time.monotonic() - self.begun:.0f} s: {method} {path}: {answer.status_code} {answer.text[:300]}"
            if answer.status_code not in (503, 504) or "Retry-After" not in answer.headers or time.monotonic() > end:
                raise RuntimeError(said)
            self.again.append(said)
            await asyncio.sleep(min(float(answer.headers["Retry-After"]), 5.0))


def _at(stage: str) -> Callable[[dict[str, Any]], bool]:
    return lambda case: case.get("stage") == stage


def _role(by: Actor) -> str:
    return next(role for role, person in _PEOPLE.items() if person is by)


async def tokens(built: Stand) -> dict[str, str]:
    """What each of them calls with; a customer with the link of their complaint."""
    return {role: await built.token(role, person.id) for role, person in _PEOPLE.items() if person is not CUSTOMER}
