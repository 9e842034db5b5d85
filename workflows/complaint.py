"""One complaint, from receipt to its end: answered, verified, assessed, agreed on, carried out, confirmed, closed.

People act by commands (`workflows/commands.py`), each of which writes entries into the case file; the pack says which promises an
entry starts, keeps or drops, and the clock keeps them. So every stage below waits for one outcome, and "nobody did it in time" is
no error but an escalation on the way to it. The workflow lives as long as the complaint, minutes or months, and across restarts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow

from domain.case import Case, Stage
from domain.commands import Command, Receipt, Signed, name_of
from domain.given import Given
from domain.incident.news import IncidentNews
from domain.intake import Details
from domain.journal import (
    CallOffAsked,
    CommandRefused,
    Entry,
    EscalatedByHand,
    InspectionOrdered,
    Reclassified,
    ReferredToLegal,
    Reopened,
    Resumed,
    StepSettled,
)
from domain.policy.registry import pack_for
from domain.procedure import perform
from domain.receipts import Receipts
from domain.refusal import Refusal
from workflows.arguments import EffectNews, Ending, Start
from workflows.carrying_out import CarryingOut
from workflows.case_file import CaseFile
from workflows.clock import Clock
from workflows.commands import Commands
from workflows.faults import Background
from workflows.local import LocalWork
from workflows.membership import Membership
from workflows.notifier import Notifier
from workflows.operator_view import OperatorView
from workflows.order_check import OrderCheck
from workflows.people import People
from workflows.planner import Planner
from workflows.projector import Projector
from workflows.updates import id_of_command

# How long a run that was started to reopen a complaint waits for the command to do so.
_REOPEN_COMES_WITHIN = timedelta(minutes=1)


@workflow.defn
class ComplaintWorkflow(Commands):
    """A customer complaint under a written procedure."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        if start.carried is not None:
            pack = pack_for(start.carried.pack, start.carried.pack_digest)
            self._file = CaseFile(pack, start.carried)
            self._file.milestones = start.milestones
        elif start.opening is not None:
            self._file = CaseFile.opened(pack_for(start.opening.pack, start.opening.pack_digest), start.opening)
            # Here and not in `run`: a command that comes with the start is carried out before it.
            self._file.start_promises()
            self._file.follow_routes()
        else:
            raise ValueError("a complaint starts with an opening or a carried case")
        self._receipts = Receipts(start.given)
        self._background = Background()
        self._local = LocalWork()
        self._planner = Planner(self._file, self._local)
        self._people = People(self._file, self._local)
        self._clock = Clock(self._file, self._planner, self._people, self._background, self._local)
        self._view = OperatorView(self._file, self._settled)
        self._projector = Projector(self._file, self._settled, self._local)
        self._notifier = Notifier(self._file, self._may_tell, self._background, self._local)
        self._order_check = OrderCheck(self._file, self._background, self._local)
        self._carrying_out = CarryingOut(self._file, self._clock, self._background, self._local)
        self._membership = Membership(self._file, self._carrying_out, self._background, self._local)
        self._projector.counted = self._membership.counted

    @property
    def _case(self) -> Case:
        return self._file.case

    @workflow.run
    async def run(self, start: Start) -> Ending:
        parts = (self._planner, self._projector, self._clock, self._notifier, self._view, self._people)
        for part in parts:
            self._background.start(part.work())
        if start.carried is not None and not start.carried.open and not self._case.open:
            await self._be_reopened()
        if self._case.open:
            self._take_up()
        # A command may come before this line: even a complaint that is closed already is filed away.
        while not self._projector.foreign:
            await self._first_response()
            await self._verification()
            await self._assessment()
            await self._agreement()
            await self._carry_out()
            await self._confirmation()
            await self._follow_up()
            if not self._case.open:
                await self._file_away()
            if not self._case.open:
                break
        return Ending(outcome=None if self._projector.foreign else self._case.outcome, revision=self._case.revision)

    # The stages. Each ends when the case has left it, by the outcome named first or because the complaint was closed.

    def _take_up(self) -> None:
        """What an earlier run did not finish is begun again; of a new complaint, everything. Nothing here holds a response up."""
        self._order_check.begin()
        if self._case.assignee is None:
            self._background.start(self._people.assign())
        self._background.start(self._carrying_out.inspect())
        self._membership.go_on()

    async def _first_response(self) -> None:
        """Outcomes: responded; withdrawn; ended because there is no such order of this customer."""
        await self._leave(Stage.RECEIVED)

    async def _verification(self) -> None:
        """Outcomes: founded; unfounded, which ends the complaint; withdrawn."""
        await self._leave(Stage.VERIFYING)

    async def _assessment(self) -> None:
        """Outcomes: assessed, with the facts that decide the remedy; withdrawn; closed by decision."""
        await self._leave(Stage.ASSESSING)

    async def _agreement(self) -> None:
        """Outcomes: accepted by the customer. Sent back, refused, declined and appealed lead to another proposal."""
        await self._leave(Stage.PROPOSING, Stage.APPROVING, Stage.OFFERED)

    async def _carry_out(self) -> None:
        """Outcomes: carried out. A step that fails for good waits for a person; partners that fall silent are asked."""
        while self._case.stage is Stage.CARRYING_OUT:
            self._carrying_out.go_on()
            await self._leave(Stage.CARRYING_OUT, unless=self._carrying_out.something_to_do)

    async def _confirmation(self) -> None:
        """Outcomes: satisfied, which closes; dissatisfied, which is handled again under the next cycle; closed by decision."""
        await self._leave(Stage.CONFIRMING)

    async def _follow_up(self) -> None:
        """Outcomes: all is well, which closes; the matter has come up again, which is handled again under the next cycle."""
        await self._leave(Stage.FOLLOWING_UP)

    async def _file_away(self) -> None:
        """The end: everything is written and everybody told. Until then a reopening finds the same run."""
        self._background.start(self._carrying_out.call_off())
        await self._background.until(lambda: self._case.open or self._told_and_done())
        self._projector.flush()
        await self._background.until(lambda: self._case.open or self._quiet())

    async def _be_reopened(self) -> None:
        try:
            await workflow.wait_condition(lambda: self._case.open, timeout=_REOPEN_COMES_WITHIN, timeout_summary="reopening")
        except TimeoutError:
            return

    async def _leave(self, *stages: Stage, unless: Callable[[], bool] = lambda: False) -> None:
        """Wait until the case has left these stages; a long history is continued in a new run meanwhile."""

        def left() -> bool:
            return self._case.stage not in stages or self._projector.foreign or unless()

        await self._background.until(lambda: left() or self._must_continue())
        if not left():
            workflow.continue_as_new(Start(carried=self._case, milestones=self._file.milestones, given=self._receipts.all))

    def _must_continue(self) -> bool:
        if not workflow.info().is_continue_as_new_suggested():
            return False
        self._projector.flush()
        return self._quiet()

    def _told_and_done(self) -> bool:
        return self._notifier.idle and self._carrying_out.idle and self._membership.over

    def _settled(self) -> bool:
        """Calendar and staff have answered, or the calendar is broken and nobody may wait for it."""
        return self._people.idle and (self._planner.idle or self._planner.late)

    def _may_tell(self) -> bool:
        """The first entry has been written, so that it is known whether this run is the complaint's own, or cannot be now."""
        return self._settled() and self._projector.begun and not self._projector.foreign

    def _quiet(self) -> bool:
        # A promise that was stopped by a pause and is not planned again yet would stand still for ever in the next run.
        resuming = not self._case.paused and any(deadline.standing_still for deadline in self._case.deadlines)
        return (
            not resuming
            and workflow.all_handlers_finished()
            and self._planner.idle
            and self._people.idle
            and self._projector.quiet
            and self._notifier.idle
            and self._carrying_out.idle
            and self._membership.idle
        )

    # Commands, news and looks

    async def calm(self) -> None:
        await self._local.calm()

    def check(self, signed: Signed[Command]) -> None:
        if self._given_before() is None:
            perform(self._case, self._file.pack, signed.by, signed.command, workflow.now())

    def perform(self, signed: Signed[Command]) -> Receipt:
        if (first := self._given_before()) is not None:
            return first
        events = perform(self._case, self._file.pack, signed.by, signed.command, workflow.now())
        self._file.record(signed.by, events)
        for event in events:
            match event:
                case Resumed():
                    self._background.start(self._clock.resume())
                case InspectionOrdered() | StepSettled():
                    self._background.start(self._carrying_out.inspect())
                    self._membership.go_on()
                case CallOffAsked():
                    self._background.start(self._carrying_out.call_back(event.step))
                case EscalatedByHand() | ReferredToLegal():
                    self._background.start(self._people.hand_up(event.to))
                case Reopened():
                    self._order_check.begin()
                case Reclassified(details=Details()):
                    self._order_check.begin()
                    self._background.start(self._people.give_anew())
        return self._receipt()

    def _given_before(self) -> Receipt | None:
        """The receipt of the same command, from this run or an earlier one; raises Refusal when its key was used for another."""
        id = id_of_command()
        return self._receipts.first(self._case.complaint_id, id) if id else None

    def _receipt(self) -> Receipt:
        receipt = Receipt(complaint_id=self._case.complaint_id, stage=self._case.stage, revision=self._case.revision)
        if (id := id_of_command()) is not None:
            given = Given(key=id.key, body=id.body, stage=receipt.stage, revision=receipt.revision)
            self._receipts.keep(given)
            self._file.mark(given)
        return receipt

    def note_refusal(self, signed: Signed[Command], refusal: Refusal) -> None:
        name = name_of(type(signed.command))
        refused = CommandRefused(command=name, code=refusal.code, reason=refusal.en, reason_zh=refusal.zh)
        self._file.record(signed.by, [refused])

    @workflow.signal(description="A partner's word on an effect, from its webhook.")
    async def effect_reported(self, news: EffectNews) -> None:
        await self._local.calm()
        if self._case.open or not self._membership.over:
            self._carrying_out.heard(news.key, news.report, news.system)

    @workflow.signal(description="What an incident tells a complaint that belongs to it.")
    async def incident_news(self, news: IncidentNews) -> None:
        await self._local.calm()
        self._membership.heard(news)

    @workflow.signal(description="The tenant's calendar changed: plan the running deadlines again.")
    async def calendar_changed(self) -> None:
        await self._local.calm()
        await self._planner.replan(tuple(d for d in self._case.deadlines if not d.standing_still), "calendar_changed")

    @workflow.query(name="case", description="The case as it stands.")
    def case_now(self) -> Case:
        return self._case

    @workflow.query(description="What was done under keys of its callers.")
    def given(self) -> list[Given]:
        return list(self._receipts.all)

    @workflow.query(description="What has happened and is not in the database yet, as while it is away.")
    def unwritten(self) -> list[Entry]:
        return list(self._file.unwritten)
