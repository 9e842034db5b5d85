"""Entries of a complaint that belongs to an incident: many complaints about one thing, led as one (`domain/incident/`)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from domain.policy.wording import Wording
from domain.promise_events import JournalEvent
from domain.remedies import PlannedStep


class IncidentJoined(JournalEvent):
    kind: Literal["incident_joined"] = "incident_joined"
    incident: str
    batch: str = Field(description="The pack's row by which complaints count together.")
    urgent: bool = Field(default=False, description="The row makes every complaint of the incident urgent.")


class ExtraGranted(JournalEvent):
    """What the incident gives on top of the plan; decided and approved there, carried out here."""

    kind: Literal["extra_granted"] = "extra_granted"
    incident: str
    step: str = Field(description="Id of the planned step.")
    planned: PlannedStep
    decided_by: str = Field(description="Staff id of whoever approved it.")


class IncidentTold(JournalEvent):
    """The one message that goes to everybody whom the incident concerns."""

    kind: Literal["incident_told"] = "incident_told"
    incident: str
    number: int
    text: Wording


class LotSuspended(JournalEvent):
    """Nothing of this lot may be sent any more."""

    kind: Literal["lot_suspended"] = "lot_suspended"
    incident: str
    lot: str


class LotReleased(JournalEvent):
    kind: Literal["lot_released"] = "lot_released"
    incident: str
    lot: str
