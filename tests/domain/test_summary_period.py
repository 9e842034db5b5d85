"""The stretch of time that a summary is about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.summary.period import Period, before, running
from tests.domain.summaries import NOVEMBER


@pytest.mark.parametrize(
    ("every", "at", "running_one", "one_before"),
    [
        ("month", "2026-12-01T06:00+08:00", ("2026-12-01", "2027-01-01"), ("2026-11-01", "2026-12-01")),
        ("month", "2027-01-01T00:00+08:00", ("2027-01-01", "2027-02-01"), ("2026-12-01", "2027-01-01")),
        # In Shanghai it is the first of December already.
        ("month", "2026-11-30T22:00+00:00", ("2026-12-01", "2027-01-01"), ("2026-11-01", "2026-12-01")),
        ("quarter", "2027-01-01T06:00+08:00", ("2027-01-01", "2027-04-01"), ("2026-10-01", "2027-01-01")),
        ("quarter", "2026-11-21T06:00+08:00", ("2026-10-01", "2027-01-01"), ("2026-07-01", "2026-10-01")),
    ],
)
def test_a_period_is_the_calendar_month_or_quarter_of_the_tenants_zone(
    every: Any, at: str, running_one: tuple[str, str], one_before: tuple[str, str]
) -> None:
    instant = datetime.fromisoformat(at)
    for period, expected in (
        (running(every, instant, "Asia/Shanghai"), running_one),
        (before(every, instant, "Asia/Shanghai"), one_before),
    ):
        assert (str(period.from_on), str(period.to_on)) == expected


def test_a_period_begins_and_ends_at_local_midnight() -> None:
    assert NOVEMBER.from_at == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert NOVEMBER.to_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert NOVEMBER.holds(NOVEMBER.from_at)
    assert not NOVEMBER.holds(NOVEMBER.to_at)
    with pytest.raises(ValueError, match="at least one day"):
        Period(from_on=date(2026, 11, 1), to_on=date(2026, 11, 1), zone="Asia/Shanghai")
