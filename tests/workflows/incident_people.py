"""The people of the demo food company, and an incident under test."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer

from domain.actor import Actor
from domain.commands import name_of
from domain.incident.commands import IncidentCommand, IncidentReceipt, SignedForIncident
from domain.incident.events import IncidentEntry, NewsPassedOn
from domain.incident.incident import Incident
from domain.intake import Product
from domain.order import Customer
from storage.incident_tables import batch_marks
from storage.incidents import Incidents
from tests.house import Filed, House, Refused
from tests.workflows.greengrocer import TENANT
from worker.composition import STRICT
from workflows.complaint import ComplaintWorkflow
from workflows.incident import IncidentWorkflow


def a_product() -> Product:
    """One that no other test knows, of a lot of its own."""
    name = uuid.uuid4().hex[:10]
    return Product(name=f"酸奶-{name}", lot=f"LOT-{name}")


async def filed_about(
    house: House, product: Product, category: str = "spoilage", email: str = "zhao@customer.example", **intake: Any
) -> Filed:
    number = house.order_apart("FD-2026-0001")
    customer = Customer(name="赵敏", customer_id="fd-cust-0001", email=email)
    intake.setdefault("channel", "hotline")
    return await house.file(category, tenant=TENANT, order_number=number, customer=customer, product=product, **intake)


@dataclass
class Led:
    """One incident under test."""

    house: House
    id: str

    @property
    def handle(self) -> Any:
        return self.house.env.client.get_workflow_handle(f"incident/{TENANT}/{self.id}")

    @property
    def stored(self) -> Incidents:
        return Incidents(self.house.parts.database)

    async def does(self, by: Actor, command: IncidentCommand) -> IncidentReceipt:
        """Give a command as an Update; raises Refused."""
        envelope: Any = SignedForIncident
        signed = envelope[type(command)](by=by, command=command)
        try:
            receipt: IncidentReceipt = await self.handle.execute_update(
                name_of(type(command)), signed, result_type=IncidentReceipt, rpc_timeout=timedelta(seconds=60)
            )
        except WorkflowUpdateFailedError as error:
            if isinstance(error.cause, ApplicationError):
                raise Refused(error.cause) from error
            raise
        return receipt

    async def now(self) -> Incident:
        for _ in range(1000):
            try:
                incident: Incident = await self.handle.query("incident", result_type=Incident)
                return incident
            except RPCError as error:
                if error.status not in (RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.NOT_FOUND):
                    raise
                await asyncio.sleep(0.02)
        raise AssertionError("the incident never became ready to be asked")

    async def until(self, true: Callable[[Incident], bool], seconds: float = 60) -> Incident:
        end = time.monotonic() + seconds
        while not true(incident := await self.now()):
            assert time.monotonic() < end, f"waited {seconds} s; the incident: {incident}"
            await asyncio.sleep(0.02)
        return incident

    async def journal(self, seconds: float = 60) -> list[IncidentEntry]:
        """The journal in the database, once it holds what has happened."""
        end = time.monotonic() + seconds
        while True:
            wanted = (await self.now()).revision
            entries = await self.stored.journal(TENANT, self.id, 0, 10_000)
            if len(entries) >= wanted:
                return list(entries)
            assert time.monotonic() < end, f"{len(entries)} of {wanted} entries"
            await asyncio.sleep(0.02)


async def led(house: House, filed: Filed, batch: str = "one_product") -> Led:
    """The incident that a complaint belongs to."""
    case = await filed.until(lambda case: any(each.batch == batch for each in case.incidents))
    return Led(house, next(each.incident for each in case.incidents if each.batch == batch))


async def begun(house: House, **intake: Any) -> tuple[Led, list[Filed]]:
    """Three complaints about one product, and what they begin."""
    product = a_product()
    filed = [await filed_about(house, product, **intake) for _ in range(3)]
    incident = await led(house, filed[0])
    await incident.until(lambda i: len(i.complaints) == 3)
    return incident, filed


async def counted_without_a_workflow(house: House, like: Filed) -> None:
    """A mark of a complaint that Temporal has forgotten."""
    async with house.parts.database.writing() as connection:
        marks = (await connection.execute(select(batch_marks).where(batch_marks.c.complaint_id == like.id))).mappings().all()
        await connection.execute(insert(batch_marks), [{**mark, "complaint_id": f"{like.id}-gone"} for mark in marks])


async def told(incident: Led, many: int, seconds: float = 60) -> dict[str, int]:
    """How many have been told of all messages, once it is so many."""
    end = time.monotonic() + seconds
    while True:
        rounds = [e.event for e in await incident.journal() if isinstance(e.event, NewsPassedOn)]
        sums = {"complaints": sum(e.complaints for e in rounds), "closed": sum(e.closed for e in rounds)}
        if sums["complaints"] >= many:
            return sums
        assert time.monotonic() < end, f"told {sums}"
        await asyncio.sleep(0.02)


async def replayed(house: House, *handles: Any) -> None:
    """Another worker would find the same order of work in these histories."""
    converter = house.env.client.data_converter
    replayer = Replayer(workflows=[ComplaintWorkflow, IncidentWorkflow], data_converter=converter, workflow_runner=STRICT)
    for handle in handles:
        await replayer.replay_workflow(await handle.fetch_history())


def effects(house: House, about: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.partners.effects(f"{TENANT}:{about}/")
    return found


async def mailed(house: House, to: str, words: str, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if any(words in mail["subject"] + mail["text"] for mail in house.mail.mails(to=to)):
            return True
        await asyncio.sleep(0.05)
    return False
