"""Reads what a summary counts: complaints received in its period, and the entries that fell into it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, Text, cast, func, select

from domain.journal import Event
from domain.policy.pack import Pack
from domain.policy.talk_rows import ReportRule
from domain.summary.compose import compose
from domain.summary.figures import Summary
from domain.summary.period import Period
from domain.summary.tally import COUNTED, Complained, Happened, Tally
from storage.database import Database
from storage.tables import complaints, journal

_event: TypeAdapter[Event] = TypeAdapter(Event)
_c, _j = complaints.c, journal.c
# Entries are asked for by this many complaints at a time: each a few ranges of the primary key, and the process breathes between.
_AT_A_TIME = 200
_FOUND = ("founded", "liable", "facts")


class Summaries:
    """A month of ten thousand complaints is read row by row; only ids and counts stay in memory."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._found = _found(sqlite=database.is_sqlite)

    async def make(self, tenant: str, pack: Pack, report: ReportRule, period: Period) -> Summary:
        """The summary as the database knows it now. Raises SQLAlchemyError or OSError when the database is away."""
        tally = Tally(pack, period)
        async for complaint in self._complaints(tenant, report.group, period):
            tally.complaint(complaint)
        async for entry in self._entries(tenant, report.group, period):
            tally.entry(entry)
        return compose(tally, report, tenant)

    async def _complaints(self, tenant: str, group: str | None, period: Period) -> AsyncIterator[Complained]:
        statement = select(_c.category, _c.level, _c.origin, _c.destination, _c.carrier, self._found.label("found")).where(
            *_of(tenant, group), _c.received_at >= period.from_at, _c.received_at < period.to_at
        )
        async for row in self._rows(statement):
            founded, liable, facts = json.loads(row.found)
            yield Complained(row.category, row.level, founded, liable, facts or {}, row.origin, row.destination, row.carrier)

    async def _entries(self, tenant: str, group: str | None, period: Period) -> AsyncIterator[Happened]:
        # What was last written to before the period has nothing in it.
        touched = select(_c.complaint_id).where(
            *_of(tenant, group), _c.updated_at >= period.from_at, _c.received_at < period.to_at
        )
        ids = [row.complaint_id async for row in self._rows(touched)]
        for begin in range(0, len(ids), _AT_A_TIME):
            async for row in self._rows(_entries_of(ids[begin : begin + _AT_A_TIME], period)):
                yield Happened(row.complaint_id, row.at, _event.validate_json(row.event))

    async def _rows(self, statement: Select[Any]) -> AsyncIterator[Row[Any]]:
        async with self._database.reading() as connection, connection.stream(statement) as result:
            async for part in result.partitions(_AT_A_TIME):
                for row in part:
                    yield row


def _of(tenant: str, group: str | None) -> list[ColumnElement[bool]]:
    return [_c.tenant == tenant, *([_c.complaint_group == group] if group is not None else [])]


def _entries_of(ids: Sequence[str], period: Period) -> Select[Any]:
    """From the beginning of each complaint on: what was agreed and who was in charge may be older than the period."""
    return (
        select(_j.complaint_id, _j.at, _j.event)
        .where(_j.complaint_id.in_(ids), _j.kind.in_(COUNTED), _j.at < period.to_at)
        .order_by(_j.complaint_id, _j.seq)
    )


def _found(*, sqlite: bool) -> ColumnElement[str]:
    """What was found out, cut out of the snapshot by the database: a JSON array of `_FOUND`."""
    if sqlite:
        return func.json_extract(_c.snapshot, *(f"$.{name}" for name in _FOUND), type_=Text())
    return cast(func.jsonb_build_array(*(func.jsonb_extract_path(_c.snapshot, name) for name in _FOUND)), Text)
