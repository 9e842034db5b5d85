"""The stretch of local days that a summary is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

Every = Literal["month", "quarter"]
_MONTHS: dict[Every, int] = {"month": 1, "quarter": 3}


class Period(BaseModel):
    """Local days of one time zone, the first included and the last not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_on: date = Field(description="First day that counts.")
    to_on: date = Field(description="First day that no longer counts.")
    zone: str = Field(description="IANA time zone of the days.")

    @model_validator(mode="after")
    def _some_day(self) -> Self:
        if self.to_on <= self.from_on:
            raise ValueError("a period has at least one day: to_on comes after from_on")
        return self

    @property
    def from_at(self) -> datetime:
        """Midnight at its beginning, in UTC."""
        return _midnight(self.from_on, self.zone)

    @property
    def to_at(self) -> datetime:
        """Midnight at its end, in UTC; no longer part of it."""
        return _midnight(self.to_on, self.zone)

    def holds(self, instant: datetime) -> bool:
        return self.from_at <= instant < self.to_at

    def __str__(self) -> str:
        """As people write it, both days included."""
        last = self.to_on - timedelta(days=1)
        return str(self.from_on) if last == self.from_on else f"{self.from_on} – {last}"


def running(every: Every, at: datetime, zone: str) -> Period:
    """The calendar month or quarter that an instant lies in."""
    day = at.astimezone(ZoneInfo(zone)).date()
    months = _MONTHS[every]
    begin = date(day.year, day.month - (day.month - 1) % months, 1)
    return Period(from_on=begin, to_on=_months_on(begin, months), zone=zone)


def before(every: Every, at: datetime, zone: str) -> Period:
    """The whole calendar month or quarter before the one that an instant lies in."""
    now = running(every, at, zone)
    return Period(from_on=_months_on(now.from_on, -_MONTHS[every]), to_on=now.from_on, zone=zone)


def just_before(period: Period) -> Period:
    """The period before: of whole months where this one is of whole months, else of as many days."""
    first, last = period.from_on, period.to_on
    if first.day == last.day == 1:
        months = (last.year - first.year) * 12 + last.month - first.month
        return Period(from_on=_months_on(first, -months), to_on=first, zone=period.zone)
    return Period(from_on=first - (last - first), to_on=first, zone=period.zone)


def due_at(period: Period, due_day: int) -> datetime:
    """End of that day of the month in which the period ends, in UTC: what is told by then is in time."""
    return _midnight(due_on(period, due_day) + timedelta(days=1), period.zone)


def due_on(period: Period, due_day: int) -> date:
    """That day of the month in which the first day after the period lies."""
    return period.to_on.replace(day=due_day)


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
