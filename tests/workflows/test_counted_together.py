"""What counts together on the real house: by where an order went, and by what the order knows of a product."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from domain.intake import Product
from domain.order import Customer
from tests.house import Filed, House
from tests.workflows.greengrocer import TENANT
from tests.workflows.incident_people import led


async def filed(house: House, category: str, like: str, order: dict[str, Any], **intake: Any) -> Filed:
    customer = Customer(name="夏禾", customer_id=house.order(like)["customer_id"], email="xia@customer.example")
    number = house.new_order(like, **order)
    return await house.file(category, tenant=TENANT, order_number=number, customer=customer, channel="app", **intake)


@pytest.mark.clause("FOO-BAT-01", "FOO-CLS-01", "FOO-SEV-01")
async def test_three_of_a_kind_whose_orders_went_to_one_region_are_an_incident_and_a_fourth_elsewhere_is_none(
    house: House,
) -> None:
    region, other = (f"上海-{uuid.uuid4().hex[:8]}" for _ in range(2))
    first = await filed(house, "damaged", "FD-2026-0001", {"destination": region})
    alone = await filed(house, "damaged", "FD-2026-0002", {"destination": other})
    ranked = await alone.until(lambda case: case.order_check == "found")
    assert (ranked.severity, ranked.priority, ranked.urgent) == ("general", 3, False)
    others = [await filed(house, "damaged", like, {"destination": region}) for like in ("FD-2026-0003", "FD-2026-0004")]
    incident = await led(house, first, "one_region")
    known = await incident.until(lambda i: len(i.complaints) == 3)
    assert set(known.complaints) == {each.id for each in (first, *others)}
    assert known.about == {"category": "damaged", "region": region}
    for each in (first, *others):
        case = await each.until(lambda case: bool(case.incidents))
        assert (case.severity, case.priority, case.urgent) == ("severe", 1, True)
    assert (await alone.case()).incidents == ()


@pytest.mark.clause("FOO-BAT-01", "FOO-CLS-01")
async def test_who_gives_the_name_and_who_gives_the_sku_complain_of_one_product(house: House) -> None:
    sku = f"SKU-{uuid.uuid4().hex[:8]}"
    [line, *_] = house.order("FD-2026-0007")["lines"]
    line = line | {"sku": sku, "name": f"酸奶 {sku}"}
    said = (Product(name=f"酸奶  {sku.lower()}", lot=sku), Product(sku=sku.lower(), name="酸奶", lot=sku))
    both: list[Filed] = []
    for place, product in enumerate((*said, said[0])):
        order = {"lines": [line], "destination": f"{sku}-{place}"}
        both.append(await filed(house, "spoilage", "FD-2026-0007", order, product=product))
        if len(both) == 1:
            ranked = await both[0].until(lambda case: case.order_check == "found")
            assert (ranked.severity, ranked.priority, ranked.urgent) == ("general", 2, False), "quality goes before delivery"
    incident = await led(house, both[0], "one_product")
    known = await incident.until(lambda i: len(i.complaints) == 3)
    assert set(known.complaints) == {each.id for each in both}
