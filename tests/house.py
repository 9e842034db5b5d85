"""A whole house for tests: real Temporal with a virtual clock, real partners, mail sink, database and worker.

`House.file()` files a complaint and gives a `Filed`, through which people act and time passes.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker, WorkerDeploymentConfig

from domain.actor import Actor, Role
from domain.case import Case, OpenDeadline
from domain.commands import Command, Receipt, Signed, name_of
from domain.intake import Intake, Opening
from domain.journal import Entry
from domain.order import Customer
from domain.policy import registry
from domain.promise_events import NoticeSent
from settings import Settings
from storage.__main__ import migrate_database
from storage.cases import Cases
from tests import replaying
from tests.doubles import MailSink, PartnerService, start_mail_sink, start_partners
from worker.composition import STRICT, Parts, assemble, worker_of
from workflows.arguments import Ending, Start
from workflows.complaint import ComplaintWorkflow

ROOT = Path(__file__).parent.parent
Answer = TypeVar("Answer")

# People of tenants/home-demo.toml, and the customer of sample order HM-2026-0001.
AGENT = Actor(id="lin", roles=(Role.AGENT,))
OTHER_AGENT = Actor(id="zhao", roles=(Role.AGENT,))
SUPERVISOR = Actor(id="zhou", roles=(Role.SUPERVISOR,))
OTHER_SUPERVISOR = Actor(id="wu", roles=(Role.SUPERVISOR,))
MANAGER = Actor(id="qian", roles=(Role.MANAGER,))
GENERAL_MANAGER = Actor(id="zheng", roles=(Role.GENERAL_MANAGER,))
TECHNICIAN = Actor(id="guo", roles=(Role.DEPARTMENT,))
CUSTOMER = Actor(id="cust-0001", roles=(Role.CUSTOMER,))
SHOP = Actor(id="shop", roles=(Role.INTAKE,))


def signed_by(by: Actor, command: Command) -> Signed[Any]:
    """The command in the envelope that the workflow expects."""
    envelope: Any = Signed
    signed: Signed[Any] = envelope[type(command)](by=by, command=command)
    return signed


class Refused(Exception):
    """A command was refused by its validator: `code` and both sentences."""

    def __init__(self, error: ApplicationError) -> None:
        super().__init__(error.message)
        self.code = error.type
        self.detail: dict[str, Any] = error.details[0] if error.details else {}


async def clear_of(turn: clock, zone: str = "Asia/Shanghai", margin: timedelta = timedelta(seconds=60)) -> None:
    """Wait over a turn of the day (midnight, close of service) that is so near that a test would lie on both sides of it."""
    now = datetime.now(ZoneInfo(zone))
    ahead = datetime.combine(now.date(), turn, ZoneInfo(zone)) - now
    ahead += timedelta(days=1) if ahead < timedelta(0) else timedelta(0)
    if ahead < margin:
        await asyncio.sleep(ahead.total_seconds() + 1)


@dataclass
class Filed:
    """One complaint under test."""

    house: House
    handle: WorkflowHandle[ComplaintWorkflow, Ending]
    opening: Opening

    @property
    def id(self) -> str:
        return self.opening.complaint_id

    async def does(self, by: Actor, command: Command) -> Receipt:
        """Give a command as an Update; raises Refused."""
        name = name_of(type(command))
        try:
            receipt: Receipt = await self.handle.execute_update(
                name, signed_by(by, command), result_type=Receipt, rpc_timeout=timedelta(seconds=60)
            )
        except WorkflowUpdateFailedError as error:
            if isinstance(error.cause, ApplicationError):
                raise Refused(error.cause) from error
            raise
        return receipt

    async def signals(self, by: Actor, command: Command) -> None:
        """Give it as a Signal, as a script does from the `temporal` CLI."""
        await self.handle.signal(name_of(type(command)), signed_by(by, command))

    async def case(self) -> Case:
        """The case by query: as the workflow holds it."""
        return await self._ask(ComplaintWorkflow.case_now)

    async def _ask(self, question: Callable[[ComplaintWorkflow], Answer]) -> Answer:
        for _ in range(1000):
            try:
                return await self.handle.query(question)
            except RPCError as error:
                # A run that goes on in another one cannot be asked before its first task is there.
                if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                    raise
                await asyncio.sleep(0.02)
        raise AssertionError("the workflow never became ready to be asked")

    async def journal(self, seconds: float = 60) -> list[Entry]:
        """The journal in the database, once it holds what has happened. Notices alone wait for the next entry."""
        end = time.monotonic() + seconds
        while any(not isinstance(entry.event, NoticeSent) for entry in await self._ask(ComplaintWorkflow.unwritten)):
            assert time.monotonic() < end, f"the journal was not brought up to date within {seconds} s"
            await asyncio.sleep(0.02)
        return list(await self.house.cases.journal(self.opening.tenant, self.id))

    async def until(self, true: Callable[[Case], bool], seconds: float = 60) -> Case:
        """The case as soon as it is so; real seconds, for work that is under way."""
        end = time.monotonic() + seconds
        while not true(case := await self.case()):
            assert time.monotonic() < end, f"waited {seconds} s; the case is at {case.stage}, revision {case.revision}"
            await asyncio.sleep(0.02)
        return case

    async def written(self, kind: str, times: int = 1, seconds: float = 60) -> list[Entry]:
        """The journal, once the database holds so many entries of a kind."""
        end = time.monotonic() + seconds
        while True:
            entries = await self.journal()
            if sum(entry.event.kind == kind for entry in entries) >= times:
                return entries
            assert time.monotonic() < end, f"no {kind} among {[entry.event.kind for entry in entries]}"
            await asyncio.sleep(0.02)

    async def passes(self, duration: timedelta) -> Case:
        """Let virtual time pass, and look once everything that fell due has been done."""
        await self.house.env.fast_forward(self.handle, duration)
        return await self.case()

    async def now(self) -> datetime:
        return (await self.house.env.get_current_time(self.handle)).astimezone(UTC)

    async def passes_until(self, instant: datetime) -> Case:
        """Let virtual time pass up to an instant."""
        return await self.passes(instant - await self.now())

    async def promise(self, name: str, seconds: float = 60) -> OpenDeadline:
        """The running promise of that row of the pack."""
        case = await self.until(lambda c: any(d.name == name for d in c.deadlines), seconds)
        return next(d for d in case.deadlines if d.name == name)

    async def ends(self, seconds: float = 90) -> Ending:
        return await asyncio.wait_for(self.handle.result(), seconds)


@dataclass
class House:
    """All parts, running. One worker serves all complaints of the house."""

    env: WorkflowEnvironment
    parts: Parts
    cases: Cases
    partners: PartnerService
    mail: MailSink
    settings: Settings
    task_queue: str
    tenants_dir: Path
    remembered: int = 1000
    _numbers: Any = field(default_factory=itertools.count)
    _worker: Worker | None = None

    def worker(self, version: WorkerDeploymentConfig | None = None) -> Worker:
        """One more worker, not started yet."""
        return worker_of(self.env.client, self.task_queue, self.parts, remembered=self.remembered, runner=STRICT, version=version)

    async def start_worker(self) -> None:
        self._worker = self.worker()
        await self._worker.__aenter__()

    async def stop_worker(self) -> None:
        """From now on nothing is done for any complaint; Temporal keeps what comes."""
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.__aexit__(None, None, None)

    def new_order(self, like: str = "HM-2026-0001", **differs: Any) -> str:
        """Put a copy of a sample order into the order system: the payment partner refunds each order once."""
        number = f"{like}-{next(self._numbers)}"
        self.partners.load(self.order(like) | {"number": number} | differs)
        return number

    def order_apart(self, like: str) -> str:
        """A copy that goes where no other order goes: complaints of one region may become an incident."""
        return self.new_order(like, destination=f"{self.order(like)['destination']}-{next(self._numbers)}")

    def order(self, number: str = "HM-2026-0001") -> dict[str, Any]:
        order: dict[str, Any] = self.partners.client.get(f"/orders/{number}").json()
        return order

    async def file(
        self,
        category: str = "transport_damage",
        *,
        tenant: str = "home-demo",
        order_number: str | None = "HM-2026-0001",
        customer: Customer | None = None,
        received_at: datetime | None = None,
        filed_by: Actor = SHOP,
        under: str | None = None,
        **intake: Any,
    ) -> Filed:
        """File a complaint of the customer of the order (unless another one is given), received now.

        `under`: the pack by its reference, such as home@2026-11; the company's own when absent.
        """
        own = customer or Customer(
            name="王芳", customer_id=self.order(order_number or "HM-2026-0001").get("customer_id"), email="wang@customer.example"
        )
        if category.startswith("installation"):
            intake.setdefault("installation_address", "上海市徐汇区漕溪北路 1 号")
        intake.setdefault("channel", "app")
        intake.setdefault("expectation", "尽快处理")
        intake.setdefault("content", "收到的岩板破损，无法使用。")
        company = self.parts.tenants.get(tenant)
        pack = registry.released(under or company.pack)
        complaint_id = f"cmp_{self.task_queue[-6:]}{next(self._numbers)}"
        opening = Opening(
            tenant=tenant,
            complaint_id=complaint_id,
            received_at=received_at or datetime.now(UTC),
            filed_by=filed_by,
            intake=Intake(category=category, customer=own, order_number=order_number, **intake),
            pack=pack.ref,
            pack_digest=pack.digest,
            zone=company.zone,
            currency=company.currency,
        )
        handle = await self.env.client.start_workflow(
            ComplaintWorkflow.run,
            Start(opening=opening),
            id=f"complaint/{tenant}/{complaint_id}",
            task_queue=self.task_queue,
        )
        return Filed(self, handle, opening)


@asynccontextmanager
async def build_house(
    env: WorkflowEnvironment,
    folder: Path,
    tenants_dir: Path = ROOT / "tenants",
    remembered: int = 1000,
    webhook_url: str = "",
    **settings: Any,
) -> AsyncIterator[House]:
    """Start partners, mail sink, database and worker around a Temporal server; everything stops at the end.

    A worker that remembers nothing (`remembered=0`) replays each complaint from its beginning at every task. Partners send
    their news to `webhook_url`, if there is one.
    """
    queue = f"house-{folder.name}-{time.monotonic_ns() % 1_000_000:06d}"
    settings.setdefault("database_url", f"sqlite+aiosqlite:///{folder}/redress.db")
    settings.setdefault("policies_dir", ROOT / "policies")
    with start_partners(folder, webhook_url) as partners, start_mail_sink(folder) as mail:
        chosen = Settings(
            tenants_dir=tenants_dir,
            partners_url=partners.url,
            smtp_port=mail.smtp_port,
            **settings,
        )
        async with assemble(chosen) as parts:
            await migrate_database(parts.database)
            house = House(env, parts, Cases(parts.database), partners, mail, chosen, queue, tenants_dir, remembered)
            await house.start_worker()
            try:
                yield house
            finally:
                await house.stop_worker()
                if replaying.ASKED_FOR:
                    await replaying.replay_all(env.client, queue, folder)
