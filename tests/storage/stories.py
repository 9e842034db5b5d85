"""Complaints for tests of the database: journals told with the domain's own fold."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from domain.actor import SYSTEM, Actor, Role
from domain.budget import Budget
from domain.case import Case
from domain.explanation import Explanation
from domain.fold import begin, evolve
from domain.intake import Intake
from domain.journal import Assigned, Entry, Event, Received, Responded
from domain.order import Customer
from domain.promise_events import DeadlineSet

START_AT = datetime(2026, 11, 21, 1, 0, 0, 123456, tzinfo=UTC)
AGENT = Actor(id="agent-1", roles=(Role.AGENT, Role.SUPERVISOR))


def new_id() -> str:
    """A complaint id of the usual length that no other test has, of this run or an earlier one on the same database."""
    return f"cmp_{uuid.uuid4().hex[:26]}"


@dataclass
class Story:
    """One complaint as it goes on: `tell` adds an entry, `case` is what they add up to."""

    tenant: str = "home"
    complaint_id: str = field(default_factory=new_id)
    at: datetime = START_AT
    urgent: bool = False
    category: str = "transport_damage"
    customer: Customer = field(default_factory=lambda: Customer(name="王小明", customer_id="c-1", email="wang@example.com"))
    order_number: str | None = "SO-1"
    content: str = "石板送到时碎了两块。\nTwo slabs arrived broken."
    entries: list[Entry] = field(default_factory=list)
    case: Case = field(init=False)

    def __post_init__(self) -> None:
        received = Received(
            tenant=self.tenant,
            complaint_id=self.complaint_id,
            pack="home@2026-11",
            pack_digest="0" * 64,
            zone="Asia/Shanghai",
            currency="CNY",
            group="transport",
            level="urgent" if self.urgent else "normal",
            urgent=self.urgent,
            intake=Intake(
                category=self.category,
                channel="app",
                customer=self.customer,
                content=self.content,
                order_number=self.order_number,
            ),
        )
        self.entries.append(Entry(seq=1, at=self.at, by=AGENT, clauses=("HOM-TRN-01", "HOM-TRN-02"), event=received))
        self.case = begin(self.entries[0])

    def tell(self, event: Event, by: Actor = SYSTEM, after: timedelta = timedelta(seconds=1)) -> Story:
        self.at += after
        entry = Entry(seq=self.case.revision + 1, at=self.at, by=by, event=event)
        self.entries.append(entry)
        self.case = evolve(self.case, entry)
        return self

    def assigned(self, person: str) -> Story:
        return self.tell(Assigned(assignee=person, why="least_loaded"))

    def responded(self, message: str = "已登记，将于今日内核实。") -> Story:
        return self.tell(Responded(message=message), AGENT)

    def due(self, due_at: datetime, name: str = "first_response") -> Story:
        budget = Budget.within(timedelta(minutes=10), "calendar")
        explanation = Explanation(start_at=self.at, due_at=due_at, budget=budget)
        return self.tell(
            DeadlineSet(
                key=f"{name}#{self.case.revision}",
                name=name,
                clause="HOM-TRN-03",
                start_at=self.at,
                due_at=due_at,
                explanation=explanation,
            )
        )
