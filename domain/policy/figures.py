"""Figures as packs write them: durations, percentages, amounts, and how a deadline counts its time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, model_validator

from domain.budget import Budget, parse_budget, parse_duration
from domain.money import Currency
from domain.policy.wording import ClauseId, Name, Row, fault


def _readable(text: Any) -> Any:
    try:
        return parse_duration(text) if isinstance(text, str) else text
    except ValueError as error:
        raise fault(str(error), "请写作 10m、24h、3d 或 1h30m") from error


def _number(value: Any) -> Any:
    # Pydantic would read "10" and true as numbers; in a pack they are slips.
    if isinstance(value, bool | str):
        raise fault("must be a plain number", "应为数字，不加引号")
    return value


Figure = Annotated[Decimal, BeforeValidator(_number)]
Duration = Annotated[timedelta, BeforeValidator(_readable)]


class Counted(Row):
    """How a promise counts its time: `within` on a `clock`, `by` the end of a working day (`T+1`, `same_day`), or `at` the
    instant that the entry which starts it names."""

    within: str | None = None
    clock: str | None = Field(default=None, description="calendar: wall clock; business: the tenant's service hours.")
    by: str | None = None
    at: Literal["named"] | None = Field(
        default=None, description="Due exactly at the instant that the entry which starts it names."
    )

    @model_validator(mode="after")
    def _one_way_of_counting(self) -> Self:
        try:
            parse_budget(self.within, self.clock, self.by, self.at)
        except ValueError as error:
            zh = '请写 within = "24h" 加 clock = "business" 或 "calendar"，或写 by = "T+1"、by = "same_day"、at = "named"'
            raise fault(str(error), zh) from error
        return self

    @property
    def budget(self) -> Budget:
        return parse_budget(self.within, self.clock, self.by, self.at)


class _Range(Row):
    """A figure with the room the procedure leaves. *hard*: outside is refused, and nobody can approve it."""

    hard: StrictBool = False

    def _check(self, low: Decimal, default: Decimal, high: Decimal) -> None:
        if not low <= default <= high:
            raise fault(f"default {default} does not lie between {low} and {high}", f"默认值 {default} 不在 {low} 至 {high} 之间")


def _fixed(value: Any) -> Any:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return {"min": value, "max": value, "default": value}
    return value


class PercentRange(_Range):
    """Per cent: a fixed figure (`percent = 100`) or a range with a default inside it."""

    min: Figure = Field(ge=0, le=100)
    max: Figure = Field(ge=0, le=100)
    default: Figure = Field(ge=0, le=100)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        self._check(self.min, self.default, self.max)
        return self


class AmountRange(_Range):
    """An amount of one currency: fixed or a range with a default inside it."""

    min: Figure = Field(ge=0)
    max: Figure = Field(ge=0)
    default: Figure = Field(ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        self._check(self.min, self.default, self.max)
        return self


class PointsRange(_Range):
    """Loyalty points: fixed or a range with a default inside it."""

    min: StrictInt = Field(ge=1)
    max: StrictInt = Field(ge=1)
    default: StrictInt = Field(ge=1)

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
    percent: Figure = Field(gt=0, le=100)
    max_percent: Figure = Field(gt=0, le=100)
    max_clause: ClauseId | None = Field(default=None, description="Clause of the cap, where it is not the row's.")
