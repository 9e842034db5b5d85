"""The journal: what happened to a complaint, in order, each entry a fact in the past tense.

A complaint is the sum of its entries: `domain/case.py` folds them into the case, so the journal alone can tell the whole story
again. Events are append-only as types too: a new field has a default, and none changes its meaning.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.actor import Actor
from domain.call_off_events import CallOffAsked as CallOffAsked
from domain.call_off_events import CallOffRefused as CallOffRefused
from domain.given import Given
from domain.journal.abuse import EvidenceDemanded as EvidenceDemanded
from domain.journal.abuse import MalicePresumed as MalicePresumed
from domain.journal.abuse import ReferredToLegal as ReferredToLegal
from domain.journal.abuse import SignNoted as SignNoted
from domain.journal.agreement import Accepted as Accepted
from domain.journal.agreement import Appealed as Appealed
from domain.journal.agreement import ApprovalAsked as ApprovalAsked
from domain.journal.agreement import Approved as Approved
from domain.journal.agreement import Declined as Declined
from domain.journal.agreement import Offered as Offered
from domain.journal.agreement import Proposed as Proposed
from domain.journal.agreement import Refused as Refused
from domain.journal.agreement import SentBack as SentBack
from domain.journal.assignment import Assigned as Assigned
from domain.journal.assignment import EscalatedByHand as EscalatedByHand
from domain.journal.assignment import HandedOver as HandedOver
from domain.journal.carrying_out import CallbackAttempted as CallbackAttempted
from domain.journal.carrying_out import CarriedOut as CarriedOut
from domain.journal.carrying_out import Confirmed as Confirmed
from domain.journal.carrying_out import ProgressReported as ProgressReported
from domain.journal.carrying_out import StepDone as StepDone
from domain.journal.carrying_out import StepFailed as StepFailed
from domain.journal.carrying_out import StepOrdered as StepOrdered
from domain.journal.carrying_out import StepSettled as StepSettled
from domain.journal.classification import Classified as Classified
from domain.journal.classification import Reclassified as Reclassified
from domain.journal.course import Closed as Closed
from domain.journal.course import CommandRefused as CommandRefused
from domain.journal.course import EvidenceAttached as EvidenceAttached
from domain.journal.course import Outcome as Outcome
from domain.journal.course import Paused as Paused
from domain.journal.course import Reopened as Reopened
from domain.journal.course import Resumed as Resumed
from domain.journal.course import Withdrawn as Withdrawn
from domain.journal.follow_up import FollowedUp as FollowedUp
from domain.journal.follow_up import FollowUpDue as FollowUpDue
from domain.journal.follow_up import FollowUpPlanned as FollowUpPlanned
from domain.journal.follow_up import SurveyAnswered as SurveyAnswered
from domain.journal.follow_up import TimePromised as TimePromised
from domain.journal.hand_over import Consulted as Consulted
from domain.journal.hand_over import HandOverDeclined as HandOverDeclined
from domain.journal.hand_over import HandOverOffered as HandOverOffered
from domain.journal.hand_over import OpinionDropped as OpinionDropped
from domain.journal.hand_over import OpinionGiven as OpinionGiven
from domain.journal.handling import Assessed as Assessed
from domain.journal.handling import FactValue as FactValue
from domain.journal.handling import InspectionOrdered as InspectionOrdered
from domain.journal.handling import OrderChecked as OrderChecked
from domain.journal.handling import Received as Received
from domain.journal.handling import Responded as Responded
from domain.journal.handling import Verified as Verified
from domain.journal.handling import VisitReported as VisitReported
from domain.journal.incidents import ExtraGranted as ExtraGranted
from domain.journal.incidents import IncidentJoined as IncidentJoined
from domain.journal.incidents import IncidentTold as IncidentTold
from domain.journal.incidents import LotReleased as LotReleased
from domain.journal.incidents import LotSuspended as LotSuspended
from domain.promise_events import (
    Acknowledged,
    DeadlineDropped,
    DeadlineMet,
    DeadlineMissed,
    DeadlineMoved,
    DeadlineSet,
    Escalated,
    NoticeFailed,
    NoticeSent,
)
from domain.stored import absent

Event = Annotated[
    Received | OrderChecked | Assigned | Responded | InspectionOrdered | VisitReported | Verified | Assessed | Proposed
    | ApprovalAsked | Approved | SentBack | Refused | Offered | Accepted | Declined | Appealed | StepOrdered | StepDone
    | StepFailed | StepSettled | CallOffAsked | CallOffRefused | ProgressReported | CarriedOut | CallbackAttempted | Confirmed
    | EvidenceAttached | Paused | Resumed | HandedOver | EscalatedByHand | Withdrawn | Reopened | Closed | CommandRefused
    | DeadlineSet | DeadlineMoved | DeadlineMet | DeadlineMissed | DeadlineDropped | Escalated | Acknowledged
    | NoticeSent | NoticeFailed
    | SignNoted | EvidenceDemanded | MalicePresumed | ReferredToLegal
    | TimePromised | FollowUpPlanned | FollowUpDue | FollowedUp | SurveyAnswered
    | Classified | Reclassified
    | IncidentJoined | ExtraGranted | IncidentTold | LotSuspended | LotReleased
    | Consulted | OpinionGiven | OpinionDropped | HandOverOffered | HandOverDeclined,
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
