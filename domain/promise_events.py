"""What happened to the promises of a complaint, and to the notices about it: events of the journal (`domain/journal/`)."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.actor import Role
from domain.explanation import Explanation
from domain.stored import absent


class JournalEvent(BaseModel):
    """What every event of the journal is."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DeadlineSet(JournalEvent):
    """`name` is the pack's row, `key` this one promise: a row that starts again (daily progress) has a key each time."""

    kind: Literal["deadline_set"] = "deadline_set"
    key: str
    name: str
    clause: str
    start_at: AwareDatetime
    due_at: AwareDatetime | None = Field(description="None while the complaint is paused and the promise can be.")
    rungs: tuple[AwareDatetime, ...] = ()
    pausable: bool = False
    owner: Role | None = Field(default=None, description="Whose promise it is. A customer who is late breaks none of ours.")
    explanation: Explanation


class DeadlineMoved(JournalEvent):
    """The calendar changed or a pause ended: the same promise has another instant."""

    kind: Literal["deadline_moved"] = "deadline_moved"
    key: str
    due_at: AwareDatetime | None
    rungs: tuple[AwareDatetime, ...] = ()
    explanation: Explanation
    why: Literal["resumed", "calendar_changed"]


class DeadlineMet(JournalEvent):
    kind: Literal["deadline_met"] = "deadline_met"
    key: str
    in_time: bool
    by: str | None = Field(
        default=None, exclude_if=absent, description="Staff id of who kept it, where it is not the promise of who is in charge."
    )


class DeadlineMissed(JournalEvent):
    kind: Literal["deadline_missed"] = "deadline_missed"
    key: str
    due_at: AwareDatetime


class DeadlineDropped(JournalEvent):
    """The promise no longer applies: the complaint ended or went another way."""

    kind: Literal["deadline_dropped"] = "deadline_dropped"
    key: str


class Escalated(JournalEvent):
    kind: Literal["escalated"] = "escalated"
    key: str
    rung: int
    to: Role
    person: str | None
    actions: tuple[Literal["notify", "raise", "hand_over", "ask_partner"], ...]


class Acknowledged(JournalEvent):
    kind: Literal["acknowledged"] = "acknowledged"
    key: str
    note: str | None = None


# Notices


class NoticeSent(JournalEvent):
    kind: Literal["notice_sent"] = "notice_sent"
    notice: str
    to: str = Field(description="Role written to; never an address.")
    channels: tuple[str, ...] = ()


class NoticeFailed(JournalEvent):
    kind: Literal["notice_failed"] = "notice_failed"
    notice: str
    to: str
    detail: str
