"""What complaints and incidents ask of the world about each other."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from temporalio import activity

from activities.contract.message import Message
from domain.effects import EffectReport
from domain.given import Given
from domain.incident.events import IncidentEntry, IncidentOpened, Terms
from domain.incident.incident import Incident
from domain.money import Money
from domain.policy.wording import Wording
from domain.stored import absent, empty


class IncidentStart(BaseModel):
    """Argument of an incident's workflow: a new incident, or one that goes on in another run."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opening: IncidentOpened | None = None
    opened_at: AwareDatetime | None = None
    carried: Incident | None = None
    heard: dict[str, int] = Field(default={}, exclude_if=empty, description="By complaint: how much it has been told.")
    lots_told: int = Field(default=0, exclude_if=empty, description="How much of its news others than its own were told.")
    told: int = Field(default=0, exclude_if=empty, description="How many entries of the journal people were told of.")
    given: tuple[Given, ...] = Field(
        default=(), exclude_if=empty, description="What earlier runs did under keys of their callers."
    )


class AttachMember(Message):
    """A complaint has been counted into an incident."""

    tenant: str
    incident: str
    complaint: str


class Attached(Message):
    """*ended*: the incident was over before; the complaint belongs to it and nobody there will do anything more."""

    ended: bool = Field(default=False, exclude_if=empty)


class AskMembers(Message):
    tenant: str
    incident: str


class Members(Message):
    """In the order in which they were received."""

    complaints: tuple[str, ...]


class AskLot(Message):
    tenant: str
    lot: str


class AskStanding(Message):
    tenant: str
    complaints: tuple[str, ...]


class Standing(Message):
    """Those of the complaints that are closed as far as the database knows."""

    closed: tuple[str, ...]


class PlaceExtra(Message):
    """What the terms come to for one closed complaint, at its partner under the incident's own key."""

    tenant: str
    complaint: str
    key: str
    step: str = Field(description="Id of the step by which an open complaint carries the same out.")
    terms: Terms
    clause: str
    decided_by: str


class PlacedExtra(Message):
    """`report` is None where nothing is due, `because`: the complaint carries it out itself, was untrue, has no order."""

    report: EffectReport | None = Field(default=None, exclude_if=absent)
    money: Money | None = Field(default=None, exclude_if=absent)
    because: str = Field(default="", exclude_if=empty)


class TellClosed(Message):
    """A message for the customers of closed complaints, by the pack's notices on `incident_told`."""

    tenant: str
    incident: str
    number: int
    text: Wording
    complaints: tuple[str, ...]


class RecordIncident(Message):
    """Entries `incident.revision - len(entries) + 1` to `incident.revision`, and the incident they add up to."""

    entries: tuple[IncidentEntry, ...]
    incident: Incident


class Incidents:
    """Remote: the database, and Temporal itself."""

    @activity.defn
    async def attach_member(self, ask: AttachMember) -> Attached:
        """Tell the incident that a complaint belongs to it; whoever comes first starts it. Twice is once."""
        raise NotImplementedError

    @activity.defn
    async def find_members(self, ask: AskMembers) -> Members:
        """Complaints that were counted into the incident."""
        raise NotImplementedError

    @activity.defn
    async def find_of_lot(self, ask: AskLot) -> Members:
        """Open complaints that name this lot."""
        raise NotImplementedError

    @activity.defn
    async def find_closed(self, ask: AskStanding) -> Standing:
        """Which of these complaints are closed."""
        raise NotImplementedError

    @activity.defn
    async def place_extra(self, ask: PlaceExtra) -> PlacedExtra:
        """Give a closed complaint what its incident grants; asked again under its key, it says how far that is."""
        raise NotImplementedError

    @activity.defn
    async def tell_closed(self, ask: TellClosed) -> None:
        """Write to the customers of closed complaints; who cannot be reached is left out. Twice under one number is once."""
        raise NotImplementedError

    @activity.defn
    async def record_incident(self, record: RecordIncident) -> None:
        """Write entries and the incident's row in one transaction; writing twice is writing once."""
        raise NotImplementedError
