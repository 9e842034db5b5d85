"""The API over a real Temporal server and a real database, with partners that keep in memory what they were asked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from activities.contract import (
    CancelEffect,
    FindOrder,
    FoundOrder,
    NoticeReceipt,
    NoticeReceipts,
    Notices,
    Partners,
    PlaceEffect,
    SendNotices,
)
from activities.planning import PlanningActivities
from activities.records import RecordsActivities
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
from domain.effects import EffectReport
from domain.money import Money
from domain.order import Order
from domain.policy.pack import Pack
from storage.__main__ import migrate_database
from storage.cases import Cases
from storage.database import Database, open_database
from storage.journal import Journal
from storage.keys import ApiKeys
from storage.packs import install_packs
from storage.tenants import TenantShelf
from worker.composition import STRICT
from workflows.complaint import ComplaintWorkflow

TOKEN_KEY = "a secret for tests of 32 characters or more"
SECRET = "a secret that partners sign with"
TENANT = "home-demo"

INTAKE: dict[str, Any] = {
    "category": "transport_damage",
    "channel": "hotline",
    "customer": {"name": "王小明", "phone": "13800000001", "email": "wang@example.com", "locale": "zh-CN"},
    "content": "石板送到时碎了两块。\nTwo slabs arrived broken.",
    "expectation": "全额退款",
    "order_number": "SO-1",
}


class RememberingPartners(Partners):
    """Every order number is an order of the one customer; effects are on their way until news comes."""

    @activity.defn
    async def find_order(self, ask: FindOrder) -> FoundOrder:
        if ask.number == "NO-SUCH":
            return FoundOrder(order=None)
        price = Money.of("1000.00", "CNY")
        placed = datetime(2026, 11, 1, tzinfo=UTC)
        order = Order(
            number=ask.number, status="delivered", phone="13800000001", placed_at=placed, goods=price,
            freight=Money.zero("CNY"), paid=price,
        )  # fmt: skip
        return FoundOrder(order=order)

    @activity.defn
    async def place_effect(self, effect: PlaceEffect) -> EffectReport:
        return EffectReport(reference=f"P-{len(effect.key)}", status="accepted", at=datetime.now(UTC))

    @activity.defn
    async def ask_effect(self, effect: PlaceEffect) -> EffectReport:
        return EffectReport(reference=f"P-{len(effect.key)}", status="accepted", at=datetime.now(UTC))

    @activity.defn
    async def cancel_effect(self, effect: CancelEffect) -> EffectReport:
        return EffectReport(reference="P", status="refused", at=datetime.now(UTC))


class QuietNotices(Notices):
    @activity.defn
    async def send_notices(self, batch: SendNotices) -> NoticeReceipts:
        return NoticeReceipts(receipts=tuple(NoticeReceipt(channels=("email",)) for _ in batch.notices))


@dataclass
class World:
    """One API with everything behind it. `worker()` brings a worker for as long as its block lasts."""

    app: FastAPI
    http: httpx.AsyncClient
    desk: Desk
    cases: Cases
    database: Database
    client: Client
    tenants: TenantShelf

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        planning, records = PlanningActivities(self.tenants, self.cases), RecordsActivities(Journal(self.database))
        partners, notices = RememberingPartners(), QuietNotices()
        async with Worker(
            self.client,
            task_queue=self.desk.task_queue,
            workflows=[ComplaintWorkflow],
            activities=[
                planning.plan_deadlines, planning.assign, records.record_journal, partners.find_order, partners.place_effect,
                partners.ask_effect, partners.cancel_effect, notices.send_notices,
            ],
            workflow_runner=STRICT,
        ):  # fmt: skip
            yield

    async def file(
        self, intake: dict[str, Any] | None = None, headers: dict[str, str] | None = None, *, key: str | None = None
    ) -> httpx.Response:
        given = {**as_role(Role.INTAKE), "Idempotency-Key": key or str(uuid.uuid4()), **(headers or {})}
        return await self.http.post("/v1/complaints", json=INTAKE if intake is None else intake, headers=given)

    async def filed(self) -> str:
        answer = await self.file()
        assert answer.status_code == 201, answer.text
        return str(answer.json()["complaint_id"])

    async def command(self, complaint: str, name: str, body: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
        return await self.http.post(f"/v1/complaints/{complaint}/{name}", json=body, headers=headers)

    async def get(self, path: str, headers: dict[str, str] | None = None, **params: Any) -> httpx.Response:
        return await self.http.get(path, headers=headers or as_role(Role.AGENT), params=params)

    async def news(
        self, body: dict[str, Any], *, secret: str = SECRET, at: int | None = None, signature: str | None = None
    ) -> httpx.Response:
        content, stamp, event = json.dumps(body), str(at if at is not None else int(time.time())), body["event_id"]
        digest = hmac.new(secret.encode(), f"{event}.{stamp}.{content}".encode(), hashlib.sha256).digest()
        signed = base64.b64encode(digest).decode()
        headers: Any = {
            "Content-Type": "application/json",
            "Webhook-Id": event,
            "Webhook-Timestamp": stamp,
            "Webhook-Signature": (f"v1,{signed}" if signature is None else signature).encode("latin-1"),
        }
        return await self.http.post("/v1/webhooks/partners", content=content, headers=headers)


def as_role(
    *roles: Role, id: str | None = None, tenant: str = TENANT, complaint: str | None = None, hours: float = 1
) -> dict[str, str]:
    """The Authorization header of somebody."""
    actor = Actor(id=id or f"{roles[0]}-1", roles=roles)
    return {"Authorization": f"Bearer {mint(TOKEN_KEY, actor, tenant, timedelta(hours=hours), complaint)}"}


def unsigned(claims: dict[str, Any]) -> str:
    """A token of algorithm `none`, as attackers try it."""

    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


def world(
    client: Client,
    folder: Path,
    patience: timedelta = timedelta(seconds=10),
    database_url: str | None = None,
    *,
    tenants: Path = Path("tenants"),
    packs: tuple[Pack, ...] = (),
) -> AbstractAsyncContextManager[World]:
    """With the companies of another folder and further packs, where they are given."""
    return _world(client, patience, database_url or f"sqlite+aiosqlite:///{folder}/redress.db", tenants, packs)


@asynccontextmanager
async def _world(
    client: Client, patience: timedelta, database_url: str, companies: Path, packs: tuple[Pack, ...]
) -> AsyncIterator[World]:
    database = open_database(database_url)
    await migrate_database(database)
    tenants = TenantShelf(companies)
    desk = Desk(client, f"api-{uuid.uuid4()}", patience)
    tokens = Tokens([development(TOKEN_KEY), customer_links(TOKEN_KEY)])
    doorkeeper = Doorkeeper(tokens, MachineKeys(ApiKeys(database)), TOKEN_KEY)
    shelf = Shelf((*install_packs(Path("policies")), *packs), tenants)
    parts = Parts(desk, database, shelf, doorkeeper, SECRET, DecisionLinks([TOKEN_KEY]))
    app = assembled(parts)
    # What the program itself got wrong must fail the test, not become a 500 that a test might take for an answer.
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://redress.test") as http:
        try:
            yield World(app, http, desk, parts.cases, database, client, tenants)
        finally:
            await database.close()
