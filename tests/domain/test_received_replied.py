"""Ten years of a complaint line's real instants against China's calendar: T+n to the day, make-up days and all."""

import csv
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.domain.hours import ALL_DAY, calendar, weekly

RECORDS = Path(__file__).parents[3] / "shared" / "data" / "received_replied_times.csv"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def records() -> list[tuple[datetime, datetime]]:
    if not RECORDS.is_file():
        pytest.skip(f"the records of received and replied instants are not here: {RECORDS}")
    with RECORDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(_instant(row["received_at"]), _instant(row["replied_at"])) for row in rows]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("days", "late"), [(1, 2535), (3, 2109), (5, 1740), (7, 1451), (15, 713), (30, 248)])
def test_as_many_replies_are_late_as_a_count_by_hand_finds(
    records: list[tuple[datetime, datetime]], days: int, late: int
) -> None:
    line = calendar(weekly(ALL_DAY))  # a working day ends at midnight
    assert len(records) == 2816
    assert sum(replied > line.close_of_working_day(received, days) for received, replied in records) == late


def test_without_make_up_days_446_replies_would_have_another_date(records: list[tuple[datetime, datetime]]) -> None:
    line, plain = calendar(weekly(ALL_DAY)), calendar(weekly(ALL_DAY), country=None)
    moved = [at for at, _ in records if line.close_of_working_day(at, 5) != plain.close_of_working_day(at, 5)]
    assert len(moved) == 446
