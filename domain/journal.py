"""The journal: what happened to a complaint, in order, each entry a fact in the past tense.

A complaint is the sum of its entries: `domain/case.py` folds them into the case, so the journal alone can tell the whole story
again. Events are append-only as types too: a new field has a default, and none changes its meaning.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.actor import Actor, Role
from domain.call_off_events import CallOffAsked as CallOffAsked  # part of this module's vocabulary
from domain.call_off_events import CallOffRefused as CallOffRefused
from domain.given import Given
from domain.intake import Evidence, Intake
from domain.money import Currency, Money
from domain.order import Order
from domain.promise_events import (
    Acknowledged,
    DeadlineDropped,
    DeadlineMet,
    DeadlineMissed,
    DeadlineMoved,
    DeadlineSet,
    Escalated,
    JournalEvent,
    NoticeFailed,
    NoticeSent,
)
from domain.remedies import RemedyPlan
from domain.route import Route
from domain.stored import absent

FactValue = bool | int | str
Outcome = Literal[
    "satisfied", "explanation_accepted", "unfounded", "withdrawn", "refused_as_malicious", "referred_outside", "decided"
]


class Received(JournalEvent):
    kind: Literal["received"] = "received"
    tenant: str
    complaint_id: str
    pack: str
    pack_digest: str
    zone: str
    currency: Currency
    group: str
    level: str
    urgent: bool
    intake: Intake


class OrderChecked(JournalEvent):
    """*unclear*: nothing comparable is known of the customer, a person has to check. *not_needed*: no order is named."""

    kind: Literal["order_checked"] = "order_checked"
    result: Literal["found", "not_found", "not_theirs", "unclear", "not_needed"]
    order: Order | None = None
    route: Route | None = Field(default=None, description="What the carrier said of the parcel at that moment.")


class Assigned(JournalEvent):
    kind: Literal["assigned"] = "assigned"
    assignee: str
    why: str = Field(description="How the assignee was chosen: least_loaded, stand_in, ...")


class Responded(JournalEvent):
    kind: Literal["responded"] = "responded"
    message: str


class InspectionOrdered(JournalEvent):
    kind: Literal["inspection_ordered"] = "inspection_ordered"
    step: str
    address: str | None = None
    note: str | None = None


class VisitReported(JournalEvent):
    kind: Literal["visit_reported"] = "visit_reported"
    step: str
    findings: str
    corrected: bool
    evidence: tuple[Evidence, ...] = ()


class Verified(JournalEvent):
    kind: Literal["verified"] = "verified"
    founded: bool
    findings: str
    sources: tuple[str, ...] = ()


class Assessed(JournalEvent):
    """`facts` holds what was found and what the pack derives from it, such as the class of a delay."""

    kind: Literal["assessed"] = "assessed"
    facts: dict[str, FactValue]
    liable: str
    note: str | None = None


class Proposed(JournalEvent):
    kind: Literal["proposed"] = "proposed"
    number: int
    plan: RemedyPlan
    reason: str | None = None


class ApprovalAsked(JournalEvent):
    kind: Literal["approval_asked"] = "approval_asked"
    number: int
    role: Role


class Approved(JournalEvent):
    kind: Literal["approved"] = "approved"
    number: int
    note: str | None = None


class SentBack(JournalEvent):
    kind: Literal["sent_back"] = "sent_back"
    number: int
    reason: str


class Refused(JournalEvent):
    """The approver refuses any remedy; the complaint goes up as a supervisor's reasoned decision or back to the desk."""

    kind: Literal["refused"] = "refused"
    number: int
    reason: str


class Offered(JournalEvent):
    kind: Literal["offered"] = "offered"
    number: int


class Accepted(JournalEvent):
    kind: Literal["accepted"] = "accepted"
    number: int
    reported_by_desk: bool = Field(default=False, description="The customer said so to an agent, who recorded it.")


class Declined(JournalEvent):
    kind: Literal["declined"] = "declined"
    number: int
    reason: str


class Appealed(JournalEvent):
    kind: Literal["appealed"] = "appealed"
    number: int
    grounds: str
    decided_by_role: Role


class StepOrdered(JournalEvent):
    kind: Literal["step_ordered"] = "step_ordered"
    step: str
    reference: str
    detail: str = ""


class StepDone(JournalEvent):
    kind: Literal["step_done"] = "step_done"
    step: str
    detail: str = ""
    paid: Money | None = None


class StepFailed(JournalEvent):
    kind: Literal["step_failed"] = "step_failed"
    step: str
    code: str
    detail: str


class StepSettled(JournalEvent):
    """A person decided what becomes of a step that failed for good."""

    kind: Literal["step_settled"] = "step_settled"
    step: str
    action: Literal["retry", "drop"]
    reason: str


class ProgressReported(JournalEvent):
    kind: Literal["progress_reported"] = "progress_reported"
    message: str


class CarriedOut(JournalEvent):
    kind: Literal["carried_out"] = "carried_out"


class CallbackAttempted(JournalEvent):
    kind: Literal["callback_attempted"] = "callback_attempted"
    answered: bool
    note: str | None = None
    next_at: AwareDatetime | None = None


class Confirmed(JournalEvent):
    kind: Literal["confirmed"] = "confirmed"
    satisfied: bool
    rating: int | None = None
    comment: str | None = None


class EvidenceAttached(JournalEvent):
    kind: Literal["evidence_attached"] = "evidence_attached"
    evidence: tuple[Evidence, ...]


class Paused(JournalEvent):
    kind: Literal["paused"] = "paused"
    reason: str
    until_at: AwareDatetime | None = None


class Resumed(JournalEvent):
    """`ended_at` is the end of the pause's term, where it has passed before anybody could note it."""

    kind: Literal["resumed"] = "resumed"
    reason: str | None = None
    ended_at: AwareDatetime | None = None


class HandedOver(JournalEvent):
    kind: Literal["handed_over"] = "handed_over"
    assignee: str
    reason: str


class EscalatedByHand(JournalEvent):
    kind: Literal["escalated_by_hand"] = "escalated_by_hand"
    to: Role
    assignee: str | None
    reason: str


class Withdrawn(JournalEvent):
    kind: Literal["withdrawn"] = "withdrawn"
    reason: str


class Reopened(JournalEvent):
    kind: Literal["reopened"] = "reopened"
    reason: str


class Closed(JournalEvent):
    kind: Literal["closed"] = "closed"
    outcome: Outcome
    reason: str | None = None


class CommandRefused(JournalEvent):
    """A signal asked for what the procedure does not allow; an update is told so at the door and leaves no entry."""

    kind: Literal["command_refused"] = "command_refused"
    command: str
    code: str
    reason: str


Event = Annotated[
    Received | OrderChecked | Assigned | Responded | InspectionOrdered | VisitReported | Verified | Assessed | Proposed
    | ApprovalAsked | Approved | SentBack | Refused | Offered | Accepted | Declined | Appealed | StepOrdered | StepDone
    | StepFailed | StepSettled | CallOffAsked | CallOffRefused | ProgressReported | CarriedOut | CallbackAttempted | Confirmed
    | EvidenceAttached | Paused | Resumed | HandedOver | EscalatedByHand | Withdrawn | Reopened | Closed | CommandRefused
    | DeadlineSet | DeadlineMoved | DeadlineMet | DeadlineMissed | DeadlineDropped | Escalated | Acknowledged
    | NoticeSent | NoticeFailed,
    Field(discriminator="kind"),
]  # fmt: skip


class Entry(BaseModel):
    """One line of the journal. `seq` counts from 1 without a gap; (complaint, seq) is written once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seq: int = Field(ge=1)
    at: AwareDatetime
    by: Actor
    clauses: tuple[str, ...] = Field(default=(), description="Clauses of the procedure behind this entry.")
    event: Event
    given: Given | None = Field(default=None, exclude_if=absent, description="On the last entry of a command given under a key.")
