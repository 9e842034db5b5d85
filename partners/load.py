"""Orders from files: our own JSON sample, and marketplace exports as CSV (the columns of Olist's public order set)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from partners.orders import Load, Money, Order, find_order, put_orders
from partners.store import Store

SAMPLES = Path(__file__).parent / "sample"
MARKETPLACE_ZONE = ZoneInfo("America/Sao_Paulo")
MARKETPLACE_CURRENCY = "BRL"


def load_file(store: Store, path: Path) -> int:
    """Load the orders of a .json or .csv file, each in place of an earlier one of its number; answers how many.

    Raises ValueError (pydantic's included) on a row that is no order; nothing of the file is loaded then.
    """
    orders = read_csv(path) if path.suffix == ".csv" else iter(Load.model_validate_json(path.read_bytes()).orders)
    with store.write() as db:
        return put_orders(db, orders)


def load_sample(store: Store) -> int:
    """Load the sample orders that are not there yet; those that are stay as they are."""
    sample = [order for file in sorted(SAMPLES.glob("*.json")) for order in Load.model_validate_json(file.read_bytes()).orders]
    with store.write() as db:
        return put_orders(db, [order for order in sample if find_order(db, order.number) is None])


def read_csv(path: Path) -> Iterator[Order]:
    """Marketplace orders; wall-clock times are taken in the marketplace's zone, an order without items is worth what was paid."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Order(
                number=row["order_id"],
                status=row["order_status"],
                customer_id=f"cust-{row['order_id'][:12]}",
                placed_at=_instant(row["order_purchase_timestamp"]),
                shipped_at=_instant(row["order_delivered_carrier_date"]),
                promised_at=_instant(row["order_estimated_delivery_date"]),
                delivered_at=_instant(row["order_delivered_customer_date"]),
                goods=_money(row["goods_value"] or row["paid"]),
                freight=_money(row["freight_value"] or "0"),
                paid=_money(row["paid"]),
                seller=row["seller_id"] or None,
                origin=row["seller_state"] or None,
                destination=row["customer_state"] or None,
            )


def _instant(wall_clock: str) -> datetime | None:
    return datetime.fromisoformat(wall_clock).replace(tzinfo=MARKETPLACE_ZONE) if wall_clock else None


def _money(text: str) -> Money:
    return Money(amount=Decimal(text).quantize(Decimal("0.01")), currency=MARKETPLACE_CURRENCY)
