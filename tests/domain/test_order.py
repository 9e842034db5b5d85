"""Whose order it is, and how late it came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.order import Customer, Order
from tests.domain.packs import an_order

PROMISED = datetime(2026, 11, 10, 10, tzinfo=UTC)


def order(**known: Any) -> Order:
    return an_order().model_copy(update=known)


@pytest.mark.parametrize(
    ("customer", "known", "theirs"),
    [
        pytest.param({"customer_id": "c1"}, {"customer_id": "c1"}, True, id="same id"),
        pytest.param({"customer_id": "c1"}, {"customer_id": "c2"}, False, id="another id"),
        pytest.param({"customer_id": "c1", "phone": "1"}, {"customer_id": "c2", "phone": "1"}, False, id="the id decides"),
        pytest.param({"phone": "13000000001"}, {"phone": "13000000001"}, True, id="same telephone"),
        pytest.param({"phone": "13000000001"}, {"phone": "13000000002"}, False, id="another telephone"),
        pytest.param({"phone": "1", "email": "a@x.example"}, {"phone": "2", "email": "A@X.example"}, True, id="mail in any case"),
        pytest.param({"email": "a@x.example"}, {"phone": "2"}, None, id="nothing to compare"),
        pytest.param({"customer_id": "c1"}, {}, None, id="the order knows nobody"),
        pytest.param({}, {"customer_id": "c1", "phone": "1"}, None, id="the customer says nothing"),
        pytest.param({"phone": ""}, {"phone": ""}, None, id="empty is not known"),
    ],
)
def test_an_order_belongs_to_whom_its_records_name(customer: dict[str, Any], known: dict[str, Any], theirs: bool | None) -> None:
    assert order(**known).belongs_to(Customer(name="王芳", **customer)) is theirs


@pytest.mark.parametrize(
    ("promised_at", "delivered_at", "now", "days"),
    [
        pytest.param(None, None, PROMISED + timedelta(days=9), 0, id="nothing was promised"),
        pytest.param(PROMISED, PROMISED - timedelta(days=1), PROMISED + timedelta(days=9), 0, id="early"),
        pytest.param(PROMISED, PROMISED + timedelta(hours=3), PROMISED + timedelta(days=9), 0, id="later that day"),
        pytest.param(PROMISED, PROMISED + timedelta(days=3), PROMISED + timedelta(days=9), 3, id="delivered late"),
        pytest.param(PROMISED, None, PROMISED + timedelta(days=9), 9, id="still on its way"),
        pytest.param(PROMISED, None, PROMISED - timedelta(days=2), 0, id="not due yet"),
    ],
)
def test_days_late_count_from_the_promise(
    promised_at: datetime | None, delivered_at: datetime | None, now: datetime, days: int
) -> None:
    assert order(promised_at=promised_at, delivered_at=delivered_at).days_late(now) == days
