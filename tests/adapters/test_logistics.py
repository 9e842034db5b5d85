from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from adapters.errors import OutcomeUnknown, PartnerRefused
from adapters.logistics import HttpLogistics
from domain.effects import ShipmentOrder, VisitOrder
from domain.order import Item
from tests.doubles import PartnerService


@pytest.fixture
def logistics(client: httpx.AsyncClient) -> HttpLogistics:
    return HttpLogistics(client)


@pytest.mark.parametrize(
    ("order", "stages"),
    [
        (ShipmentOrder(kind="exchange", order_number="HM-2026-0009"), ["in_transit", "delivered"]),
        (VisitOrder(kind="reinstallation", order_number="HM-2026-0009"), ["scheduled", "completed"]),
    ],
)
async def test_a_life_goes_on_to_its_good_end(
    logistics: HttpLogistics, key: str, partner_service: PartnerService, order: ShipmentOrder | VisitOrder, stages: list[str]
) -> None:
    placed = await logistics.place(key, order)
    seen = []
    for _ in stages:
        partner_service.advance("logistics", placed.reference)
        report = await logistics.ask(key)
        assert report is not None
        seen.append((report.detail, report.status))
    assert seen == [(stages[0], "accepted"), (stages[1], "done")]


async def test_a_visit_is_ordered_with_its_latest_instant_which_the_partner_keeps_and_tells(
    logistics: HttpLogistics, order_number: str, key: str, partner_service: PartnerService
) -> None:
    before_at = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    await logistics.place(key, VisitOrder(kind="rectification", order_number=order_number, before_at=before_at))
    told = partner_service.client.get(f"/logistics/effects/{key}").json()
    assert datetime.fromisoformat(told["before_at"]) == before_at
    (kept,) = partner_service.effects(key)
    assert kept["before_at"] == told["before_at"]


async def test_a_parcel_can_be_lost(
    logistics: HttpLogistics, order_number: str, key: str, partner_service: PartnerService
) -> None:
    placed = await logistics.place(key, ShipmentOrder(kind="reship", order_number=order_number))
    partner_service.advance("logistics", placed.reference, "lost")
    report = await logistics.ask(key)
    assert report is not None
    assert (report.status, report.detail) == ("refused", "lost")


async def test_cancelling_twice_is_cancelling_once(
    logistics: HttpLogistics, order_number: str, key: str, partner_service: PartnerService
) -> None:
    await logistics.place(key, ShipmentOrder(kind="return", order_number=order_number))
    partner_service.faults(timeout_after_effect=1, timeout_mode="close")
    with pytest.raises(OutcomeUnknown):
        await logistics.cancel(key)
    cancelled = await logistics.cancel(key)
    assert (cancelled.status, cancelled.detail) == ("refused", "cancelled")
    assert await logistics.ask(key) == cancelled


async def test_what_has_arrived_cannot_be_cancelled(
    logistics: HttpLogistics, order_number: str, key: str, partner_service: PartnerService
) -> None:
    placed = await logistics.place(key, ShipmentOrder(kind="reship", order_number=order_number))
    partner_service.advance("logistics", placed.reference, "delivered")
    with pytest.raises(PartnerRefused) as refused:
        await logistics.cancel(key)
    assert refused.value.code == "too_late"


async def test_what_was_never_placed_cannot_be_cancelled(logistics: HttpLogistics, key: str) -> None:
    with pytest.raises(PartnerRefused) as refused:
        await logistics.cancel(key)
    assert refused.value.code == "unknown_key"


async def test_goods_that_the_shop_never_sold_are_not_sent(logistics: HttpLogistics, order_number: str, key: str) -> None:
    with pytest.raises(PartnerRefused) as refused:
        await logistics.place(
            key, ShipmentOrder(kind="reship", order_number=order_number, items=(Item(sku="SL-1"), Item(sku="XX-9")))
        )
    assert refused.value.code == "unknown_sku"
    assert "XX-9" in refused.value.detail


@pytest.mark.clause("HOM-TRN-04")
async def test_tracking_tells_the_route_of_the_original_parcel(logistics: HttpLogistics, order_number: str) -> None:
    tracking = await logistics.track(order_number)
    assert tracking.status == "delivered"
    assert tracking.carrier == "远山物流"
    assert [event.event for event in tracking.events] == [
        "ordered",
        "handed_to_carrier",
        "departed",
        "arrived_at_hub",
        "delivered",
    ]
    assert [event.at for event in tracking.events] == sorted(event.at for event in tracking.events)


@pytest.mark.parametrize(
    ("number", "status"), [("HM-2026-0027", "lost"), ("HM-2026-0031", "in_transit"), ("HM-2026-0037", "not_shipped")]
)
async def test_tracking_tells_of_parcels_that_never_came(logistics: HttpLogistics, number: str, status: str) -> None:
    tracking = await logistics.track(number)
    assert tracking.status == status
    assert tracking.delivered_at is None


async def test_an_unknown_order_has_no_tracking(logistics: HttpLogistics) -> None:
    with pytest.raises(PartnerRefused) as refused:
        await logistics.track("nothing/../here")
    assert refused.value.code == "unknown_order"
