"""One chaos run: complaints live, the reaper kills whatever runs in the middle, the audit counts."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter as Tally
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, repeat
from pathlib import Path
from typing import Any

import httpx
from temporalio.client import Client, WorkflowFailureError

from bench.chaos.audit import Findings, examine
from bench.chaos.companies import PACK, TENANT
from bench.chaos.counter import Counter
from bench.chaos.kinds import KINDS
from bench.chaos.letters import delivered, missing, told_of
from bench.chaos.people import Life, People
from bench.chaos.town import TOKEN_KEY, Manners, Town, Victim, start_town
from desk.client import connect
from desk.door import Desk
from domain.case import Case
from domain.summary.period import Period
from sealing.converter import sealing_converter
from settings import Settings
from storage.cases import CaseFilter, Cases
from storage.database import open_database
from storage.ledger import Ledger
from storage.packs import install_packs
from storage.tenants import TenantShelf
from workflows.reconciliation import Reconciliation

_ORDER_PLACED = "2026-11-11T09:15:00+08:00"
_CONNECTIONS = 100


@dataclass(frozen=True)
class Scale:
    """How large a run is. `pause`: mean seconds between two commands on a complaint; `limit`: seconds without an
    answered command or an ended complaint, after which it hangs."""

    complaints: int
    victims: tuple[Victim, ...]
    pause: float
    limit: float


_ALL: tuple[Victim, ...] = ("worker", "temporal", "api", "partners", "database")
SHORT = Scale(20, _ALL, 1.2, 120)
FULL = Scale(300, _ALL * 4, 14.0, 240)


@dataclass
class Kill:
    """One kill: who, when (seconds into the run), how many complaints were in the middle, and whether it was asked to stop."""

    victim: Victim
    at: float
    open: int
    asked: bool = False


@dataclass
class Outcome:
    """What happened. `missed` and `escalated` count promises of the business and rungs; the audit says whether rightly."""

    seed: int
    complaints: int
    database: str = ""
    kills: list[Kill] = field(default_factory=list)
    commands: int = 0
    again: int = 0
    promises: int = 0
    missed: int = 0
    escalated: int = 0
    effects: int = 0
    mails: int = 0
    mailed_again: int = 0
    findings: Findings = field(default_factory=Findings)
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        return self.findings.clean


async def run(folder: Path, scale: Scale, seed: int) -> Outcome:
    """Live, kill, audit. Raises RuntimeError when a program ends that nobody killed, or when the API says no for good."""
    outcome = Outcome(seed, scale.complaints)
    chance = random.Random(seed)
    lives = [Life(number, KINDS[number % len(KINDS)], order_number=f"CHAOS-{number}") for number in range(scale.complaints)]
    with start_town(folder, Manners(seed=seed)) as town:
        outcome.database = town.database.name
        _load_orders(town, lives)
        town.misbehave()
        began = time.monotonic()
        limits = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS, keepalive_expiry=4)
        async with httpx.AsyncClient(base_url=town.api_url, trust_env=False, timeout=30, limits=limits) as http:
            counter = Counter(http, TENANT, TOKEN_KEY, chance)
            people = People(counter, chance, scale.pause)
            try:
                async with _watched(people, scale.limit), asyncio.TaskGroup() as group:
                    for life in lives:
                        group.create_task(people.live(life))
                    group.create_task(_reap(town, people, lives, scale, chance, outcome, began))
                async with asyncio.timeout(scale.limit + 180):
                    await _all_written(town, lives)
                    await _all_ended(town, lives, outcome.findings)
                    await _reconcile(town, outcome.findings)
            except TimeoutError:
                unfinished = [life.number for life in lives if not life.done]
                outcome.findings.lost.append(f"nothing went on for {scale.limit:.0f} s: complaints {unfinished or 'all lived'}")
                await asyncio.to_thread(_revive, town)
        outcome.seconds = time.monotonic() - began
        outcome.commands, outcome.again = people.commands, counter.again
        await _audit(folder, town, lives, outcome)
    return outcome


async def _reap(
    town: Town, people: People, lives: list[Life], scale: Scale, chance: random.Random, outcome: Outcome, began: float
) -> None:
    """Kill one victim after the other, each after some more commands: so the kills fall into the work, however fast it goes."""
    victims = list(scale.victims)
    chance.shuffle(victims)
    each = sum(life.kind.commands for life in lives) // (len(victims) + 1)
    # As on an upgrade: an API is asked to stop the first time and every second time after it, a worker the times between.
    to_ask = {"api": cycle((True, False)), "worker": cycle((False, True))}
    for victim in victims:
        asked = next(to_ask.get(victim, repeat(False)))
        goal = people.commands + chance.randint(each // 2, each)
        while people.commands < goal and not all(life.done for life in lives):
            await asyncio.sleep(0.01)
        await asyncio.sleep(chance.uniform(0, 0.3))
        town.check()
        outcome.kills.append(Kill(victim, time.monotonic() - began, sum(not life.done for life in lives), asked))
        await asyncio.to_thread(town.stop if asked else town.kill, victim)
        await asyncio.sleep(chance.uniform(0.1, 2.0))
        await asyncio.to_thread(town.bring_back, victim)
    await asyncio.sleep(0)


@asynccontextmanager
async def _watched(people: People, limit: float) -> AsyncIterator[None]:
    """Raises TimeoutError once no command has been answered for so long: a slow machine is no lost complaint."""
    async with asyncio.timeout(limit) as patience:

        async def look() -> None:
            seen = -1
            while True:
                if people.commands != seen:
                    seen = people.commands
                    patience.reschedule(asyncio.get_running_loop().time() + limit)
                await asyncio.sleep(0.5)

        looking = asyncio.create_task(look())
        try:
            yield
        finally:
            looking.cancel()


def _revive(town: Town) -> None:
    """What was killed when the run broke off is needed by the audit."""
    town.kill("database")
    town.bring_back("database")
    town.kill("partners")
    town.bring_back("partners")


async def _client(town: Town) -> Client:
    return await connect(Settings(temporal_address=town.temporal_address), sealing_converter(town.folder / "data.keys"))


async def _all_ended(town: Town, lives: list[Life], findings: Findings) -> None:
    """A complaint that is over leaves no workflow behind."""
    client = await _client(town)
    for life in lives:
        handle = client.get_workflow_handle(f"complaint/{TENANT}/{life.complaint_id}")
        try:
            # A notice that a killed worker was sending is sent again after its minute.
            async with asyncio.timeout(150):
                await handle.result()
        except (TimeoutError, WorkflowFailureError) as error:
            findings.lost.append(f"complaint {life.number} ({life.kind.course}): its workflow did not end: {error!r}"[:300])


async def _all_written(town: Town, lives: list[Life]) -> None:
    """The journal follows within moments; what a kill caught in the middle of a write is written again by the next worker.

    The last notices and the last promises of a complaint come after its end.
    """
    database = open_database(town.database_url)
    try:
        cases = Cases(database)
        for life in lives:
            while not _at_rest(await cases.get(TENANT, life.complaint_id)):
                await asyncio.sleep(0.2)
    finally:
        await database.close()


def _at_rest(case: Case | None) -> bool:
    return case is not None and not case.open and not case.deadlines


async def _reconcile(town: Town, findings: Findings) -> None:
    """The company's own comparison of its books finds nothing either."""
    zone = TenantShelf(town.folder / "tenants").get(TENANT).zone
    client = await _client(town)
    today = datetime.now(UTC).date()
    period = Period(from_on=today - timedelta(days=1), to_on=today + timedelta(days=2), zone=zone)
    desk = Desk(client, "redress", patience=timedelta(seconds=60))
    done = await desk.reconcile(Reconciliation(tenant=TENANT, zone=zone, period=period, asked_by="chaos"))
    if done.found or done.open or not done.effects:
        findings.mismatched.append(f"the reconciliation compared {done.effects} effects and found {done.found}, {done.open} open")


async def _audit(folder: Path, town: Town, lives: list[Life], outcome: Outcome) -> None:
    findings = outcome.findings
    packs = {pack.ref: pack for pack in install_packs(folder / "policies")}
    database = open_database(town.database_url)
    try:
        letters = delivered(folder / "mail.db")
        cases = Cases(database)
        findings.doubled += [f"nobody filed {one}" for one in sorted(await _filed(cases) - {life.complaint_id for life in lives})]
        async with httpx.AsyncClient(base_url=town.partners_url, trust_env=False, timeout=30) as partners:
            for life in lives:
                name = f"complaint {life.number} ({life.kind.category}, {life.kind.course})"
                answer = await partners.get("/control/effects", params={"key_prefix": f"{TENANT}:{life.complaint_id}/"})
                effects: list[dict[str, Any]] = answer.raise_for_status().json()
                case = await cases.get(TENANT, life.complaint_id)
                journal = await cases.journal(TENANT, life.complaint_id)
                ledger = await Ledger(database).of_complaint(TENANT, life.complaint_id)
                examine(findings, name, life.kind, packs[PACK], case, journal, effects, ledger)
                told = told_of(life.complaint_id, letters)
                if lost := missing(journal, told):
                    findings.lost.append(f"{name}: {lost} mails of its notices never came")
                outcome.mails += len(set(told))
                outcome.mailed_again += len(told) - len(set(told))
                counted = Tally(entry.event.kind for entry in journal)
                outcome.promises += counted["deadline_set"]
                outcome.missed += counted["deadline_missed"]
                outcome.escalated += counted["escalated"]
                outcome.effects += len(effects)
    finally:
        await database.close()


async def _filed(cases: Cases) -> set[str]:
    """Every complaint that the database has."""
    found: set[str] = set()
    cursor: str | None = None
    while True:
        page = await cases.list(TENANT, CaseFilter(), datetime.now(UTC), cursor=cursor, limit=200)
        found |= {row.complaint_id for row in page.rows}
        cursor = page.next_cursor
        if cursor is None:
            return found


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
