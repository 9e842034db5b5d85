"""A small order file of our own making, with the columns of Olist's public order set."""

from __future__ import annotations

import csv
from pathlib import Path

_COLUMNS = (
    *("order_id", "order_status", "order_purchase_timestamp", "order_approved_at", "order_delivered_carrier_date"),
    *("order_delivered_customer_date", "order_estimated_delivery_date", "items", "goods_value", "freight_value", "seller_id"),
    *("sellers", "paid", "payment_types", "review_score", "review_comment_message", "review_answer_timestamp"),
    *("customer_state", "seller_state"),
)
# Number, status, arrival and what the customer wrote; all were promised for 10 March 2018 and cost 90.00 and 10.00 freight.
_ORDERS = (
    ("made-up-in-time", "delivered", "2018-03-10 23:59:59", ""),
    ("made-up-a-day", "delivered", "2018-03-11 00:00:01", ""),
    ("made-up-four-days", "delivered", "2018-03-14 12:00:00", "Chegou tarde.\nNão gostei."),
    ("made-up-nine-days", "delivered", "2018-03-19 12:00:00", ""),
    ("made-up-on-its-way", "shipped", "", "Não recebi."),
    ("made-up-cancelled", "canceled", "", ""),
    ("made-up-cancelled-late", "canceled", "2018-03-19 12:00:00", ""),
    ("made-up-undated", "delivered", "", ""),
)


def write_orders(file: Path) -> Path:
    """Three late orders, one of each class, two that never came, one in time and one of which nothing is known."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, _COLUMNS, restval="")
        writer.writeheader()
        for number, status, arrived, said in _ORDERS:
            writer.writerow(
                {
                    "order_id": number,
                    "order_status": status,
                    "order_purchase_timestamp": "2018-02-27 09:00:00",
                    "order_delivered_carrier_date": "2018-03-01 09:00:00",
                    "order_delivered_customer_date": arrived,
                    "order_estimated_delivery_date": "2018-03-10 00:00:00",
                    "goods_value": "90.0",
                    "freight_value": "10.0",
                    "seller_id": "made-up-seller",
                    "paid": "100.0",
                    "review_comment_message": said,
                    "customer_state": "RJ",
                    "seller_state": "SP",
                }
            )
    return file
