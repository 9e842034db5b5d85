"""What a procedure says of time: a budget, the pauses that stop it, and the rungs of the ladder around its end."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from domain.stored import absent

Clock = Literal["calendar", "business"]

_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
_DURATION = re.compile(r"(?:[0-9]{1,6}[dhms])+")
_BY_WORKDAY = re.compile(r"T\+([1-9][0-9]{0,2})")
_PERCENT = re.compile(r"([0-9]{1,4})%")


class _Figure(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Budget(_Figure):
    """How long a promise may take. *within*: a duration on the wall clock or in service hours. *by_workday*: T+n, close of
    service on the n-th working day after the day of receipt. *same_day*: close of service on the day of receipt. *named*: the
    very instant that was named to the customer, or by them."""

    kind: Literal["within", "by_workday", "same_day", "named"]
    duration: timedelta | None = Field(default=None, gt=timedelta(0), exclude_if=absent, description="For within.")
    clock: Clock = "business"
    days: int | None = Field(default=None, ge=1, le=999, exclude_if=absent, description="The n of T+n.")

    @model_validator(mode="after")
    def _figures_fit_the_kind(self) -> Self:
        if (self.duration is None) == (self.kind == "within") or (self.days is None) == (self.kind == "by_workday"):
            raise ValueError("a within has a duration, a by_workday has days, a same_day and a named one have neither")
        if self.kind == "named" and self.clock != "calendar":
            raise ValueError("a named instant stands on the wall clock")
        if self.kind in ("by_workday", "same_day") and self.clock != "business":
            raise ValueError("T+n and same day always count service hours")
        return self

    @classmethod
    def within(cls, duration: timedelta, clock: Clock) -> Budget:
        return cls(kind="within", duration=duration, clock=clock)

    @classmethod
    def by_workday(cls, days: int) -> Budget:
        return cls(kind="by_workday", days=days)

    @classmethod
    def same_day(cls) -> Budget:
        return cls(kind="same_day")

    @classmethod
    def named(cls) -> Budget:
        return cls(kind="named", clock="calendar")

    @property
    def counts_wall_clock(self) -> bool:
        """Whether no calendar has a say in it."""
        return self.clock == "calendar"

    def __str__(self) -> str:
        """The budget as a key: "10m calendar", "4h business", "T+2", "same_day", "named"."""
        if self.duration is not None:
            return f"{write_duration(self.duration)} {self.clock}"
        return self.kind if self.days is None else f"T+{self.days}"


class Pause(_Figure):
    """A time in which the customer is waited for. `until_at` is None while it lasts."""

    from_at: AwareDatetime
    until_at: AwareDatetime | None = None
    reason: str = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until_at is not None and self.until_at < self.from_at:
            raise ValueError("a pause ends before it begins")
        return self


class Rung(_Figure):
    """One step of the escalation ladder: that long, or that share of the budget, before or after the due instant.

    `Rung()` is the due instant itself.
    """

    side: Literal["before", "after"] = "after"
    by: timedelta | None = Field(default=None, ge=timedelta(0))
    percent: int | None = Field(default=None, ge=0, le=1000)

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if self.by is not None and self.percent is not None:
            raise ValueError("a rung is measured by a duration or by a share of the budget, not by both")
        if self.side == "before" and (self.percent or 0) > 100:
            raise ValueError("a rung cannot stand more than 100% of the budget before the due instant")
        return self

    def offset(self, budget: timedelta) -> timedelta:
        """How far from the due instant, for a budget of that length."""
        return self.by if self.by is not None else budget * (self.percent or 0) // 100


def parse_duration(text: str) -> timedelta:
    """A pack's duration: "10m", "24h", "3d", "1h30m". Raises ValueError that says what is expected."""
    if not _DURATION.fullmatch(text):
        raise ValueError(f'"{text}" is not a duration; write it as 10m, 24h, 3d or 1h30m')
    return sum((int(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+)([dhms])", text)), timedelta(0))


def write_duration(duration: timedelta) -> str:
    """The shortest pack text of a duration, down to the second: 90 minutes is "1h30m", three days "3d"."""
    seconds, parts = int(duration.total_seconds()), []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        # "24h" stays hours, as procedures say it; only several whole days are days.
        if unit == "d" and (seconds < 2 * size or seconds % size):
            continue
        count, seconds = divmod(seconds, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0m"


@lru_cache(maxsize=2000)
def parse_budget(within: str | None = None, clock: str | None = None, by: str | None = None, at: str | None = None) -> Budget:
    """A pack row's `within = "10m"` with its `clock`, its `by = "T+1"` or `by = "same_day"`, or its `at = "named"`.

    Raises ValueError that names the key and what to write there.
    """
    if [within, by, at].count(None) != 2:
        raise ValueError('write either within = "24h" with a clock, or by = "T+1", by = "same_day", or at = "named"')
    if at is not None:
        if at != "named" or clock is not None:
            raise ValueError('at = "named" stands alone: the instant is the one that was named')
        return Budget.named()
    if by is not None:
        if clock is not None:
            raise ValueError("clock belongs to within; T+n and same_day always count service hours")
        if by == "same_day":
            return Budget.same_day()
        if not (match := _BY_WORKDAY.fullmatch(by)):
            raise ValueError(f'by = "{by}" is neither "T+1", "T+2", ... nor "same_day"')
        return Budget.by_workday(int(match[1]))
    if clock not in ("calendar", "business"):
        raise ValueError(f'clock = "{clock or ""}" must be "calendar" (wall clock) or "business" (service hours)')
    assert within is not None
    if clock == "business" and "d" in within:
        raise ValueError(f'within = "{within}" counts days in service hours, which is ambiguous; write by = "T+n" or hours')
    duration = parse_duration(within)
    if not duration:
        raise ValueError(f'within = "{within}" leaves no time')
    return Budget.within(duration, "calendar" if clock == "calendar" else "business")


def parse_rung(before: str | None = None, after: str | None = None) -> Rung:
    """A pack row's `before = "2h"`, `before = "30%"` or `after = "1d"`; neither is the due instant. Raises ValueError."""
    if before is not None and after is not None:
        raise ValueError("a rung stands before or after the due instant, not both")
    text = before if before is not None else after
    if text is None:
        return Rung()
    side: Literal["before", "after"] = "before" if before is not None else "after"
    if match := _PERCENT.fullmatch(text):
        return Rung(side=side, percent=int(match[1]))
    return Rung(side=side, by=parse_duration(text))
