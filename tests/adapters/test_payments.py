from __future__ import annotations

import asyncio

import httpx
import pytest

from adapters.errors import PartnerRefused
from adapters.payments import HttpPayments
from domain.effects import EffectReport, Payment
from domain.money import Money
from tests.doubles import PartnerService


def refund(number: str, amount: str, currency: str = "CNY") -> Payment:
    return Payment(kind="refund", order_number=number, money=Money.of(amount, currency))


@pytest.fixture
def payments(client: httpx.AsyncClient) -> HttpPayments:
    return HttpPayments(client)


async def test_a_refund_over_the_order_is_refused(payments: HttpPayments, order_number: str, key: str) -> None:
    with pytest.raises(PartnerRefused) as refused:
        await payments.place(key, refund(order_number, "1000.01"))
    assert refused.value.code == "over_paid"
    asked = await payments.ask(key)
    assert asked is not None
    assert asked.status == "refused"


async def test_refunds_add_up_to_what_was_paid_and_not_a_fen_more(
    payments: HttpPayments, order_number: str, key: str, partner_service: PartnerService
) -> None:
    async def try_one(number: int) -> EffectReport | str:
        try:
            return await payments.place(f"{key}/{number}", refund(order_number, "90.00"))
        except PartnerRefused as refused:
            return refused.code

    answers = await asyncio.gather(*(try_one(number) for number in range(20)))
    assert answers.count("over_paid") == 9
    assert len(partner_service.effects(key)) == 11
    assert (await payments.place(f"{key}/rest", refund(order_number, "10.00"))).status == "done"
    with pytest.raises(PartnerRefused):
        await payments.place(f"{key}/fen", refund(order_number, "0.01"))


async def test_an_extra_payment_comes_on_top_of_a_full_refund(payments: HttpPayments, order_number: str, key: str) -> None:
    await payments.place(f"{key}/refund", refund(order_number, "1000.00"))
    extra = Payment(kind="extra_payment", order_number=order_number, money=Money.of("200.00", "CNY"))
    assert (await payments.place(f"{key}/extra", extra)).status == "done"


async def test_a_payment_in_another_currency_is_refused(payments: HttpPayments, order_number: str, key: str) -> None:
    with pytest.raises(PartnerRefused) as refused:
        await payments.place(key, refund(order_number, "1.00", "USD"))
    assert refused.value.code == "wrong_currency"


async def test_a_pending_payment_that_fails_gives_its_amount_free_again(
    payments: HttpPayments, order_number: str, key: str, partner_service: PartnerService
) -> None:
    partner_service.mode(payments="pending")
    pending = await payments.place(key, refund(order_number, "1000.00"))
    assert pending.status == "accepted"
    with pytest.raises(PartnerRefused):
        await payments.place(f"{key}/2", refund(order_number, "1.00"))
    partner_service.advance("payments", pending.reference, "failed", "account closed")
    failed = await payments.ask(key)
    assert failed is not None
    assert (failed.status, failed.detail) == ("refused", "account closed")
    again = await payments.place(f"{key}/3", refund(order_number, "1000.00"))
    partner_service.advance("payments", again.reference)
    paid = await payments.ask(f"{key}/3")
    assert paid is not None
    assert paid.status == "done"
