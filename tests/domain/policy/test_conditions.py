"""Decision tables: equality, membership and ranges; what is not known meets no condition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.policy.conditions import Condition, When, matches

when_of = TypeAdapter(When).validate_python


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        ("slight", ["slight"], ["severe", True, 1]),
        (["a", "b"], ["a", "b"], ["c"]),
        (True, [True], [False, 1]),
        (1, [1], [True, 2]),
        ({"min": 3, "max": 5}, [3, 4, 5], [2, 6, True, "4"]),
        ({"over": 5}, [6, 100], [5]),
        ({"under": 5}, [4, -1], [5]),
    ],
)
def test_a_condition_holds_exactly_where_it_says(condition: Condition, yes: list[object], no: list[object]) -> None:
    when = when_of({"x": condition})
    assert all(matches(when, {"x": value}) for value in yes)  # type: ignore[dict-item]
    assert not any(matches(when, {"x": value}) for value in no)  # type: ignore[dict-item]


def test_what_is_not_known_meets_no_condition() -> None:
    assert not matches(when_of({"x": {"max": 5}}), {"y": 1})
    assert matches({}, {})


@pytest.mark.parametrize("condition", [{}, {"min": 1, "over": 1}, {"min": 5, "max": 4}, {"over": 4, "under": 5}, [], 1.5])
def test_a_condition_that_says_nothing_or_contradicts_itself_is_refused(condition: object) -> None:
    with pytest.raises(ValidationError):
        when_of({"x": condition})


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-60, 60))
def test_over_and_under_are_min_and_max_one_apart(low: int, width: int, value: int) -> None:
    high = low + abs(width) + 2
    inside = matches(when_of({"x": {"over": low, "under": high}}), {"x": value})
    assert inside == matches(when_of({"x": {"min": low + 1, "max": high - 1}}), {"x": value}) == (low < value < high)
