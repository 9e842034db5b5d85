"""How much there is to do and how it stands, for operators: one question a table, over its open rows only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Integer, Select, case, func, literal_column, select

from domain.ledger import OPEN
from storage.case_row import END_OF_TIME
from storage.database import Database
from storage.delivery_tables import deliveries
from storage.ledger_tables import ledger
from storage.reconciliation_tables import findings
from storage.tables import complaints

_c, _d, _l, _f = complaints.c, deliveries.c, ledger.c, findings.c


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


class Count(NamedTuple):
    """So many rows of one tenant."""

    tenant: str
    what: str
    rows: int


class OutsideFigures(NamedTuple):
    """What is under way to others, or does not fit: webhooks by status, effects by state, findings of reconciling by kind."""

    webhooks: list[Count]
    effects: list[Count]
    findings: list[Count]


async def outside_figures(database: Database, tenants: Sequence[str]) -> OutsideFigures:
    """Of these tenants; what is delivered, done or settled is not counted. Raises SQLAlchemyError, OSError."""
    async with database.reading() as connection:
        counted = [[Count._make(row) for row in await connection.execute(each)] for each in outside_statements(tenants)]
    return OutsideFigures(*counted)


def outside_statements(tenants: Sequence[str]) -> tuple[Select[Any], ...]:
    """In the order of `OutsideFigures`."""
    # In the words of the index over what is under way: a database cannot know that a parameter would say the same.
    under_way = _l.state.in_([literal_column(f"'{state}'") for state in OPEN])
    return (
        _counted(tenants, _d.tenant, _d.status, _d.status.in_(("pending", "dead"))),
        _counted(tenants, _l.tenant, _l.state, under_way),
        _counted(tenants, _f.tenant, _f.kind, _f.state == "open"),
    )


def _counted(tenants: Sequence[str], tenant: Column[Any], what: Column[Any], which: ColumnElement[bool]) -> Select[Any]:
    return select(tenant, what, func.count()).where(tenant.in_(tenants), which).group_by(tenant, what)


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
        # True of every row: it leads to the index of promises, which parts the open ones from the many that are closed.
        .where(_c.tenant.in_(tenants), _c.status == "open", _c.due_order <= END_OF_TIME)
        .group_by(*group)
    )


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0), type_=Integer)
