from __future__ import annotations

import httpx
import pytest

from adapters.benefits import HttpBenefits
from adapters.errors import PartnerRefused
from domain.effects import Benefit
from domain.money import Money
from tests.doubles import PartnerService


@pytest.fixture
def benefits(client: httpx.AsyncClient) -> HttpBenefits:
    return HttpBenefits(client)


async def test_a_coupon_taken_back_is_gone_once(
    benefits: HttpBenefits, order_number: str, key: str, partner_service: PartnerService
) -> None:
    granted = await benefits.place(key, Benefit(kind="coupon", order_number=order_number, money=Money.of("50.00", "CNY")))
    assert granted.status == "done"
    revoked = await benefits.cancel(key)
    assert (revoked.status, revoked.detail) == ("refused", "revoked")
    assert await benefits.cancel(key) == revoked
    assert await benefits.ask(key) == revoked
    assert [effect["stage"] for effect in partner_service.effects(key)] == ["revoked"]


@pytest.mark.parametrize("kind", ["coupon", "gift", "points"])
async def test_a_benefit_without_its_worth_is_refused(benefits: HttpBenefits, order_number: str, key: str, kind: str) -> None:
    with pytest.raises(PartnerRefused) as refused:
        await benefits.place(key, Benefit(kind=kind, order_number=order_number))
    assert refused.value.code == "incomplete"


async def test_a_benefit_never_granted_cannot_be_taken_back(benefits: HttpBenefits, key: str) -> None:
    with pytest.raises(PartnerRefused) as refused:
        await benefits.cancel(key)
    assert refused.value.code == "unknown_key"
