"""The case library: how earlier complaints were solved or not, without the people in them; and who has reviewed a month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Row, case, func, insert, select
from sqlalchemy.exc import IntegrityError

from domain.case import Case
from domain.journal import FactValue
from domain.money import Money
from domain.policy.wording import Wording
from storage.database import Database
from storage.knowledge_tables import library_reviews
from storage.pages import NEWEST, Page, page_of
from storage.tables import complaints

_c, _r = complaints.c, library_reviews.c
Result = Literal["solved", "failed"]
# What was untrue or taken back was neither.
RESULTS: dict[Result, tuple[str, ...]] = {
    "solved": ("satisfied", "explanation_accepted"),
    "failed": ("decided", "referred_outside", "refused_as_malicious"),
}


class LibraryCase(BaseModel):
    """One closed complaint as an example. Nothing in it names anybody, and no free text is in it."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str = Field(description="Id of the complaint, for those who may open it.")
    group: str = Field(description="Group of categories.")
    category: str = Field(description="Category id.")
    result: Result = Field(description="solved: the customer was satisfied or took the explanation; failed: it ended otherwise.")
    outcome: str = Field(description="How it ended.")
    facts: dict[str, FactValue] = Field(description="What was found out, in the pack's words.")
    liable: str | None = Field(description="Who was liable.")
    remedy: Wording | None = Field(description="The remedy of the last plan; null where none was proposed.")
    steps: tuple[str, ...] = Field(description="Kinds of steps that were carried out, in all handlings.")
    paid: Money = Field(description="What it cost.")
    lasted: timedelta = Field(description="From receipt to the end (ISO 8601).")
    cycles: int = Field(description="How often it was handled.")
    appeals: int = Field(description="How often the customer appealed.")
    breaches: int = Field(description="Promises that were missed.")
    rating: int | None = Field(description="The customer's rating, 1 to 5.")


class Frequent(BaseModel):
    """How often something was complained of in a month."""

    model_config = ConfigDict(frozen=True)

    category: str = Field(description="Category id.")
    received: int = Field(description="Complaints received in the month.")
    solved: int = Field(description="Of these, solved by now.")
    failed: int = Field(description="Of these, ended otherwise by now.")


class Review(BaseModel):
    """Somebody has gone through the cases of a month."""

    model_config = ConfigDict(frozen=True)

    month: str = Field(description="Such as 2026-11.")
    reviewed_by: str = Field(description="Staff id.")
    reviewed_at: AwareDatetime = Field(description="When (UTC).")
    note: str = Field(description="What was learned, and what becomes an article.")


class Library:
    """Each method raises SQLAlchemyError or OSError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cases(
        self,
        tenant: str,
        from_at: datetime,
        before_at: datetime,
        *,
        result: Result | None = None,
        category: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[LibraryCase]:
        """Closed complaints of that time of receipt, the newest first. Raises BadCursor."""
        wanted = _within(tenant, from_at, before_at)
        wanted += [_c.status == "closed", _c.outcome.in_(list(_outcomes(result)))]
        if category is not None:
            wanted.append(_c.category == category)
        asked = select(_c.received_at, _c.complaint_id, _c.snapshot).where(*wanted)
        async with self._database.reading() as connection:
            found = (await connection.execute(NEWEST.page(asked, cursor, limit))).all()
        rows, next_cursor = page_of(NEWEST, found, limit)
        return Page(rows=tuple(_library_case(Case.model_validate_json(row.snapshot)) for row in rows), next_cursor=next_cursor)

    async def frequent(self, tenant: str, from_at: datetime, before_at: datetime) -> tuple[Frequent, ...]:
        """Every category of that time, the most frequent first."""
        counted = [func.sum(case((_c.outcome.in_(RESULTS[each]), 1), else_=0)).label(each) for each in ("solved", "failed")]
        statement = (
            select(_c.category, func.count().label("received"), *counted)
            .where(*_within(tenant, from_at, before_at))
            .group_by(_c.category)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        found = [
            Frequent(category=row.category, received=row.received, solved=int(row.solved), failed=int(row.failed)) for row in rows
        ]
        return tuple(sorted(found, key=lambda each: (-each.received, each.category)))

    async def reviewed(self, tenant: str, month: str, by: str, note: str, at: datetime) -> Review | None:
        """Put a review on record; None when the month has been reviewed already."""
        values = {"tenant": tenant, "month": month, "reviewed_by": by, "reviewed_at": at, "note": note}
        try:
            async with self._database.writing() as connection:
                await connection.execute(insert(library_reviews).values(values))
        except IntegrityError:
            return None
        return Review(month=month, reviewed_by=by, reviewed_at=at, note=note)

    async def review(self, tenant: str, month: str) -> Review | None:
        statement = select(library_reviews).where(_r.tenant == tenant, _r.month == month)
        async with self._database.reading() as connection:
            row: Row[Any] | None = (await connection.execute(statement)).first()
        if row is None:
            return None
        return Review(month=row.month, reviewed_by=row.reviewed_by, reviewed_at=row.reviewed_at, note=row.note)


def _within(tenant: str, from_at: datetime, before_at: datetime) -> list[ColumnElement[bool]]:
    return [_c.tenant == tenant, _c.received_at >= from_at, _c.received_at < before_at]


def _outcomes(result: Result | None) -> Iterator[str]:
    for name, outcomes in RESULTS.items():
        if result in (None, name):
            yield from outcomes


def _library_case(case: Case) -> LibraryCase:
    solved: Sequence[str] = RESULTS["solved"]
    done = [state.step.kind for state in (*case.earlier_steps, *case.steps) if state.status == "done"]
    return LibraryCase(
        complaint_id=case.complaint_id,
        group=case.group,
        category=case.category,
        result="solved" if case.outcome in solved else "failed",
        outcome=str(case.outcome),
        facts=case.facts,
        liable=case.liable,
        remedy=case.proposal.plan.title if case.proposal else None,
        steps=tuple(done),
        paid=case.paid,
        lasted=(case.closed_at or case.updated_at) - case.received_at,
        cycles=case.cycle,
        appeals=case.appeals,
        breaches=case.breaches,
        rating=case.rating,
    )
