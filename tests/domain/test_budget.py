from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.budget import Budget, Pause, Rung, parse_budget, parse_duration, parse_rung, write_duration
from tests.domain.hours import local


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("10m", timedelta(minutes=10)),
        ("24h", timedelta(hours=24)),
        ("3d", timedelta(days=3)),
        ("1h30m", timedelta(minutes=90)),
        ("45s", timedelta(seconds=45)),
    ],
)
def test_a_duration_is_read_and_written_as_procedures_say_it(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration
    assert write_duration(duration) == text


@pytest.mark.parametrize("text", ["", "10", "m", "10 m", "-5m", "1.5h", "10min", "T+1", "１０m"])
def test_anything_else_is_no_duration_and_the_message_says_what_is(text: str) -> None:
    with pytest.raises(ValueError, match="10m, 24h, 3d"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("row", "budget"),
    [
        ({"within": "10m", "clock": "calendar"}, Budget.within(timedelta(minutes=10), "calendar")),
        ({"within": "4h", "clock": "business"}, Budget.within(timedelta(hours=4), "business")),
        ({"by": "T+2"}, Budget.by_workday(2)),
        ({"by": "same_day"}, Budget.same_day()),
    ],
)
def test_a_packs_row_becomes_a_budget(row: dict[str, str], budget: Budget) -> None:
    assert parse_budget(**row) == budget
    assert Budget.model_validate_json(budget.model_dump_json()) == budget


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({}, "write either within"),
        ({"within": "10m", "clock": "calendar", "by": "T+1"}, "write either within"),
        ({"within": "10m"}, "calendar"),
        ({"within": "10m", "clock": "lunar"}, "lunar"),
        ({"within": "0m", "clock": "calendar"}, "leaves no time"),
        ({"within": "3d", "clock": "business"}, "T\\+n"),
        ({"by": "T+0"}, "T\\+1"),
        ({"by": "T+1", "clock": "calendar"}, "clock belongs to within"),
        ({"by": "tomorrow"}, "tomorrow"),
    ],
)
def test_a_row_that_says_no_time_is_refused_with_what_to_write(row: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_budget(**row)


def test_a_rung_stands_before_or_after_the_due_instant_by_time_or_by_share() -> None:
    assert parse_rung(before="30%") == Rung(side="before", percent=30)
    assert parse_rung(after="1d") == Rung(side="after", by=timedelta(days=1))
    assert parse_rung() == Rung()
    assert parse_rung(before="50%").offset(timedelta(hours=3)) == timedelta(minutes=90)


@pytest.mark.parametrize("row", [{"before": "1h", "after": "1h"}, {"before": "101%"}, {"before": "soon"}])
def test_a_rung_that_stands_nowhere_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        parse_rung(**row)


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValidationError, match="ends before it begins"):
        Pause(from_at=local("2026-03-02 10:00"), until_at=local("2026-03-02 09:59"))
