"""The complaints of one customer, whole."""

from __future__ import annotations

from sqlalchemy import func, select

from domain.case import Case
from storage.database import Database
from storage.pages import NEWEST, Page, page_of
from storage.tables import complaints

_c = complaints.c


class Customers:
    """Reads one range of the index of customers. Raises SQLAlchemyError or OSError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cases(self, tenant: str, customer_id: str, *, cursor: str | None = None, limit: int = 10) -> tuple[Page[Case], int]:
        """A page of the customer's complaints, the newest first, and how many there are in all.

        Raises BadCursor, and ValueError for a limit out of range.
        """
        theirs = (_c.tenant == tenant, _c.customer_id == customer_id)
        asked = select(_c.complaint_id, _c.received_at, _c.snapshot).where(*theirs)
        async with self._database.reading() as connection:
            total = int(await connection.scalar(select(func.count()).where(*theirs)) or 0)
            rows, next_cursor = page_of(NEWEST, (await connection.execute(NEWEST.page(asked, cursor, limit))).all(), limit)
        return Page(rows=tuple(Case.model_validate_json(row.snapshot) for row in rows), next_cursor=next_cursor), total
