"""Incidents: many complaints about one thing. Lists, one of them, its complaints, its story, and what people do about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Request, Response
from fastapi.openapi.models import Example
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.guard import GuardedRoute
from api.identity import STAFF, Caller
from api.incident_examples import EXAMPLES
from api.keys import CommandKey
from api.language import reader
from api.pages import Cursor, Limit
from api.parts import AllParts, Parts
from api.problems import (
    DATABASE_AWAY,
    FORBIDDEN,
    INCIDENT_CLOSED,
    INVALID,
    MEDIA,
    NOBODY_ANSWERED,
    NOT_FOUND,
    NOT_JSON,
    REFUSED,
    STUCK,
    TEMPORAL_AWAY,
    TOO_LARGE,
    Problem,
    declared,
)
from api.staff import person_of
from desk.errors import ComplaintClosed, NoSuchComplaint
from domain.actor import LINE_OF_COMMAND, Actor
from domain.incident.commands import INCIDENT_COMMANDS, IncidentCommand, IncidentReceipt, NameTeam, SignedForIncident
from domain.incident.events import Happening
from domain.incident.incident import Incident
from domain.incident.procedure import ALLOWED
from domain.incident.story import tell
from domain.order import Locale
from storage.incidents import IncidentMember, IncidentRow, Incidents
from storage.pages import Page

router = APIRouter(prefix="/v1/incidents", tags=["15 Incidents"], route_class=GuardedRoute)
IncidentId = Annotated[str, Path(description="Id of the incident.", examples=["inc_k5x2q7d3m4n6p2r3s4t5u6v7w2"])]
_ONE = declared(FORBIDDEN, NOT_FOUND, INVALID, DATABASE_AWAY)


class IncidentLine(BaseModel):
    """One entry of an incident's journal."""

    model_config = ConfigDict(frozen=True)

    seq: int = Field(description="Counts from 1 without a gap.")
    at: AwareDatetime = Field(description="When it happened (UTC).")
    by: Actor = Field(description="Who did it; redress itself has the role system.")
    clauses: tuple[str, ...] = Field(description="Clauses of the written procedure behind it.")
    story: str = Field(description="What happened, as one sentence in the reader's language and the company's time zone.")
    event: Happening = Field(description="What happened, as data; `kind` says which fields there are.")


class IncidentStory(BaseModel):
    """A page of an incident's journal."""

    model_config = ConfigDict(frozen=True)

    incident_id: str = Field(description="Id of the incident.")
    zone: str = Field(description="IANA time zone of the instants in the sentences.")
    locale: Locale = Field(description="Language of the sentences.")
    entries: tuple[IncidentLine, ...] = Field(description="In the order in which they happened.")
    next_after: int | None = Field(description="`after` of the next page; null when this is the last one for now.")


@router.get("", operation_id="list_incidents", summary="List incidents", responses=declared(FORBIDDEN, INVALID, DATABASE_AWAY))
async def list_incidents(
    me: Caller,
    parts: AllParts,
    status: Annotated[Literal["open", "closed"] | None, Query(description="Open or closed ones only.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[IncidentRow]:
    """Incidents of the tenant, the newest first: what their complaints share, who leads, how many there are."""
    me.must_be(*STAFF)
    return await Incidents(parts.database).list(me.tenant, status, cursor, limit)


@router.get("/{incident_id}", operation_id="read_incident", summary="Read one incident", responses=_ONE)
async def read_incident(incident_id: IncidentId, me: Caller, parts: AllParts) -> Incident:
    """Everything that is known of one incident: its team and findings, decisions on lots, messages, extra compensation."""
    me.must_be(*STAFF)
    return await _found(parts, me.tenant, incident_id)


@router.get(
    "/{incident_id}/members", operation_id="list_incident_members", summary="List the complaints of an incident", responses=_ONE
)
async def list_members(
    incident_id: IncidentId, me: Caller, parts: AllParts, cursor: Cursor = None, limit: Limit = 50
) -> Page[IncidentMember]:
    """The complaints that belong to it, as they stand, in the order in which they were received."""
    me.must_be(*STAFF)
    await _found(parts, me.tenant, incident_id)
    return await Incidents(parts.database).member_page(me.tenant, incident_id, cursor, limit)


@router.get(
    "/{incident_id}/journal", operation_id="read_incident_journal", summary="Read the story of an incident", responses=_ONE
)
async def read_journal(
    incident_id: IncidentId,
    me: Caller,
    parts: AllParts,
    request: Request,
    response: Response,
    after: Annotated[int, Query(ge=0, le=10**9, description="Entries behind this sequence number; 0 from the beginning.")] = 0,
    limit: Limit = 200,
) -> IncidentStory:
    """What happened, in order: each entry as data and as a sentence in the reader's language (Accept-Language: zh-CN or en)."""
    me.must_be(*STAFF)
    locale = reader(request)
    response.headers["Content-Language"] = locale
    incident = await _found(parts, me.tenant, incident_id)
    pack = parts.shelf.pinned(incident.pack, incident.pack_digest)
    entries = await Incidents(parts.database).journal(me.tenant, incident_id, after, limit)
    lines = tuple(
        IncidentLine(
            seq=entry.seq, at=entry.at, by=entry.by, clauses=entry.clauses, event=entry.event,
            story=tell(entry, incident, pack, locale),
        )
        for entry in entries
    )  # fmt: skip
    more = len(entries) == limit and entries[-1].seq < incident.revision
    return IncidentStory(
        incident_id=incident_id, zone=incident.zone, locale=locale, entries=lines, next_after=entries[-1].seq if more else None
    )


async def _found(parts: Parts, tenant: str, incident_id: str) -> Incident:
    incident = await Incidents(parts.database).get(tenant, incident_id)
    if incident is None:
        raise _none()
    return incident


def _none() -> Problem:
    return Problem(NOT_FOUND, "没有此批量事件，请核对编号", "there is no such incident; check its id")


def _endpoint(name: str, model: type[IncidentCommand]) -> Callable[..., Awaitable[IncidentReceipt]]:
    """The route function of one command."""

    async def give(incident_id: str, command: Any, me: Any, parts: Any, key: Any = None) -> IncidentReceipt:
        me.must_be(*ALLOWED[name])
        if isinstance(command, NameTeam):
            person_of(parts, me.tenant, "lead", command.lead)
        # The type parameter is not for show: with the base class in its place, only the base's fields would travel.
        signed: SignedForIncident[Any] = SignedForIncident[model](by=me.actor, command=command)  # type: ignore[valid-type]
        try:
            receipt: IncidentReceipt = await parts.desk.lead(me.tenant, incident_id, signed, key)
        except NoSuchComplaint as error:
            raise _none() from error
        except ComplaintClosed as error:
            raise Problem(INCIDENT_CLOSED, "批量事件已结束", "the incident is closed") from error
        return receipt

    example: dict[str, Example] = {name: {"summary": (model.__doc__ or name).strip(), "value": EXAMPLES[name]}}
    give.__name__ = f"incident_{name}"
    give.__annotations__ = {
        "incident_id": IncidentId,
        "command": Annotated[model, Body(openapi_examples=example)],
        "me": Caller,
        "parts": AllParts,
        "key": CommandKey,
        "return": IncidentReceipt,
    }
    return give


def _described(name: str, model: type[IncidentCommand]) -> str:
    roles = ", ".join(sorted(ALLOWED[name]))
    return (
        f"{(model.__doc__ or '').strip()}\n\nOpen to: {roles}, and whoever stands above them in the line of command "
        f"({', '.join(LINE_OF_COMMAND)}), as far as they lead the incident, are of its team or may approve. What else the "
        "procedure asks is told with 409 or 422."
    )


for _name, _model in INCIDENT_COMMANDS.items():
    router.add_api_route(
        f"/{{incident_id}}/{_name}",
        _endpoint(_name, _model),
        methods=["POST"],
        operation_id=f"incident_{_name}",
        summary=_name.replace("_", " ").capitalize(),
        description=_described(_name, _model),
        response_description="The command was carried out and is in the incident's journal.",
        responses=declared(
            NOT_JSON, FORBIDDEN, NOT_FOUND, REFUSED, INCIDENT_CLOSED, TOO_LARGE, MEDIA, INVALID, TEMPORAL_AWAY, STUCK,
            NOBODY_ANSWERED,
        ),
    )  # fmt: skip
