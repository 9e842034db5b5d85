"""The journal of an incident: what happened, in order, each entry a fact in the past tense."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.actor import Actor
from domain.money import Money
from domain.policy.vocabulary import ExtraKind
from domain.policy.wording import Wording
from domain.stored import absent, empty


class IncidentEvent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Terms(IncidentEvent):
    """Extra compensation in figures: a share of each order's price, or a fixed amount, points or thing for each complaint."""

    kind: ExtraKind
    percent: Decimal | None = Field(default=None, exclude_if=absent, description="Per cent of what was paid for the order.")
    amount: Money | None = Field(
        default=None, exclude_if=absent, description="For each complaint; beside `percent`: for one without an order."
    )
    points: int | None = Field(default=None, exclude_if=absent)
    item: Wording | None = Field(default=None, exclude_if=absent, description="What a gift is.")


class Origin(IncidentEvent):
    """What an incident is from its first moment on, and stays."""

    tenant: str
    incident_id: str
    batch: str
    pack: str
    pack_digest: str
    zone: str
    currency: str
    about: dict[str, str] = Field(description="What its complaints have in common.")


class IncidentOpened(Origin):
    kind: Literal["incident_opened"] = "incident_opened"


class ComplaintsJoined(IncidentEvent):
    kind: Literal["complaints_joined"] = "complaints_joined"
    complaints: tuple[str, ...]


class TeamNamed(IncidentEvent):
    kind: Literal["team_named"] = "team_named"
    lead: str
    members: tuple[str, ...]
    note: str | None = None


class FindingRecorded(IncidentEvent):
    kind: Literal["finding_recorded"] = "finding_recorded"
    cause: str
    lots: tuple[str, ...] = ()
    final: bool = Field(description="The root is found; otherwise the state of the search.")


class LotDecided(IncidentEvent):
    """The lead decided on a lot; `effect` carries it out."""

    kind: Literal["lot_decided"] = "lot_decided"
    effect: str
    action: Literal["suspend", "release", "recall"]
    lot: str
    product: str | None = None
    reason: str


class StatementPublished(IncidentEvent):
    kind: Literal["statement_published"] = "statement_published"
    number: int
    text: Wording
    expected_at: AwareDatetime | None = Field(default=None, description="When more is expected to be known.")


class MembersTold(IncidentEvent):
    kind: Literal["members_told"] = "members_told"
    number: int
    text: Wording


class ExtraAsked(IncidentEvent):
    kind: Literal["extra_asked"] = "extra_asked"
    number: int
    terms: Terms
    reason: str


class ExtraApproved(IncidentEvent):
    kind: Literal["extra_approved"] = "extra_approved"
    number: int
    note: str | None = None


class ExtraRefused(IncidentEvent):
    kind: Literal["extra_refused"] = "extra_refused"
    number: int
    reason: str


class ExtraPassedOn(IncidentEvent):
    """Open complaints carry it out themselves, each under its own key; of closed ones the incident does."""

    kind: Literal["extra_passed_on"] = "extra_passed_on"
    number: int
    complaints: tuple[str, ...]


class ExtraOwed(IncidentEvent):
    """A closed complaint's part: an effect of the incident's own."""

    kind: Literal["extra_owed"] = "extra_owed"
    number: int
    complaint: str
    effect: str


class EffectOrdered(IncidentEvent):
    kind: Literal["effect_ordered"] = "effect_ordered"
    effect: str
    reference: str
    money: Money | None = Field(default=None, exclude_if=absent, description="What is to be paid, or a coupon's worth.")


class EffectDone(IncidentEvent):
    kind: Literal["effect_done"] = "effect_done"
    effect: str
    detail: str = ""
    money: Money | None = Field(default=None, exclude_if=absent, description="What was paid, or a coupon's worth.")


class EffectFailed(IncidentEvent):
    kind: Literal["effect_failed"] = "effect_failed"
    effect: str
    code: str
    detail: str = ""


class EffectSettled(IncidentEvent):
    """A person decided what becomes of an effect that failed for good."""

    kind: Literal["effect_settled"] = "effect_settled"
    effect: str
    action: Literal["retry", "drop"]
    reason: str


class NewsPassedOn(IncidentEvent):
    """Who has heard of a message; those whose complaint is closed hear of it by a letter of the incident's own."""

    kind: Literal["news_passed_on"] = "news_passed_on"
    number: int
    complaints: int
    closed: int = Field(default=0, exclude_if=empty)


class IncidentClosed(IncidentEvent):
    kind: Literal["incident_closed"] = "incident_closed"
    reason: str


Happening = Annotated[
    IncidentOpened | ComplaintsJoined | TeamNamed | FindingRecorded | LotDecided | StatementPublished | MembersTold
    | ExtraAsked | ExtraApproved | ExtraRefused | ExtraPassedOn | ExtraOwed | EffectOrdered | EffectDone | EffectFailed
    | EffectSettled | NewsPassedOn | IncidentClosed,
    Field(discriminator="kind"),
]  # fmt: skip


class IncidentEntry(BaseModel):
    """One line of the journal. `seq` counts from 1 without a gap; (incident, seq) is written once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seq: int = Field(ge=1)
    at: AwareDatetime
    by: Actor
    clauses: tuple[str, ...] = ()
    event: Happening
