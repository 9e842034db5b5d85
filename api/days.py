"""The days that a reader asks about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Query

from api.guard import misfit
from domain.summary.period import Every, Period, running

# A year is read in some seconds; more in one answer would keep other readers waiting.
MOST_DAYS = 366
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)
FromDay = Annotated[
    date | None,
    Query(
        alias="from", ge=_EARLIEST, le=_LATEST, examples=["2026-11-01"],
        description="First day in the tenant's time zone; with `to` absent too, the month or quarter that is under way.",
    ),
]  # fmt: skip
ToDay = Annotated[
    date | None,
    Query(
        alias="to", ge=_EARLIEST, le=_LATEST, examples=["2026-12-01"],
        description=f"First day that no longer counts, at most {MOST_DAYS} days later.",
    ),
]  # fmt: skip


def period_of(every: Every, zone: str, from_on: date | None, to_on: date | None) -> Period:
    """Without days the period under way. Raises the 422 problem that names the day to correct."""
    if from_on is None and to_on is None:
        return running(every, datetime.now(UTC), zone)
    if from_on is None or to_on is None:
        missing = "from" if from_on is None else "to"
        raise misfit(missing, "missing", "from 与 to 须同时填写", "give both from and to, or neither")
    if not 0 < (to_on - from_on).days <= MOST_DAYS:
        raise misfit("to", "bad_period", f"to 须晚于 from，且至多相隔 {MOST_DAYS} 天", f"lies 1 to {MOST_DAYS} days after from")
    return Period(from_on=from_on, to_on=to_on, zone=zone)
