"""How many complaints a customer has filed: what repetition is told by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from storage.database import Database
from storage.tables import complaints

_c = complaints.c


async def count_repeats(
    database: Database, tenant: str, customer_id: str, from_at: Sequence[datetime], until_at: datetime
) -> tuple[int, ...]:
    """Complaints of this customer received from each of these instants on, up to `until_at` included.

    Raises SQLAlchemyError or OSError when the database is away.
    """
    theirs = (_c.tenant == tenant, _c.customer_id == customer_id, _c.received_at <= until_at)
    counts = []
    async with database.reading() as connection:
        for instant in from_at:
            counted = select(func.count()).where(*theirs, _c.received_at >= instant)
            counts.append(int(await connection.scalar(counted) or 0))
    return tuple(counts)
