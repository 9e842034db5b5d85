"""Statements: what moved within a stretch of time, for those who compare their books with the partner's."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field

from partners.orders import Money, StoreOf
from partners.problems import Problem, refuse

router = APIRouter(tags=["statements"])
_MOST = 500


class Line(BaseModel):
    """One effect as it stood when it last moved."""

    key: str
    reference: str
    kind: str
    status: Literal["accepted", "done", "refused"]
    money: Money | None
    quantity: int | None = Field(description="Number of points.")
    at: str


class Statement(BaseModel):
    lines: list[Line]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


@router.get("/{system}/statement", responses=refuse(422, "invalid"))
async def read_statement(
    system: Literal["logistics", "payments", "benefits", "accounts", "lots"],
    store: StoreOf,
    from_at: Annotated[AwareDatetime, Query(alias="from")],
    to_at: Annotated[AwareDatetime, Query(alias="to", description="No longer part of it.")],
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = _MOST,
) -> Statement:
    """Everything that was placed or moved within the time, refused requests too; oldest first."""
    at, _, number = (cursor or f"{_text(from_at)}|0").partition("|")
    if not number.isascii() or not number.isdigit():
        raise Problem(422, "invalid", "This is no cursor of a statement.")
    rows = store.db.execute(
        "SELECT * FROM effects WHERE system = ? AND changed_at < ? AND (changed_at, id) > (?, ?) AND changed_at >= ?"
        " ORDER BY changed_at, id LIMIT ?",
        (system, _text(to_at), at, int(number), _text(from_at), limit + 1),
    ).fetchall()
    more = f"{rows[limit - 1]['changed_at']}|{rows[limit - 1]['id']}" if len(rows) > limit else None
    return Statement(lines=[_line(row) for row in rows[:limit]], next=more)


def _line(row: sqlite3.Row) -> Line:
    asked = json.loads(row["document"])
    return Line(
        key=row["key"],
        reference=row["reference"],
        kind=row["kind"],
        status=row["status"],
        money=asked.get("money"),
        quantity=asked.get("points"),
        at=row["changed_at"],
    )


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
