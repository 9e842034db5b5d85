"""Calendars for the tests of time: built from the hours that a test names, on top of plain ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from domain.calendar import ServiceCalendar
from domain.service_hours import OpeningDay, OwnDay, ServiceHours, Weekday, WeeklyHours

MONDAY_TO_FRIDAY: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
ALL_DAY = ("00:00-24:00",)


def weekly(hours: tuple[str, ...], **other: tuple[str, ...]) -> WeeklyHours:
    """The same hours from Monday to Friday, and others where they are named."""
    table: dict[str, tuple[str, ...]] = dict.fromkeys(MONDAY_TO_FRIDAY, hours)
    return WeeklyHours(**{**table, **other})


def calendar(
    table: WeeklyHours | None = None,
    *,
    zone: str = "Asia/Shanghai",
    country: str | None = "CN",
    closed: tuple[date, ...] = (),
    opened: tuple[date, ...] = (),
    known_until: int | None = None,
) -> ServiceCalendar:
    return ServiceCalendar(
        ServiceHours(
            zone=zone,
            weekly=table or weekly(("09:00-18:00",)),
            working_week=MONDAY_TO_FRIDAY,
            country=country,
            known_until=known_until,
            closing_days=tuple(OwnDay(on=day) for day in closed),
            opening_days=tuple(OpeningDay(on=day) for day in opened),
        )
    )


def local(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """The instant of a wall time such as "2026-01-30 17:50"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
