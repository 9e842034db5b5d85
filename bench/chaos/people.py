"""The people of the chaos run: each lives one complaint through, the way its kind goes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from bench.chaos.counter import Counter, Turned
from bench.chaos.kinds import Kind
from domain import commands as c
from domain.actor import Actor, Role
from domain.case import Case, Stage
from domain.commands import Command, name_of
from domain.intake import Intake
from domain.order import Customer

_AGENT = Actor(id="lin", roles=(Role.AGENT,))
_SUPERVISOR = Actor(id="zhou", roles=(Role.SUPERVISOR,))
_SHOP = Actor(id="shop", roles=(Role.INTAKE,))


@dataclass
class Life:
    """One complaint of the run. `given` counts its answered commands."""

    number: int
    kind: Kind
    complaint_id: str = ""
    order_number: str = ""
    given: int = 0
    done: bool = False


class People:
    def __init__(self, counter: Counter, chance: random.Random, pause: float) -> None:
        self._counter = counter
        self._chance = chance
        self._pause = pause
        self.commands = 0

    async def live(self, life: Life) -> None:
        """See one complaint through, however often somebody falls silent. Raises Turned when the API says no for good."""
        kind = life.kind
        await asyncio.sleep(self._chance.uniform(0, 2 * self._pause))
        life.complaint_id = await self._counter.file(_SHOP, self._intake(life), f"chaos-{life.number}")
        if kind.course == "late":
            await self._until(life, lambda case: case.breaches > 0)
        await self._gives(life, _AGENT, c.Respond(message="已登记。"))
        founded = kind.course != "unfounded"
        await self._gives(life, _AGENT, c.Verify(founded=founded, findings="已核实", sources=("承运商",)))
        if founded:
            await self._is_handled(life, 1)
        life.done = True

    async def _is_handled(self, life: Life, cycle: int) -> None:
        kind, customer = life.kind, Actor(id=f"cust-{life.number}", roles=(Role.CUSTOMER,))
        await self._gives(life, _AGENT, c.Assess(facts=dict(kind.facts), liable="carrier"), cycle)
        if kind.course == "withdrawn":
            await self._gives(life, customer, c.Withdraw(reason="已自行解决"))
            return
        await self._until(life, lambda case: case.order_check != "pending")
        number = cycle
        await self._is_proposed(life, number)
        if kind.course == "declined":
            await self._gives(life, customer, c.Decline(number=number, reason="太少"))
            number = 2
            await self._is_proposed(life, number)
        await self._gives(life, customer, c.Accept(number=number), number)
        for step in kind.by_hand:
            await self._gives(life, _AGENT, c.CompleteStep(step=step, note="已完成"), f"{step}-{cycle}")
        await self._until(life, lambda case: case.stage is Stage.CONFIRMING and case.cycle == cycle)
        satisfied = kind.course != "dissatisfied" or cycle == 2
        await self._gives(life, customer, c.Confirm(satisfied=satisfied, rating=5 if satisfied else 1), cycle)
        if not satisfied:
            await self._is_handled(life, cycle + 1)

    async def _is_proposed(self, life: Life, number: int) -> None:
        await self._gives(life, _AGENT, c.Propose(choices=life.kind.choices), number)
        await self._gives(life, _SUPERVISOR, c.Approve(number=number), number)

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

    async def _gives(self, life: Life, by: Actor, command: Command, place: object = "") -> None:
        await asyncio.sleep(self._chance.uniform(0, 2 * self._pause))
        name = name_of(type(command))
        # The same key each time it is tried: whatever was lost, the command itself or its answer, it is carried out once.
        try:
            await self._counter.give(by, life.complaint_id, name, command, f"{life.number}-{name}-{place}")
        except Turned as no:
            raise RuntimeError(f"complaint {life.number} ({life.kind.course}): {name} {place}: {no}") from no
        life.given += 1
        self.commands += 1

    async def _until(self, life: Life, so: Callable[[Case], bool]) -> None:
        while (case := await self._counter.read(_AGENT, life.complaint_id)) is None or not so(case):
            await asyncio.sleep(self._chance.uniform(0.5, 1.0))
