"""The ledger's way into the database: the intent before the call, what the partner said after it, and what the journal heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case import Case, StepState
from domain.effect_orders import effect_key
from domain.incident.incident import Incident
from domain.journal import Confirmed, Entry, Reopened, StepDone, StepFailed, StepOrdered, StepSettled
from domain.ledger import FINAL, OPEN, Intent, LedgerRow, LedgerState, name_of_effect
from domain.money import round_money
from storage.database import Database
from storage.incident_tables import batch_marks, incidents
from storage.ledger_tables import ledger
from storage.tables import complaints

_l = ledger.c
# What a partner says may be longer than its column; PostgreSQL would refuse the whole journal for it.
_SAID = 300
_REFERENCE = 200
# Keys asked for in one statement.
_AT_A_TIME = 400
# What an answer may take the place of: what is known for sure is never forgotten for something less sure.
_MAY_FOLLOW: dict[LedgerState, tuple[LedgerState, ...]] = {
    "intended": ("intended",),
    "unknown": ("intended", "unknown"),
    "placed": OPEN,
    **dict.fromkeys(FINAL, (*OPEN, *FINAL)),
}
# What a key names once and for all.
_MEANT = ("kind", "partner", "amount", "currency", "quantity")


class LedgerConflict(ValueError):
    """The key stands in the ledger for something else: asking the partner under it would be asking for another effect."""


class Entered(NamedTuple):
    """How far the effect was known to be before this attempt, and how often it had been tried."""

    state: LedgerState
    attempts: int


class Ledger:
    def __init__(self, database: Database) -> None:
        self._database = database
        dialect: Any = sqlite if database.is_sqlite else postgresql
        self._begin = dialect.insert(ledger).on_conflict_do_nothing(index_elements=["effect_key"])

    async def intend(self, intent: Intent, at: datetime) -> Entered:
        """Enter that the partner is about to be asked, in a transaction of its own; entering again counts an attempt.

        Raises LedgerConflict, and SQLAlchemyError or OSError when the database is away: then nobody may be asked.
        """
        return await asyncio.shield(self._intend(intent, at))

    async def _intend(self, intent: Intent, at: datetime) -> Entered:
        row = _row_of(intent, at)
        async with self._database.writing() as connection:
            await connection.execute(self._begin, row)
            counted = (
                update(ledger)
                .where(_l.effect_key == intent.key)
                .values(attempts=_l.attempts + 1, last_at=at)
                .returning(_l.state, _l.attempts, *(_l[name] for name in _MEANT))
            )
            stands = (await connection.execute(counted)).one()
            if any(getattr(stands, name) != row[name] for name in _MEANT):
                raise LedgerConflict(f"{intent.key} stands in the ledger as another {stands.kind}")
        return Entered(stands.state, stands.attempts - 1)

    async def note(self, key: str, state: LedgerState, at: datetime, *, reference: str | None = None, said: str = "") -> None:
        """Enter what was heard of an effect; what comes too late to matter changes nothing.

        Raises SQLAlchemyError or OSError when the database is away.
        """
        await asyncio.shield(self._note(key, state, at, reference, said))

    async def _note(self, key: str, state: LedgerState, at: datetime, reference: str | None, said: str) -> None:
        async with self._database.writing() as connection:
            await move(connection, key, state, at, reference, said)

    async def of_complaint(self, tenant: str, complaint_id: str) -> tuple[LedgerRow, ...]:
        """Every effect of a complaint, also what an incident gave it after its end, in the order in which they were begun."""
        statement = _rows(tenant).where(or_(_l.complaint_id == complaint_id, given_by_incidents(tenant, complaint_id)))
        found = await self._read(statement)
        return tuple(sorted(found, key=lambda row: (row.first_at, row.key)))

    async def begun(self, tenant: str, from_at: datetime, to_at: datetime) -> tuple[LedgerRow, ...]:
        """What was entered within a stretch of time; the end no longer counts."""
        return await self._read(_rows(tenant).where(_l.first_at >= from_at, _l.first_at < to_at))

    async def open_since(self, tenant: str, before_at: datetime) -> tuple[LedgerRow, ...]:
        """What was entered before an instant and has not ended as far as is known."""
        return await self._read(_rows(tenant).where(_l.state.in_(OPEN), _l.first_at < before_at))

    async def by_key(self, tenant: str, keys: Iterable[str]) -> dict[str, LedgerRow]:
        """Those of these keys that stand in the ledger."""
        rows = [row async for part in _parts(keys) for row in await self._read(_rows(tenant).where(_l.effect_key.in_(part)))]
        return {row.key: row for row in rows}

    async def paid(self, tenant: str, complaint_ids: Iterable[str]) -> dict[str, Decimal]:
        """The money that the ledger says was paid for each of these complaints; those without any are left out."""
        total = func.sum(_l.amount).label("total")
        paid: dict[str, Decimal] = {}
        async for part in _parts(complaint_ids):
            statement = (
                select(_l.complaint_id, total)
                .where(_l.tenant == tenant, _l.complaint_id.in_(part), _l.partner == "payments", _l.state == "done")
                .group_by(_l.complaint_id)
            )
            async with self._database.reading() as connection:
                paid |= {row.complaint_id: row.total for row in await connection.execute(statement)}
        return paid

    async def told_paid(self, tenant: str, complaint_ids: Iterable[str]) -> dict[str, tuple[Decimal, str]]:
        """What the rows of these complaints and incidents say was paid, with the currency."""
        c, i = complaints.c, incidents.c
        told: dict[str, tuple[Decimal, str]] = {}
        async for part in _parts(complaint_ids):
            statement = select(c.complaint_id, c.paid_amount, c.currency).where(c.tenant == tenant, c.complaint_id.in_(part))
            async with self._database.reading() as connection:
                told |= {row.complaint_id: (row.paid_amount, row.currency) for row in await connection.execute(statement)}
                of_incidents = select(i.snapshot).where(i.tenant == tenant, i.incident_id.in_(part), i.snapshot.is_not(None))
                told |= _told(await connection.scalars(of_incidents))
        return told

    async def paid_cases(self, tenant: str, from_at: datetime, to_at: datetime) -> tuple[str, ...]:
        """Complaints and incidents last written to within a stretch of time whose rows say that money was paid."""
        c, i = complaints.c, incidents.c
        statement = select(c.complaint_id).where(
            c.tenant == tenant, c.updated_at >= from_at, c.updated_at < to_at, c.paid_amount > Decimal(0)
        )
        of_incidents = select(i.snapshot).where(
            i.tenant == tenant, i.updated_at >= from_at, i.updated_at < to_at, i.snapshot.is_not(None)
        )
        async with self._database.reading() as connection:
            paid = _told(await connection.scalars(of_incidents))
            return (*await connection.scalars(statement), *(id for id, (amount, _) in paid.items() if amount))

    async def _read(self, statement: Select[Any]) -> tuple[LedgerRow, ...]:
        async with self._database.reading() as connection:
            return tuple(_shown(row) for row in await connection.execute(statement))


async def follow(connection: AsyncConnection, entries: Sequence[Entry], case: Case) -> None:
    """Bring the ledger to what the journal says of steps, in the journal's own transaction; `case` is the one they lead to.

    Webhooks reach the complaint and not the ledger: so both tell the same, at no cost to the history. What the ledger knows for
    sure already it has from the partner itself, and steps that no partner carries out have no row there.
    """
    for number, entry in enumerate(entries):
        event = entry.event
        if isinstance(event, StepOrdered):
            state: LedgerState = "placed"
        elif isinstance(event, StepDone):
            state = "done"
        elif isinstance(event, StepFailed) and event.code == "refused":
            state = "refused"
        else:
            continue
        key = _key_then(event.step, entries[number + 1 :], case)
        if key is not None:
            reference = event.reference if isinstance(event, StepOrdered) else None
            await move(connection, key, state, entry.at, reference, event.detail, over=OPEN)


def _key_then(step: str, later: Sequence[Entry], case: Case) -> str | None:
    """The key that the step had before these later entries, which may have begun another cycle or another attempt."""
    begun = sum(isinstance(e.event, Reopened) or (isinstance(e.event, Confirmed) and not e.event.satisfied) for e in later)
    tried = sum(isinstance(e.event, StepSettled) and e.event.step == step and e.event.action == "retry" for e in later)
    known: list[StepState] = [*case.steps, *case.extras, *case.earlier_steps, *((case.inspection,) if case.inspection else ())]
    fitting = [state for state in known if state.step.id == step and state.cycle <= case.cycle - begun]
    if not fitting:
        return None
    state = max(fitting, key=lambda each: each.cycle)
    return effect_key(case, state.model_copy(update={"attempt": state.attempt - tried}))


async def move(
    connection: AsyncConnection, key: str, state: LedgerState, at: datetime, reference: str | None, said: str,
    over: Sequence[LedgerState] = (),
) -> None:  # fmt: skip
    """Enter what is known of an effect, unless something surer is known already (`over`: unless it is in another state)."""
    values: dict[str, Any] = {"state": state, "last_at": at}
    if reference:
        values["reference"] = reference[:_REFERENCE]
    if said:
        values["said"] = said[:_SAID]
    moved = update(ledger).where(_l.effect_key == key, _l.state.in_(over or _MAY_FOLLOW[state])).values(values)
    await connection.execute(moved)


def given_by_incidents(tenant: str, complaint_id: str) -> ColumnElement[bool]:
    """Rows of what incidents gave this complaint when it was closed: they stand under the incident's id, not under its own."""
    m = batch_marks.c
    of_it = select(m.incident_id).where(m.complaint_id == complaint_id, m.tenant == tenant, m.incident_id.is_not(None))
    # As `domain/incident/extra.py` names them, and tried again.
    named = or_(_l.step.like(f"extra-%-{complaint_id}"), _l.step.like(f"extra-%-{complaint_id}/r%"))
    return and_(_l.tenant == tenant, _l.complaint_id.in_(of_it), named)


def _told(snapshots: Iterable[str]) -> dict[str, tuple[Decimal, str]]:
    """What incidents say they have paid, by their ids."""
    known = map(Incident.model_validate_json, snapshots)
    return {incident.incident_id: (incident.paid.amount, incident.currency) for incident in known}


def _rows(tenant: str) -> Select[Any]:
    return select(ledger).where(_l.tenant == tenant)


async def _parts(wanted: Iterable[str]) -> AsyncIterator[Sequence[str]]:
    """So many at a time; other coroutines go on in between."""
    all_of_them = sorted(set(wanted))
    for begin in range(0, len(all_of_them), _AT_A_TIME):
        await asyncio.sleep(0)
        yield all_of_them[begin : begin + _AT_A_TIME]


def _row_of(intent: Intent, at: datetime) -> dict[str, Any]:
    name = name_of_effect(intent.key)
    return {
        "effect_key": intent.key,
        "tenant": intent.tenant,
        "complaint_id": name.complaint_id if name else "",
        "cycle": name.cycle if name else 0,
        "step": name.step if name else "",
        "kind": intent.kind,
        "partner": intent.partner,
        "amount": intent.money.amount if intent.money else None,
        "currency": intent.money.currency if intent.money else None,
        "quantity": intent.quantity,
        "clause": intent.clause or None,
        "decided_by": intent.decided_by or None,
        "state": "intended",
        "reference": None,
        "said": "",
        "attempts": 0,
        "first_at": at,
        "last_at": at,
    }


def _shown(row: Row[Any]) -> LedgerRow:
    values = {column.name: getattr(row, column.name) for column in _l if column.name not in ("effect_key", "amount", "currency")}
    money = round_money(row.amount, row.currency) if row.amount is not None else None
    return LedgerRow(key=row.effect_key, money=money, **{name: values[name] for name in LedgerRow.model_fields if name in values})
