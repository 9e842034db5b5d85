"""The people of the chaos run: each lives one complaint through by commands, given again under the same id until answered."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from desk.door import Desk
from desk.errors import ComplaintClosed, DeskBusy, MayStillHappen, TemporalAway
from desk.opening import Terms
from domain import commands as c
from domain.actor import Actor, Role
from domain.case import Case, Stage
from domain.commands import Command, Signed, name_of
from domain.intake import Intake
from domain.journal import FactValue
from domain.order import Customer
from domain.remedies import StepChoice
from storage.cases import Cases

_AGENT = Actor(id="lin", roles=(Role.AGENT,))
_SUPERVISOR = Actor(id="zhou", roles=(Role.SUPERVISOR,))
_SHOP = Actor(id="shop", roles=(Role.INTAKE,))

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Kind:
    """One way a complaint may go, and what partners have to do for it on an order of 1,000 yuan: step -> amount."""

    category: str
    facts: dict[str, FactValue]
    effects: dict[str, str | None]
    choices: tuple[StepChoice, ...] = ()
    by_hand: tuple[str, ...] = ()


KINDS = (
    Kind("transport_damage", {"damage": "severe"}, {"refund": "1000.00", "compensation": "150.00"}),
    # A second part-refund would still be within what was paid: the partner alone would not stop it.
    Kind(
        "transport_damage",
        {"damage": "slight"},
        {"discount": "80.00", "repair": None},
        choices=(StepChoice(step="discount", percent=Decimal(8)),),
    ),
    Kind("transport_loss", {}, {"refund": "1000.00", "compensation": "250.00"}, by_hand=("claim",)),
    Kind("transport_delay", {"delay_days": 4}, {"compensation": "40.00"}, by_hand=("explanation",)),
    Kind("installation_workmanship", {"workmanship": "severe"}, {"reinstallation": None, "compensation": "75.00"}),
)


@dataclass
class Life:
    """One complaint of the run. `given` counts its answered commands; `again` how often one had to be given again."""

    number: int
    kind: Kind
    complaint_id: str = ""
    order_number: str = ""
    given: int = 0
    again: int = 0
    done: bool = False


class People:
    def __init__(self, desk: Desk, cases: Cases, terms: Terms, chance: random.Random, pause: float) -> None:
        self._desk = desk
        self._cases = cases
        self._terms = terms
        self._chance = chance
        self._pause = pause
        self.commands = 0

    async def live(self, life: Life) -> None:
        """See one complaint through, however often somebody falls silent."""
        kind = life.kind
        opened = await self._insist(life, lambda: self._desk.open(self._terms, self._intake(life), f"chaos-{life.number}", _SHOP))
        life.complaint_id = opened.complaint_id
        customer = Actor(id=f"cust-{life.number}", roles=(Role.CUSTOMER,))
        await self._gives(life, _AGENT, c.Respond(message="已登记。"))
        await self._gives(life, _AGENT, c.Verify(founded=True, findings="属实", sources=("承运商",)))
        await self._gives(life, _AGENT, c.Assess(facts=kind.facts, liable="carrier"))
        await self._until(life, lambda case: case.order_check != "pending")
        await self._gives(life, _AGENT, c.Propose(choices=kind.choices))
        await self._gives(life, _SUPERVISOR, c.Approve(number=1))
        await self._gives(life, customer, c.Accept(number=1))
        for step in kind.by_hand:
            await self._gives(life, _AGENT, c.CompleteStep(step=step, note="已完成"))
        await self._until(life, lambda case: case.stage is Stage.CONFIRMING)
        await self._gives(life, customer, c.Confirm(satisfied=True, rating=5))
        life.done = True

    def _intake(self, life: Life) -> Intake:
        return Intake(
            category=life.kind.category,
            channel="app",
            customer=Customer(
                name=f"客户{life.number}", customer_id=f"cust-{life.number}", email=f"c{life.number}@chaos.example"
            ),
            content="收到的岩板有问题。",
            expectation="尽快处理",
            order_number=life.order_number,
            installation_address="上海市徐汇区漕溪北路 1 号",
        )

    async def _gives(self, life: Life, by: Actor, command: Command) -> None:
        await asyncio.sleep(self._chance.uniform(0, 2 * self._pause))
        name = name_of(type(command))
        envelope: Any = Signed
        signed = envelope[type(command)](by=by, command=command)
        # The same id each time it is tried: whatever was lost, the command itself or its answer, it is carried out once.
        command_id = f"{life.number}-{name}-{getattr(command, 'step', '')}"
        try:
            await self._insist(
                life, lambda: self._desk.command(self._terms.tenant.id, life.complaint_id, name, signed, command_id)
            )
        except ComplaintClosed:
            # The answer to the last command was lost, and the complaint has ended meanwhile: the audit says whether rightly.
            if not isinstance(command, c.Confirm):
                raise
        life.given += 1
        self.commands += 1

    async def _insist(self, life: Life, call: Callable[[], Awaitable[Answer]]) -> Answer:
        while True:
            try:
                return await call()
            except (TemporalAway, MayStillHappen, DeskBusy):
                life.again += 1
                await asyncio.sleep(self._chance.uniform(0.2, 0.6))

    async def _until(self, life: Life, so: Callable[[Case], bool]) -> None:
        # Read as the API reads, from the database: what stands there is what people see.
        while (case := await self._cases.get(self._terms.tenant.id, life.complaint_id)) is None or not so(case):
            await asyncio.sleep(self._chance.uniform(0.1, 0.3))
