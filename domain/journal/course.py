"""Entries that may be written at any time: evidence, pauses, the end and what was refused."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from domain.intake import Evidence
from domain.promise_events import JournalEvent
from domain.stored import absent, empty

Outcome = Literal[
    "satisfied", "explanation_accepted", "unfounded", "withdrawn", "refused_as_malicious", "referred_outside", "decided"
]


class EvidenceAttached(JournalEvent):
    kind: Literal["evidence_attached"] = "evidence_attached"
    evidence: tuple[Evidence, ...]
    ours: bool = Field(default=False, exclude_if=empty, description="The company's own, and no answer of the customer.")


class Paused(JournalEvent):
    kind: Literal["paused"] = "paused"
    reason: str
    until_at: AwareDatetime | None = None


class Resumed(JournalEvent):
    """`ended_at` is the end of the pause's term, where it has passed before anybody could note it."""

    kind: Literal["resumed"] = "resumed"
    reason: str | None = None
    ended_at: AwareDatetime | None = None


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
    reason: str = Field(description="Why not, in English.")
    reason_zh: str | None = Field(default=None, exclude_if=absent, description="Why not, in Chinese; absent in older entries.")
