"""Any shop, any pauses, any promise: what Hypothesis draws for the laws of time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.budget import Budget, Pause
from domain.calendar import ServiceCalendar
from domain.service_hours import WeeklyHours
from tests.domain.hours import MONDAY_TO_FRIDAY, calendar

ZONES = ("Asia/Shanghai", "America/Sao_Paulo", "America/New_York", "Australia/Lord_Howe", "Europe/Berlin")
# National Day, Spring Festival, and the weeks in which these zones change their clocks.
FIRST, LAST = datetime(2018, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)


@st.composite
def hours(draw: st.DrawFn, earliest: int = 0, latest: int = 1440) -> tuple[str, ...]:
    """One to three stretches of a day, to the minute."""
    edges = sorted(draw(st.sets(st.integers(earliest, latest), min_size=2, max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in pairs)


@st.composite
def tables(draw: st.DrawFn) -> WeeklyHours:
    """Hours by weekday; those of a make-up day cover any weekend's, as a tenant's file must."""
    week: dict[str, Any] = {day: draw(hours()) for day in MONDAY_TO_FRIDAY}
    for day in ("sat", "sun"):
        week[day] = draw(st.one_of(st.just(()), hours(earliest=540, latest=1080)))
    return WeeklyHours(**week, make_up=("09:00-18:00",))


@st.composite
def calendars(draw: st.DrawFn) -> ServiceCalendar:
    return calendar(draw(tables()), zone=draw(st.sampled_from(ZONES)), country=draw(st.sampled_from(("CN", "BR", None))))


def instants() -> st.SearchStrategy[datetime]:
    """Instants of whole seconds."""
    span = int((LAST - FIRST).total_seconds())
    return st.integers(0, span).map(lambda seconds: FIRST + timedelta(seconds=seconds))


def durations(hours_at_most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(1, hours_at_most * 3600).map(lambda seconds: timedelta(seconds=seconds))


business = durations(60).map(lambda duration: Budget.within(duration, "business"))
wall_clock = durations(200).map(lambda duration: Budget.within(duration, "calendar"))
by_days = st.one_of(st.integers(1, 15).map(Budget.by_workday), st.just(Budget.same_day()))
budgets = st.one_of(business, wall_clock, by_days)
service_budgets = st.one_of(business, by_days)


@st.composite
def pauses_after(draw: st.DrawFn, start_at: datetime) -> tuple[Pause, ...]:
    """Up to five pauses round and after the start, in any order, overlapping as they like, all of them over."""
    found = []
    for _ in range(draw(st.integers(0, 5))):
        begin = start_at + timedelta(minutes=draw(st.integers(-3000, 15000)))
        found.append(Pause(from_at=begin, until_at=begin + timedelta(minutes=draw(st.integers(0, 6000)))))
    return tuple(found)


@st.composite
def days_near(draw: st.DrawFn, start_at: datetime) -> date:
    return (start_at + timedelta(days=draw(st.integers(0, 25)))).date()
