"""The clock: all promises of a complaint, and never more timers than it takes to be awake in time.

A timer stands at or before the earliest instant that any promise asks for. An earlier promise arms another one and leaves the far
one standing: it is wanted again as soon as that promise is kept. A promise that is kept is crossed off: a far timer is left
to fire and look again; a near one, which would wake the complaint for nothing, is called off: one event instead of four. Nothing
here polls.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import NamedTuple

from temporalio import workflow

from domain.actor import Role
from domain.case import Case, OpenDeadline, Stage
from domain.hand_overs import waiting_offer
from domain.journal import FollowUpDue, HandOverDeclined, Resumed
from domain.promise_events import DeadlineMissed, Escalated
from domain.promises import Due, next_due
from workflows.case_file import CaseFile
from workflows.faults import Background
from workflows.local import LocalWork
from workflows.people import People
from workflows.planner import Planner

# Instants are kept to the microsecond, timers to the millisecond: one more, so that a timer never fires before its instant.
_ROUND_UP = timedelta(milliseconds=1)
# Within it a complaint is hardly ended, nor another promise given, before the timer fires.
_NEAR = timedelta(hours=4)


# Bytes.
_SUMMARY = 180


class Wake(NamedTuple):
    at: datetime
    name: str
    due: Due | None = None


class Clock:
    """Keeps every deadline of the case file: misses it, escalates it rung by rung, ends a pause that has a term."""

    def __init__(self, file: CaseFile, planner: Planner, people: People, background: Background, local: LocalWork) -> None:
        self._file = file
        self._planner = planner
        self._people = people
        self._background = background
        self._local = local
        self._timers: dict[datetime, asyncio.Task[None]] = {}
        self.ask_partners_at: datetime | None = None
        self.partners_due = False
        self.steps_to_ask_after: list[str] = []
        self._looked: dict[str, datetime] = {}
        self._asked: Case | None = None
        self._due: Due | None = None

    async def work(self) -> None:
        while True:
            wake = self._next()
            if wake is not None and wake.at <= workflow.now():
                await self._local.calm()
                # What was waited for may have kept the promise, or moved it.
                if wake == self._next():
                    await self._act(wake)
                continue
            if not self._local.is_calm():
                # A timer begins to run when its task ends and is as long as it was when it was set. Set before a task's local
                # activities it fires late by all that they take, which is a second in a burst; they move the workflow's clock on.
                await workflow.wait_condition(self._local.is_calm)
                continue
            self._arm(wake)
            await workflow.wait_condition(self._stirred)

    def _next(self) -> Wake | None:
        case = self._file.case
        wakes: list[Wake] = []
        due = self._due_in(case)
        if due is not None:
            wakes.append(Wake(due.at, due.key.split("/")[0], due))
        if case.paused and case.resume_at is not None:
            wakes.append(Wake(case.resume_at, "end of the pause"))
        if case.stage is Stage.FOLLOWING_UP and case.follow_up is not None and not case.follow_up.reminded:
            wakes.append(Wake(case.follow_up.from_at, f"look back: {case.follow_up.row}"))
        if (offer := waiting_offer(case)) is not None and offer.until_at is not None and case.open:
            wakes.append(Wake(offer.until_at, f"answer of {offer.to} to the hand-over"))
        if self.ask_partners_at is not None:
            wakes.append(Wake(self.ask_partners_at, "ask partners how far they are"))
        return min(wakes, key=lambda wake: (wake.at, wake.name), default=None)

    def _due_in(self, case: Case) -> Due | None:
        # Asked at every stir of the workflow, mostly of the very same case.
        if case is not self._asked:
            self._asked, self._due = case, next_due(case)
        return self._due

    def _arm(self, wake: Wake | None) -> None:
        self._timers = {at: timer for at, timer in self._timers.items() if not timer.done()}
        if wake is None:
            return
        for at in [at for at in self._timers if self._is_pointless(at, wake.at)]:
            self._timers.pop(at).cancel()
        if not self._is_armed_for(wake.at):
            delay = wake.at - workflow.now() + _ROUND_UP
            self._timers[wake.at] = asyncio.create_task(workflow.sleep(delay, summary=self._in_words(wake)))

    def _in_words(self, wake: Wake) -> str:
        """What operators read beside the timer: the promise's title in both languages. Temporal takes 400 bytes, sealed."""
        if wake.due is None:
            return wake.name[:_SUMMARY]
        title = self._file.pack.deadline_of(wake.name).title
        return f"{title.zh} / {title.en}".encode()[:_SUMMARY].decode(errors="ignore")

    def _stirred(self) -> bool:
        if any(timer.done() for timer in self._timers.values()):
            return True
        wake = self._next()
        if wake is None:
            return False
        return not self._is_armed_for(wake.at) or any(self._is_pointless(at, wake.at) for at in self._timers)

    def _is_armed_for(self, wanted_at: datetime) -> bool:
        return any(at <= wanted_at for at in self._timers)

    def _is_pointless(self, at: datetime, wanted_at: datetime) -> bool:
        # While the calendar is asked, an earlier promise may be on its way.
        return at < wanted_at and self._planner.idle and at - workflow.now() < _NEAR

    async def _act(self, wake: Wake) -> None:
        if wake.due is not None:
            await self._act_on(wake.due)
        elif self.ask_partners_at is not None and wake.at == self.ask_partners_at:
            self.ask_partners_at, self.partners_due = None, True
        elif (look_back := self._file.case.follow_up) is not None and wake.at == look_back.from_at and not look_back.reminded:
            self._file.say(FollowUpDue(row=look_back.row, owner=look_back.owner))
        elif (offer := waiting_offer(self._file.case)) is not None and wake.at == offer.until_at:
            self._file.say(HandOverDeclined(reason="no answer in time / 逾时未答复", unanswered=offer.to))
        else:
            self._file.say(Resumed(reason="the term of the pause is over", ended_at=wake.at))
            # Not here: while the calendar cannot be read, other promises must not wait for it.
            self._background.start(self.resume())

    async def _act_on(self, due: Due) -> None:
        deadline = self._file.case.deadline(due.key)
        if deadline is None or await self._moved(deadline, due.at):
            return
        if due.rung is None:
            self._file.say(DeadlineMissed(key=due.key, due_at=due.at))
        else:
            await self._escalate(deadline, due.rung)

    async def _moved(self, deadline: OpenDeadline, at: datetime) -> bool:
        """Look again at a deadline counted in service time: a holiday may have been entered since it was planned."""
        row = self._file.pack.deadline_of(deadline.name)
        if deadline.missed or row.budget.counts_wall_clock or self._looked.get(deadline.key) == at:
            return False
        self._looked[deadline.key] = at
        await self._planner.look_again(deadline)
        after = self._file.case.deadline(deadline.key)
        return after is None or (after.due_at, after.rungs) != (deadline.due_at, deadline.rungs)

    async def _escalate(self, deadline: OpenDeadline, rung: int) -> None:
        row = self._file.pack.deadline_of(deadline.name)
        step = self._file.pack.ladder_of(row.ladder).rung[rung]
        to = Role(step.role(row.owner))
        person = self._file.case.assignee if to is Role.AGENT else await self._people.find(to)
        after = self._file.case.deadline(deadline.key)
        # Kept or acknowledged while the person was looked up: the ladder ends there.
        if after is None or after.acknowledged or after.next_rung != rung:
            return
        self._file.say(Escalated(key=deadline.key, rung=rung, to=to, person=person, actions=step.do))
        if "ask_partner" in step.do:
            self.steps_to_ask_after.append(deadline.key.split("/")[1])

    async def resume(self) -> None:
        """A pause is over: every promise that stood still runs on from where it stood."""
        still = tuple(d for d in self._file.case.deadlines if d.standing_still)
        await self._planner.replan(still, "resumed")
