"""The blacklist, kept: entered, objected to, decided on. What is allowed is decided in `domain/blacklist.py`."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, insert, or_, select, true, update

from domain.blacklist import Limit, Listed
from storage.blacklist_tables import blacklist
from storage.database import Database
from storage.pages import Key, Order, Page, page_of

_b = blacklist.c
_LATEST = Order("blacklist", (Key(_b.entered_at, True), Key(_b.entry_id, True)))


class Blacklist:
    """Each method raises SQLAlchemyError or OSError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enter(
        self,
        tenant: str,
        complaint_id: str,
        customer_id: str,
        *,
        limits: Sequence[Limit],
        reason: str,
        clause: str,
        by: str,
        at: datetime,
        expires_at: datetime,
    ) -> Listed:
        """Put a customer on it. The same complaint twice is two entries: each ends and is appealed by itself."""
        listed = Listed(
            entry_id=f"bl_{secrets.token_hex(12)}", complaint_id=complaint_id, customer_id=customer_id, limits=tuple(limits),
            reason=reason, clause=clause, entered_by=by, entered_at=at, expires_at=expires_at,
        )  # fmt: skip
        values = listed.model_dump() | {"tenant": tenant, "limits": json.dumps(listed.limits)}
        async with self._database.writing() as connection:
            await connection.execute(insert(blacklist).values(**values))
        return listed

    async def get(self, tenant: str, entry_id: str) -> Listed | None:
        return next(iter(await self._read(1, _b.tenant == tenant, _b.entry_id == entry_id)), None)

    async def of_complaint(self, tenant: str, complaint_id: str) -> tuple[Listed, ...]:
        """Entries because of this complaint, the latest first."""
        return await self._read(50, _b.tenant == tenant, _b.complaint_id == complaint_id)

    async def in_force(self, tenant: str, customer_id: str, at: datetime) -> tuple[Listed, ...]:
        """What limits this customer at an instant, the latest first."""
        return await self._read(50, _b.tenant == tenant, _b.customer_id == customer_id, *limiting(at))

    async def all(self, tenant: str, at: datetime, *, in_force: bool, cursor: str | None = None, limit: int = 50) -> Page[Listed]:
        """Entries of a tenant, the latest first: those in force, or all there ever were. Raises BadCursor."""
        asked = select(blacklist).where(_b.tenant == tenant, *(limiting(at) if in_force else ()))
        async with self._database.reading() as connection:
            found = (await connection.execute(_LATEST.page(asked, cursor, limit))).all()
        rows, next_cursor = page_of(_LATEST, found, limit)
        return Page(rows=tuple(_listed(row) for row in rows), next_cursor=next_cursor)

    async def object(self, tenant: str, entry_id: str, grounds: str, at: datetime) -> Listed | None:
        """Note the customer's appeal; None where the entry is not there or was removed meanwhile."""
        changed = await self._change(tenant, entry_id, appeal=grounds, appealed_at=at)
        return await self.get(tenant, entry_id) if changed else None

    async def decide(self, tenant: str, entry_id: str, *, keep: bool, by: str, reason: str, at: datetime) -> Listed | None:
        """Note what another person decided. None where the entry is not there, was removed, or, to be kept, has no appeal that
        waits: somebody else was quicker."""
        decision = "kept" if keep else "removed"
        waits = and_(_b.appealed_at.is_not(None), or_(_b.decided_at.is_(None), _b.decided_at < _b.appealed_at))
        changed = await self._change(
            tenant, entry_id, waits if keep else true(), decision=decision, decided_by=by, decided_at=at, decision_reason=reason
        )
        return await self.get(tenant, entry_id) if changed else None

    async def _change(self, tenant: str, entry_id: str, *still: ColumnElement[bool], **values: Any) -> bool:
        there = or_(_b.decision.is_(None), _b.decision != "removed")
        mine = update(blacklist).where(_b.tenant == tenant, _b.entry_id == entry_id, there, *still)
        async with self._database.writing() as connection:
            return bool((await connection.execute(mine.values(**values))).rowcount)

    async def _read(self, limit: int, *conditions: ColumnElement[bool]) -> tuple[Listed, ...]:
        statement = select(blacklist).where(*conditions).order_by(*_LATEST.by).limit(limit)
        async with self._database.reading() as connection:
            return tuple(_listed(row) for row in await connection.execute(statement))


def limiting(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """As `Listed.in_force` says it."""
    return (_b.customer_id.is_not(None), _b.expires_at > at, or_(_b.decision.is_(None), _b.decision != "removed"))


def _listed(row: Row[Any]) -> Listed:
    values = {name: value for name, value in row._mapping.items() if name != "tenant"}
    return Listed.model_validate(values | {"limits": json.loads(row.limits)})
