"""Real complaints under random hands: commands in any order and twice, signals, pauses, time, partners that fail in every way.

Whatever came before, the complaint can be brought to its end, its journal keeps every law, and each effect happened once.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.service import RPCError

from bench import laws
from domain import commands as c
from domain.actor import Actor
from domain.case import Case, Stage
from domain.commands import Command, Receipt, name_of
from domain.effects import EffectReport
from domain.policy import registry
from tests import walk
from tests.house import Filed, House, signed_by
from tests.moves import AGENT, CATEGORIES, CUSTOMER, GENERAL_MANAGER, PHOTO, any_move, likely_move
from workflows.arguments import EffectNews, Start
from workflows.complaint import ComplaintWorkflow

T = TypeVar("T")
MOVES = 45
_FAULTS: tuple[dict[str, Any], ...] = (
    {"timeout_after_effect": 1, "timeout_mode": "close"},
    {"error_next": 1, "error_status": 503},
    {"error_next": 1, "error_status": 500, "timeout_after_effect": 1, "timeout_mode": "close"},
)


class Town:
    """Everybody round one complaint, moved by one seeded die. `repeats`: commands come twice, which one run tells apart."""

    def __init__(self, house: House, filed: Filed, die: random.Random, *, repeats: bool = True) -> None:
        self.repeats = repeats
        self.house = house
        self.filed = filed
        self.die = die
        self.given: list[tuple[str, Actor, Command, Receipt]] = []
        self._ids = itertools.count()

    def choose(self, options: Sequence[T], /) -> T:
        return self.die.choice(options)

    async def lives(self) -> None:
        for _ in range(MOVES):
            happens = self.die.choices(
                (self.likely, self.anything, self.again, self.by_signal, self.time, self.fault, self.news),
                weights=(10, 4, 2, 2, 3, 2, 4),
            )[0]
            await happens()
            if not (await self.filed.case()).open:
                await self.reopen()

    async def likely(self) -> None:
        # The order is looked up beside the response; with it most plans need no second try.
        await self.filed.until(lambda case: case.order_check == "found")
        await self.give(*likely_move(self.choose, await self.filed.case(), await self.filed.now()))

    async def anything(self) -> None:
        await self.give(*any_move(self.choose, await self.filed.case(), await self.filed.now()))

    async def give(self, by: Actor, command: Command) -> None:
        key = f"try-{next(self._ids)}"
        try:
            self.given.append((key, by, command, await self._update(key, by, command)))
        except WorkflowUpdateFailedError:
            pass
        except RPCError:
            # It ended between looking and giving.
            assert not (await self.filed.case()).open

    async def _update(self, key: str, by: Actor, command: Command) -> Receipt:
        receipt: Receipt = await self.filed.handle.execute_update(
            name_of(type(command)), signed_by(by, command), id=key, result_type=Receipt, rpc_timeout=timedelta(seconds=20)
        )
        return receipt

    async def again(self) -> None:
        """The same key for the same command: it is answered with its first receipt, and not carried out again."""
        if self.repeats and self.given and (await self.filed.case()).open:
            key, by, command, receipt = self.choose(self.given)
            assert await self._update(key, by, command) == receipt

    async def by_signal(self) -> None:
        case = await self.filed.case()
        command = self.choose(
            (c.Approve(number=max(1, case.proposals)), c.SendBack(number=max(1, case.proposals), reason="再看看"))
        )
        if case.open:
            await self.filed.signals(self.choose((AGENT, GENERAL_MANAGER, CUSTOMER)), command)

    async def time(self) -> None:
        await self.filed.passes(timedelta(minutes=self.choose((1, 11, 45, 300, 1500, 5000))))
        now = await self.filed.now()
        await self.filed.until(lambda case: not case.open or _everything_seen(case, now))

    async def fault(self) -> None:
        self.house.partners.faults(**self.choose(_FAULTS))

    async def news(self) -> None:
        """A partner moves one effect on, well or badly; its webhook comes twice."""
        waiting = [effect for effect in walk.effects_of(self.filed) if effect["status"] == "accepted"]
        if waiting:
            await self.move_on(self.choose(waiting), self.choose((None, None, "failed")))

    async def move_on(self, effect: dict[str, Any], to: str | None) -> None:
        moved = self.house.partners.advance(effect["system"], effect["reference"], to)
        report = EffectReport(
            reference=moved["reference"], status=moved["status"], detail=moved["detail"], at=datetime.fromisoformat(moved["at"])
        )
        if (await self.filed.case()).open:
            for _ in range(2):
                await self.filed.handle.signal(ComplaintWorkflow.effect_reported, EffectNews(key=effect["key"], report=report))

    async def reopen(self) -> None:
        """As the desk does it: a new run carries on from the case that the database knows."""
        await self.filed.ends()
        closed = await self.house.cases.get(self.filed.opening.tenant, self.filed.id)
        handle = await self.house.env.client.start_workflow(
            ComplaintWorkflow.run,
            Start(carried=closed),
            id=self.filed.handle.id,
            task_queue=self.house.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )
        self.filed, self.given = Filed(self.house, handle, self.filed.opening), []
        await self.filed.does(CUSTOMER, c.Reopen(reason="问题仍在"))
        # A new run's virtual clock starts at today; the complaint's own time has moved on, as a real clock would have.
        case = await self.filed.case()
        if (ahead := case.updated_at - await self.filed.now()) > timedelta(0):
            await self.filed.passes(ahead)

    async def brings_it_to_its_end(self) -> Case:
        self.house.partners.no_faults()
        for _ in range(60):
            case = await self.filed.case()
            if not case.open:
                break
            if case.stage not in (Stage.CARRYING_OUT, Stage.CONFIRMING):
                await self.give(CUSTOMER, c.Withdraw(reason="不再追究"))
            elif case.stage is Stage.CONFIRMING and not case.satisfied:
                await self.give(CUSTOMER, c.Confirm(satisfied=True, rating=5))
            else:
                await self._finish_steps(case)
        await self.filed.ends()
        row = await self.house.cases.get(self.filed.opening.tenant, self.filed.id)
        assert row is not None
        return row

    async def _finish_steps(self, case: Case) -> None:
        for effect in walk.effects_of(self.filed):
            if effect["status"] == "accepted":
                await self.move_on(effect, None)
        for state in case.steps:
            step = state.step.id
            if state.status == "failed":
                await self.give(GENERAL_MANAGER, c.SettleStep(step=step, action="drop", reason="人工处理"))
            elif state.is_visit and state.status != "done":
                await self.give(AGENT, c.ReportVisit(step=step, findings="已办理", corrected=True, evidence=(PHOTO,)))
            elif state.step.executor == "person" and state.status not in ("done", "dropped"):
                await self.give(AGENT, c.CompleteStep(step=step, note="已办理"))
        # What was ordered may have been done while nobody listened: a day of silence, and the partner is asked.
        await self.filed.passes(timedelta(hours=25))


def _everything_seen(case: Case, now: datetime) -> bool:
    try:
        laws.nothing_is_overdue_unseen(case, now)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("seed", [3, 5, 11, 23])
async def test_any_complaint_keeps_every_law_and_can_be_ended(house: House, seed: int) -> None:
    die = random.Random(seed)
    filed = await house.file(die.choice(CATEGORIES), order_number=walk.new_order(house, die.choice(("1000.00", "80.01"))))
    town = Town(house, filed, die)
    try:
        await town.lives()
    finally:
        house.partners.no_faults()
    row = await town.brings_it_to_its_end()
    assert not row.open

    entries = await town.filed.journal()
    laws.check_all(registry.released("home@2026-11"), entries, row)
    effects = walk.effects_of(town.filed)
    keys = [effect["key"] for effect in effects]
    assert len(keys) == len(set(keys))
    paid = [Decimal(str(e["request"]["money"]["amount"])) for e in effects if e["system"] == "payments" and e["status"] == "done"]
    assert sum(paid, Decimal(0)) == row.paid.amount
