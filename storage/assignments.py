"""Who has how many complaints: the load of each person, and their share of what came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, func, select

from storage.database import Database
from storage.tables import complaints

_c = complaints.c


class Load(NamedTuple):
    """Complaints of one person: open ones, those of them that are overdue, and those received within a stretch of time."""

    open: int = 0
    overdue: int = 0
    taken: int = 0


class Assignments:
    """Reads of the database; instants are arguments."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def loads(self, tenant: str, people: Sequence[str], at: datetime, since_at: datetime) -> dict[str, Load]:
        """The load of each of these people; whoever has none is there with zeros. Overdue at `at`, taken since `since_at`."""
        overdue = func.sum(case((_c.due_order < at, 1), else_=0))
        now = (
            select(_c.assignee, func.count().label("many"), overdue.label("late"))
            .where(_c.tenant == tenant, _c.assignee.in_(people), _c.waits_for.is_not(None))
            .group_by(_c.assignee)
        )
        since = (
            select(_c.assignee, func.count().label("many"))
            .where(_c.tenant == tenant, _c.assignee.in_(people), _c.received_at >= since_at)
            .group_by(_c.assignee)
        )
        async with self._database.reading() as connection:
            open_ones = {row.assignee: (int(row.many), int(row.late)) for row in await connection.execute(now)}
            taken = {row.assignee: int(row.many) for row in await connection.execute(since)}
        return {person: Load(*open_ones.get(person, (0, 0)), taken.get(person, 0)) for person in people}

    async def unassigned(self, tenant: str) -> int:
        """Open complaints that nobody has."""
        statement = select(func.count()).where(_c.tenant == tenant, _c.assignee.is_(None), _c.waits_for.is_not(None))
        async with self._database.reading() as connection:
            return int(await connection.scalar(statement) or 0)
