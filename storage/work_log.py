"""Reads the work log: complaints of some days, with who worked on each and when the customer first heard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from domain.actor import Role
from domain.case import Case
from domain.summary.work_log import Logged
from storage.database import Database
from storage.pages import NEWEST, Page, page_of
from storage.tables import complaints, journal

_c, _j = complaints.c, journal.c
# The first of these is when the customer first heard from a person.
_FIRST_WORD = ("responded", "callback_attempted")
_NOT_OF_THE_HOUSE = (Role.SYSTEM.value, Role.CUSTOMER.value, Role.INTAKE.value)


class WorkLog:
    """Reads a page of it: three ranges of indexes. Each method raises SQLAlchemyError or OSError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, tenant: str, from_at: datetime, before_at: datetime, *, person: str | None = None, cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Logged]:  # fmt: skip
        """Complaints received in the time, the newest first; with `person`, those that they are in charge of.

        Raises BadCursor, and ValueError for a limit out of range.
        """
        wanted: list[ColumnElement[bool]] = [_c.tenant == tenant, _c.received_at >= from_at, _c.received_at < before_at]
        if person is not None:
            wanted.append(_c.assignee == person)
        asked = select(_c.complaint_id, _c.received_at, _c.snapshot).where(*wanted)
        async with self._database.reading() as connection:
            rows, next_cursor = page_of(NEWEST, (await connection.execute(NEWEST.page(asked, cursor, limit))).all(), limit)
            ids = [row.complaint_id for row in rows]
            first = await self._first_words(connection, ids)
            people = await self._people(connection, ids)
        return Page(rows=tuple(_logged(row, first, people) for row in rows), next_cursor=next_cursor)

    async def _first_words(self, connection: Any, ids: Sequence[str]) -> dict[str, datetime]:
        statement = (
            select(_j.complaint_id, func.min(_j.at).label("first_at"))
            .where(_j.complaint_id.in_(ids), _j.kind.in_(_FIRST_WORD))
            .group_by(_j.complaint_id)
        )
        return {row.complaint_id: row.first_at for row in await connection.execute(statement)}

    async def _people(self, connection: Any, ids: Sequence[str]) -> dict[str, list[str]]:
        statement = (
            select(_j.complaint_id, _j.actor_id, func.min(_j.seq).label("first"))
            .where(_j.complaint_id.in_(ids), _j.actor_role.not_in(_NOT_OF_THE_HOUSE))
            .group_by(_j.complaint_id, _j.actor_id)
            .order_by(_j.complaint_id, func.min(_j.seq))
        )
        found: dict[str, list[str]] = defaultdict(list)
        for row in await connection.execute(statement):
            found[row.complaint_id].append(row.actor_id)
        return found


def _logged(row: Row[Any], first: dict[str, datetime], people: dict[str, list[str]]) -> Logged:
    return Logged(
        case=Case.model_validate_json(row.snapshot),
        responded_at=first.get(row.complaint_id),
        worked_on_by=tuple(people.get(row.complaint_id, ())),
    )
