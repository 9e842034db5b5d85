"""What an incident tells a complaint that belongs to it; the complaint keeps it in its own journal."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.incident.events import Terms
from domain.policy.wording import Wording
from domain.stored import absent


class IncidentNews(BaseModel):
    """One thing at a time. Told twice is told once: the complaint knows what it has heard."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    incident: str
    batch: str
    number: int = Field(description="Counts what the incident has to tell; a complaint that joins late hears all of it.")
    what: Literal["joined", "message", "lot_suspended", "lot_released", "extra"]
    text: Wording | None = Field(default=None, exclude_if=absent)
    lot: str | None = Field(default=None, exclude_if=absent)
    grant: int | None = Field(default=None, exclude_if=absent)
    terms: Terms | None = Field(default=None, exclude_if=absent)
    clause: str | None = Field(default=None, exclude_if=absent)
    decided_by: str | None = Field(default=None, exclude_if=absent)

    @property
    def step(self) -> str:
        return step_name(self.incident, self.grant or 0)


def step_name(incident: str, grant: int) -> str:
    """The id of the step by which a complaint carries an extra out: one an incident and grant."""
    return f"{incident}-{grant}"
