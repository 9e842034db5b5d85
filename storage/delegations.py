"""Delegations: made, listed, revoked, and asked for at an instant. Every question names its tenant."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update

from domain.delegation import Delegation
from storage.database import Database
from storage.delegation_tables import delegations
from storage.pages import Key, Order, Page, page_of

_d = delegations.c
_NEWEST = Order("delegations", (Key(_d.made_at, True), Key(_d.delegation_id, True)))


class Delegations:
    """Every method raises SQLAlchemyError or OSError while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(
        self, tenant: str, giver: str, delegate: str, from_at: datetime, until_at: datetime, reason: str, by: str, now: datetime
    ) -> Delegation:
        """A new delegation; those that hold already go on beside it."""
        row = {
            "delegation_id": "dlg_" + base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower(), "tenant": tenant,
            "from_person": giver, "to_person": delegate, "from_at": from_at, "until_at": until_at, "reason": reason,
            "made_by": by, "made_at": now,
        }  # fmt: skip
        async with self._database.writing() as connection:
            return _record((await connection.execute(insert(delegations).values(row).returning(*delegations.c))).one())

    async def find(self, tenant: str, delegation_id: str) -> Delegation | None:
        mine = (_d.tenant == tenant) & (_d.delegation_id == delegation_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(select(delegations).where(mine))).one_or_none()
        return _record(row) if row is not None else None

    async def holding(self, tenant: str, now: datetime) -> tuple[Delegation, ...]:
        """Every delegation that holds at this instant, the oldest first."""
        at_work = (_d.tenant == tenant) & (_d.until_at > now) & (_d.from_at <= now) & _d.revoked_at.is_(None)
        async with self._database.reading() as connection:
            rows = await connection.execute(select(delegations).where(at_work).order_by(_d.made_at, _d.delegation_id))
            return tuple(_record(row) for row in rows)

    async def list(
        self, tenant: str, person: str | None = None, *, cursor: str | None = None, limit: int = 50
    ) -> Page[Delegation]:
        """Newest first, past ones too; with a person those from or to them. Raises BadCursor."""
        asked = select(delegations).where(_d.tenant == tenant)
        if person is not None:
            asked = asked.where(or_(_d.from_person == person, _d.to_person == person))
        async with self._database.reading() as connection:
            found = (await connection.execute(_NEWEST.page(asked, cursor, limit))).all()
        rows, next_cursor = page_of(_NEWEST, found, limit)
        return Page(rows=tuple(_record(row) for row in rows), next_cursor=next_cursor)

    async def revoke(self, tenant: str, delegation_id: str, by: str, now: datetime) -> None:
        """Ends it at once; does nothing to one that was revoked before."""
        mine = (_d.tenant == tenant) & (_d.delegation_id == delegation_id) & _d.revoked_at.is_(None)
        async with self._database.writing() as connection:
            await connection.execute(update(delegations).where(mine).values(revoked_at=now, revoked_by=by))


def _record(row: Any) -> Delegation:
    return Delegation(
        delegation_id=row.delegation_id, from_person=row.from_person, to_person=row.to_person, from_at=row.from_at,
        until_at=row.until_at, reason=row.reason, made_by=row.made_by, made_at=row.made_at, revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
    )  # fmt: skip
