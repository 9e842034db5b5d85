"""Which orders of a file their customers have reason to complain about."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.failure import DemoFailed
from demo.orders import read
from tests.demo.marketplace import write_orders

REAL = Path(__file__).parents[3] / "shared" / "data" / "orders_with_reviews.csv"


@pytest.mark.clause("HOM-TRN-05")
def test_orders_are_late_by_days_of_the_calendar_or_never_came(tmp_path: Path) -> None:
    found = {each.number: (each.kind, each.days, each.category) for each in read(write_orders(tmp_path / "orders.csv"))}
    assert found == {
        "made-up-a-day": ("short", 1, "transport_delay"),
        "made-up-four-days": ("longer", 4, "transport_delay"),
        "made-up-nine-days": ("long", 9, "transport_delay"),
        "made-up-on-its-way": ("lost", None, "transport_loss"),
        "made-up-cancelled": ("lost", None, "transport_loss"),
    }


@pytest.mark.skipif(not REAL.is_file(), reason="the folder with real records is not there")
def test_the_real_records_hold_as_many_of_each_class_as_their_description_says() -> None:
    kinds = [each.kind for each in read(REAL)]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"short": 76, "longer": 68, "long": 198, "lost": 2957}


def test_a_file_that_is_no_order_file_is_named(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DemoFailed, match=r"other\.csv"):
        read(other)
    with pytest.raises(DemoFailed, match=r"nowhere\.csv"):
        read(tmp_path / "nowhere.csv")
