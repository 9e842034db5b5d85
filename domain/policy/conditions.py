"""When a row applies: equality, membership and ranges over named facts. A decision table, never code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, StrictBool, StrictInt, StrictStr, model_validator

from domain.policy.wording import Row

Fact = bool | int | str
Facts = Mapping[str, Fact]
Scalar = StrictBool | StrictInt | StrictStr


class Between(Row):
    """A range over whole numbers: `min`/`max` include their ends, `over`/`under` do not."""

    min: StrictInt | None = None
    max: StrictInt | None = None
    over: StrictInt | None = None
    under: StrictInt | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.min is None and self.max is None and self.over is None and self.under is None:
            raise ValueError("a range needs min, max, over or under")
        if (self.min is not None and self.over is not None) or (self.max is not None and self.under is not None):
            raise ValueError("a range has one lower end (min or over) and one upper end (max or under)")
        low, high = self.ends()
        if low is not None and high is not None and low > high:
            raise ValueError(f"no number lies in this range ({low} to {high})")
        return self

    def ends(self) -> tuple[int | None, int | None]:
        """Lowest and highest whole number inside; None where it is open."""
        low = self.over + 1 if self.over is not None else self.min
        high = self.under - 1 if self.under is not None else self.max
        return low, high

    def holds(self, fact: Fact) -> bool:
        if isinstance(fact, bool) or not isinstance(fact, int):
            return False
        low, high = self.ends()
        return (low is None or fact >= low) and (high is None or fact <= high)


Condition = Between | Scalar | Annotated[tuple[Scalar, ...], Field(min_length=1)]
When = dict[str, Condition]


def _same(wanted: Fact, fact: Fact) -> bool:
    # True == 1 in Python, but a yes is not a number of days.
    return isinstance(wanted, bool) == isinstance(fact, bool) and wanted == fact


def holds(condition: Condition, fact: Fact) -> bool:
    """Whether one fact meets one condition."""
    if isinstance(condition, Between):
        return condition.holds(fact)
    if isinstance(condition, tuple):
        return any(_same(wanted, fact) for wanted in condition)
    return _same(condition, fact)


def matches(when: Mapping[str, Condition], facts: Facts) -> bool:
    """Whether every condition is met; a fact that is not known meets none, an empty `when` always holds."""
    return all(name in facts and holds(condition, facts[name]) for name, condition in when.items())
