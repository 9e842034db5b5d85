"""Carrying out: each step of the agreed plan reaches its partner once in effect, whatever dies when.

The key of an effect never changes. A time-out means unknown: the same key is sent again and the partner answers what it did. A
final refusal goes to a person, who tries again or drops the step with a reason; nothing is dropped silently.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

from activities.contract import CancelEffect, Partners, PlaceEffect
from domain.case import Case, Stage, StepState
from domain.effect_orders import effect_key, effect_of, latest
from domain.effects import AccountChange, Benefit, EffectReport, Payment, ShipmentOrder, VisitOrder
from domain.journal import CallOffRefused, CarriedOut, StepFailed, StepOrdered, StepSettled
from domain.steps import called_off, step_done, unfinished, waits
from workflows.case_file import CaseFile
from workflows.clock import Clock
from workflows.faults import Background
from workflows.local import LocalWork

_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=2))
# Webhooks bring the news; a partner is asked only when it has been silent for a day.
_SILENCE = timedelta(days=1)


class CarryingOut:
    def __init__(self, file: CaseFile, clock: Clock, background: Background, local: LocalWork) -> None:
        self._file = file
        self._clock = clock
        self._background = background
        self._local = local
        self._placing = 0
        self._calling_off = False
        self._calling_back = 0
        self._beginning: set[str] = set()

    @property
    def idle(self) -> bool:
        return self._placing == 0 and not self._calling_off and not self._calling_back

    def go_on(self) -> None:
        """Order what is planned, each step by itself, so that none waits for another's partner; ask partners that fell silent."""
        if self._clock.partners_due:
            self._clock.partners_due = False
            self._background.start(self._ask_the_silent())
        for state in self._late():
            self._background.start(self._ask(state))
        for state in self._planned():
            self._beginning.add(effect_key(self._file.case, state))
            self._background.start(self._order(state))
        if self._clock.ask_partners_at is None:
            self._ask_again_after_silence()
        self._finish()

    def something_to_do(self) -> bool:
        """A step waits to be ordered (again), partners have been silent for too long, or what one promised has not come."""
        return bool(self._planned()) or self._clock.partners_due or bool(self._clock.steps_to_ask_after)

    def _late(self) -> list[StepState]:
        """Steps whose ladder has just come to where their partner is asked. What partners owe keeps a complaint at this stage."""
        late, self._clock.steps_to_ask_after = self._clock.steps_to_ask_after, []
        return [state for state in self._at_partners() if state.step.id in late]

    def _at_partners(self) -> list[StepState]:
        """Steps that a partner has taken and not ended."""
        return [s for s in self._file.case.steps if s.status == "ordered" and s.step.executor not in ("person", "none")]

    def _planned(self) -> list[StepState]:
        case = self._file.case
        planned = (s for s in case.steps if s.status == "planned" and effect_key(case, s) not in self._beginning)
        return [state for state in planned if not waits(case, state)]

    def _finish(self) -> None:
        """A plan in which nothing keeps the customer waiting has no last step that could say so."""
        case = self._file.case
        left = unfinished(case)
        if case.stage is Stage.CARRYING_OUT and all(s.behind_the_scenes and s.status == "ordered" for s in left):
            self._file.say(CarriedOut())

    async def _order(self, state: StepState) -> None:
        match state.step.executor:
            case "none":
                # The offer itself did it: what it explains and by when is written in it, and the customer agreed.
                self._file.say(*step_done(self._file.case, state.step.id, "", None))
            case "person":
                who = state.step.department or self._file.case.assignee or "-"
                self._file.say(StepOrdered(step=state.step.id, reference=who))
                self._finish()
            case _:
                await self._place(state)

    async def see_through(self, step: str) -> None:
        """What is given beside the plan, at whatever stage: ordered at once, and asked after when its partner is silent."""
        while (state := self._file.case.step(step)) is not None and state.status in ("planned", "ordered"):
            if state.status == "planned":
                await self._place(state)
                continue
            try:
                await workflow.wait_condition(
                    lambda: (s := self._file.case.step(step)) is None or s.status != "ordered",
                    timeout=_SILENCE,
                    timeout_summary=f"how far is {step}",
                )
            except TimeoutError:
                await self._ask(state)

    async def inspect(self) -> None:
        """Send the technician of an inspection that was ordered."""
        state = self._file.case.inspection
        if state is not None and state.status == "planned":
            await self._place(state)

    async def call_off(self) -> None:
        """Nobody needs a technician any more who was sent to a complaint that has ended."""
        self._calling_off = True
        await workflow.wait_condition(lambda: self._placing == 0)
        state = self._file.case.inspection
        if state is not None and state.status == "ordered" and not self._file.case.open:
            await self._cancel(state)
        self._calling_off = False

    async def call_back(self, step: str) -> None:
        """A person wants a step stopped. What cannot be undone goes on, and the journal says why."""
        self._calling_back += 1
        try:
            # Its order may be under way and its outcome unknown: only then is it known what there is to stop.
            await workflow.wait_condition(lambda: (s := self._called_off(step)) is None or s.status != "planned")
            state = self._called_off(step)
            if state is not None:
                await self._call_back(state)
        finally:
            self._calling_back -= 1

    def _called_off(self, step: str) -> StepState | None:
        """The step, while it is wanted stopped and its partner has not said the last word."""
        return next((s for s in self._all() if s.step.id == step and s.calling_off), None)

    def _all(self) -> tuple[StepState, ...]:
        """Of the plan, beside it, and the inspection."""
        case = self._file.case
        return (*case.steps, *case.extras, *((case.inspection,) if case.inspection else ()))

    async def _call_back(self, state: StepState) -> None:
        step = state.step.id
        try:
            report = await self._stop(state)
        except ActivityError as error:
            cause = error.cause
            code = str(cause.details[0]) if isinstance(cause, ApplicationError) and cause.details else "no_answer"
            await self._local.calm()
            if state.status == "ordered":
                await self._ask(state)
            if self._called_off(step) is not None:
                self._file.say(CallOffRefused(step=step, code=code, detail=str(getattr(cause, "message", ""))[:200]))
        else:
            await self._local.calm()
            if self._called_off(step) is not None:
                self._file.say(*called_off(self._file.case, step, report.detail))

    async def _stop(self, state: StepState) -> EffectReport:
        return await workflow.execute_activity_method(
            Partners.cancel_effect,
            stopping(self._file.case, state),
            start_to_close_timeout=timedelta(seconds=40),
            schedule_to_close_timeout=_SILENCE,
            retry_policy=_RETRY,
            priority=self._file.turn,
            summary=f"call off {state.step.kind}",
        )

    async def _cancel(self, state: StepState) -> None:
        try:
            report = await self._stop(state)
        except ActivityError:
            # Too late, or the partner is away for a day: the technician comes for nothing, which harms nobody.
            return
        await self._local.calm()
        self._file.say(StepSettled(step=state.step.id, action="drop", reason=f"called off: {report.detail}"[:300]))

    async def _place(self, state: StepState) -> None:
        self._placing += 1
        try:
            report = await workflow.execute_activity_method(
                Partners.place_effect,
                placing(self._file.case, state, latest(self._file.pack, state, workflow.now())),
                start_to_close_timeout=timedelta(seconds=20),
                retry_policy=_RETRY,
                priority=self._file.turn,
                summary=f"{state.step.kind} {state.step.money or ''}".strip(),
            )
        except ActivityError as error:
            await self._local.calm()
            self._failed(state, error)
        else:
            await self._local.calm()
            # A webhook may have overtaken the answer: what is done stays done.
            self.heard(effect_key(self._file.case, state), report)
            self._ask_again_after_silence()
        finally:
            self._placing -= 1

    def _failed(self, state: StepState, error: ActivityError) -> None:
        cause = error.cause
        if not isinstance(cause, ApplicationError):
            raise error
        if self._under_way(effect_key(self._file.case, state)) is not None:
            code = str(cause.details[0] if cause.details else cause.type)
            self._file.say(StepFailed(step=state.step.id, code=code, detail=cause.message[:300]))

    def heard(self, key: str, report: EffectReport, system: str = "") -> None:
        """News of an effect, from its partner's answer or webhook. News of another cycle, and old news, change nothing.

        Neither does a partner's word on what another one carries out: the firm that moves parcels has paid nothing.
        """
        case, state = self._file.case, self._under_way(key)
        if state is None:
            return
        if system and system != state.step.executor:
            workflow.logger.warning("news of %s by %s, which %s carries out: not heard", key, system, state.step.executor)
            return
        if state.status == "planned" and report.status != "refused":
            self._file.say(StepOrdered(step=state.step.id, reference=report.reference, detail=report.detail[:200]))
        if report.status == "refused" and state.calling_off:
            self._file.say(*called_off(case, state.step.id, report.detail))
        elif report.status == "refused":
            self._file.say(StepFailed(step=state.step.id, code="refused", detail=report.detail[:300]))
        elif report.status == "done" and state is not case.inspection and not state.to_correct:
            # A visit that took place and put nothing right is not done, whatever the partner's calendar says.
            self._file.say(*step_done(case, state.step.id, report.detail[:200], state.cash))

    def _under_way(self, key: str) -> StepState | None:
        """The step placed under this very key, of this cycle and this attempt, unless it has ended."""
        case = self._file.case
        return next((s for s in self._all() if s.status in ("planned", "ordered") and effect_key(case, s) == key), None)

    async def _ask_the_silent(self) -> None:
        """Ask after every effect of which nothing final has been heard for a day."""
        for state in self._at_partners():
            await self._ask(state)
        self._ask_again_after_silence()

    def _ask_again_after_silence(self) -> None:
        if self._at_partners():
            self._clock.ask_partners_at = workflow.now() + _SILENCE

    async def _ask(self, state: StepState) -> None:
        try:
            report = await workflow.execute_activity_method(
                Partners.ask_effect,
                placing(self._file.case, state),
                start_to_close_timeout=timedelta(seconds=20),
                schedule_to_close_timeout=timedelta(hours=1),
                retry_policy=_RETRY,
                priority=self._file.turn,
                summary=f"how far is {state.step.kind}",
            )
        except ActivityError:
            # Nothing new; asked again after another day of silence.
            return
        await self._local.calm()
        self.heard(effect_key(self._file.case, state), report)


def placing(case: Case, state: StepState, before_at: datetime | None = None) -> PlaceEffect:
    """What an activity is asked to place, or to ask after, for a step; a visit with the latest instant at which it may come."""
    order = effect_of(case, state, before_at)
    return PlaceEffect(
        tenant=case.tenant,
        key=effect_key(case, state),
        shipment=order if isinstance(order, ShipmentOrder) else None,
        visit=order if isinstance(order, VisitOrder) else None,
        payment=order if isinstance(order, Payment) else None,
        benefit=order if isinstance(order, Benefit) else None,
        account=order if isinstance(order, AccountChange) else None,
        clause="" if isinstance(order, Payment) else state.step.clause,
        decided_by=_decided_by(case, state),
    )


def stopping(case: Case, state: StepState) -> CancelEffect:
    """What an activity is asked to call back: at the partner that carries the step out."""
    match state.step.executor:
        case "payments" | "benefits" | "accounts" | "logistics" as partner:
            return CancelEffect(tenant=case.tenant, key=effect_key(case, state), partner=partner)
    raise ValueError(f"no partner carries out a {state.step.kind}")


def _decided_by(case: Case, state: StepState) -> str:
    """Who approved the plan that the step belongs to, or proposed it where nobody had to approve."""
    if state.decided_by is not None:
        return state.decided_by
    proposal = case.proposal
    if proposal is None or state is case.inspection:
        return ""
    return proposal.decided_by or proposal.proposed_by
