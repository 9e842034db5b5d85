"""When a row applies: equality, membership and ranges over named facts. A decision table, never code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Discriminator, Field, StrictBool, StrictInt, StrictStr, Tag, model_validator

from domain.policy.wording import Row, fault

Fact = bool | int | str
Facts = Mapping[str, Fact]
Scalar = StrictBool | StrictInt | StrictStr


def _plain(value: Any) -> Any:
    if not isinstance(value, bool | int | str):
        raise fault(
            "a condition is a word, a whole number, true or false, a list, or a range",
            "条件应为词、整数、是否、列表或范围",
        )
    return value


_One = Annotated[Scalar, BeforeValidator(_plain)]
_Some = Annotated[tuple[_One, ...], Field(min_length=1)]


class Between(Row):
    """A range over whole numbers: `min`/`max` include their ends, `over`/`under` do not."""

    min: StrictInt | None = None
    max: StrictInt | None = None
    over: StrictInt | None = None
    under: StrictInt | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.min is None and self.max is None and self.over is None and self.under is None:
            raise fault("a range needs min, max, over or under", "范围须有 min、max、over 或 under")
        if (self.min is not None and self.over is not None) or (self.max is not None and self.under is not None):
            raise fault("a range has one lower end (min or over) and one upper end (max or under)", "范围的上下限各只能有一个")
        low, high = self.ends()
        if low is not None and high is not None and low > high:
            raise fault(f"no number lies in this range ({low} to {high})", f"此范围内没有整数（{low} 至 {high}）")
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


def _form(value: Any) -> str:
    """Which form of a condition was meant, so that a slip in it is reported once and not for every form there is."""
    if isinstance(value, dict | Between):
        return "range"
    return "list" if isinstance(value, list | tuple) else "value"


Condition = Annotated[
    Annotated[Between, Tag("range")] | Annotated[_Some, Tag("list")] | Annotated[_One, Tag("value")],
    Discriminator(_form),
]
When = dict[str, Condition]


# Asked thousands of times for each complaint, and within a workflow's sandbox every `isinstance` is a call through four others:
# so here it is `match` and `type`.
def _same(wanted: Fact, fact: Fact) -> bool:
    # True == 1 in Python, but a yes is not a number of days.
    return wanted == fact and (type(wanted) is bool) == (type(fact) is bool)


def holds(condition: Condition, fact: Fact) -> bool:
    """Whether one fact meets one condition."""
    match condition:
        case Between():
            return condition.holds(fact)
        case tuple():
            return any(_same(wanted, fact) for wanted in condition)
        case _:
            return _same(condition, fact)


def matches(when: Mapping[str, Condition], facts: Facts) -> bool:
    """Whether every condition is met; a fact that is not known meets none, an empty `when` always holds."""
    return all(name in facts and holds(condition, facts[name]) for name, condition in when.items())
