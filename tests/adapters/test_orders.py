from __future__ import annotations

from datetime import date

import httpx
import pytest

from adapters.errors import PartnerUnavailable
from adapters.orders import HttpOrders
from domain.money import Money
from domain.order import Customer
from tests.doubles import PartnerService


@pytest.fixture
def orders(client: httpx.AsyncClient) -> HttpOrders:
    return HttpOrders(client)


async def test_an_order_is_found_with_all_that_was_bought(orders: HttpOrders) -> None:
    order = await orders.find("HM-2026-0001")
    assert order is not None
    assert order.paid == Money.of("1000.00", "CNY")
    assert order.lines[0].name == "岩板 1200×2400 雅灰"
    assert order.belongs_to(Customer(name="王岚", customer_id="cust-0001")) is True
    assert order.belongs_to(Customer(name="别人", customer_id="cust-0002")) is False


async def test_dates_of_an_order_are_dates_of_the_shop(orders: HttpOrders, order_number: str) -> None:
    order = await orders.find(order_number)
    assert order is not None
    assert order.promised_at is not None
    assert order.promised_at.date() == date(2026, 11, 8)
    assert order.days_late(order.promised_at) == 4


@pytest.mark.parametrize("number", ["HM-0", "a/b", "../healthz", "%2e", "号码 1", "?x=1"])
async def test_a_number_that_is_no_order_is_none(orders: HttpOrders, number: str) -> None:
    assert await orders.find(number) is None


async def test_an_order_system_that_does_not_answer_is_unavailable(orders: HttpOrders, partner_service: PartnerService) -> None:
    partner_service.faults(latency_ms=6000)
    with pytest.raises(PartnerUnavailable):
        await orders.find("HM-2026-0001")
