from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from partners.load import SAMPLES, load_file, load_sample, read_csv
from partners.orders import Load, Order, find_order
from partners.store import Store
from tests.doubles import ROOT

HOME_SAMPLE = SAMPLES / "orders.json"
MARKETPLACE = ROOT.parent / "shared" / "data" / "orders_with_reviews.csv"
HEADER = (
    "order_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,"
    "order_delivered_customer_date,order_estimated_delivery_date,items,goods_value,freight_value,seller_id,sellers,paid,"
    "payment_types,review_score,review_comment_message,review_answer_timestamp,customer_state,seller_state\n"
)
ROW = (
    "0123456789abcdef,delivered,2018-01-15 10:00:00,,2018-01-16 08:00:00,2018-07-20 09:30:00,2018-07-18 00:00:00,"
    "1.0,10.5,2.0,s1,1.0,12.5,voucher,1,,,RJ,SP\n"
)
EMPTY = "fedcba9876543210,unavailable,2018-01-15 10:00:00,,,,2018-02-01 00:00:00,,,,,,99.9,boleto,1,,,RJ,\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "orders.db")
    yield opened
    opened.close()


def days_late(order: Order) -> int:
    assert order.delivered_at
    assert order.promised_at
    return (order.delivered_at.date() - order.promised_at.date()).days


def test_a_marketplace_row_becomes_an_order_on_the_marketplace_clock(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(HEADER + ROW + EMPTY, encoding="utf-8")
    order, without_items = read_csv(file)
    assert order.customer_id == "cust-0123456789ab"
    assert order.placed_at == datetime(2018, 1, 15, 12, tzinfo=UTC), "summer time: two hours behind"
    assert order.delivered_at == datetime(2018, 7, 20, 12, 30, tzinfo=UTC), "winter time: three hours behind"
    assert days_late(order) == 2
    assert (order.goods.amount, order.freight.amount, order.paid.amount) == (Decimal("10.50"), Decimal("2.00"), Decimal("12.50"))
    assert order.paid.currency == "BRL"
    assert (order.origin, order.destination) == ("SP", "RJ")
    assert without_items.goods.amount == Decimal("99.90")
    assert without_items.shipped_at is None


def test_a_broken_row_loads_nothing(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(HEADER + ROW + ROW.replace("2018-01-15", "someday"), encoding="utf-8")
    with pytest.raises(ValueError, match="someday"):
        load_file(store, file)
    assert find_order(store.db, "0123456789abcdef") is None


@pytest.mark.skipif(not MARKETPLACE.exists(), reason="the shared research data is not beside this repository")
def test_the_marketplace_data_loads_through_the_command(tmp_path: Path, store: Store) -> None:
    environment = os.environ | {"PARTNERS_DATABASE": str(tmp_path / "orders.db")}
    said = subprocess.run(
        [sys.executable, "-m", "partners", "load", str(MARKETPLACE)], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert said.stdout.startswith(b"8135 orders loaded")
    orders = [Order.model_validate_json(row["document"]) for row in store.db.execute("SELECT document FROM orders")]
    late = [days_late(order) for order in orders if order.delivered_at and order.status == "delivered"]
    assert sum(day in (1, 2) for day in late) == 76
    assert sum(3 <= day <= 5 for day in late) == 68
    assert sum(day > 5 for day in late) == 198


def test_a_command_that_does_not_exist_says_how_to_call_it() -> None:
    said = subprocess.run([sys.executable, "-m", "partners", "unload"], cwd=ROOT, capture_output=True, check=False)
    assert said.returncode == 2
    assert b"load FILE.csv" in said.stderr


@pytest.mark.clause("HOM-TRN-05")
def test_the_sample_holds_every_class_of_delay(store: Store) -> None:
    assert load_file(store, HOME_SAMPLE) == 42

    def found(first: int, last: int) -> list[Order]:
        orders = [find_order(store.db, f"HM-2026-{number:04d}") for number in range(first, last + 1)]
        return [order for order in orders if order is not None]

    assert all(days_late(order) <= 0 for order in found(1, 8) + found(41, 42))
    assert {days_late(order) for order in found(9, 14)} == {1, 2}
    assert {days_late(order) for order in found(15, 20)} == {3, 4, 5}
    assert all(days_late(order) > 5 for order in found(21, 26))
    assert {order.status for order in found(27, 30)} == {"lost"}
    assert all(order.shipped_at and not order.delivered_at for order in found(27, 36))
    assert not any(order.shipped_at for order in found(37, 40))


def test_the_sample_joins_other_orders_and_changes_none(tmp_path: Path, store: Store) -> None:
    file = tmp_path / "orders.json"
    first = Load.model_validate_json(HOME_SAMPLE.read_bytes()).orders[0]
    file.write_text(Load(orders=[first.model_copy(update={"status": "lost"})]).model_dump_json(), encoding="utf-8")
    load_file(store, file)
    rest = [each for each in SAMPLES.glob("*.json") if each != HOME_SAMPLE]
    others = sum(len(Load.model_validate_json(each.read_bytes()).orders) for each in rest)
    assert load_sample(store) == 41 + others
    assert load_sample(store) == 0
    kept = find_order(store.db, first.number)
    assert kept is not None
    assert kept.status == "lost"


def test_the_sample_is_consistent(store: Store) -> None:
    load_file(store, HOME_SAMPLE)
    for (document,) in store.db.execute("SELECT document FROM orders"):
        order = Order.model_validate_json(document)
        assert order.paid.amount == order.goods.amount + order.freight.amount
        assert order.goods.amount == sum(line.price.amount * line.quantity for line in order.lines)
        known = [at for at in (order.placed_at, order.shipped_at, order.delivered_at) if at]
        assert known == sorted(known)
        assert known[-1] < datetime(2026, 11, 21, tzinfo=UTC)
        assert order.placed_at.utcoffset() == timedelta(hours=8)
