"""Entries about whose complaint it is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from domain.actor import Role
from domain.promise_events import JournalEvent
from domain.stored import absent, empty


class Assigned(JournalEvent):
    kind: Literal["assigned"] = "assigned"
    assignee: str
    why: str = Field(description="How the assignee was chosen: least_loaded, stand_in, ...")
    route: str | None = Field(default=None, exclude_if=absent, description="Row of the pack that named them.")
    loads: dict[str, int] = Field(
        default={}, exclude_if=empty, description="Open complaints of each of those who were considered, by staff id."
    )


class HandedOver(JournalEvent):
    kind: Literal["handed_over"] = "handed_over"
    assignee: str
    reason: str


class EscalatedByHand(JournalEvent):
    kind: Literal["escalated_by_hand"] = "escalated_by_hand"
    to: Role
    assignee: str | None
    reason: str
