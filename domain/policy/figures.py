"""Figures as packs write them: durations, percentages, amounts, and how a deadline counts its time."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from domain.money import Currency
from domain.policy.wording import ClauseId, Name, Row

_DURATION = re.compile(r"^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?$")


def duration(text: Any) -> Any:
    """`10m`, `1h30m`, `7d` as a timedelta (a day is 24 hours); raises ValueError for anything else."""
    if isinstance(text, timedelta):
        return text
    match = _DURATION.match(text) if isinstance(text, str) and text else None
    if match is None:
        raise ValueError(f"is not a duration such as 10m, 1h30m or 7d: {text!r}")
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


Duration = Annotated[timedelta, BeforeValidator(duration)]
Clock = Literal["calendar", "business"]
By = Annotated[str, Field(pattern=r"^(same_day|T\+[1-9][0-9]?)$", description="`T+1`: n-th working day after; or `same_day`.")]


class Budget(Row):
    """How much time a promise has, as the pack says it: `within` on a `clock`, or `by` the end of a working day."""

    within: Duration | None = None
    clock: Clock | None = Field(default=None, description="calendar: wall clock; business: the tenant's service hours.")
    by: By | None = None

    @model_validator(mode="after")
    def _one_way_of_counting(self) -> Self:
        if (self.within is None) == (self.by is None):
            raise ValueError("needs either `within` or `by`")
        if (self.within is None) != (self.clock is None):
            raise ValueError("`within` needs a `clock` (calendar or business), `by` has none")
        if self.within is not None and self.within <= timedelta(0):
            raise ValueError("`within` must be longer than nothing")
        return self

    @property
    def days(self) -> int | None:
        """n of `T+n`; 0 for `same_day`; None when the time is counted by a clock."""
        if self.by is None:
            return None
        return 0 if self.by == "same_day" else int(self.by.removeprefix("T+"))


class _Range(Row):
    """A figure with the room the procedure leaves. *hard*: outside is refused, and nobody can approve it."""

    hard: bool = False

    def _check(self, low: Decimal, default: Decimal, high: Decimal) -> None:
        if not low <= default <= high:
            raise ValueError(f"the default {default} does not lie between {low} and {high}")


def _fixed(value: Any) -> Any:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return {"min": value, "max": value, "default": value}
    return value


class PercentRange(_Range):
    """Per cent: a fixed figure (`percent = 100`) or a range with a default inside it."""

    min: Decimal = Field(ge=0, le=100)
    max: Decimal = Field(ge=0, le=100)
    default: Decimal = Field(ge=0, le=100)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        self._check(self.min, self.default, self.max)
        return self


class AmountRange(_Range):
    """An amount of one currency: fixed or a range with a default inside it."""

    min: Decimal = Field(ge=0)
    max: Decimal = Field(ge=0)
    default: Decimal = Field(ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        self._check(self.min, self.default, self.max)
        return self


class PointsRange(_Range):
    """Loyalty points: fixed or a range with a default inside it."""

    min: int = Field(ge=1)
    max: int = Field(ge=1)
    default: int = Field(ge=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        self._check(Decimal(self.min), Decimal(self.default), Decimal(self.max))
        return self


Percent = Annotated[PercentRange, BeforeValidator(_fixed)]
Amount = Annotated[AmountRange, BeforeValidator(_fixed)]
Points = Annotated[PointsRange, BeforeValidator(_fixed)]
Amounts = dict[Currency, Amount]


class PerDay(Row):
    """So many per cent for each unit of a whole-number fact (a day of delay), never more than `max_percent` in all."""

    fact: Name
    percent: Decimal = Field(gt=0, le=100)
    max_percent: Decimal = Field(gt=0, le=100)
    max_clause: ClauseId | None = Field(default=None, description="Clause of the cap, where it is not the row's.")
