"""The planner: turns started promises into instants, by the tenant's calendar as it is at that moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

from activities.contract import DeadlineAsk, PlanDeadlines, PlannedDeadline, PlannedDeadlines, Planning
from domain.case import OpenDeadline
from domain.promise_events import DeadlineMoved, DeadlineSet
from domain.promise_plan import WALL_CLOCK, plan_promise
from domain.promises import Started
from workflows.case_file import CaseFile
from workflows.local import LocalWork

# The calendar is a file in the worker's memory: an answer takes a millisecond, or something is missing that people must mend.
_QUICK = timedelta(seconds=3)
_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


class Planner:
    """Asks a local activity where the calendar has a say. Unless `late`, its answer is due at once; the journal waits for it."""

    def __init__(self, file: CaseFile, local: LocalWork) -> None:
        self._file = file
        self._local = local
        local.also_wanted(lambda: not (self.idle or self.late))
        self._late = 0

    @property
    def late(self) -> bool:
        """The calendar could not be read: nobody may wait for its answer."""
        return self._late > 0

    @property
    def idle(self) -> bool:
        return not self._file.asks

    async def work(self) -> None:
        while True:
            await workflow.wait_condition(lambda: bool(self._file.asks))
            self._enter_by_wall_clock()
            asks = tuple(_ask_of(started) for started in self._waiting())
            for planned in (await self.plan(asks)).planned if asks else ():
                self._enter(planned)

    def _enter_by_wall_clock(self) -> None:
        """What no calendar has a say in is reckoned here: it costs no event, and holds while the calendar is missing."""
        for started in self._waiting():
            if self._file.pack.deadline_of(started.name).budget.counts_wall_clock:
                pauses = self._file.case.pauses
                planned = plan_promise(
                    self._file.pack, started.name, started.start_at, pauses, WALL_CLOCK, named_at=started.named_at
                )
                self._enter(PlannedDeadline(key=started.key, **planned._asdict()))

    def _waiting(self) -> list[Started]:
        return [ask.started for ask in self._file.asks.values()]

    def _enter(self, planned: PlannedDeadline) -> None:
        row = self._file.pack.deadline_of(planned.key.split("/")[0])
        self._file.promise(
            DeadlineSet(
                key=planned.key,
                name=row.id,
                clause=row.clause,
                start_at=planned.explanation.start_at,
                due_at=planned.due_at,
                rungs=planned.rungs,
                pausable=planned.pausable,
                owner=row.owner,
                explanation=planned.explanation,
            )
        )

    async def plan(self, asks: tuple[DeadlineAsk, ...]) -> PlannedDeadlines:
        """Instants of promises; retried for ever, since no promise may be forgotten because a file is missing."""
        while True:
            case = self._file.case
            planned = await self._ask(
                PlanDeadlines(tenant=case.tenant, pack=case.pack, pack_digest=case.pack_digest, asks=asks, pauses=case.pauses)
            )
            # A pause that began or ended meanwhile would be missing from the answer.
            if self._file.case.pauses == case.pauses:
                return planned

    async def _ask(self, ask: PlanDeadlines) -> PlannedDeadlines:
        try:
            return await self._ask_once(ask)
        except FailureError:
            self._late += 1
            planned = await workflow.execute_activity_method(
                Planning.plan_deadlines,
                ask,
                start_to_close_timeout=timedelta(seconds=10),
                retry_policy=_RETRY,
                priority=self._file.turn,
                summary="plan deadlines again: calendar or pack was missing",
            )
            self._late -= 1
            return planned

    async def _ask_once(self, ask: PlanDeadlines) -> PlannedDeadlines:
        return await self._local.run(
            lambda: workflow.execute_local_activity_method(
                Planning.plan_deadlines,
                ask,
                schedule_to_close_timeout=_QUICK,
                start_to_close_timeout=_QUICK,
                retry_policy=RetryPolicy(maximum_attempts=2),
                summary="when " + ", ".join(each.name for each in ask.asks)[:150],
            )
        )

    async def replan(self, deadlines: tuple[OpenDeadline, ...], why: str) -> None:
        """Ask again for running promises, after a pause or when the calendar may have changed; enter what moved."""
        # What stands at a named instant does not move with any calendar.
        asks = tuple(_again(deadline) for deadline in deadlines if deadline.explanation.budget.kind != "named")
        for planned in (await self.plan(asks)).planned if asks else ():
            self._enter_moved(planned, "resumed" if why == "resumed" else "calendar_changed")

    async def look_again(self, deadline: OpenDeadline) -> None:
        """Ask again for a promise that is about to act. While the calendar cannot be read, what was planned holds."""
        case = self._file.case
        ask = PlanDeadlines(
            tenant=case.tenant, pack=case.pack, pack_digest=case.pack_digest, asks=(_again(deadline),), pauses=case.pauses
        )
        try:
            [planned] = (await self._ask_once(ask)).planned
        except FailureError:
            return
        if self._file.case.pauses == case.pauses:
            self._enter_moved(planned, "calendar_changed")

    def _enter_moved(self, planned: PlannedDeadline, why: Literal["resumed", "calendar_changed"]) -> None:
        before = self._file.case.deadline(planned.key)
        if before is not None and _moved(before, planned):
            self._file.say(
                DeadlineMoved(
                    key=planned.key, due_at=planned.due_at, rungs=planned.rungs, explanation=planned.explanation, why=why
                )
            )


def _again(deadline: OpenDeadline) -> DeadlineAsk:
    return DeadlineAsk(key=deadline.key, name=deadline.name, start_at=deadline.start_at)


def _ask_of(started: Started) -> DeadlineAsk:
    return DeadlineAsk(key=started.key, name=started.name, start_at=started.start_at)


def _moved(before: OpenDeadline, planned: PlannedDeadline) -> bool:
    return before.standing_still or planned.due_at != before.due_at or planned.rungs != before.rungs
