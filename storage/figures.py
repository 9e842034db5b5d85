"""How many complaints are open, and how they stand: one question over the open ones, for operators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, case, func, select

from storage.database import Database
from storage.tables import complaints

_c = complaints.c


class OpenFigures(NamedTuple):
    """Open complaints of one tenant at one stage and level, in one currency.

    `overdue` counts those with a promise whose instant has passed and that nobody has acted on, not even Redress itself; the
    first of these instants, or else the next to come, is `first_due_at`. Amounts are in units of the currency.
    """

    tenant: str
    stage: str
    level: str
    currency: str
    open: int
    due_soon: int
    overdue: int
    breached: int
    escalated: int
    first_due_at: datetime
    decided: Decimal
    paid: Decimal


async def open_figures(database: Database, tenants: Sequence[str], at: datetime, soon_at: datetime) -> list[OpenFigures]:
    """Of these tenants, as the database knows them. Raises SQLAlchemyError, OSError when it is away."""
    async with database.reading() as connection:
        return [OpenFigures._make(row) for row in await connection.execute(statement(tenants, at, soon_at))]


def statement(tenants: Sequence[str], at: datetime, soon_at: datetime) -> Select[Any]:
    """The tenants are named because every index begins with them: closed complaints, the most by far, are not looked at."""
    group = (_c.tenant, _c.stage, _c.level, _c.currency)
    return (
        select(
            *group,
            func.count(),
            _number((_c.due_order > at) & (_c.due_order <= soon_at)),
            _number(_c.due_order <= at),
            _number(_c.breaches > 0),
            _number(_c.escalations > 0),
            func.min(_c.due_order),
            func.sum(_c.decided_amount),
            func.sum(_c.paid_amount),
        )
        .where(_c.tenant.in_(tenants), _c.status == "open")
        .group_by(*group)
    )


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0), type_=Integer)
