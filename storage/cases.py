"""The read side: lists, work lists, single cases and journals. Every question names its tenant, and answers stay inside it."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from domain.actor import Role
from domain.case import Case
from domain.given import Given
from domain.journal import Entry
from domain.money import Money, round_money
from storage.database import Database
from storage.journal import entry_of
from storage.narrowing import ids, is_one_range
from storage.pages import DUE, ORDERS, WORK, Order, Page, page_limit, page_of
from storage.tables import complaints, journal

Sort = Literal["newest", "oldest", "updated", "due", "work"]
Status = Literal["open", "closed"]
_c = complaints.c
# What lists show: everything but the snapshot, which is as large as the rest of a page together.
_LISTED = tuple(column for column in _c if column.name != "snapshot")

_FIRST = (
    select(journal)
    .join(complaints, _c.complaint_id == journal.c.complaint_id)
    .where(_c.tenant == bindparam("tenant"), journal.c.complaint_id == bindparam("complaint"), journal.c.seq == 1)
)


class CaseRow(BaseModel):
    """One line of a list."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str
    tenant: str
    workflow_id: str
    revision: int
    status: Status
    stage: str
    waits_for: str | None
    assignee: str | None
    offered_to: str | None
    paused: bool
    cycle: int
    group: str
    category: str
    level: str
    urgent: bool
    priority: int
    channel: str
    customer_id: str | None
    customer_name: str
    order_number: str | None
    origin: str | None
    destination: str | None
    carrier: str | None
    next_due_at: AwareDatetime | None
    next_due_name: str | None
    overdue: bool
    breaches: int
    escalations: int
    received_at: AwareDatetime
    updated_at: AwareDatetime
    closed_at: AwareDatetime | None
    outcome: str | None
    satisfied: bool | None
    rating: int | None
    decided: Money
    paid: Money


_AS_STORED = tuple(column.name for column in _LISTED if column.name in CaseRow.model_fields)


class CaseFilter(BaseModel):
    """What a list is narrowed to; what is None does not narrow. `customer` is a customer's id, or else the exact name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Status | None = None
    stage: str | None = None
    waits_for: str | None = None
    assignee: str | None = None
    offered_to: str | None = None
    group: str | None = None
    category: str | None = None
    level: str | None = None
    urgent: bool | None = None
    order_number: str | None = None
    customer_id: str | None = None
    customer_name: str | None = None
    received_from: AwareDatetime | None = None
    received_before: AwareDatetime | None = None
    due_before: AwareDatetime | None = None
    not_due_before: AwareDatetime | None = None
    breached: bool | None = None


class Cases:
    """Reads of the database. Instants that say what is overdue are arguments: this class has no clock."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, tenant: str, complaint_id: str) -> Case | None:
        """The whole case as it was last written; None when this tenant has none under the id."""
        statement = select(_c.snapshot).where(_c.tenant == tenant, _c.complaint_id == complaint_id)
        async with self._database.reading() as connection:
            snapshot = await connection.scalar(statement)
        return Case.model_validate_json(snapshot) if snapshot is not None else None

    async def list(
        self, tenant: str, filter: CaseFilter, at: datetime, *, sort: Sort = "newest", cursor: str | None = None, limit: int = 50
    ) -> Page[CaseRow]:
        """One page, at most 200 rows. Raises BadCursor, and ValueError for a limit out of range."""
        order = ORDERS[sort]
        found = await self._range([_c.tenant == tenant, *_conditions(filter)], order, cursor, limit)
        return _page(order, found, limit, at)

    async def work(
        self, tenant: str, role: Role, assignee: str | None, at: datetime, *, cursor: str | None = None, limit: int = 50
    ) -> Page[CaseRow]:
        """What waits for a role, most urgent first; then what is due first, then what came first.

        With `assignee`, an agent sees their own complaints, and a person of any other role sees what waits for that role and the
        complaints that were handed over to them; either sees what is offered to them. Without, everything that waits for the
        role; a senior agent, the desk's too.
        """
        of_role = [_c.tenant == tenant, _c.waits_for == role.value]
        own = [_c.tenant == tenant, _c.assignee == assignee, _c.waits_for == Role.AGENT.value]
        offered = [_c.tenant == tenant, _c.offered_to == assignee]
        of_desk = [[_c.tenant == tenant, _c.waits_for == Role.AGENT.value]] if role is Role.SENIOR_AGENT else []
        if assignee is None:
            ranges = [of_role, *of_desk]
        elif role is Role.AGENT:
            ranges = [own, offered]
        else:
            ranges = [of_role, own, [*offered, _c.waits_for != role.value]]  # what waits for the role is there already
        # Ranges of several indexes, merged: an OR would make the database sort everything.
        found = [await self._range(conditions, WORK, cursor, limit) for conditions in ranges]
        return _page(WORK, list(heapq.merge(*found, key=WORK.sort_key))[: limit + 1], limit, at)

    async def deadlines(
        self, tenant: str, until_at: datetime, at: datetime, *, cursor: str | None = None, limit: int = 50
    ) -> Page[CaseRow]:
        """Open complaints with a promise that falls due up to `until_at`, the earliest first."""
        conditions = [_c.tenant == tenant, _c.status == "open", _c.due_order <= until_at]
        return _page(DUE, await self._range(conditions, DUE, cursor, limit), limit, at)

    async def loads(self, tenant: str, staff_ids: Sequence[str]) -> dict[str, int]:
        """How many open complaints each of these people has; 0 for one without."""
        statement = (
            select(_c.assignee, func.count().label("open_ones"))
            .where(_c.tenant == tenant, _c.assignee.in_(staff_ids), _c.waits_for.is_not(None))
            .group_by(_c.assignee)
        )
        async with self._database.reading() as connection:
            counted = {row.assignee: int(row.open_ones) for row in await connection.execute(statement)}
        return {person: counted.get(person, 0) for person in staff_ids}

    async def journal(self, tenant: str, complaint_id: str, after_seq: int = 0, limit: int = 200) -> tuple[Entry, ...]:
        """Entries behind `after_seq` in order; empty when this tenant has no such complaint."""
        statement = (
            select(journal)
            .join(complaints, _c.complaint_id == journal.c.complaint_id)
            .where(_c.tenant == tenant, journal.c.complaint_id == complaint_id, journal.c.seq > after_seq)
            .order_by(journal.c.seq)
            .limit(page_limit(limit))
        )
        async with self._database.reading() as connection:
            return tuple(entry_of(row) for row in await connection.execute(statement))

    async def first(self, tenant: str, complaint_id: str) -> Entry | None:
        """What was filed; None when this tenant has no such complaint. Asked at every intake, so the statement is made once."""
        async with self._database.reading() as connection:
            row = (await connection.execute(_FIRST, {"tenant": tenant, "complaint": complaint_id})).one_or_none()
        return entry_of(row) if row is not None else None

    async def given(self, tenant: str, complaint_id: str, limit: int) -> tuple[Given, ...]:
        """What was done under keys of its callers, in order, the newest `limit` of it; empty for another tenant's complaint."""
        statement = (
            select(journal.c.given)
            .join(complaints, _c.complaint_id == journal.c.complaint_id)
            .where(_c.tenant == tenant, journal.c.complaint_id == complaint_id, journal.c.given.is_not(None))
            .order_by(journal.c.seq.desc())
            .limit(limit)
        )
        async with self._database.reading() as connection:
            found = (await connection.scalars(statement)).all()
        return tuple(Given.model_validate_json(each) for each in reversed(found))

    async def _range(
        self, conditions: Sequence[ColumnElement[bool]], order: Order, cursor: str | None, limit: int
    ) -> Sequence[Any]:
        behind = order.after(cursor)
        wanted = and_(*conditions, *([behind] if behind is not None else []))
        if not is_one_range(conditions, order) and self._database.is_sqlite:
            wanted = _c.complaint_id.in_(ids(conditions, order, behind, page_limit(limit) + 1))
        statement = select(*_LISTED).where(wanted).order_by(*order.by).limit(page_limit(limit) + 1)
        async with self._database.reading() as connection:
            return (await connection.execute(statement)).all()


def _conditions(filter: CaseFilter) -> list[ColumnElement[bool]]:
    exact = {
        _c.status: filter.status,
        _c.stage: filter.stage,
        _c.waits_for: filter.waits_for,
        _c.assignee: filter.assignee,
        _c.offered_to: filter.offered_to,
        _c.complaint_group: filter.group,
        _c.category: filter.category,
        _c.level: filter.level,
        _c.urgent: filter.urgent,
        _c.order_number: filter.order_number,
        _c.customer_id: filter.customer_id,
        _c.customer_name: filter.customer_name,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in exact.items() if value is not None]
    if filter.received_from is not None:
        conditions.append(_c.received_at >= filter.received_from)
    if filter.received_before is not None:
        conditions.append(_c.received_at < filter.received_before)
    if filter.due_before is not None:
        conditions += [_c.status == "open", _c.due_order < filter.due_before]
    if filter.not_due_before is not None:
        conditions.append(or_(_c.status != "open", _c.due_order >= filter.not_due_before))
    if filter.breached is not None:
        conditions.append(_c.breaches > 0 if filter.breached else _c.breaches == 0)
    return conditions


def _page(order: Order, found: Sequence[Any], limit: int, at: datetime) -> Page[CaseRow]:
    rows, next_cursor = page_of(order, found, limit)
    return Page(rows=tuple(_listed(row, at) for row in rows), next_cursor=next_cursor)


def _listed(row: Any, at: datetime) -> CaseRow:
    # Built by our own statement from our own columns: validating every cell again would double the time of a page.
    values = {name: getattr(row, name) for name in _AS_STORED}
    return CaseRow.model_construct(
        **values,
        group=row.complaint_group,
        overdue=row.next_due_at is not None and row.next_due_at <= at,
        decided=round_money(row.decided_amount, row.currency),
        paid=round_money(row.paid_amount, row.currency),
    )
