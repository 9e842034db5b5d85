"""Counting: complaints that were received in the period, and entries of the journal that fell into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from domain import journal as j
from domain import promise_events as p
from domain.actor import Role
from domain.journal import Event, FactValue
from domain.money import Money
from domain.policy.pack import Pack
from domain.policy.vocabulary import CASH_KINDS
from domain.remedies import RemedyPlan
from domain.summary.figures import MoneyFigures, Satisfaction
from domain.summary.period import Period
from domain.summary.words_of_orders import categories_of_lateness, one_line

# Entries that change a figure, and those that say who was in charge and what was agreed when one did.
COUNTED = (
    "assigned", "handed_over", "escalated", "escalated_by_hand", "deadline_met", "deadline_missed",
    "proposed", "accepted", "step_settled", "step_done", "confirmed", "reopened", "closed",
    "followed_up", "survey_answered", "consulted",
)  # fmt: skip


class Complained(NamedTuple):
    """A complaint that was received in the period, with what is known of it by now."""

    category: str
    level: str
    founded: bool | None = None
    liable: str | None = None
    facts: Mapping[str, FactValue] = {}
    origin: str | None = None
    destination: str | None = None
    carrier: str | None = None
    severity: str | None = None
    product: str | None = None
    lot: str | None = None
    customer_id: str | None = None
    against_staff: str | None = None
    departments: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()


class Happened(NamedTuple):
    """An entry of one of the kinds `COUNTED`, from before the end of the period. Those of one complaint come in their order."""

    complaint_id: str
    at: datetime
    event: Event
    seq: int = 0


@dataclass
class _Life:
    """What earlier entries of a complaint say about the next one."""

    assignee: str | None = None
    proposed: RemedyPlan | None = None
    agreed: RemedyPlan | None = None
    # Departments that were asked, by the number of the entry that did so, which the key of its promise ends with.
    departments: dict[str, str] = field(default_factory=dict)
    # By the promise that was missed: when it was due, and whose it was: of a person, or of a team.
    missed: dict[str, tuple[datetime, str | None, str | None]] = field(default_factory=dict)


@dataclass
class Tally:
    """Counts as rows come, one by one and of any number; `summary.compose` makes the summary of it."""

    pack: Pack
    period: Period
    received: int = 0
    unfounded: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    findings_of_cause: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    routes: Counter[tuple[str, str, str | None]] = field(default_factory=Counter)
    late_elsewhere: int = 0
    outcomes: dict[str, str] = field(default_factory=dict)
    kept: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    kept_by: Counter[str] = field(default_factory=Counter)
    missed_by: Counter[str] = field(default_factory=Counter)
    reopened: int = 0
    survey: Counter[tuple[str, str]] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    products: Counter[str] = field(default_factory=Counter)
    lots: Counter[str] = field(default_factory=Counter)
    founded_or_open: Counter[str] = field(default_factory=Counter)
    customers: Counter[str] = field(default_factory=Counter)
    departments: Counter[str] = field(default_factory=Counter)
    incidents: Counter[str] = field(default_factory=Counter)
    in_incidents: int = 0
    late_by: Counter[str] = field(default_factory=Counter)
    # By department, or by role where it is nobody's in particular.
    kept_in: Counter[str] = field(default_factory=Counter)
    missed_in: Counter[str] = field(default_factory=Counter)
    late_in: Counter[str] = field(default_factory=Counter)
    staff_found_true: Counter[str] = field(default_factory=Counter)
    staff_recorded: Counter[str] = field(default_factory=Counter)
    staff_coached: Counter[str] = field(default_factory=Counter)
    _against: dict[str, str] = field(default_factory=dict)
    _answers: Counter[bool] = field(default_factory=Counter)
    _ratings: list[int] = field(default_factory=list)
    _money: dict[tuple[str, str], Money] = field(default_factory=dict)
    _lives: dict[str, _Life] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._choices = {fact.name: {choice.id for choice in fact.values} for fact in self.pack.fact if fact.type == "choice"}
        self._of_customers = {row.id for row in self.pack.deadline if row.owner is Role.CUSTOMER}
        self._owners = {row.id: row.owner for row in self.pack.deadline}
        self._of_staff_facts = [fact.name for fact in self.pack.fact if fact.of_staff]
        self._late = categories_of_lateness(self.pack)
        # Reckoned once: a month has a hundred thousand entries.
        self._from_at, self._to_at = self.period.from_at, self.period.to_at

    def complaint(self, row: Complained) -> None:
        self.received += 1
        self.categories[row.category] += 1
        self.levels[row.level] += 1
        if row.severity is not None:
            self.severities[row.severity] += 1
        if row.customer_id is not None:
            self.customers[row.customer_id] += 1
        self.departments.update(set(row.departments))
        self.incidents.update(set(row.incidents))
        self.in_incidents += bool(row.incidents)
        if row.founded is False:
            self.unfounded += 1
            return
        self.founded_or_open[row.category] += 1
        for counted, name in ((self.products, row.product), (self.lots, row.lot)):
            if one := one_line(name):
                counted[one] += 1
        if row.against_staff is not None and row.founded and self._found_true(row):
            self.staff_found_true[row.against_staff] += 1
        if row.category in self._late:
            origin, destination, carrier = (one_line(each) for each in (row.origin, row.destination, row.carrier))
            if origin and destination:
                self.routes[origin, destination, carrier] += 1
            else:
                self.late_elsewhere += 1
        if row.liable is None:
            return
        self.causes[row.liable] += 1
        for name, value in row.facts.items():
            if isinstance(value, str) and value in self._choices.get(name, ()):
                self.findings[name, value] += 1
                self.findings_of_cause[row.liable, name, value] += 1

    def _found_true(self, row: Complained) -> bool:
        """Valid is not yet the employee's doing, where the procedure has that found out."""
        return not self._of_staff_facts or any(row.facts.get(name) is True for name in self._of_staff_facts)

    def about(self, complaint_id: str, staff: str) -> None:
        """Whom a complaint is about, before its entries come."""
        self._against[complaint_id] = staff

    def entry(self, row: Happened) -> None:
        life = self._lives.setdefault(row.complaint_id, _Life())
        if self._from_at <= row.at < self._to_at:
            self._count(row, life)
        match row.event:
            case j.Assigned() | j.HandedOver():
                life.assignee = row.event.assignee
            case j.EscalatedByHand() if row.event.assignee:
                life.assignee = row.event.assignee
            case p.Escalated() if "hand_over" in row.event.actions and row.event.person:
                life.assignee = row.event.person
            case p.DeadlineMissed():
                life.missed[row.event.key] = row.event.due_at, *self._whose(row.event.key, life)
            case j.Consulted():
                life.departments[str(row.seq)] = row.event.department
            case j.Proposed():
                life.proposed = row.event.plan
            case j.Accepted():
                life.agreed = life.proposed

    def _count(self, row: Happened, life: _Life) -> None:
        match row.event:
            case p.DeadlineMet(in_time=True):
                self._promise(row.event.key, life, self.kept, self.kept_by, self.kept_in, row.event.by)
            case p.DeadlineMet():
                self._late_after_all(row, row.event.key, life)
            case p.DeadlineMissed():
                self._promise(row.event.key, life, self.missed, self.missed_by, self.missed_in)
            case j.Accepted() if life.proposed is not None:
                self._spend("agreed", life.proposed.cash)
            case j.StepSettled(action="drop") if life.agreed is not None:
                dropped = next((step for step in life.agreed.steps if step.id == row.event.step), None)
                if dropped is not None and dropped.money is not None and dropped.kind in CASH_KINDS:
                    self._spend("given_up", dropped.money)
            case j.StepDone(paid=Money()):
                assert row.event.paid is not None
                self._spend("paid", row.event.paid)
            case j.StepDone() if row.complaint_id in self._against:
                self._of_staff(row.event.step, life, self._against[row.complaint_id])
            case j.Confirmed():
                self._answers[row.event.satisfied] += 1
                if row.event.rating is not None:
                    self._ratings.append(row.event.rating)
            case j.FollowedUp(answered=True) if not row.event.all_is_well:
                self._answers[False] += 1
            case j.SurveyAnswered():
                self.survey.update(row.event.answers.items())
                self._answers[False] += row.event.dissatisfied
            case j.Closed():
                self.outcomes[row.complaint_id] = row.event.outcome
            case j.Reopened():
                self.reopened += 1
                self.outcomes.pop(row.complaint_id, None)

    def _promise(
        self,
        key: str,
        life: _Life,
        total: Counter[str],
        by_person: Counter[str],
        by_team: Counter[str],
        by: str | None = None,
    ) -> None:
        """`by` has kept it, where it is not the promise of whoever is in charge."""
        name = key.split("/")[0]
        if name in self._of_customers:
            return  # the customer's own: the business has neither kept nor missed it
        total[name] += 1
        person, team = self._whose(key, life)
        if by is not None or person is not None:
            by_person[by or str(person)] += 1
        elif team is not None:
            by_team[team] += 1

    def _whose(self, key: str, life: _Life) -> tuple[str | None, str | None]:
        """Whose promise it is: the person in charge, or else the department that was asked, or the role that owns it."""
        match self._owners.get(key.split("/")[0]):
            case None | Role.CUSTOMER:
                return None, None
            case Role.AGENT:
                return life.assignee, None
            case Role.DEPARTMENT:
                return None, life.departments.get(key.split("/")[-1], Role.DEPARTMENT.value)
            case owner:
                return None, owner.value

    def _late_after_all(self, row: Happened, key: str, life: _Life) -> None:
        due_at, person, team = life.missed.get(key, (row.at, None, None))
        late = max(0, int((row.at - due_at).total_seconds()))
        if person is not None:
            self.late_by[person] += late
        elif team is not None:
            self.late_in[team] += late

    def late_of(self, person: str) -> timedelta:
        """How late this person's promises were that were done late after all."""
        return timedelta(seconds=self.late_by[person])

    def _of_staff(self, step_id: str, life: _Life, person: str) -> None:
        kind = next((step.kind for step in life.agreed.steps if step.id == step_id), None) if life.agreed else None
        if kind == "staff_record":
            self.staff_recorded[person] += 1
        elif kind == "coaching":
            self.staff_coached[person] += 1

    def _spend(self, what: str, money: Money) -> None:
        if money:
            known = self._money.get((what, money.currency), Money.zero(money.currency))
            self._money[what, money.currency] = known + money

    def money(self) -> tuple[MoneyFigures, ...]:
        """By currency, in the order of their codes."""

        def spent(what: str, currency: str) -> Money:
            return self._money.get((what, currency), Money.zero(currency))

        return tuple(
            MoneyFigures(agreed=spent("agreed", each), given_up=spent("given_up", each), paid=spent("paid", each))
            for each in sorted({currency for _, currency in self._money})
        )

    def satisfaction(self) -> Satisfaction:
        mean = Decimal(sum(self._ratings)) / len(self._ratings) if self._ratings else None
        return Satisfaction(
            satisfied=self._answers[True],
            dissatisfied=self._answers[False],
            rated=len(self._ratings),
            rating=mean.quantize(Decimal("0.1"), ROUND_HALF_UP) if mean is not None else None,
            reopened=self.reopened,
        )
