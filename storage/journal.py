"""The write side: journal entries and the case they add up to, in one transaction that may be repeated."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Insert, Row, Select, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.actor import Actor
from domain.case import Case
from domain.given import Given
from domain.incident.marks import BatchMark, Recount
from domain.intake import Intake
from domain.journal import Entry, Event, Received
from domain.webhooks import Announcement
from storage.batches import Marking
from storage.case_row import row_of
from storage.database import Database
from storage.deliveries import rows_of
from storage.delivery_tables import deliveries
from storage.ledger import follow
from storage.repeats import count_repeats
from storage.tables import complaints, journal

_event: TypeAdapter[Event] = TypeAdapter(Event)
# What subscribers of webhooks are to hear of new entries.
Announcer = Callable[[Sequence[Entry], Case], Sequence[Announcement]]
_Dialect = Any  # the two modules have the same `insert` with the same ON CONFLICT, and no common type


class JournalConflict(ValueError):
    """What is to be written contradicts what is stored: a bug or a foreign hand, never a matter of trying again."""


class Written(NamedTuple):
    """The stored revision, and the entries that were not there before. `foreign`: the id is an earlier complaint's, and nothing
    was written; `lost`: that one had said something else, so what is said here is kept nowhere."""

    revision: int
    foreign: bool = False
    lost: bool = False
    new: tuple[Entry, ...] = ()


class Journal:
    """Writes journals. The statements are made once: building them costs more than running them."""

    def __init__(self, database: Database, announcer: Announcer | None = None) -> None:
        self._database = database
        self._announcer = announcer
        dialect: _Dialect = sqlite if database.is_sqlite else postgresql
        self._upsert = _upsert_newer(dialect)
        self._insert: Insert = dialect.insert(journal).on_conflict_do_nothing(index_elements=["complaint_id", "seq"])
        self._mark = Marking(database)
        self._announce: Insert = dialect.insert(deliveries).on_conflict_do_nothing(index_elements=["id"])

    async def record(
        self,
        entries: Sequence[Entry],
        case: Case,
        *,
        committed: bool = False,
        after_at: datetime | None = None,
        marks: Sequence[BatchMark] = (),
        withdrawn: Sequence[str] = (),
    ) -> Written:
        """Write entries and the case row. Writing twice is writing once; an older revision leaves a newer case row alone.

        A workflow may write before Temporal has committed what it did. Dies its worker in between, these entries never happened,
        and what it does instead contradicts them: once `committed`, it takes their place and the place of all behind them.
        `marks` are what the entries make countable, `withdrawn` rows under which the complaint counts no longer
        (`storage/batches.py`): they go in with them, but for those of an older revision.
        What follows on such an entry and comes late is known by `after_at`, the instant of the entry that it was written behind.

        A first entry of another instant than the stored one is another complaint under the same id: `foreign`.
        Raises JournalConflict when a stored entry, or the one before, is another (unless `committed`) or the id is another
        tenant's, ValueError when the entries are not those that lead to the case, SQLAlchemyError or OSError when the database
        is away; each leaves nothing behind. Whoever is cancelled while waiting does not break the write off: the driver would
        drop the connection with its transaction open, and keep every other writer out.
        """
        _check(entries, case)
        return await asyncio.shield(self._record(entries, case, committed, after_at, Recount(tuple(marks), tuple(withdrawn))))

    async def _record(
        self, entries: Sequence[Entry], case: Case, committed: bool, after_at: datetime | None, recount: Recount
    ) -> Written:
        workflow_id = f"complaint/{case.tenant}/{case.complaint_id}"
        async with self._database.writer.connect() as connection:
            # The upsert comes first: it takes the row's lock, so that two writers of one complaint see each other's entries.
            await connection.execute(self._upsert, row_of(case, workflow_id))
            revision, tenant, stored = await self._stored(connection, entries, case)
            if tenant != case.tenant:
                raise JournalConflict(f"{case.complaint_id} belongs to another tenant than {case.tenant}")
            first = stored.get(1)
            if entries[0].seq == 1 and first is not None and first.at != entries[0].at:
                await connection.rollback()
                lost = _intake(entry_of(first)) != _intake(entries[0])
                return Written(await self._revision(case.complaint_id), foreign=True, lost=lost)
            before = stored.get(entries[0].seq - 1)
            if not committed and before is not None and after_at is not None and before.at != after_at:
                raise JournalConflict(f"entry {before.seq} of {case.complaint_id} is another than these were written behind")
            if committed and (wrong := _first_conflict(entries, stored)) is not None:
                behind = (journal.c.complaint_id == case.complaint_id) & (journal.c.seq >= wrong)
                await connection.execute(delete(journal).where(behind))
                unsent = (deliveries.c.complaint_id == case.complaint_id) & (deliveries.c.seq >= wrong)
                await connection.execute(delete(deliveries).where(unsent & (deliveries.c.status == "pending")))
                await connection.execute(
                    update(complaints).where(complaints.c.complaint_id == case.complaint_id).values(row_of(case, workflow_id))
                )
                revision, stored = case.revision, {seq: row for seq, row in stored.items() if seq < wrong}
            missing = [entry for entry in entries if _is_missing(case, entry, stored)]
            if missing:
                await connection.execute(self._insert, [_row_of(case.complaint_id, entry) for entry in missing])
                await follow(connection, entries, case)
            if self._announcer is not None and (told := self._announcer(missing, case)):
                await connection.execute(self._announce, rows_of(told, case, datetime.now(UTC)))
            if revision == case.revision:
                await self._mark(connection, case, recount)
            await connection.commit()
        return Written(revision, new=tuple(missing))

    async def _stored(
        self, connection: AsyncConnection, entries: Sequence[Entry], case: Case
    ) -> tuple[int, str, dict[int, Row[Any]]]:
        keys = {"complaint": case.complaint_id, "first": entries[0].seq - 1, "last": entries[-1].seq}
        rows = (await connection.execute(_STORED, keys)).all()
        return rows[0].revision, rows[0].tenant, {row.seq: row for row in rows if row.seq is not None}

    async def repeats(self, case: Case, from_at: Sequence[datetime]) -> tuple[int, ...]:
        """How many complaints this one's customer had filed by its receipt, itself counted, from each of these instants on."""
        customer = case.intake.customer.customer_id
        if customer is None:
            return tuple(1 for _ in from_at)
        return await count_repeats(self._database, case.tenant, customer, from_at, case.received_at)

    async def _revision(self, complaint_id: str) -> int:
        async with self._database.reading() as connection:
            found = await connection.scalar(select(complaints.c.revision).where(complaints.c.complaint_id == complaint_id))
        return int(found or 0)


def entry_of(row: Row[Any]) -> Entry:
    """The entry that a row of `journal` holds."""
    return Entry(
        seq=row.seq,
        at=row.at,
        by=Actor(id=row.actor_id, roles=json.loads(row.actor_roles), acting_for=row.acting_for, made_by=row.made_by, via=row.via),
        clauses=json.loads(row.clauses),
        event=_event.validate_json(row.event),
        given=Given.model_validate_json(row.given) if row.given is not None else None,
    )


def _row_of(complaint_id: str, entry: Entry) -> dict[str, Any]:
    return {
        "complaint_id": complaint_id,
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.event.kind,
        "actor_id": entry.by.id,
        "actor_role": entry.by.highest.value,
        "actor_roles": json.dumps(entry.by.roles),
        "clauses": json.dumps(entry.clauses),
        "event": entry.event.model_dump_json(),
        "given": entry.given.model_dump_json() if entry.given else None,
        "acting_for": entry.by.acting_for,
        "made_by": entry.by.made_by,
        "via": entry.by.via,
    }


def _is_missing(case: Case, entry: Entry, stored: dict[int, Row[Any]]) -> bool:
    row = stored.get(entry.seq)
    if row is not None and entry_of(row) != entry:
        raise JournalConflict(
            f"entry {entry.seq} of {case.complaint_id} is stored as {row.kind} of {row.at.isoformat()} "
            f"and was to be written again as another {entry.event.kind} of {entry.at.isoformat()}"
        )
    return row is None


def _intake(first: Entry) -> Intake | None:
    return first.event.intake if isinstance(first.event, Received) else None


def _first_conflict(entries: Sequence[Entry], stored: dict[int, Row[Any]]) -> int | None:
    return next((e.seq for e in entries if (row := stored.get(e.seq)) is not None and entry_of(row) != e), None)


def _check(entries: Sequence[Entry], case: Case) -> None:
    numbers = [entry.seq for entry in entries]
    if not numbers or numbers != list(range(case.revision - len(numbers) + 1, case.revision + 1)):
        raise ValueError(f"entries {numbers} do not lead to revision {case.revision} of {case.complaint_id}")


def _upsert_newer(dialect: _Dialect) -> Insert:
    insert = dialect.insert(complaints)
    changed = {column.name: insert.excluded[column.name] for column in complaints.c if not column.primary_key}
    statement: Insert = insert.on_conflict_do_update(
        index_elements=["complaint_id"],
        set_=changed,
        where=(insert.excluded.revision > complaints.c.revision) & (insert.excluded.tenant == complaints.c.tenant),
    )
    return statement


def _stored_statement() -> Select[Any]:
    """The case's revision beside each stored entry of a range; one row without an entry when none is stored."""
    of_range = (journal.c.complaint_id == complaints.c.complaint_id) & journal.c.seq.between(
        bindparam("first"), bindparam("last")
    )
    return (
        select(complaints.c.revision, complaints.c.tenant, *(column for column in journal.c if column.name != "complaint_id"))
        .select_from(complaints.outerjoin(journal, of_range))
        .where(complaints.c.complaint_id == bindparam("complaint"))
    )


_STORED = _stored_statement()
