"""Entries about the remedy: proposed, approved, offered, agreed to or not."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from domain.actor import Role
from domain.promise_events import JournalEvent
from domain.remedies import RemedyPlan


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
