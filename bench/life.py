"""The lives that are measured: a complaint driven from receipt to its end by its commands."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.stand import TENANT, Stand
from desk.ids import ComplaintName
from domain import commands as c
from domain.actor import Actor, Role
from domain.commands import Command, Receipt, Signed, name_of
from domain.intake import Intake
from domain.journal import FactValue
from domain.order import Customer

AGENT = Actor(id="lin", roles=(Role.AGENT,))
SUPERVISOR = Actor(id="zhou", roles=(Role.SUPERVISOR,))
CUSTOMER = Actor(id="cust-0001", roles=(Role.CUSTOMER,))
SHOP = Actor(id="shop", roles=(Role.INTAKE,))


@dataclass(frozen=True)
class Step:
    """A command, the stage it needs, and how long people take for it in a usual life."""

    by: Actor
    command: Command
    stage: str
    after: timedelta


@dataclass(frozen=True)
class Path:
    """A way through the procedure."""

    name: str
    category: str
    steps: tuple[Step, ...]


def _path(name: str, category: str, facts: dict[str, FactValue], *by_hand: str) -> Path:
    minutes, hours = timedelta(minutes=1), timedelta(hours=1)
    explained = tuple(
        Step(AGENT, c.CompleteStep(step=step, note="已向客户说明原因与时间。"), "carrying_out", 1 * hours) for step in by_hand
    )
    return Path(name, category, (
        Step(AGENT, c.Respond(message="已登记，今天下班前给您答复。"), "received", 4 * minutes),
        Step(AGENT, c.Verify(founded=True, findings="承运商承认责任。", sources=("承运商",)), "verifying", 2 * hours),
        Step(AGENT, c.Assess(facts=facts, liable="carrier"), "assessing", 10 * minutes),
        Step(AGENT, c.Propose(), "proposing", 5 * minutes),
        Step(SUPERVISOR, c.Approve(number=1), "approving", 1 * hours),
        Step(CUSTOMER, c.Accept(number=1), "offered", 3 * hours),
        *explained,
        Step(CUSTOMER, c.Confirm(satisfied=True, rating=5), "confirming", 18 * hours),
    ))  # fmt: skip


DELAY = _path("delay of 4 days, 1 % a day", "transport_delay", {"delay_days": 4}, "explanation")
DAMAGE = _path("severe damage, refund and 15 %", "transport_damage", {"damage": "severe"})


@dataclass(frozen=True)
class Life:
    """One complaint on the stand."""

    stand: Stand
    sql: sqlite3.Connection
    complaint_id: str

    async def does(self, by: Actor, command: Command) -> Receipt:
        return await self.stand.desk.command(TENANT, self.complaint_id, name_of(type(command)), signed(by, command))

    def seen(self) -> tuple[int, str]:
        """Revision and stage as the database shows them; 0 while it shows nothing."""
        row = self.sql.execute("SELECT revision, stage FROM complaints WHERE complaint_id = ?", (self.complaint_id,)).fetchone()
        return (int(row[0]), str(row[1])) if row else (0, "")

    async def reaches(self, stage: str, seconds: float = 60) -> None:
        """Watches the database, which costs neither Temporal nor the worker anything."""
        end = time.monotonic() + seconds
        while self.seen()[1] != stage:
            if time.monotonic() > end:
                raise RuntimeError(f"{self.complaint_id} stands at {self.seen()}, not at {stage}")
            await asyncio.sleep(0.01)

    @property
    def workflow_id(self) -> str:
        return ComplaintName(TENANT, self.complaint_id).workflow_id


def signed(by: Actor, command: Command) -> Signed[Any]:
    envelope: Any = Signed
    made: Signed[Any] = envelope[type(command)](by=by, command=command)
    return made


def intake(path: Path, order: str) -> Intake:
    customer = Customer(name="王芳", customer_id="cust-0001", email="wang@customer.example")
    return Intake(
        category=path.category, channel="app", customer=customer, order_number=order,
        content="收到的货物与约定不符，请尽快处理。", expectation="按规定补偿",
    )  # fmt: skip


async def file(stand: Stand, sql: sqlite3.Connection, path: Path, order: str) -> Life:
    """File it through the desk, as the API does."""
    key = f"{order}-{datetime.now(UTC).timestamp()}"
    opened = await stand.desk.open(stand.terms, intake(path, order), key, SHOP)
    return Life(stand, sql, opened.complaint_id)


async def live(stand: Stand, sql: sqlite3.Connection, path: Path, order: str, pause: float) -> Life:
    """A whole life at a quick pace: `pause` seconds between what is seen and what is done next."""
    life = await file(stand, sql, path, order)
    for step in path.steps:
        await life.reaches(step.stage)
        await asyncio.sleep(pause)
        await life.does(step.by, step.command)
    await life.reaches("closed")
    return life


async def each(limit: int, work: Sequence[Any]) -> list[Any]:
    """Await all of these coroutines, so many at a time."""
    gate = asyncio.Semaphore(limit)

    async def one(task: Any) -> Any:
        async with gate:
            return await task

    return list(await asyncio.gather(*(one(task) for task in work)))
