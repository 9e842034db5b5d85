"""Entries about departments that are asked, and about hand-overs that wait for the other one's word."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from domain.promise_events import JournalEvent
from domain.stored import absent, empty


class Consulted(JournalEvent):
    """A department is told of the complaint; where its opinion is awaited, nothing is proposed before it was given."""

    kind: Literal["consulted"] = "consulted"
    department: str
    route: str = Field(description="Row of the pack that asks it.")
    awaited: bool = Field(default=False, exclude_if=empty, description="Its opinion is waited for.")


class OpinionGiven(JournalEvent):
    kind: Literal["opinion_given"] = "opinion_given"
    department: str
    opinion: str = Field(description="What the department thinks, in its words.")
    responsible: str | None = Field(default=None, exclude_if=absent, description="Whom it found responsible.")
    asked: int = Field(description="Number of the entry that asked for it.")
    on_behalf: bool = Field(
        default=False, exclude_if=empty, description="A supervisor or above gave it in the department's place."
    )


class OpinionDropped(JournalEvent):
    """What was found out since leaves this department out of it: its opinion is no longer waited for."""

    kind: Literal["opinion_dropped"] = "opinion_dropped"
    department: str
    asked: int = Field(description="Number of the entry that asked for it.")


class HandOverOffered(JournalEvent):
    """Whoever has the complaint stays responsible until the other one has taken it over."""

    kind: Literal["hand_over_offered"] = "hand_over_offered"
    to: str = Field(description="Staff id of who is to take it over.")
    reason: str | None = Field(default=None, exclude_if=absent)
    route: str | None = Field(default=None, exclude_if=absent, description="Row of the pack that named this person.")
    until_at: AwareDatetime | None = Field(
        default=None, exclude_if=absent, description="Until when they may say; then somebody else is asked (UTC)."
    )


class HandOverDeclined(JournalEvent):
    kind: Literal["hand_over_declined"] = "hand_over_declined"
    reason: str
    unanswered: str | None = Field(
        default=None,
        exclude_if=absent,
        description="Staff id of who said nothing in time; absent where they declined themselves.",
    )
