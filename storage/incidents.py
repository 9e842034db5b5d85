"""Incidents in the database: their journal and row as their workflow writes them, and what lists and complaints ask of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter
from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actor import Actor
from domain.incident.events import (
    EffectDone,
    EffectFailed,
    EffectOrdered,
    EffectSettled,
    Happening,
    IncidentEntry,
    IncidentOpened,
)
from domain.incident.incident import Incident, key_of
from domain.incident.marks import OF_LOT, lot_key
from domain.ledger import OPEN, LedgerState
from storage.database import Database
from storage.incident_tables import batch_marks, incident_journal, incidents, suspended_lots
from storage.ledger import move
from storage.pages import Key, Order, Page, page_limit, page_of
from storage.tables import complaints

_event: TypeAdapter[Happening] = TypeAdapter(Happening)
_i, _m, _j, _c, _s = incidents.c, batch_marks.c, incident_journal.c, complaints.c, suspended_lots.c
_AT_A_TIME = 400
_NEWEST = Order("incidents", (Key(_i.opened_at, True), Key(_i.incident_id, True)))
_RECEIVED = Order("members", (Key(_m.received_at), Key(_m.complaint_id)))


class IncidentRow(BaseModel):
    """One incident as lists show it."""

    incident_id: str
    batch: str = Field(description="Row of the pack by which its complaints count together.")
    about: dict[str, str] = Field(description="What its complaints have in common.")
    status: Literal["open", "closed"]
    lead: str | None = Field(description="Staff id of whoever leads it.")
    complaints: int = Field(description="How many belong to it.")
    opened_at: AwareDatetime
    until_at: AwareDatetime = Field(description="A complaint of the same thing received before it belongs to it.")
    updated_at: AwareDatetime


class IncidentMember(BaseModel):
    """A complaint of an incident."""

    complaint_id: str
    received_at: AwareDatetime
    status: Literal["open", "closed"]
    stage: str
    category: str
    priority: int
    assignee: str | None


class Incidents:
    """Each method raises SQLAlchemyError or OSError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._dialect: Any = sqlite if database.is_sqlite else postgresql
        self._insert = self._dialect.insert(incident_journal).on_conflict_do_nothing(index_elements=["incident_id", "seq"])

    async def record(self, entries: Sequence[IncidentEntry], incident: Incident) -> None:
        """Write entries and the row. Writing twice is writing once; an older revision leaves a newer row alone."""
        await asyncio.shield(self._record(entries, incident))

    async def _record(self, entries: Sequence[IncidentEntry], incident: Incident) -> None:
        newer = update(incidents).where(_i.incident_id == incident.incident_id, _i.revision < incident.revision)
        async with self._database.writing() as connection:
            written = await connection.execute(
                newer.values(
                    revision=incident.revision,
                    status="open" if incident.open else "closed",
                    lead=incident.lead,
                    updated_at=incident.updated_at,
                    snapshot=incident.model_dump_json(),
                )
            )
            await connection.execute(self._insert, [_row_of(incident.incident_id, entry) for entry in entries])
            await _follow(connection, entries, incident)
            if written.rowcount:
                await self._stop_lots(connection, incident)

    async def _stop_lots(self, connection: AsyncConnection, incident: Incident) -> None:
        own = delete(suspended_lots).where(_s.incident_id == incident.incident_id, _s.lot.not_in(incident.suspended))
        await connection.execute(own)
        stopped = self._dialect.insert(suspended_lots).on_conflict_do_nothing(index_elements=["tenant", "lot"])
        rows = [
            {"tenant": incident.tenant, "lot": lot, "incident_id": incident.incident_id, "since_at": incident.updated_at}
            for lot in incident.suspended
        ]
        if rows:
            await connection.execute(stopped, rows)

    async def opening(self, tenant: str, incident: str) -> tuple[IncidentOpened, datetime]:
        """What its workflow is started with: the same for everybody who starts it. Raises LookupError."""
        async with self._database.reading() as connection:
            found = (await connection.execute(_one(tenant, incident))).first()
        if found is None:
            raise LookupError(incident)
        opened = IncidentOpened(
            tenant=tenant, incident_id=incident, batch=found.batch, pack=found.pack, pack_digest=found.pack_digest,
            zone=found.zone, currency=found.currency, about=json.loads(found.about),
        )  # fmt: skip
        return opened, found.opened_at

    async def members(self, tenant: str, incident: str) -> tuple[str, ...]:
        """Ids of its complaints, in the order in which they were received."""
        statement = (
            select(_m.complaint_id)
            .where(_m.tenant == tenant, _m.incident_id == incident)
            .order_by(_m.received_at, _m.complaint_id)
        )
        async with self._database.reading() as connection:
            return tuple(await connection.scalars(statement))

    async def open_of_lot(self, tenant: str, lot: str) -> tuple[str, ...]:
        """Open complaints that name this lot, of whatever kind."""
        statement = (
            select(_m.complaint_id)
            .join(complaints, _c.complaint_id == _m.complaint_id)
            .where(_m.tenant == tenant, _m.batch == OF_LOT, _m.batch_key == lot_key(lot), _c.status == "open")
            .order_by(_m.received_at)
        )
        async with self._database.reading() as connection:
            return tuple(await connection.scalars(statement))

    async def closed_among(self, tenant: str, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of these complaints that are closed."""
        wanted, closed = sorted(set(ids)), list[str]()
        for begin in range(0, len(wanted), _AT_A_TIME):
            part = wanted[begin : begin + _AT_A_TIME]
            statement = select(_c.complaint_id).where(_c.tenant == tenant, _c.complaint_id.in_(part), _c.status == "closed")
            async with self._database.reading() as connection:
                closed += await connection.scalars(statement)
        return tuple(closed)

    async def list(self, tenant: str, status: str | None, cursor: str | None, limit: int) -> Page[IncidentRow]:
        """The newest first. Raises BadCursor, ValueError for a limit outside 1 to 200."""
        many = select(func.count()).where(_m.incident_id == _i.incident_id).scalar_subquery().label("complaints")
        statement = select(*_LISTED, many).where(_i.tenant == tenant)
        if status is not None:
            statement = statement.where(_i.status == status)
        if (behind := _NEWEST.after(cursor)) is not None:
            statement = statement.where(behind)
        async with self._database.reading() as connection:
            found = (await connection.execute(statement.order_by(*_NEWEST.by).limit(page_limit(limit) + 1))).all()
        rows, next_cursor = page_of(_NEWEST, found, limit)
        shown = (IncidentRow(**{**row._mapping, "about": json.loads(row.about)}) for row in rows)
        return Page(rows=tuple(shown), next_cursor=next_cursor)

    async def get(self, tenant: str, incident: str) -> Incident | None:
        """The incident as its workflow wrote it last; None when there is none, or it has not written yet."""
        async with self._database.reading() as connection:
            found = (await connection.execute(_one(tenant, incident))).first()
        if found is None or found.snapshot is None:
            return None
        return Incident.model_validate_json(found.snapshot)

    async def member_page(self, tenant: str, incident: str, cursor: str | None, limit: int) -> Page[IncidentMember]:
        """Its complaints as they stand, in the order in which they were received. Raises BadCursor, ValueError."""
        columns: list[Any] = [_m.complaint_id, _m.received_at, _c.status, _c.stage, _c.category, _c.priority, _c.assignee]
        statement = (
            select(*columns)
            .join(complaints, _c.complaint_id == _m.complaint_id)
            .where(_m.tenant == tenant, _m.incident_id == incident)
        )
        if (behind := _RECEIVED.after(cursor)) is not None:
            statement = statement.where(behind)
        async with self._database.reading() as connection:
            found = (await connection.execute(statement.order_by(*_RECEIVED.by).limit(page_limit(limit) + 1))).all()
        rows, next_cursor = page_of(_RECEIVED, found, limit)
        return Page(rows=tuple(IncidentMember(**row._mapping) for row in rows), next_cursor=next_cursor)

    async def journal(self, tenant: str, incident: str, after: int, limit: int) -> tuple[IncidentEntry, ...]:
        """Its entries behind a sequence number."""
        statement = (
            select(incident_journal)
            .join(incidents, _i.incident_id == _j.incident_id)
            .where(_i.tenant == tenant, _j.incident_id == incident, _j.seq > after)
            .order_by(_j.seq)
            .limit(limit)
        )
        async with self._database.reading() as connection:
            return tuple(_entry_of(row) for row in await connection.execute(statement))


_LISTED: list[Any] = [
    _i.incident_id, _i.batch, _i.about, _i.status, _i.lead, _i.opened_at, _i.until_at, _i.updated_at,
]  # fmt: skip


async def _follow(connection: AsyncConnection, entries: Sequence[IncidentEntry], incident: Incident) -> None:
    """Bring the ledger to what the journal says: webhooks reach the incident and not the ledger."""
    for number, entry in enumerate(entries):
        match entry.event:
            case EffectOrdered():
                state: LedgerState = "placed"
            case EffectDone():
                state = "done"
            case EffectFailed() if entry.event.code == "refused":
                state = "refused"
            case _:
                continue
        event = entry.event
        effect = incident.effect(event.effect)
        if effect is not None:
            # The key that it had then: it may have been tried again since.
            later = [e.event for e in entries[number + 1 :] if isinstance(e.event, EffectSettled)]
            tried = sum(each.effect == event.effect and each.action == "retry" for each in later)
            key = key_of(incident, effect.model_copy(update={"attempt": effect.attempt - tried}))
            reference = event.reference if isinstance(event, EffectOrdered) else None
            said = "" if isinstance(event, EffectOrdered) else event.detail
            await move(connection, key, state, entry.at, reference, said, over=OPEN)


def _one(tenant: str, incident: str) -> Select[Any]:
    return select(incidents).where(_i.tenant == tenant, _i.incident_id == incident)


def _row_of(incident: str, entry: IncidentEntry) -> dict[str, Any]:
    return {
        "incident_id": incident,
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.event.kind,
        "actor_id": entry.by.id,
        "actor_roles": json.dumps(entry.by.roles),
        "clauses": json.dumps(entry.clauses),
        "event": entry.event.model_dump_json(),
    }


def _entry_of(row: Row[Any]) -> IncidentEntry:
    return IncidentEntry(
        seq=row.seq,
        at=row.at,
        by=Actor(id=row.actor_id, roles=json.loads(row.actor_roles)),
        clauses=json.loads(row.clauses),
        event=_event.validate_json(row.event),
    )
