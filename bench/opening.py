"""Many open complaints at once, for the measurements of lateness and of idle cost."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.common import Priority

from bench.life import DELAY, SHOP, file, intake
from bench.stand import TENANT, Stand
from desk.ids import ComplaintName, complaint_id
from domain.case import Case
from domain.intake import Opening
from storage.cases import Cases
from workflows.arguments import Start
from workflows.complaint import ComplaintWorkflow

_AT_ONCE = 32
_DAYS_LATER = timedelta(days=3)


@dataclass
class Crowd:
    """Complaints that are open and wait for people: each stands at verifying with two promises days ahead."""

    stand: Stand
    template: Case
    opened: int = 0
    _begun: int = 0

    async def grow_to(self, count: int, until: float) -> None:
        """Open more, as continue-as-new and reopening do: with the case they carry. Stops at `until` (monotonic seconds)."""
        numbers = iter(range(self._begun, count))

        async def worker() -> None:
            for number in numbers:
                if time.monotonic() > until:
                    return
                self._begun = max(self._begun, number + 1)
                await self._open(number)
                self.opened += 1
                if self.opened % 1_000 == 0:
                    progress(f"{self.opened:,} of {count:,} open")

        await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))

    async def _open(self, number: int) -> None:
        case = self.template.model_copy(update={"complaint_id": complaint_id(TENANT, f"crowd-{number}")})
        await self.stand.client.start_workflow(
            ComplaintWorkflow.run,
            Start(carried=case),
            id=ComplaintName(TENANT, case.complaint_id).workflow_id,
            task_queue=self.stand.settings.task_queue,
            static_summary=f"{case.category} · {TENANT}",
            priority=Priority(priority_key=case.priority),
        )


async def crowd(built: Stand) -> Crowd:
    """Made from a real complaint that was answered and now waits to be verified."""
    sql = built.sql()
    (order,) = await built.orders(1)
    life = await file(built, sql, DELAY, order)
    await life.reaches("received")
    await asyncio.sleep(1)
    await life.does(DELAY.steps[0].by, DELAY.steps[0].command)
    await life.reaches("verifying")
    sql.close()
    case = await Cases(built.database).get(TENANT, life.complaint_id)
    if case is None:
        raise RuntimeError(f"{life.complaint_id} is not in the database")
    later = tuple(
        deadline.model_copy(
            update={
                "due_at": deadline.due_at and deadline.due_at + _DAYS_LATER,
                "rungs": tuple(rung + _DAYS_LATER for rung in deadline.rungs),
            }
        )
        for deadline in case.deadlines
    )
    return Crowd(built, case.model_copy(update={"deadlines": later}))


_numbers = itertools.count()


async def open_received_at(built: Stand, received_at: datetime, order: str) -> ComplaintName:
    """A real complaint as the desk opens it, only that it was received at another instant."""
    pack = built.terms.pack
    name = ComplaintName(TENANT, complaint_id(TENANT, f"due-{next(_numbers)}"))
    opening = Opening(
        tenant=TENANT, complaint_id=name.complaint_id, received_at=received_at, filed_by=SHOP, intake=intake(DELAY, order),
        pack=pack.ref, pack_digest=pack.digest, zone=built.terms.tenant.zone, currency=built.terms.tenant.currency,
    )  # fmt: skip
    await built.client.start_workflow(
        ComplaintWorkflow.run,
        Start(opening=opening),
        id=name.workflow_id,
        task_queue=built.settings.task_queue,
        static_summary=f"{DELAY.category} · {TENANT}",
        priority=Priority(priority_key=3),
    )
    return name


async def quiet(built: Stand, seconds: float = 120) -> float:
    """Wait until server and worker have nothing left to do; answers how long that took."""
    begun = time.monotonic()
    parts = [built.process("temporal"), built.process("worker")]
    while time.monotonic() - begun < seconds:
        before = sum(sum(part.cpu_times()[:2]) for part in parts)
        await asyncio.sleep(3)
        if sum(sum(part.cpu_times()[:2]) for part in parts) - before < 0.6:
            break
    return time.monotonic() - begun


def progress(text: str) -> None:
    """Opening thousands takes minutes: whoever waits is told how far it is."""
    print(f"  {text}", file=sys.stderr, flush=True)


def now() -> datetime:
    return datetime.now(UTC)
