"""What a complaint workflow is started with, what partners tell it, and how it ends."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from domain.case import Case
from domain.effects import EffectReport
from domain.given import Given
from domain.intake import Opening
from domain.journal import Outcome
from domain.recount import Milestone
from domain.stored import empty


class Start(BaseModel):
    """Argument of a complaint workflow: a new complaint, or the case of one that goes on (continued or reopened)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opening: Opening | None = None
    carried: Case | None = None
    milestones: dict[str, Milestone] = Field(
        default={}, exclude_if=empty, description="When what last happened in earlier runs, for promises that are counted anew."
    )
    given: tuple[Given, ...] = Field(default=(), description="What earlier runs did under keys of their callers.")


class EffectNews(BaseModel):
    """A partner's word on one effect, as its webhook brought it. The same news may come twice, and late."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(description="Effect key under which it was placed.")
    report: EffectReport
    system: str = Field(default="", exclude_if=empty, description="Whose word it is: payments, logistics ...; empty: not said.")


class Ending(BaseModel):
    """How a complaint ended. `outcome` is None for a run that found the complaint already on file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: Outcome | None
    revision: int
