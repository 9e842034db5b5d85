"""Webhooks on their way out: what is due, who has taken it, how it went, and sending again what was given up."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import delete, select, update

from domain.case import Case
from domain.webhooks import Announcement
from storage.database import Database
from storage.delivery_tables import deliveries
from storage.pages import Key, Order, Page, page_of

Status = Literal["pending", "delivered", "dead"]
_d = deliveries.c
_NEWEST = Order("deliveries", (Key(_d.created_at, True), Key(_d.id, True)))
_SWEPT_AT_ONCE = 1000


class Delivery(BaseModel):
    """One piece of news on its way to one address."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="The `Webhook-Id` it is sent with, the same for every attempt.")
    endpoint: str = Field(description="The subscription of the tenant's file.")
    type: str = Field(description="What it tells, such as complaint.closed.")
    complaint_id: str = Field(description="The complaint it is about.")
    sequence: int = Field(description="Place in the complaint's journal.")
    status: Status = Field(description="pending: tried at next_at; delivered: taken; dead: given up, and can be sent again.")
    attempts: int = Field(description="How often it was tried, since it was sent again where it was.")
    created_at: AwareDatetime = Field(description="When it was written.")
    next_at: AwareDatetime | None = Field(description="When it is tried next, where it is pending.")
    settled_at: AwareDatetime | None = Field(description="When it was taken or given up.")
    answered: int | None = Field(description="HTTP status of the last answer; none: there was no answer.")
    error: str | None = Field(description="Why the last attempt failed.")


@dataclass(frozen=True)
class Taken:
    """A delivery that this courier may attempt until its lease ends."""

    id: str
    tenant: str
    endpoint: str
    body: str
    attempts: int


class Deliveries:
    """The outbox. Each method is one transaction; all raise SQLAlchemyError or OSError while the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, now: datetime) -> list[tuple[str, str]]:
        """The endpoints (tenant, id) for which something is due."""
        asked = select(_d.tenant, _d.endpoint).where(_d.status == "pending", _d.next_at <= now).distinct()
        async with self._database.reading() as connection:
            return [(row.tenant, row.endpoint) for row in await connection.execute(asked)]

    async def take(self, tenant: str, endpoint: str, now: datetime, lease: timedelta, most: int) -> list[Taken]:
        """Up to `most` due ones, oldest first. Nobody else gets them before the lease is over, whatever becomes of the taker."""
        mine = (_d.tenant == tenant) & (_d.endpoint == endpoint) & (_d.status == "pending") & (_d.next_at <= now)
        # On PostgreSQL several couriers take different rows at once; SQLite lets one write at a time and ignores the lock.
        due = select(_d.id).where(mine).order_by(_d.next_at, _d.seq).limit(most).with_for_update(skip_locked=True).cte("due")
        taken = (
            update(deliveries)
            .where(_d.id.in_(select(due.c.id)))
            .values(attempts=_d.attempts + 1, next_at=now + lease)
            .returning(_d.id, _d.tenant, _d.endpoint, _d.body, _d.attempts, _d.seq)
        )
        async with self._database.writing() as connection:
            rows = (await connection.execute(taken)).all()
        return [Taken(r.id, r.tenant, r.endpoint, r.body, r.attempts) for r in sorted(rows, key=lambda row: row.seq)]

    async def delivered(self, taken: Taken, now: datetime, answered: int) -> None:
        await self._settle(taken, {"status": "delivered", "settled_at": now, "answered": answered, "error": None})

    async def failed(self, taken: Taken, now: datetime, wait: timedelta | None, answered: int | None, error: str) -> None:
        """To be tried again after `wait`; None gives it up."""
        said = {"answered": answered, "error": error[:200]}
        await self._settle(
            taken, {**said, "status": "dead", "settled_at": now} if wait is None else {**said, "next_at": now + wait}
        )

    async def _settle(self, taken: Taken, values: dict[str, Any]) -> None:
        # Whose lease had ended, and was tried by another meanwhile, has nothing more to say.
        mine = (_d.id == taken.id) & (_d.attempts == taken.attempts) & (_d.status == "pending")
        async with self._database.writing() as connection:
            await connection.execute(update(deliveries).where(mine).values(values))

    async def page(
        self, tenant: str, status: Status | None, endpoint: str | None, cursor: str | None, limit: int
    ) -> Page[Delivery]:
        """Newest first. Raises BadCursor."""
        asked = select(deliveries).where(_d.tenant == tenant)
        if status is not None:
            asked = asked.where(_d.status == status)
        if endpoint is not None:
            asked = asked.where(_d.endpoint == endpoint)
        async with self._database.reading() as connection:
            found = (await connection.execute(_NEWEST.page(asked, cursor, limit))).all()
        rows, next_cursor = page_of(_NEWEST, found, limit)
        return Page(rows=tuple(_delivery(row) for row in rows), next_cursor=next_cursor)

    async def get(self, tenant: str, delivery_id: str) -> Delivery | None:
        asked = select(deliveries).where(_d.id == delivery_id, _d.tenant == tenant)
        async with self._database.reading() as connection:
            row = (await connection.execute(asked)).one_or_none()
        return _delivery(row) if row is not None else None

    async def resend(self, tenant: str, delivery_id: str, now: datetime) -> Delivery | None:
        """Due now, with all its attempts before it; None when the tenant has no such delivery that is dead."""
        mine = (_d.id == delivery_id) & (_d.tenant == tenant) & (_d.status == "dead")
        anew = {"status": "pending", "attempts": 0, "next_at": now, "settled_at": None}
        async with self._database.writing() as connection:
            row = (await connection.execute(update(deliveries).where(mine).values(anew).returning(*deliveries.c))).one_or_none()
        return _delivery(row) if row is not None else None

    async def tenants(self) -> list[str]:
        """Whose news is here, also of companies that are no longer."""
        async with self._database.reading() as connection:
            return list(await connection.scalars(select(_d.tenant).distinct()))

    async def sweep(self, tenant: str, status: Status, before: datetime) -> int:
        """Forget all that was written before that instant and has this status; how many rows went.

        Some at a time, each in a transaction of its own: others write in between.
        """
        old = select(_d.id).where(_d.tenant == tenant, _d.status == status, _d.created_at < before).limit(_SWEPT_AT_ONCE)
        gone, last = 0, _SWEPT_AT_ONCE
        while last == _SWEPT_AT_ONCE:
            async with self._database.writing() as connection:
                last = (await connection.execute(delete(deliveries).where(_d.id.in_(old)))).rowcount
            gone += last
            await asyncio.sleep(0)
        return gone


def rows_of(announcements: Sequence[Announcement], case: Case, now: datetime) -> list[dict[str, Any]]:
    """The rows of what is to be told, due at once."""
    return [
        {
            "id": _id(each, case),
            "tenant": case.tenant,
            "endpoint": each.endpoint,
            "type": each.type,
            "complaint_id": case.complaint_id,
            "seq": each.sequence,
            "body": each.body,
            "status": "pending",
            "attempts": 0,
            "created_at": now,
            "next_at": now,
        }
        for each in announcements
    ]


def _id(told: Announcement, case: Case) -> str:
    # An entry that takes another's place in the journal is other news: its instant or its kind differs.
    text = f"{case.tenant}\0{told.endpoint}\0{case.complaint_id}\0{told.sequence}\0{told.at.isoformat()}\0{told.type}"
    return f"msg_{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _delivery(row: Any) -> Delivery:
    values = {name: row._mapping[name] for name in Delivery.model_fields if name != "sequence"}
    if row.status != "pending":
        values["next_at"] = None
    return Delivery(**values, sequence=row.seq)
