"""Reads what a summary counts: complaints received in its period, and the entries that fell into it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, Text, cast, func, select

from domain.journal import Event
from domain.policy.pack import Pack
from domain.policy.talk_rows import ReportRule
from domain.summary.compose import compose
from domain.summary.figures import Summary
from domain.summary.period import Period, just_before
from domain.summary.tally import COUNTED, Complained, Happened, Tally
from domain.tenant import Tenant
from storage.database import Database
from storage.tables import complaints, journal

_event: TypeAdapter[Event] = TypeAdapter(Event)
_c, _j = complaints.c, journal.c
# Entries are asked for by this many complaints at a time: each a few ranges of the primary key, and the process breathes between.
_AT_A_TIME = 100
_ROWS = 500
_FOUND = (
    "founded", "liable", "facts", "severity", "intake.product", "intake.against_staff", "consultations", "incidents",
)  # fmt: skip


class Summaries:
    """A month of ten thousand complaints takes some seconds, part by part; only ids and counts stay in memory."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._found = _found(sqlite=database.is_sqlite)
        self._against = _against(sqlite=database.is_sqlite)

    async def make(self, tenant: str, pack: Pack, report: ReportRule, period: Period, company: Tenant | None = None) -> Summary:
        """The summary as the database knows it now; `company` tells teams and departments by name.

        Raises SQLAlchemyError or OSError when the database is away.
        """
        tally = Tally(pack, period)
        async for rows in self._parts(self._received(tenant, report.group, period)):
            for row in rows:
                tally.complaint(_complained(row))
        ids = []
        async for rows in self._parts(self._touched(tenant, report.group, period)):
            for row in rows:
                ids.append(row.complaint_id)
                if row.against_staff:
                    tally.about(row.complaint_id, row.against_staff)
        for begin in range(0, len(ids), _AT_A_TIME):
            async for rows in self._parts(_entries_of(ids[begin : begin + _AT_A_TIME], period)):
                for row in rows:
                    tally.entry(Happened(row.complaint_id, row.at, _event.validate_json(row.event), row.seq))
        return compose(tally, report, tenant, company, await self._before(tenant, report, period))

    def _received(self, tenant: str, group: str | None, period: Period) -> Select[Any]:
        columns = (_c.category, _c.level, _c.origin, _c.destination, _c.carrier, _c.customer_id, self._found.label("found"))
        return select(*columns).where(*_of(tenant, group), _c.received_at >= period.from_at, _c.received_at < period.to_at)

    def _touched(self, tenant: str, group: str | None, period: Period) -> Select[Any]:
        """Complaints that may have an entry in the period: what was last written to before it has none."""
        touched = (*_of(tenant, group), _c.updated_at >= period.from_at, _c.received_at < period.to_at)
        return select(_c.complaint_id, self._against.label("against_staff")).where(*touched)

    async def _before(self, tenant: str, report: ReportRule, period: Period) -> tuple[Period, Mapping[str, int]] | None:
        """What was received in the period before, by category, where the row asks for it."""
        if not report.trend:
            return None
        days = just_before(period)
        statement = (
            select(_c.category, func.count().label("received"))
            .where(*_of(tenant, report.group), _c.received_at >= days.from_at, _c.received_at < days.to_at)
            .group_by(_c.category)
        )
        async with self._database.reading() as connection:
            return days, {row.category: int(row.received) for row in await connection.execute(statement)}

    async def _parts(self, statement: Select[Any]) -> AsyncIterator[Sequence[Row[Any]]]:
        async with self._database.reading() as connection, connection.stream(statement) as result:
            async for part in result.partitions(_ROWS):
                yield part


def _of(tenant: str, group: str | None) -> list[ColumnElement[bool]]:
    return [_c.tenant == tenant, *([_c.complaint_group == group] if group is not None else [])]


def _entries_of(ids: Sequence[str], period: Period) -> Select[Any]:
    """From the beginning of each complaint on: what was agreed and who was in charge may be older than the period."""
    return (
        select(_j.complaint_id, _j.at, _j.event, _j.seq)
        .where(_j.complaint_id.in_(ids), _j.kind.in_(COUNTED), _j.at < period.to_at)
        .order_by(_j.complaint_id, _j.seq)
    )


def _found(*, sqlite: bool) -> ColumnElement[str]:
    """What was found out, cut out of the snapshot by the database: a JSON array of `_FOUND`."""
    if sqlite:
        return func.json_extract(_c.snapshot, *(f"$.{name}" for name in _FOUND), type_=Text())
    parts = (func.jsonb_extract_path(_c.snapshot, *name.split(".")) for name in _FOUND)
    return cast(func.jsonb_build_array(*parts), Text)


def _against(*, sqlite: bool) -> ColumnElement[str | None]:
    """The employee complained of."""
    if sqlite:
        return func.json_extract(_c.snapshot, "$.intake.against_staff", type_=Text())
    return func.jsonb_extract_path_text(_c.snapshot, "intake", "against_staff", type_=Text())


def _complained(row: Row[Any]) -> Complained:
    founded, liable, facts, severity, product, against_staff, consultations, incidents = json.loads(row.found)
    named = product or {}
    return Complained(
        row.category,
        row.level,
        founded,
        liable,
        facts or {},
        row.origin,
        row.destination,
        row.carrier,
        severity,
        product=named.get("name") or named.get("sku"),
        lot=named.get("lot"),
        customer_id=row.customer_id,
        against_staff=against_staff,
        departments=tuple(each["department"] for each in consultations or () if not each.get("dropped")),
        incidents=tuple(each["incident"] for each in incidents or ()),
    )
