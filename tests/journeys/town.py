"""A whole town for tests: the house (Temporal with a virtual clock, worker, database, partners, mail) behind its real API.

`Town.files()` files a complaint by HTTP and gives a `Journey`: everything people do to it goes through the API from then on,
and news of partners comes in by their own signed webhooks. Only the clock is moved by hand: `Journey.passes()`.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from api.app import assembled
from api.decision_links import DecisionLinks
from api.doorkeeper import Doorkeeper
from api.local_issuer import customer_links, development, mint
from api.machine_keys import MachineKeys
from api.parts import Parts
from api.shelf import Shelf
from api.tokens import Tokens
from desk.door import Desk
from domain.actor import Actor, Role
from storage.database import open_database
from storage.keys import ApiKeys
from storage.packs import install_packs
from tests.api.wire import serving
from tests.api.world import TOKEN_KEY
from tests.doubles import free_port
from tests.house import ROOT, House, build_house
from workflows.arguments import Ending
from workflows.complaint import ComplaintWorkflow

INTAKE_CLIENT = Actor(id="shop", roles=(Role.INTAKE,))
# Whoever files for customers sees what they see; a journey looks at everything.
READER = Actor(id="reader", roles=(Role.SUPERVISOR,))
CUSTOMER = Actor(id="customer", roles=(Role.CUSTOMER,))
SECONDS = 60.0


@dataclass
class Answered:
    """An answer that is not 2xx: a problem, in the language that was asked for."""

    status: int
    problem: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.problem["code"])

    @property
    def fields(self) -> dict[str, str]:
        """Code of each field that was wrong."""
        return {each["field"]: each["code"] for each in self.problem.get("errors", ())}


@dataclass
class Journey:
    """One complaint, seen and moved through the API alone."""

    town: Town
    tenant: str
    id: str
    revision: int = 0

    @property
    def handle(self) -> WorkflowHandle[ComplaintWorkflow, Ending]:
        """Only for the clock."""
        name = f"complaint/{self.tenant}/{self.id}"
        return self.town.house.env.client.get_workflow_handle_for(ComplaintWorkflow.run, name)

    def _speaking(self, who: Actor, **headers: str) -> dict[str, str]:
        return self.town.token(who, self.tenant, self.id if Role.CUSTOMER in who.roles else None) | headers

    async def does(self, who: Actor, command: str, **body: Any) -> dict[str, Any]:
        """POST the command; its receipt (complaint_id, stage, revision)."""
        answer = await self._post(who, command, body)
        assert answer.status_code == 200, f"{command} by {who.id}: {answer.status_code} {answer.text}"
        receipt: dict[str, Any] = answer.json()
        self.revision = max(self.revision, receipt["revision"])
        return receipt

    async def refused(self, who: Actor, command: str, language: str = "en", **body: Any) -> Answered:
        """POST a command that the API must refuse."""
        answer = await self._post(who, command, body, **{"Accept-Language": language})
        assert 400 <= answer.status_code < 500, f"{command} by {who.id}: {answer.status_code} {answer.text}"
        return Answered(answer.status_code, answer.json())

    async def _post(self, who: Actor, command: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        return await self.town.http.post(f"/v1/complaints/{self.id}/{command}", json=body, headers=self._speaking(who, **headers))

    async def get(self, path: str = "", who: Actor | None = None, language: str = "en", **params: Any) -> Any:
        """GET something of this complaint: "" is the case, "/journal", "/deadlines", "/advice", ..."""
        answer = await self.town.http.get(
            f"/v1/complaints/{self.id}{path}",
            params=params,
            headers=self._speaking(who or READER, **{"Accept-Language": language}),
        )
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text}"
        return answer.json()

    async def until(self, true: Callable[[dict[str, Any]], bool], seconds: float = SECONDS) -> dict[str, Any]:
        """The case as the API shows it, as soon as it is so and no older than the last command that was given here."""
        end = time.monotonic() + seconds
        while (case := await self.get())["revision"] < self.revision or not true(case):
            assert time.monotonic() < end, f"waited {seconds} s; the case is at {case['stage']}, revision {case['revision']}"
            await asyncio.sleep(0.03)
        found: dict[str, Any] = case
        return found

    async def case(self) -> dict[str, Any]:
        return await self.until(lambda case: True)

    async def stage(self, stage: str) -> dict[str, Any]:
        """The case once it has come to that stage."""
        return await self.until(lambda case: case["stage"] == stage)

    async def promise(self, name: str) -> dict[str, Any]:
        """The running promise of that row of the pack, once it runs."""
        case = await self.until(lambda case: any(each["name"] == name for each in case["deadlines"]))
        return next(each for each in case["deadlines"] if each["name"] == name)

    async def step(self, name: str, status: str) -> dict[str, Any]:
        """The step of the plan, once it has come so far."""

        def found(case: dict[str, Any]) -> dict[str, Any] | None:
            return next((each for each in case["steps"] if each["step"]["id"] == name), None)

        case = await self.until(lambda case: (state := found(case)) is not None and state["status"] == status)
        state = found(case)
        assert state is not None
        return state

    async def journal(self, who: Actor | None = None, language: str = "en") -> list[dict[str, Any]]:
        """The whole story so far: seq, at, by, clauses, story (a sentence), event."""
        case = await self.case()
        lines: list[dict[str, Any]] = []
        while True:
            page = await self.get("/journal", who, language, after=lines[-1]["seq"] if lines else 0, limit=200)
            lines += page["entries"]
            if page["next_after"] is None:
                assert who is not None or lines[-1]["seq"] >= case["revision"]
                return lines

    async def told(self, kind: str, times: int = 1, seconds: float = SECONDS) -> list[dict[str, Any]]:
        """The entries of a kind, once there are so many."""
        end = time.monotonic() + seconds
        while len(found := [line for line in await self.journal() if line["event"]["kind"] == kind]) < times:
            assert time.monotonic() < end, f"only {len(found)} of {times} {kind} within {seconds} s"
            await asyncio.sleep(0.05)
        return found

    async def passes(self, duration: timedelta) -> None:
        """Let virtual time pass; what falls due within is done when this returns."""
        await self.town.house.env.fast_forward(self.handle, duration)

    async def passes_until(self, instant: datetime | str) -> None:
        """Let virtual time pass up to an instant, such as the `due_at` of a promise, and a second beyond."""
        to = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        await self.passes(to - await self.now() + timedelta(seconds=1))

    async def breaks(self, promise: dict[str, Any]) -> dict[str, Any]:
        """Let a promise fall due with nobody doing anything: the entry that says it was missed."""
        await self.passes_until(promise["due_at"])
        return await self.said_of(promise, "deadline_missed")

    async def said_of(self, promise: dict[str, Any], kind: str) -> dict[str, Any]:
        """The entry of that kind (deadline_met, deadline_missed) about this promise, once it is there."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for line in await self.journal():
                if line["event"]["kind"] == kind and line["event"]["key"] == promise["key"]:
                    return line
            await asyncio.sleep(0.05)
        raise AssertionError(f"no {kind} for {promise['key']} within {SECONDS} s")

    async def now(self) -> datetime:
        """The clock of this complaint."""
        return (await self.town.house.env.get_current_time(self.handle)).astimezone(UTC)

    async def arrives(self, step: str, to: str = "delivered") -> None:
        """The logistics partner ends a shipment and says so by its webhook."""
        state = await self.step(step, "ordered")
        self.town.house.partners.advance("logistics", state["reference"], to)
        await self.step(step, "done")

    def effects(self) -> list[dict[str, Any]]:
        """What partners really did for this complaint, oldest first."""
        return self.town.house.partners.effects(f"{self.tenant}:{self.id}/")

    async def mailed(self, to: str, words: str, seconds: float = SECONDS) -> bool:
        """Whether a mail about this complaint with these words in its subject reaches that address in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            subjects = [mail["subject"] for mail in self.town.house.mail.mails(to=to)]
            if any(self.id in subject and words in subject for subject in subjects):
                return True
            await asyncio.sleep(0.05)
        return False

    async def ends(self, outcome: str) -> list[dict[str, Any]]:
        """The complaint ends so; its whole story."""
        case = await self.stage("closed")
        assert case["outcome"] == outcome
        # The last notices are sent, and everything is written.
        await asyncio.wait_for(self.handle.result(), SECONDS)
        return await self.journal()


@dataclass
class Town:
    """The house and its API on a real port of 127.0.0.1."""

    house: House
    http: httpx.AsyncClient

    def token(self, who: Actor, tenant: str, complaint: str | None = None) -> dict[str, str]:
        """The Authorization header of somebody; a customer's is for one complaint."""
        return {"Authorization": f"Bearer {mint(TOKEN_KEY, who, tenant, timedelta(hours=1), complaint)}"}

    async def posts(self, tenant: str, intake: dict[str, Any], by: Actor = INTAKE_CLIENT, language: str = "en") -> httpx.Response:
        headers = self.token(by, tenant) | {"Idempotency-Key": str(uuid.uuid4()), "Accept-Language": language}
        return await self.http.post("/v1/complaints", json=intake, headers=headers)

    async def files(self, tenant: str, category: str, order: str | None = None, **intake: Any) -> Journey:
        """File a complaint about a fresh copy of a sample order, by its own customer unless another one is given."""
        body: dict[str, Any] = {"category": category, "channel": "app", "content": "货品有问题。", "expectation": "尽快处理"}
        person: dict[str, Any] = {"name": "王芳", "email": "wang@customer.example", "locale": "zh-CN"}
        if order is not None:
            body["order_number"] = self.house.order_apart(order)
            person["customer_id"] = self.house.order(order)["customer_id"]
        answer = await self.posts(tenant, {**body, "customer": person, **intake})
        assert answer.status_code == 201, answer.text
        return Journey(self, tenant, answer.json()["complaint_id"])

    async def declined(self, tenant: str, language: str = "en", **intake: Any) -> Answered:
        """File what the API must not take."""
        answer = await self.posts(tenant, intake, language=language)
        assert 400 <= answer.status_code < 500, answer.text
        return Answered(answer.status_code, answer.json())

    async def get(self, path: str, tenant: str, who: Actor, **params: Any) -> Any:
        """GET something that belongs to no single complaint."""
        answer = await self.http.get(path, params=params, headers=self.token(who, tenant))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, tenant: str, who: Actor, **body: Any) -> httpx.Response:
        """POST something that belongs to no single complaint."""
        return await self.http.post(path, json=body, headers=self.token(who, tenant))


@asynccontextmanager
async def build_town(env: WorkflowEnvironment, folder: Path) -> AsyncIterator[Town]:
    """Start everything; it stops at the end of the block. Takes about as long as a house: 4 s."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    hook = f"{address}/v1/webhooks/partners"
    async with build_house(env, folder, webhook_url=hook, decision_link_url=address, decision_link_keys=TOKEN_KEY) as house:
        database = open_database(house.settings.database_url)
        tokens = Tokens([development(TOKEN_KEY), customer_links(TOKEN_KEY)])
        parts = Parts(
            desk=Desk(env.client, house.task_queue),
            database=database,
            shelf=Shelf(install_packs(ROOT / "policies"), house.parts.tenants),
            doorkeeper=Doorkeeper(tokens, MachineKeys(ApiKeys(database)), TOKEN_KEY),
            webhook_secret=house.partners.secret,
            decision_links=DecisionLinks([TOKEN_KEY]),
        )
        try:
            async with (
                serving(assembled(parts), port),
                httpx.AsyncClient(base_url=address, trust_env=False, timeout=SECONDS) as http,
            ):
                yield Town(house, http)
        finally:
            await database.close()
