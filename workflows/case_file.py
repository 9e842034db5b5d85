"""The case file inside a workflow: every change is an entry, and each entry says what has to follow from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from temporalio import workflow
from temporalio.common import Priority

from domain.actor import SYSTEM, Actor
from domain.case import Case
from domain.classification import classified
from domain.fold import begin, evolve
from domain.given import Given
from domain.intake import Opening
from domain.journal import Classified, Closed, Entry, Event, Received, Reclassified
from domain.named_times import repeats_time
from domain.opinions import consulted_by
from domain.policy.pack import Pack
from domain.promise_events import DeadlineMoved, DeadlineSet
from domain.promises import Started, clauses_behind, kept_by, settle, started_by, touches
from domain.recount import Holding, Milestone, noted, started_anew
from domain.signs import signs_in
from domain.whose import may_route, offers_on


@dataclass
class Ask:
    """A promise on its way to the calendar. What happens to it meanwhile is settled as soon as its instant is known."""

    started: Started
    settled: str | None = None
    settled_with: Entry | None = None


class CaseFile:
    """Case and journal of one complaint.

    `unwritten` waits for the database, `asks` for the calendar, `untold` for notices, `unrouted` for people.
    """

    def __init__(self, pack: Pack, case: Case, now: Callable[[], datetime] = workflow.now) -> None:
        self.pack = pack
        self.case = case
        self._now = now
        self.unwritten: list[Entry] = []
        self.asks: dict[str, Ask] = {}
        self.untold: list[Entry] = []
        self.unrouted: list[Event] = []
        self._before_routes: list[Entry] = []
        self.milestones: dict[str, Milestone] = {}

    @classmethod
    def opened(cls, pack: Pack, opening: Opening, now: Callable[[], datetime] = workflow.now) -> CaseFile:
        """A new file: its first entry carries the instant of receipt, so that promises count from there."""
        category = pack.category_of(opening.intake.category)
        received = Received(
            tenant=opening.tenant,
            complaint_id=opening.complaint_id,
            pack=opening.pack,
            pack_digest=opening.pack_digest,
            zone=opening.zone,
            currency=opening.currency,
            group=category.group,
            level=category.level,
            urgent=category.level == "urgent",
            intake=opening.intake,
        )
        entry = Entry(seq=1, at=opening.received_at, by=opening.filed_by, event=received)
        file = cls(pack, begin(entry), now)
        # The clauses of an entry are looked up in the case before it; the first one has none, so its own case serves.
        file._note(entry.model_copy(update={"clauses": clauses_behind(file.case, pack, received)}))
        file._classify(None)
        for sign in signs_in(file.case, pack, received):
            file._append(SYSTEM, sign)
        return file

    @property
    def turn(self) -> Priority:
        """When work for this complaint has its turn: as in the work list, 1 goes first."""
        return Priority(priority_key=self.case.priority)

    def record(self, by: Actor, events: Sequence[Event]) -> None:
        """Write events into the file, with the promises they keep or make pointless right behind each."""
        for event in events:
            before = self.case
            self._append(by, event)
            if not isinstance(event, DeadlineSet | DeadlineMoved):
                self._follow(before)
            self.say(*signs_in(self.case, self.pack, event))
            self.follow_routes()

    def mark(self, given: Given) -> None:
        """Write on the last entry which command of whose key ended with it, so that the journal can answer it for ever."""
        self.unwritten[-1] = self.unwritten[-1].model_copy(update={"given": given})

    def say(self, *events: Event) -> None:
        """Record what the software itself found or did."""
        self.record(SYSTEM, events)

    def _append(self, by: Actor, event: Event) -> None:
        at = max(self._now(), self.case.updated_at)
        clauses = clauses_behind(self.case, self.pack, event)
        entry = Entry(seq=self.case.revision + 1, at=at, by=by, clauses=clauses, event=event)
        self.case = evolve(self.case, entry)
        self._note(entry)

    def _note(self, entry: Entry) -> None:
        self.unwritten.append(entry)
        self.untold.append(entry)
        self.milestones = noted(self.milestones, entry)
        self._last = entry
        if self.pack.route:
            self._before_routes.append(entry)

    def _follow(self, before: Case) -> None:
        """What follows from the last entry at once: what the complaint is by now, and the promises that this and that touch.

        `before` is the case before the entry. A promise that is settled may be a missed one, and so change what it is.
        """
        entry: Entry | None = self._last
        while True:
            classified, counted = self._classify(before), self.case
            for each in (entry, classified):
                if each is not None:
                    self._settle_promises(each, repeats_time(before, each.event))
            if (last := classified or entry) is None:
                return
            if classified is not None or isinstance(last.event, Reclassified):
                self._recount(before, last)
            before, entry = counted, None

    def _classify(self, before: Case | None) -> Entry | None:
        event = classified(self.pack, before, self.case)
        if event is None:
            return None
        self._append(SYSTEM, event)
        return self._last

    def _recount(self, before: Case, entry: Entry) -> None:
        """The complaint is something else: its promises are those that hold now, and count from where they would have counted."""
        if not self.case.open:
            return
        holding = Holding(self.pack, before, self.case)
        for ask in list(self.asks.values()):
            if ask.settled is None and holding.lapsed(self.pack.deadline_of(ask.started.name)):
                del self.asks[ask.started.key]
        for deadline in self.case.deadlines:
            if holding.lapsed(self.pack.deadline_of(deadline.name)):
                for event in settle(deadline, "dropped", entry.at):
                    self._append(SYSTEM, event)
        for started in started_anew(self.pack, holding, entry, self.milestones, self._running()):
            self.asks[started.key] = Ask(started)

    def _running(self) -> set[str]:
        waiting = {ask.started.name for ask in self.asks.values() if ask.settled is None}
        return waiting | {deadline.name for deadline in self.case.deadlines}

    def _settle_promises(self, entry: Entry, repeats: bool) -> None:
        for ask in list(self.asks.values()):
            if ask.settled is not None:
                continue
            ask.settled = touches(ask.started.key, ask.started.name, self.pack, entry, repeats=repeats)
            ask.settled_with = entry
            # Kept in the very moment it was given, such as a payment that the partner made at once: no promise was needed.
            if ask.settled and entry.at == ask.started.start_at:
                del self.asks[ask.started.key]
        for deadline in self.case.deadlines:
            what = touches(deadline.key, deadline.name, self.pack, entry, repeats=repeats)
            for event in settle(deadline, what, entry.at, kept_by(deadline, entry)) if what else ():
                self._append(SYSTEM, event)
        if isinstance(entry.event, Closed):
            for deadline in self.case.deadlines:
                for event in settle(deadline, "dropped", entry.at):
                    self._append(SYSTEM, event)
            self.asks.clear()
        elif self.case.open and not isinstance(entry.event, Classified):
            self.start_promises(entry, repeats)

    def start_promises(self, entry: Entry | None = None, repeats: bool = False) -> None:
        """Ask the calendar for what an entry promises; when none is given, for what those of a new file do."""
        for each in [entry] if entry is not None else list(self.unwritten):
            # What is said anew leaves alone what it did not drop.
            running = self._running() if isinstance(each.event, Reclassified) else ()
            for started in started_by(self.case, self.pack, each):
                if started.name not in running and not (repeats and started.named_at):
                    self.asks[started.key] = Ask(started)

    def follow_routes(self) -> None:
        """Ask the departments that the pack brings in behind what was written, and note what may take it to somebody else."""
        while self._before_routes:
            entry = self._before_routes.pop(0)
            # Who takes a new complaint is asked once its workflow runs.
            routed = may_route(self.pack, entry.event.kind) and not isinstance(entry.event, Received)
            if routed or offers_on(self.case, self.pack, entry.event) is not None:
                self.unrouted.append(entry.event)
            while events := consulted_by(self.case, self.pack, entry):
                self.say(events[0])

    def promise(self, planned: DeadlineSet) -> None:
        """A promise has its instant: enter it, and settle what happened to it meanwhile."""
        ask = self.asks.pop(planned.key, None)
        if ask is None:
            return
        self.say(planned)
        deadline = self.case.deadline(planned.key)
        if ask.settled and ask.settled_with and deadline is not None:
            self.say(*settle(deadline, ask.settled, ask.settled_with.at, kept_by(deadline, ask.settled_with)))
