"""Entries about how grave and how urgent a complaint is."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from domain.intake import Details, UrgentCause
from domain.promise_events import JournalEvent
from domain.stored import absent, empty


class Classified(JournalEvent):
    """What the pack's classification makes of all that is known by now. It follows by itself on whatever changed it."""

    kind: Literal["classified"] = "classified"
    category: str
    group: str
    level: str
    severity: str | None = None
    urgent: bool
    priority: int = Field(ge=1, le=5, description="1 is worked first; what escalations have raised is counted on top.")
    rows: tuple[str, ...] = Field(default=(), description="Rows of the pack's classification that hold.")
    before: dict[str, bool | int | str] | None = Field(
        default=None, exclude_if=absent, description="What was otherwise before, by fact; empty text: unknown. Absent at receipt."
    )


class Reclassified(JournalEvent):
    """A person says what the complaint is, on evidence. What is not said again is as it was."""

    kind: Literal["reclassified"] = "reclassified"
    category: str
    group: str
    before: str = Field(description="Category until now.")
    urgent_causes: tuple[UrgentCause, ...] = ()
    answer_by_at: AwareDatetime | None = None
    details: Details | None = Field(default=None, exclude_if=absent, description="What was found out beside the category.")
    reason: str
    rests_on: tuple[str, ...] = Field(default=(), exclude_if=empty, description="SHA-256 of the evidence behind it.")
