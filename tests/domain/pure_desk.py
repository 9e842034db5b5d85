"""A complaint without Temporal: the real case file, procedure, pack and calendar; time and partners are in the test's hand.

What coroutines do in a workflow is done here when the test says so: `plan` is the planner, `until` the clock, `carry_out` the
placing of effects, `hears` a partner's webhook.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from domain.actor import Actor, Role
from domain.calendar import ServiceCalendar, calendar_of
from domain.case import Case, Stage, StepState
from domain.commands import Command
from domain.effect_orders import effect_key
from domain.effects import EffectReport
from domain.intake import Intake, Opening
from domain.journal import CarriedOut, Entry, FollowUpDue, OrderChecked, Resumed, StepFailed, StepOrdered
from domain.money import Money
from domain.order import Customer, Order
from domain.policy.pack import Pack
from domain.procedure import perform
from domain.promise_events import DeadlineMissed, DeadlineMoved, DeadlineSet, Escalated
from domain.promise_plan import plan_promise
from domain.promises import Due, next_due
from domain.refusal import Refusal
from domain.steps import step_done, unfinished, waits
from domain.tenant_file import parse_tenant
from tests.domain.packs import ROOT, home
from workflows.carrying_out import CarryingOut
from workflows.case_file import CaseFile
from workflows.local import LocalWork

Answer = Literal["accepted", "done", "refused"]
SHOP = Actor(id="shop", roles=(Role.INTAKE,))


@cache
def home_calendar() -> ServiceCalendar:
    file = ROOT / "tenants" / "home-demo.toml"
    return calendar_of(parse_tenant(file.read_text(encoding="utf-8"), file.name))


def an_intake(category: str = "transport_damage", **fields: Any) -> Intake:
    """A complaint of the customer of order HM-2026-0001."""
    given: dict[str, Any] = {
        "channel": "app",
        "customer": Customer(name="王芳", customer_id="cust-0001", email="wang@customer.example"),
        "content": "收到的岩板破损，无法使用。",
        "expectation": "退款",
        "order_number": "HM-2026-0001",
        "installation_address": "上海市徐汇区漕溪北路 1 号",
    }
    return Intake(category=category, **{**given, **fields})


class PureDesk:
    """`file` is the case file; `now` only moves by `until`."""

    def __init__(
        self,
        received_at: datetime,
        category: str = "transport_damage",
        order: Order | None = None,
        pack: Pack | None = None,
        **intake: Any,
    ) -> None:
        self.pack: Pack = pack or home()
        self.now = received_at
        self.order = order
        opening = Opening(
            tenant="home-demo",
            complaint_id="cmp_pure",
            received_at=received_at,
            filed_by=SHOP,
            intake=an_intake(category, **intake),
            pack=self.pack.ref,
            pack_digest=self.pack.digest,
            zone="Asia/Shanghai",
            currency="CNY",
        )
        self.file = CaseFile.opened(self.pack, opening, lambda: self.now)
        clock: Any = None
        self.carrying_out = CarryingOut(self.file, clock, clock, LocalWork())
        self.file.start_promises()
        self.file.follow_routes()
        if order is not None:
            self.file.say(OrderChecked(result="found", order=order))

    @property
    def case(self) -> Case:
        return self.file.case

    @property
    def journal(self) -> list[Entry]:
        """Nothing is ever taken out: no database is there to take it."""
        return self.file.unwritten

    def does(self, by: Actor, command: Command) -> Refusal | None:
        """Give a command; a refusal is returned, not raised."""
        try:
            events = perform(self.case, self.pack, by, command, self.now)
        except Refusal as refusal:
            return refusal
        self.file.record(by, events)
        if any(isinstance(event, Resumed) for event in events):
            self._run_on()
        return None

    def plan(self) -> None:
        """The calendar answers for every promise that waits for its instant."""
        for ask in list(self.file.asks.values()):
            name, started = ask.started.name, ask.started
            self.file.promise(self._planned(started.key, name, started.start_at, started.named_at))

    def until(self, instant: datetime) -> None:
        """Let time pass; everything that falls due on the way happens at its own instant."""
        self.plan()
        while (wake := self._next_wake()) is not None and wake[0] <= instant:
            self.now = max(self.now, wake[0])
            wake[1]()
            self.plan()
        self.now = max(self.now, instant)

    def _next_wake(self) -> tuple[datetime, Callable[[], None]] | None:
        wakes: list[tuple[datetime, Callable[[], None]]] = []
        due = next_due(self.case)
        if due is not None:
            found: Due = due
            wakes.append((due.at, lambda: self._fall_due(found)))
        if self.case.paused and self.case.resume_at is not None:
            wakes.append((self.case.resume_at, self._pause_ends))
        look_back = self.case.follow_up
        if look_back is not None and not look_back.reminded:
            wakes.append((look_back.from_at, lambda: self.file.say(FollowUpDue(row=look_back.row, owner=look_back.owner))))
        return min(wakes, key=lambda wake: wake[0], default=None)

    def _fall_due(self, due: Due) -> None:
        deadline = self.case.deadline(due.key)
        assert deadline is not None
        if due.rung is None:
            self.file.say(DeadlineMissed(key=due.key, due_at=due.at))
            return
        row = self.pack.deadline_of(deadline.name)
        rung = self.pack.ladder_of(row.ladder).rung[due.rung]
        self.file.say(Escalated(key=due.key, rung=due.rung, to=Role(rung.role(row.owner)), person="qian", actions=rung.do))

    def _pause_ends(self) -> None:
        self.file.say(Resumed(reason="the term of the pause is over", ended_at=self.case.resume_at))
        self._run_on()

    def _run_on(self) -> None:
        for deadline in [each for each in self.case.deadlines if each.standing_still]:
            planned = self._planned(deadline.key, deadline.name, deadline.start_at)
            self.file.say(
                DeadlineMoved(
                    key=planned.key,
                    due_at=planned.due_at,
                    rungs=planned.rungs,
                    explanation=planned.explanation,
                    why="resumed",
                )
            )

    def _planned(self, key: str, name: str, start_at: datetime, named_at: datetime | None = None) -> DeadlineSet:
        row = self.pack.deadline_of(name)
        planned = plan_promise(self.pack, name, start_at, self.case.pauses, home_calendar(), named_at)
        return DeadlineSet(key=key, name=name, clause=row.clause, owner=row.owner, start_at=start_at, **planned._asdict())

    def carry_out(self, answers: Callable[[StepState], Answer]) -> None:
        """Place every planned step, one after the other; `answers` is what its partner says."""
        if self.case.stage not in (Stage.CARRYING_OUT, Stage.CONFIRMING):
            return
        while (state := self._next_step()) is not None:
            match state.step.executor:
                case "none":
                    self.file.say(*step_done(self.case, state.step.id, "", None))
                case "person":
                    self.file.say(StepOrdered(step=state.step.id, reference="-"))
                case _:
                    answer = answers(state)
                    if answer == "refused":
                        self.file.say(StepFailed(step=state.step.id, code="refused", detail="not possible"))
                    else:
                        self.hears(state, answer)
        if self.case.stage is Stage.CARRYING_OUT and all(s.behind_the_scenes for s in unfinished(self.case)):
            self.file.say(CarriedOut())

    def _next_step(self) -> StepState | None:
        return next((s for s in self.case.steps if s.status == "planned" and not waits(self.case, s)), None)

    def hears(self, state: StepState, answer: Answer) -> None:
        """A partner's webhook about a step, as often and as late as the test likes."""
        report = EffectReport(reference="P-1", status=answer, detail="", at=self.now)
        if self.case.open:
            self.carrying_out.heard(effect_key(self.case, state), report)

    def at_partners(self) -> Sequence[StepState]:
        """Steps of any cycle that a partner carries out."""
        return [s for s in (*self.case.earlier_steps, *self.case.steps) if s.step.executor not in ("person", "none")]


def sample_order(paid: str = "1000.00", received_at: datetime | None = None) -> Order:
    """Order HM-2026-0001, worth what the test says."""
    at = (received_at or datetime.now().astimezone()) - timedelta(days=9)
    return Order(
        number="HM-2026-0001", status="delivered", customer_id="cust-0001", placed_at=at,
        goods=Money.of(paid, "CNY"), freight=Money.zero("CNY"), paid=Money.of(paid, "CNY"),
    )  # fmt: skip
