"""The case: what is known of one complaint now. It is nothing but the sum of its journal (`domain/fold.py`)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.actor import Role
from domain.budget import Pause
from domain.explanation import Explanation
from domain.intake import Evidence, Intake, UrgentCause
from domain.journal import FactValue, Outcome
from domain.money import Money
from domain.order import Order
from domain.policy.vocabulary import CASH_KINDS, Sign
from domain.remedies import PlannedStep, RemedyPlan
from domain.route import Route
from domain.stored import absent, empty

VISITS = frozenset({"inspection_visit", "repair_visit", "rectification_visit", "reinstallation"})
# Between the company and others: it has to be done, but the customer is not kept waiting for it.
BEHIND_THE_SCENES = frozenset(
    {"carrier_claim", "supplier_claim", "internal_report", "listing_correction", "staff_record", "coaching"}
)


class Stage(StrEnum):
    """How far the procedure has come; each stage waits for one thing."""

    RECEIVED = "received"
    VERIFYING = "verifying"
    ASSESSING = "assessing"
    PROPOSING = "proposing"
    APPROVING = "approving"
    OFFERED = "offered"
    CARRYING_OUT = "carrying_out"
    CONFIRMING = "confirming"
    FOLLOWING_UP = "following_up"
    CLOSED = "closed"


class _State(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OpenDeadline(_State):
    """One running promise. While it stands still (a pause) `due_at` is the instant before the pause, or None."""

    key: str
    name: str
    clause: str
    start_at: AwareDatetime
    due_at: AwareDatetime | None
    rungs: tuple[AwareDatetime, ...]
    next_rung: int = 0
    acknowledged: bool = False
    missed: bool = False
    pausable: bool = False
    standing_still: bool = False
    owner: Role | None = Field(default=None, description="Whose promise it is: a role; customer where the customer owes it.")
    explanation: Explanation

    @property
    def ours(self) -> bool:
        """A promise of the business; the customer may have to answer by a time as well."""
        return self.owner is not Role.CUSTOMER

    @property
    def escalated(self) -> bool:
        """The ladder is beyond its warnings. A warning is not acknowledged away: the miss would reach nobody."""
        return self.next_rung > 0 and self.due_at is not None and self.rungs[self.next_rung - 1] >= self.due_at

    def may_stand_still(self, paused_at: datetime) -> bool:
        """What is overdue has been missed, noticed yet or not: no pause excuses it, and its ladder climbs on."""
        return self.pausable and (self.standing_still or self.due_at is None or self.due_at >= paused_at)


class Proposal(_State):
    number: int
    plan: RemedyPlan
    proposed_by: str
    keyed_by: str | None = Field(default=None, exclude_if=absent, description="Who made the API key that proposed it.")
    approver_role: Role | None = None
    decided_by: str | None = None


class StepState(_State):
    """How far one step of the agreed plan is. The effect key at the partner is `complaint/cycle/step`."""

    step: PlannedStep
    cycle: int
    status: Literal["planned", "ordered", "done", "failed", "dropped"] = "planned"
    reference: str | None = None
    detail: str = ""
    failure: str | None = Field(default=None, exclude_if=absent, description="Code of the failure, while the step is failed.")
    paid: Money | None = None
    attempt: int = 0
    address: str | None = Field(default=None, description="Where a visit goes; the installation address when absent.")
    decided_by: str | None = Field(default=None, exclude_if=absent, description="Who approved it, where no proposal says so.")
    calling_off: bool = Field(default=False, description="A person wants it stopped, and its partner has not answered yet.")
    to_correct: bool = Field(default=False, description="The last report of this visit says that it put nothing right yet.")

    @property
    def cash(self) -> Money | None:
        """Money that this step moves out of the company."""
        return self.step.money if self.step.kind in CASH_KINDS else None

    @property
    def is_visit(self) -> bool:
        return self.step.kind in VISITS

    @property
    def behind_the_scenes(self) -> bool:
        return self.step.kind in BEHIND_THE_SCENES


class FollowUp(_State):
    """The look back at a satisfied customer, while the complaint is kept open for it."""

    row: str = Field(description="Row of the pack that asks for it.")
    from_at: AwareDatetime = Field(description="It is due from this instant on (UTC).")
    owner: Role = Field(description="Role that has to do it.")
    reminded: bool = Field(default=False, description="That instant has come, and the owner knows.")
    attempts: int = Field(default=0, description="Calls that nobody answered.")


class Consultation(_State):
    """A department that was told or asked, by the number of the entry that did so."""

    entry: int
    department: str
    route: str
    cycle: int
    opinion: bool = Field(default=False, description="Its opinion is waited for before anything is proposed.")
    given: bool = Field(default=False, description="It has given its opinion.")
    dropped: bool = Field(default=False, exclude_if=empty, description="Its opinion is no longer needed.")
    responsible: str | None = Field(default=None, exclude_if=absent, description="Whom it found responsible.")


class Offer(_State):
    """A hand-over that waits for the other one's word."""

    to: str = Field(description="Staff id of who is to take it over.")
    giver: str | None = Field(description="Staff id of who has it until then.")
    route: str | None = Field(default=None, exclude_if=absent, description="Row of the pack that named them.")
    until_at: AwareDatetime | None = Field(
        default=None, exclude_if=absent, description="Until when they may say; then somebody else is asked (UTC)."
    )


class Membership(_State):
    """An incident that the complaint belongs to."""

    incident: str
    batch: str
    urgent: bool = False
    heard: int = Field(default=0, exclude_if=empty, description="Number of the last message that everybody was told.")


class CaseSign(_State):
    """A sign of malice on record, once for each row of the pack."""

    row: str = Field(description="Row of the pack.")
    sign: Sign = Field(description="Kind of sign.")
    weight: int = Field(description="What it adds to the score.")


class Case(_State):
    """A complaint as work lists, the API and the Temporal UI show it."""

    tenant: str
    complaint_id: str
    pack: str
    pack_digest: str
    zone: str
    currency: str
    revision: int = Field(description="Sequence number of the last entry folded in.")
    received_at: AwareDatetime
    updated_at: AwareDatetime
    group: str
    category: str
    level: str
    urgent: bool
    priority: int = Field(default=3, ge=1, le=5, description="1 is worked first; an escalation that raises subtracts one.")
    severity: str | None = Field(default=None, exclude_if=absent, description="How grave the damage is; null while not said.")
    urgent_causes: tuple[UrgentCause, ...] = Field(default=(), exclude_if=empty, description="Why it is urgent, as far as said.")
    answer_by_at: AwareDatetime | None = Field(
        default=None, exclude_if=absent, description="By when a superior department wants an answer."
    )
    ranked: int | None = Field(
        default=None, exclude_if=absent, description="Priority by its classification, before escalations raised it."
    )
    taken_up: bool = Field(default=False, exclude_if=empty, description="Somebody has taken it to a higher level by hand.")
    intake: Intake
    stage: Stage = Stage.RECEIVED
    cycle: int = Field(default=1, description="Counts handlings: a dissatisfied customer or a reopening starts another.")
    assignee: str | None = None
    first_contact: str | None = Field(default=None, exclude_if=absent, description="Who of the house filed it.")
    routed: str | None = Field(default=None, exclude_if=absent, description="Row of the pack that named the assignee.")
    offered: Offer | None = Field(default=None, exclude_if=absent, description="A hand-over that waits for the other one's word.")
    passed_over: tuple[str, ...] = Field(
        default=(), exclude_if=empty, description="Who was offered it by a row of the pack and has declined, or not said in time."
    )
    consultations: tuple[Consultation, ...] = Field(default=(), exclude_if=empty, description="Departments told or asked.")
    order_check: Literal["pending", "found", "not_found", "not_theirs", "unclear", "not_needed"] = "pending"
    order: Order | None = None
    route: Route | None = Field(default=None, description="Way of the parcel, as the carrier told it when the order was found.")
    inspection: StepState | None = None
    founded: bool | None = None
    facts: dict[str, FactValue] = {}
    liable: str | None = None
    proposal: Proposal | None = None
    proposals: int = 0
    offers: dict[str, Money] = Field(
        default={},
        exclude_if=empty,
        description="By step: the highest offer so far with what was agreed before, where offers rise.",
    )
    appeals: int = 0
    decision_role: Role | None = Field(default=None, description="Who must propose or decide now, after an appeal or a refusal.")
    steps: tuple[StepState, ...] = ()
    earlier_steps: tuple[StepState, ...] = Field(default=(), description="Steps of earlier cycles.")
    decided: Money
    paid: Money
    deadlines: tuple[OpenDeadline, ...] = ()
    deadlines_set: int = 0
    deadlines_met: int = 0
    breaches: int = Field(default=0, description="Promises of the business that were missed; not those of the customer.")
    escalations: int = 0
    paused: bool = False
    resume_at: AwareDatetime | None = None
    pauses: tuple[Pause, ...] = ()
    callbacks: int = 0
    callback_at: AwareDatetime | None = None
    evidence: tuple[Evidence, ...] = ()
    satisfied: bool | None = None
    rating: int | None = None
    outcome: Outcome | None = None
    outcome_reason: str | None = None
    closed_at: AwareDatetime | None = None
    reopened: int = 0
    signs: tuple[CaseSign, ...] = Field(default=(), exclude_if=empty, description="Signs of malice; they decide nothing.")
    presumed: bool = Field(default=False, exclude_if=empty, description="Somebody presumes, with a reason, that it is malicious.")
    with_legal: bool = Field(default=False, exclude_if=empty, description="It was referred to legal.")
    follow_up: FollowUp | None = Field(default=None, exclude_if=absent, description="The look back that is to come.")
    survey: dict[str, str] = Field(default={}, exclude_if=empty, description="Answers to the survey: choice by question.")

    incidents: tuple[Membership, ...] = Field(default=(), exclude_if=empty)
    extras: tuple[StepState, ...] = Field(default=(), exclude_if=empty, description="What incidents granted beside the plan.")
    suspended_lots: tuple[str, ...] = Field(default=(), exclude_if=empty, description="Lots of which nothing may be sent.")

    @property
    def open(self) -> bool:
        return self.stage is not Stage.CLOSED

    @property
    def escalated(self) -> bool:
        """A promise of ours was missed, the customer was dissatisfied once, or somebody took it to a higher level by hand."""
        return self.breaches > 0 or self.cycle - 1 > self.reopened or self.taken_up

    @property
    def next_due(self) -> OpenDeadline | None:
        """The earliest promise that is neither missed nor standing still; ties go by name."""
        running = [d for d in self.deadlines if d.due_at is not None and not d.missed and not d.standing_still]
        return min(running, key=lambda d: (d.due_at, d.key), default=None)

    def deadline(self, key: str) -> OpenDeadline | None:
        return next((d for d in self.deadlines if d.key == key), None)

    def step(self, step_id: str) -> StepState | None:
        return next((s for s in (*self.steps, *self.extras) if s.step.id == step_id), None)
