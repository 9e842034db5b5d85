"""Statements: every effect that moved within the time, page by page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from adapters.benefits import HttpBenefits
from adapters.errors import PartnerUnavailable
from adapters.payments import HttpPayments
from adapters.statements import HttpStatements
from domain.effects import Benefit, Payment
from domain.money import Money
from tests.doubles import PartnerService

A_DAY = timedelta(days=1)


async def test_everything_that_moved_is_on_it_however_small_its_pages(
    client: httpx.AsyncClient, key: str, order_number: str
) -> None:
    five = Money.of("5.00", "CNY")
    for number in range(5):
        await HttpPayments(client).place(f"{key}-{number}", Payment(kind="refund", order_number=order_number, money=five))
    now = datetime.now(UTC)
    statement = HttpStatements(client, "payments", page=2)
    lines = [line async for line in statement.lines(now - A_DAY, now + A_DAY) if line.key.startswith(key)]
    assert [line.key for line in lines] == [f"{key}-{number}" for number in range(5)]
    assert {(line.kind, line.status, line.money, line.quantity) for line in lines} == {("refund", "done", five, None)}
    assert [line async for line in statement.lines(now + A_DAY, now + 2 * A_DAY)] == []
    assert [
        line.key async for line in HttpStatements(client, "benefits").lines(now - A_DAY, now + A_DAY) if line.key.startswith(key)
    ] == []


async def test_what_moves_again_is_told_where_it_stands_now(
    client: httpx.AsyncClient, key: str, order_number: str, partner_service: PartnerService
) -> None:
    points = Benefit(kind="points", order_number=order_number, customer_id="cust-test", points=7)
    await HttpBenefits(client).place(key, points)
    await HttpBenefits(client).cancel(key)
    now = datetime.now(UTC)
    (line,) = [each async for each in HttpStatements(client, "benefits").lines(now - A_DAY, now + A_DAY) if each.key == key]
    assert (line.status, line.quantity, line.money) == ("refused", 7, None)


async def test_a_partner_without_statements_is_no_partner_without_effects() -> None:
    nothing = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(404)), base_url="http://partner")
    with pytest.raises(PartnerUnavailable):
        _ = [each async for each in HttpStatements(nothing, "payments").lines(datetime.now(UTC) - A_DAY, datetime.now(UTC))]
