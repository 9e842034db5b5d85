"""The incident: what is known of it now. It is nothing but the sum of its journal (`domain/incident/fold.py`)."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.effects import LotChange
from domain.incident.events import Origin, Terms
from domain.money import Money
from domain.policy.wording import Wording
from domain.stored import absent


class _State(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IncidentEffect(_State):
    """Something at a partner that the incident itself has carried out, under `tenant:incident/1/id`."""

    id: str
    what: Literal["suspend", "release", "recall", "extra"]
    status: Literal["planned", "ordered", "done", "failed", "dropped"] = "planned"
    lot: str | None = None
    complaint: str | None = None
    grant: int | None = None
    clause: str = ""
    decided_by: str = ""
    reason: str = ""
    product: str | None = None
    reference: str | None = None
    failure: str | None = None
    attempt: int = 0
    money: Money | None = Field(default=None, exclude_if=absent, description="What it pays, or a coupon's worth.")


class Grant(_State):
    """Extra compensation for every complaint of the incident."""

    number: int
    terms: Terms
    reason: str
    asked_by: str
    state: Literal["asked", "approved", "refused"] = "asked"
    decided_by: str | None = None


class Said(_State):
    """A message to everybody whom the incident concerns; a statement is public as well."""

    number: int
    text: Wording
    public: bool
    expected_at: AwareDatetime | None = None


class Incident(Origin):
    """An incident as lists, the API and the Temporal UI show it."""

    revision: int = Field(description="Sequence number of the last entry.")
    opened_at: AwareDatetime
    updated_at: AwareDatetime
    complaints: tuple[str, ...] = Field(default=(), description="Ids of its complaints, in the order in which they joined.")
    lead: str | None = Field(default=None, description="Staff id of whoever leads it; before a team is named, its row's role.")
    team: tuple[str, ...] = ()
    cause: str | None = Field(default=None, description="What was found so far.")
    found: bool = Field(default=False, description="The root is found.")
    lots: tuple[str, ...] = Field(default=(), description="Lots that the search has come upon.")
    suspended: tuple[str, ...] = Field(default=(), description="Lots whose sale is stopped.")
    recalled: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    grants: tuple[Grant, ...] = ()
    effects: tuple[IncidentEffect, ...] = ()
    tidings: tuple[str, ...] = Field(default=(), description="What its complaints are told, in order: message:1, extra:2 ...")
    closed_at: AwareDatetime | None = None
    closed_because: str | None = None

    @property
    def open(self) -> bool:
        return self.closed_at is None

    @property
    def paid(self) -> Money:
        """What it has paid to customers of closed complaints; open ones pay themselves."""
        paying = {grant.number for grant in self.grants if grant.terms.kind == "extra_payment"}
        done = (each.money for each in self.effects if each.status == "done" and each.grant in paying and each.money)
        return sum(done, Money.zero(self.currency))

    def effect(self, id: str) -> IncidentEffect | None:
        return next((each for each in self.effects if each.id == id), None)

    def grant(self, number: int) -> Grant | None:
        return next((each for each in self.grants if each.number == number), None)


def key_of(incident: Incident, effect: IncidentEffect) -> str:
    """`tenant:incident/1/effect`, which never changes; a retry after a final refusal gets a suffix."""
    key = f"{incident.tenant}:{incident.incident_id}/1/{effect.id}"
    return f"{key}/r{effect.attempt}" if effect.attempt else key


def lot_change(incident: Incident, effect: IncidentEffect) -> LotChange:
    """The order to the partner behind a decision on a lot; raises ValueError for any other effect."""
    if effect.what == "extra" or effect.lot is None:
        raise ValueError(f"{effect.id} is no decision on a lot")
    return LotChange(kind=effect.what, lot=effect.lot, product=effect.product, reason=effect.clause)
