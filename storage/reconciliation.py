"""Findings of reconciling: kept until they fit again, or a person settles them with a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import Row, Select, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.ledger import Partner
from domain.money import Money, round_money
from domain.reconciliation import Finding, FindingKind
from storage.database import Database
from storage.pages import BadCursor, page_limit
from storage.reconciliation_tables import findings, reconciliations

_f, _r = findings.c, reconciliations.c
FindingState = Literal["open", "settled"]
# Settled by the software itself: what did not fit has come right.
BY_ITSELF = "redress"
FITS_AGAIN = "两边现已一致 / both sides agree now"


class KnownFinding(Finding):
    """A finding with what became of it."""

    finding_id: str = Field(description="Id of the finding.")
    state: FindingState = Field(description="open: somebody has to clear it up; settled.")
    first_found_at: AwareDatetime = Field(description="When it was found for the first time (UTC).")
    last_found_at: AwareDatetime = Field(description="When it was last found (UTC).")
    settled_at: AwareDatetime | None = Field(default=None, description="When it was settled (UTC).")
    settled_by: str | None = Field(default=None, description="Staff id; redress where both sides came to agree by themselves.")
    reason: str | None = Field(default=None, description="Why it counts as settled.")


class Done(BaseModel):
    """One reconciliation and what it looked at."""

    model_config = ConfigDict(frozen=True)

    done_at: AwareDatetime = Field(description="When it was done (UTC).")
    from_at: AwareDatetime = Field(description="Beginning of the time that was compared (UTC).")
    to_at: AwareDatetime = Field(description="Its end, no longer part of it (UTC).")
    asked_by: str = Field(description="Who asked for it: a staff id, or redress for the daily one.")
    effects: int = Field(description="Rows of the ledger that were compared.")
    lines: int = Field(description="Lines of the partners' statements that were compared.")
    complaints: int = Field(description="Complaints whose paid amount was compared.")
    found: int = Field(description="Things that did not fit; 0 is what it should be.")


class FindingsPage(BaseModel):
    """One page of findings, the newest first."""

    model_config = ConfigDict(frozen=True)

    rows: tuple[KnownFinding, ...] = Field(description="The findings.")
    next_cursor: str | None = Field(default=None, description="Cursor of the next page; null on the last one.")


class Findings:
    def __init__(self, database: Database) -> None:
        self._database = database
        dialect: Any = sqlite if database.is_sqlite else postgresql
        insert = dialect.insert(findings)
        self._find = insert.on_conflict_do_update(
            index_elements=["finding_id"], set_={"last_found_at": insert.excluded["last_found_at"]}
        )
        self._done = dialect.insert(reconciliations).on_conflict_do_nothing(index_elements=["tenant", "done_at"])

    async def enter(self, tenant: str, found: Sequence[Finding], done: Done) -> None:
        """Enter what was found and that it was looked for. What is found again keeps its state: settled stays settled."""
        await asyncio.shield(self._enter(tenant, found, done))

    async def _enter(self, tenant: str, found: Sequence[Finding], done: Done) -> None:
        rows = [_row_of(tenant, each, done.done_at) for each in found]
        async with self._database.writing() as connection:
            if rows:
                await connection.execute(self._find, rows)
            await connection.execute(self._done, {"tenant": tenant, **done.model_dump()})

    async def open_ones(self, tenant: str) -> tuple[KnownFinding, ...]:
        """Everything that nobody has settled, the oldest first."""
        statement = _of(tenant).where(_f.state == "open").order_by(_f.first_found_at, _f.finding_id)
        async with self._database.reading() as connection:
            return tuple(_shown(row) for row in await connection.execute(statement))

    async def page(self, tenant: str, state: FindingState | None, *, cursor: str | None = None, limit: int = 50) -> FindingsPage:
        """The newest first. Raises BadCursor, and ValueError for a limit out of range."""
        statement = _of(tenant) if state is None else _of(tenant).where(_f.state == state)
        if cursor is not None:
            at, id = _read_cursor(cursor)
            statement = statement.where(or_(_f.first_found_at < at, and_(_f.first_found_at == at, _f.finding_id < id)))
        statement = statement.order_by(_f.first_found_at.desc(), _f.finding_id.desc()).limit(page_limit(limit) + 1)
        async with self._database.reading() as connection:
            rows = tuple(_shown(row) for row in await connection.execute(statement))
        last = rows[limit - 1] if len(rows) > limit else None
        return FindingsPage(
            rows=rows[:limit], next_cursor=f"{last.first_found_at.isoformat()}|{last.finding_id}" if last else None
        )

    async def get(self, tenant: str, finding_id: str) -> KnownFinding | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_of(tenant).where(_f.finding_id == finding_id))).one_or_none()
        return _shown(row) if row is not None else None

    async def settle(self, tenant: str, finding_id: str, by: str, reason: str, at: datetime) -> bool:
        """Settle an open finding; False when it is not open or not there."""
        settled = (
            update(findings)
            .where(_f.tenant == tenant, _f.finding_id == finding_id, _f.state == "open")
            .values(state="settled", settled_at=at, settled_by=by, reason=reason)
        )
        async with self._database.writing() as connection:
            return bool((await connection.execute(settled)).rowcount)

    async def last(self, tenant: str) -> Done | None:
        """The latest reconciliation; None when there has been none."""
        statement = select(reconciliations).where(_r.tenant == tenant).order_by(_r.done_at.desc()).limit(1)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return Done(**{name: getattr(row, name) for name in Done.model_fields}) if row is not None else None


# A statement holds what a partner likes; PostgreSQL would refuse the whole reconciliation for what does not fit a column.
_KEY, _REFERENCE = 250, 200


def _of(tenant: str) -> Select[Any]:
    return select(findings).where(_f.tenant == tenant)


def _row_of(tenant: str, finding: Finding, at: datetime) -> dict[str, Any]:
    return {
        "finding_id": finding.id(tenant),
        "tenant": tenant,
        "kind": finding.kind,
        "complaint_id": finding.complaint_id,
        "effect_key": (finding.key or "")[:_KEY] or None,
        "partner": finding.partner,
        "reference": (finding.reference or "")[:_REFERENCE] or None,
        "our_state": finding.our_state,
        "our_amount": finding.our_money.amount if finding.our_money else None,
        "our_currency": finding.our_money.currency if finding.our_money else None,
        "our_quantity": finding.our_quantity,
        "their_state": finding.their_state,
        "their_amount": finding.their_money.amount if finding.their_money else None,
        "their_currency": finding.their_money.currency if finding.their_money else None,
        "their_quantity": finding.their_quantity,
        "state": "open",
        "first_found_at": at,
        "last_found_at": at,
    }


def _shown(row: Row[Any]) -> KnownFinding:
    def money(amount: Any, currency: str) -> Money | None:
        return round_money(amount, currency) if amount is not None else None

    kind: FindingKind = row.kind
    partner: Partner | None = row.partner
    return KnownFinding(
        kind=kind,
        complaint_id=row.complaint_id,
        key=row.effect_key,
        partner=partner,
        reference=row.reference,
        our_state=row.our_state,
        our_money=money(row.our_amount, row.our_currency),
        our_quantity=row.our_quantity,
        their_state=row.their_state,
        their_money=money(row.their_amount, row.their_currency),
        their_quantity=row.their_quantity,
        finding_id=row.finding_id,
        state=row.state,
        first_found_at=row.first_found_at,
        last_found_at=row.last_found_at,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        reason=row.reason,
    )


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    at, _, id = cursor.partition("|")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise BadCursor(cursor) from error
    if moment.tzinfo is None or not id:
        raise BadCursor(cursor)
    return moment, id
