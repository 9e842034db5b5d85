"""One chaos run: complaints live, the reaper kills the worker and the Temporal server in the middle, the audit counts."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import httpx

from bench.chaos.audit import Findings, examine
from bench.chaos.people import KINDS, Life, People
from bench.chaos.town import ROOT, Town, start_town
from desk.client import connect
from desk.door import Desk
from desk.opening import Terms
from domain.summary.period import Period
from sealing.converter import sealing_converter
from settings import Settings
from storage.cases import CaseFilter, Cases
from storage.database import open_database
from storage.ledger import Ledger
from storage.packs import install_packs
from storage.tenants import TenantShelf
from workflows.reconciliation import Reconciliation

Victim = Literal["worker", "temporal"]
_TENANT = "home-demo"
_ORDER_PLACED = "2026-11-11T09:15:00+08:00"


@dataclass(frozen=True)
class Scale:
    """How large a run is. `pause`: mean seconds between two commands on a complaint; `limit`: seconds after which it hangs."""

    complaints: int
    victims: tuple[Victim, ...]
    pause: float
    limit: float


SHORT = Scale(20, ("worker", "temporal", "worker"), 0.6, 100)
FULL = Scale(40, ("worker", "temporal", "worker", "worker", "temporal", "worker", "temporal", "worker"), 2.0, 165)


@dataclass
class Kill:
    """One kill: who, when (seconds into the run), and how many complaints were in the middle."""

    victim: Victim
    at: float
    open: int


@dataclass
class Outcome:
    seed: int
    complaints: int
    kills: list[Kill] = field(default_factory=list)
    commands: int = 0
    again: int = 0
    findings: Findings = field(default_factory=Findings)
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        return self.findings.clean


async def run(folder: Path, scale: Scale, seed: int) -> Outcome:
    """Live, kill, audit. Raises RuntimeError when a program ends that nobody killed."""
    outcome = Outcome(seed, scale.complaints)
    chance = random.Random(seed)
    packs = {pack.ref: pack for pack in install_packs(ROOT / "policies")}
    tenant = TenantShelf(ROOT / "tenants").get(_TENANT)
    lives = [Life(number, KINDS[number % len(KINDS)], order_number=f"CHAOS-{number}") for number in range(scale.complaints)]
    with start_town(folder, latency_ms=80, finish_after=0.4) as town:
        _load_orders(town, lives)
        began = time.monotonic()
        client = await connect(Settings(temporal_address=town.temporal_address), sealing_converter(town.folder / "data.keys"))
        desk = Desk(client, "redress", patience=timedelta(seconds=3))
        database = open_database(town.database_url)
        people = People(desk, Cases(database), Terms(tenant, packs[tenant.pack]), chance, scale.pause)
        try:
            async with asyncio.timeout(scale.limit):
                async with asyncio.TaskGroup() as group:
                    for life in lives:
                        group.create_task(people.live(life))
                    group.create_task(_reap(town, people, lives, scale, chance, outcome, began))
                await _all_written(town, lives)
                await _reconcile(desk, tenant.zone, outcome.findings)
        except TimeoutError:
            unfinished = [life.number for life in lives if not life.done]
            outcome.findings.lost.append(f"not finished within {scale.limit:.0f} s: complaints {unfinished}")
        finally:
            await database.close()
        outcome.seconds = time.monotonic() - began
        outcome.commands, outcome.again = people.commands, sum(life.again for life in lives)
        await _audit(town, lives, outcome.findings)
    return outcome


async def _reap(
    town: Town, people: People, lives: list[Life], scale: Scale, chance: random.Random, outcome: Outcome, began: float
) -> None:
    """Kill one victim after the other, each after some more commands: so the kills fall into the work, however fast it goes."""
    each = sum(5 + len(KINDS[n % len(KINDS)].by_hand) for n in range(scale.complaints)) // (len(scale.victims) + 1)
    for victim in scale.victims:
        goal = people.commands + chance.randint(each // 2, each)
        while people.commands < goal and not all(life.done for life in lives):
            await asyncio.sleep(0.01)
        await asyncio.sleep(chance.uniform(0, 0.3))
        program = town.worker if victim == "worker" else town.temporal
        town.check()
        outcome.kills.append(Kill(victim, time.monotonic() - began, sum(not life.done for life in lives)))
        await asyncio.to_thread(program.kill)
        await asyncio.sleep(chance.uniform(0.1, 1.0))
        program.start()
    await asyncio.sleep(0)


async def _all_written(town: Town, lives: list[Life]) -> None:
    """The journal follows within moments; what a kill caught in the middle of a write is written again by the next worker."""
    database = open_database(town.database_url)
    try:
        cases = Cases(database)
        for life in lives:
            while (case := await cases.get(_TENANT, life.complaint_id)) is None or case.open:
                await asyncio.sleep(0.2)
    finally:
        await database.close()


async def _reconcile(desk: Desk, zone: str, findings: Findings) -> None:
    """The company's own comparison of its books finds nothing either."""
    today = datetime.now(UTC).date()
    period = Period(from_on=today - timedelta(days=1), to_on=today + timedelta(days=2), zone=zone)
    patient = replace(desk, patience=timedelta(seconds=60))
    done = await patient.reconcile(Reconciliation(tenant=_TENANT, zone=zone, period=period, asked_by="chaos"))
    if done.found or done.open or not done.effects:
        findings.mismatched.append(f"the reconciliation compared {done.effects} effects and found {done.found}, {done.open} open")


async def _audit(town: Town, lives: list[Life], findings: Findings) -> None:
    database = open_database(town.database_url)
    try:
        cases = Cases(database)
        page = await cases.list(_TENANT, CaseFilter(), datetime.now(UTC), limit=200)
        strangers = {row.complaint_id for row in page.rows} - {life.complaint_id for life in lives}
        findings.doubled += [f"nobody filed {complaint_id}" for complaint_id in sorted(strangers)]
        async with httpx.AsyncClient(base_url=town.partners_url, trust_env=False) as partners:
            for life in lives:
                answer = await partners.get("/control/effects", params={"key_prefix": f"{_TENANT}:{life.complaint_id}/"})
                effects: list[dict[str, Any]] = answer.raise_for_status().json()
                case = await cases.get(_TENANT, life.complaint_id)
                journal = await cases.journal(_TENANT, life.complaint_id)
                ledger = await Ledger(database).of_complaint(_TENANT, life.complaint_id)
                examine(findings, f"complaint {life.number} ({life.kind.category})", life.kind, case, journal, effects, ledger)
    finally:
        await database.close()


def _load_orders(town: Town, lives: list[Life]) -> None:
    """An order of 1,000 yuan for each complaint."""
    money = {"amount": "1000.00", "currency": "CNY"}
    orders = [
        {
            "number": life.order_number,
            "status": "delivered",
            "customer_id": f"cust-{life.number}",
            "placed_at": _ORDER_PLACED,
            "goods": money,
            "freight": {"amount": "0.00", "currency": "CNY"},
            "paid": money,
        }
        for life in lives
    ]
    with httpx.Client(base_url=town.partners_url, trust_env=False) as client:
        client.post("/orders/bulk", json={"orders": orders}, headers={"Idempotency-Key": "chaos"}).raise_for_status()
