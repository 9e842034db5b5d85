"""One contract for every partner that carries out effects: logistics, payments and benefits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from adapters.benefits import HttpBenefits
from adapters.errors import OutcomeUnknown, PartnerRefused, PartnerUnavailable
from adapters.http import partner_client
from adapters.logistics import HttpLogistics
from adapters.payments import HttpPayments
from domain.effects import Benefit, EffectReport, Payment, ShipmentOrder, VisitOrder
from domain.money import Money
from domain.order import Item
from tests.doubles import PartnerService, free_port

FIVE = Money.of("5.00", "CNY")


@dataclass(frozen=True)
class Port:
    """One port seen through what all of them share."""

    place: Callable[[str], Awaitable[EffectReport]]
    place_other: Callable[[str], Awaitable[EffectReport]]
    ask: Callable[[str], Awaitable[EffectReport | None]]


KINDS = ["shipment", "visit", "refund", "extra_payment", "coupon", "points"]


def port_for(kind: str, client: httpx.AsyncClient, number: str) -> Port:
    logistics, payments, benefits = HttpLogistics(client), HttpPayments(client), HttpBenefits(client)
    match kind:
        case "shipment":
            shipment = ShipmentOrder(kind="reship", order_number=number, items=(Item(sku="SL-1"),), address="上海市黄浦区")
            other_shipment = ShipmentOrder(kind="collection", order_number=number)
            return Port(lambda k: logistics.place(k, shipment), lambda k: logistics.place(k, other_shipment), logistics.ask)
        case "visit":
            visit = VisitOrder(kind="repair", order_number=number, before_at=datetime(2026, 11, 22, tzinfo=UTC))
            other_visit = VisitOrder(kind="inspection", order_number=number)
            return Port(lambda k: logistics.place(k, visit), lambda k: logistics.place(k, other_visit), logistics.ask)
        case "refund" | "extra_payment":
            payment = Payment(kind=kind, order_number=number, money=FIVE, reason="HOM-DMG-03")
            other_payment = payment.model_copy(update={"money": Money.of("6.00", "CNY")})
            return Port(lambda k: payments.place(k, payment), lambda k: payments.place(k, other_payment), payments.ask)
        case "coupon":
            coupon = Benefit(kind="coupon", order_number=number, money=FIVE)
            gift = Benefit(kind="gift", order_number=number, item="美缝剂")
            return Port(lambda k: benefits.place(k, coupon), lambda k: benefits.place(k, gift), benefits.ask)
        case _:
            points = Benefit(kind="points", order_number=number, customer_id="cust-test", points=100)
            more = Benefit(kind="points", order_number=number, customer_id="cust-test", points=200)
            return Port(lambda k: benefits.place(k, points), lambda k: benefits.place(k, more), benefits.ask)


@pytest.fixture(params=KINDS)
def port(request: pytest.FixtureRequest, client: httpx.AsyncClient, order_number: str) -> Port:
    return port_for(request.param, client, order_number)


async def test_an_effect_is_placed_and_found_again_under_its_key(port: Port, key: str, partner_service: PartnerService) -> None:
    placed = await port.place(key)
    assert placed.status in ("accepted", "done")
    assert await port.ask(key) == placed
    assert [effect["reference"] for effect in partner_service.effects(key)] == [placed.reference]


async def test_a_key_never_used_is_not_found(port: Port, key: str) -> None:
    assert await port.ask(key) is None


async def test_fifty_concurrent_calls_with_one_key_are_one_effect(port: Port, key: str, partner_service: PartnerService) -> None:
    reports = await asyncio.gather(*(port.place(key) for _ in range(50)))
    assert len({report.reference for report in reports}) == 1
    assert len(set(reports)) == 1
    assert len(partner_service.effects(key)) == 1


async def test_a_key_cannot_name_two_different_effects(port: Port, key: str, partner_service: PartnerService) -> None:
    first = await port.place(key)
    with pytest.raises(PartnerRefused) as refused:
        await port.place_other(key)
    assert refused.value.code == "key_reused"
    assert [effect["reference"] for effect in partner_service.effects(key)] == [first.reference]


@pytest.mark.parametrize("mode", ["hang", "close"])
async def test_an_effect_without_an_answer_is_unknown_and_found_by_asking(
    port: Port, key: str, partner_service: PartnerService, mode: str
) -> None:
    partner_service.faults(timeout_after_effect=1, timeout_mode=mode)
    with pytest.raises(OutcomeUnknown):
        await port.place(key)
    found = await port.ask(key)
    assert found is not None
    assert await port.place(key) == found, "the same key again gives the answer that was lost"
    assert len(partner_service.effects(key)) == 1


async def test_an_unavailable_partner_has_done_nothing(port: Port, key: str, partner_service: PartnerService) -> None:
    partner_service.faults(down=True, retry_after_seconds=7)
    with pytest.raises(PartnerUnavailable) as unavailable:
        await port.place(key)
    assert unavailable.value.retry_after == timedelta(seconds=7)
    with pytest.raises(PartnerUnavailable):
        await port.ask(key)
    partner_service.no_faults()
    assert await port.ask(key) is None


@pytest.mark.parametrize("kind", KINDS)
async def test_a_partner_that_is_not_there_has_done_nothing(kind: str, key: str) -> None:
    async with partner_client(f"http://127.0.0.1:{free_port()}") as nobody:
        port = port_for(kind, nobody, "T-1")
        with pytest.raises(PartnerUnavailable):
            await port.place(key)
        with pytest.raises(PartnerUnavailable):
            await port.ask(key)


async def test_a_server_error_after_sending_is_unknown(port: Port, key: str, partner_service: PartnerService) -> None:
    partner_service.faults(error_next=1, error_status=500)
    with pytest.raises(OutcomeUnknown):
        await port.place(key)
    assert await port.ask(key) is None
    assert (await port.place(key)).status in ("accepted", "done")


@pytest.mark.parametrize("kind", KINDS)
async def test_an_effect_for_an_unknown_order_is_refused_for_good(kind: str, client: httpx.AsyncClient, key: str) -> None:
    port = port_for(kind, client, "T-no-such-order")
    for _ in range(2):
        with pytest.raises(PartnerRefused) as refused:
            await port.place(key)
        assert refused.value.code in ("unknown_order", "unknown_sku")
    asked = await port.ask(key)
    assert asked is not None
    assert asked.status == "refused"
    assert asked.detail.startswith("unknown_order")
