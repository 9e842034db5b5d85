"""Erasing a customer from the database, in one transaction: entries, case rows and what was said of money are rewritten, and it
is put on record."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actor import Role
from domain.erasure import MARK, forget
from domain.incident.extra import is_extra_of
from storage.blacklist_tables import blacklist
from storage.case_row import row_of
from storage.database import Database
from storage.erasure_tables import erasures
from storage.incident_tables import batch_marks, incident_journal
from storage.journal import entry_of
from storage.ledger import given_by_incidents
from storage.ledger_tables import ledger
from storage.reconciliation_tables import findings
from storage.tables import complaints, journal

_c, _j, _e, _l, _f = complaints.c, journal.c, erasures.c, ledger.c, findings.c
_b, _m, _i = blacklist.c, batch_marks.c, incident_journal.c


class Found(NamedTuple):
    """A complaint of the customer. `customer_id` is None where it was filed without one."""

    complaint_id: str
    customer_id: str | None
    open: bool


class Erasure(NamedTuple):
    """One erasure as it is on record."""

    id: str
    at: datetime
    by: str
    reason: str
    complaints: tuple[str, ...]
    entries: int


class Erasures:
    """Each method raises SQLAlchemyError or OSError when the database is away, and leaves nothing half done."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def complaints_of(self, tenant: str, customer_id: str, more: Sequence[str] = ()) -> list[Found]:
        """The customer's complaints of this tenant, and those of `more` that are this tenant's."""
        statement = (
            select(_c.complaint_id, _c.customer_id, _c.status)
            .where(_c.tenant == tenant, or_(_c.customer_id == customer_id, _c.complaint_id.in_(more)))
            .order_by(_c.received_at, _c.complaint_id)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        return [Found(row.complaint_id, row.customer_id, row.status == "open") for row in rows]

    async def erase(self, tenant: str, customer: str, ids: Sequence[str], by: str, reason: str) -> Erasure:
        """Rewrite these closed complaints and put it on record; `customer` is the digest of the customer's id."""
        written = 0
        done = Erasure(secrets.token_hex(16), datetime.now(UTC), by, reason, tuple(ids), 0)
        async with self._database.writing() as connection:
            for complaint_id in ids:
                written += await _rewrite(connection, tenant, complaint_id)
                await _rewrite_money(connection, tenant, complaint_id)
                await _rewrite_incidents(connection, tenant, complaint_id)
                await _take_off_the_blacklist(connection, tenant, complaint_id)
            done = done._replace(entries=written)
            await connection.execute(
                insert(erasures).values(
                    id=done.id, tenant=tenant, customer=customer, at=done.at, by_id=by, reason=reason,
                    complaints=json.dumps(done.complaints), entries=written,
                )
            )  # fmt: skip
        return done

    async def latest(self, tenant: str, customer: str) -> Erasure | None:
        """The last time this customer was erased; None when they never were."""
        statement = select(erasures).where(_e.tenant == tenant, _e.customer == customer).order_by(_e.at.desc()).limit(1)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).first()
        return _told(row) if row is not None else None


async def _rewrite(connection: AsyncConnection, tenant: str, complaint_id: str) -> int:
    """The number of entries of the journal."""
    rows = await connection.execute(select(journal).where(_j.complaint_id == complaint_id).order_by(_j.seq))
    entries, case = forget(entry_of(row) for row in rows)
    of_row = update(complaints).where(_c.tenant == tenant, _c.complaint_id == complaint_id)
    await connection.execute(of_row.values(row_of(case, f"complaint/{tenant}/{complaint_id}")))
    for entry in entries:
        of_entry = update(journal).where(_j.complaint_id == complaint_id, _j.seq == entry.seq)
        await connection.execute(of_entry.values(actor_id=entry.by.id, event=entry.event.model_dump_json(), given=None))
    return len(entries)


async def _rewrite_money(connection: AsyncConnection, tenant: str, complaint_id: str) -> None:
    """Figures and states stay. Words do not: a partner's may name who took a parcel, a person's whom they talked to."""
    theirs = given_by_incidents(tenant, complaint_id)
    about = or_(_f.complaint_id == complaint_id, _f.effect_key.in_(select(_l.effect_key).where(theirs)))
    why = update(findings).where(_f.tenant == tenant, about, _f.reason.is_not(None))
    await connection.execute(why.values(reason=MARK))
    said = update(ledger).where(_l.tenant == tenant, or_(_l.complaint_id == complaint_id, theirs), _l.said != "")
    await connection.execute(said.values(said=MARK))


async def _rewrite_incidents(connection: AsyncConnection, tenant: str, complaint_id: str) -> None:
    """What an incident's journal says of what it gave this complaint: by whom and when stays, in which words goes."""
    of_it = select(_m.incident_id).where(_m.complaint_id == complaint_id, _m.tenant == tenant, _m.incident_id.is_not(None))
    worded = ("effect_done", "effect_failed", "effect_settled")
    rows = select(incident_journal).where(_i.incident_id.in_(of_it), _i.kind.in_(worded))
    for row in (await connection.execute(rows)).all():
        event = json.loads(row.event)
        # Why the software itself left it out is a code of its own.
        if not is_extra_of(event["effect"], complaint_id) or (Role.SYSTEM in json.loads(row.actor_roles) and event.get("reason")):
            continue
        event |= {name: MARK for name in ("detail", "reason") if event.get(name)}
        of_row = update(incident_journal).where(_i.incident_id == row.incident_id, _i.seq == row.seq)
        await connection.execute(of_row.values(event=json.dumps(event, ensure_ascii=False)))


async def _take_off_the_blacklist(connection: AsyncConnection, tenant: str, complaint_id: str) -> None:
    """That somebody was listed, by whom and when stays. Who it was and every word about it go, and with them the limit."""
    entry = update(blacklist).where(_b.tenant == tenant, _b.complaint_id == complaint_id)
    await connection.execute(entry.values(customer_id=None, reason=MARK))
    await connection.execute(entry.where(_b.appeal.is_not(None)).values(appeal=MARK))
    await connection.execute(entry.where(_b.decision_reason.is_not(None)).values(decision_reason=MARK))


def _told(row: Row[Any]) -> Erasure:
    return Erasure(row.id, row.at, row.by_id, row.reason, tuple(json.loads(row.complaints)), row.entries)
