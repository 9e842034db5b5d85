"""The hours of service that a tenant promises: a weekly table, and the tenant's own days beside the public calendar."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_INTERVAL = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


def fault(en: str, zh: str) -> PydanticCustomError:
    """What is wrong with a tenant's file, in both languages."""
    # Both texts travel in the context: a template would trip over braces in what the file says.
    return PydanticCustomError("tenant", "{en}", {"en": en, "zh": zh})  # type: ignore[arg-type, unused-ignore]


def minutes_of(interval: str) -> tuple[int, int]:
    """Begin and end of "08:30-12:00" in minutes after midnight; the end may be 24:00. Raises PydanticCustomError."""
    match = _INTERVAL.fullmatch(interval)
    begin, end = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) if match else (0, 0)
    if begin >= end or end > 24 * 60:
        raise fault(
            f'"{interval}" is not a stretch of one day; write it as "08:30-12:00", the end at most "24:00"',
            f"“{interval}”不是一天之内的时段；请写成“08:30-12:00”，结束最晚“24:00”",
        )
    return begin, end


def _in_order(intervals: tuple[str, ...]) -> tuple[str, ...]:
    spans = [minutes_of(each) for each in intervals]
    for before, after in pairwise(spans):
        if after[0] < before[1]:
            raise fault(
                f"the stretches {', '.join(intervals)} overlap or are out of order",
                f"时段 {'、'.join(intervals)} 有重叠或次序颠倒",
            )
    return intervals


Hours = Annotated[tuple[str, ...], AfterValidator(_in_order)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


class WeeklyHours(_Part):
    """Stretches of service for each weekday; a weekday left out is closed.

    `make_up` holds on a working day outside the working week (default: the hours of the week's first working day), `holiday` on a
    public holiday (default: closed).
    """

    mon: Hours = ()
    tue: Hours = ()
    wed: Hours = ()
    thu: Hours = ()
    fri: Hours = ()
    sat: Hours = ()
    sun: Hours = ()
    make_up: Hours | None = None
    holiday: Hours = ()

    def of(self, weekday: Weekday) -> tuple[str, ...]:
        hours: tuple[str, ...] = getattr(self, weekday)
        return hours


class OwnDay(_Part):
    """A day, or a run of days, on which the tenant differs from the public calendar; both ends belong to it."""

    on: date | None = None
    from_on: date | None = Field(default=None, alias="from")
    to_on: date | None = Field(default=None, alias="to")
    reason_zh: str = Field(default="", max_length=60)
    reason_en: str = Field(default="", max_length=60)

    @model_validator(mode="after")
    def _one_day_or_a_run(self) -> Self:
        run = self.from_on is not None and self.to_on is not None
        if (self.on is not None) == run or (self.from_on is None) != (self.to_on is None):
            raise fault("write either on = 2026-12-31, or both from and to", "请写 on = 2026-12-31，或同时写 from 和 to")
        if not 0 <= (self.last - self.first).days <= 366:
            raise fault("to must lie within a year after from", "to 应在 from 之后一年之内")
        return self

    @property
    def first(self) -> date:
        day = self.on or self.from_on
        assert day is not None
        return day

    @property
    def last(self) -> date:
        day = self.on or self.to_on
        assert day is not None
        return day


class OpeningDay(OwnDay):
    """Own working days: with exactly `hours` where given, else with those of the weekday or of a make-up day."""

    hours: Hours | None = Field(default=None, min_length=1)


class ServiceHours(_Part):
    """All that a calendar is made of. Equal ones make the same calendar, so it is kept under this as its key."""

    zone: str
    weekly: WeeklyHours
    working_week: tuple[Weekday, ...]
    country: str | None
    known_until: int | None
    closing_days: tuple[OwnDay, ...]
    opening_days: tuple[OpeningDay, ...]

    @property
    def make_up_hours(self) -> tuple[str, ...]:
        return self.weekly.of(self.working_week[0]) if self.weekly.make_up is None else self.weekly.make_up


def covers(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    """Whether every minute of the one is served in the other too."""
    minutes = {minute for begin, end in map(minutes_of, wide) for minute in range(begin, end)}
    return all(minute in minutes for begin, end in map(minutes_of, narrow) for minute in range(begin, end))
