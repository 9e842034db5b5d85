"""What people may do about an incident: one frozen model a command, the same in HTTP, in the workflow and in its journal."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from domain.actor import Actor
from domain.commands.command import name_of
from domain.intake import Identifier, Line, Prose
from domain.money import Money
from domain.policy.vocabulary import ExtraKind


class IncidentCommand(BaseModel):
    """Something a person wants done about an incident. Subclasses are the whole vocabulary."""

    model_config = ConfigDict(frozen=True, extra="forbid")


C = TypeVar("C", bound=IncidentCommand, covariant=True)


class SignedForIncident(BaseModel, Generic[C]):
    """A command with the person who gives it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Actor
    command: C


class IncidentReceipt(BaseModel):
    """Answer to a command that was carried out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    incident_id: str
    revision: int = Field(description="Sequence number of the last journal entry after the command.")


class Bilingual(BaseModel):
    """What people are told, in both languages; neither may be left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: Prose
    en: Prose


class NameTeam(IncidentCommand):
    """Who looks for the root together, and who leads (FOO-BAT-02). Naming again takes the place of the team before."""

    lead: Identifier = Field(description="Staff id of whoever leads.")
    members: tuple[Identifier, ...] = Field(default=(), max_length=50, description="Staff ids or departments.")
    note: Line | None = None


class RecordFinding(IncidentCommand):
    """What the team has found: the root, or how far the search is."""

    cause: Prose
    lots: tuple[Line, ...] = Field(default=(), max_length=50, description="Lots that are concerned.")
    final: bool = Field(default=True, description="False while the search goes on.")


class SuspendLot(IncidentCommand):
    """Have the sale of a lot stopped (FOO-BAT-03). Nothing of it is sent from then on."""

    lot: Line
    product: Line | None = Field(default=None, description="The article, where lot numbers are not unique.")
    reason: Prose


class ReleaseLot(IncidentCommand):
    """Have a stopped lot sold again."""

    lot: Line
    reason: Prose


class Recall(IncidentCommand):
    """Recall a lot (FOO-BAT-06). The announcement goes to everybody whom the incident concerns."""

    lot: Line
    product: Line | None = None
    reason: Prose
    announcement: Bilingual


class PublishStatement(IncidentCommand):
    """A public statement; everybody whom the incident concerns is told it too (FOO-BAT-04)."""

    text: Bilingual
    expected_at: AwareDatetime | None = Field(default=None, description="When more is expected to be known.")


class TellMembers(IncidentCommand):
    """One message to everybody whom the incident concerns."""

    text: Bilingual


class GrantExtra(IncidentCommand):
    """Ask that every complaint of the incident gets something on top of its remedy (FOO-BAT-05). It takes another's approval.

    `percent` is of what was paid for each order; `amount` is for each complaint, and beside `percent` for those without an order.
    """

    kind: ExtraKind
    percent: Annotated[Decimal, Field(gt=0, le=500)] | None = None
    amount: Money | None = None
    points: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    item: Bilingual | None = Field(default=None, description="What a gift is.")
    reason: Prose

    @model_validator(mode="after")
    def _figures_fit_the_kind(self) -> Self:
        money = self.percent is not None or self.amount is not None
        if (self.kind in ("extra_payment", "coupon")) != money:
            raise ValueError("an extra payment or a coupon needs percent or amount, and nothing else has them")
        if (self.kind == "points") != (self.points is not None) or (self.kind == "gift") != (self.item is not None):
            raise ValueError("points need points and a gift needs item, and nothing else has them")
        return self


class ApproveExtra(IncidentCommand):
    """Approve the extra compensation. Never by whoever asked for it."""

    number: int = Field(ge=1, description="Number of the request.")
    note: Line | None = None


class RefuseExtra(IncidentCommand):
    """Refuse the extra compensation."""

    number: int = Field(ge=1)
    reason: Prose


class Settle(IncidentCommand):
    """What becomes of an order to a partner that failed for good: try it again, or drop it."""

    effect: Line
    action: Literal["retry", "drop"]
    reason: Prose


class Close(IncidentCommand):
    """The matter is over. Its complaints go on by themselves, each to its own end."""

    reason: Prose


INCIDENT_COMMANDS: dict[str, type[IncidentCommand]] = {name_of(command): command for command in IncidentCommand.__subclasses__()}
