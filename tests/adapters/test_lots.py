from __future__ import annotations

import uuid

import httpx
import pytest

from adapters.errors import PartnerRefused
from adapters.lots import HttpLots
from domain.effects import LotChange
from tests.doubles import PartnerService


@pytest.fixture
def lots(client: httpx.AsyncClient) -> HttpLots:
    return HttpLots(client)


@pytest.fixture
def lot() -> str:
    return f"LOT/{uuid.uuid4().hex[:8]} 甲"


def state(service: PartnerService, lot: str) -> dict[str, object]:
    answer: dict[str, object] = service.client.get("/lots/state", params={"lot": lot}).json()
    return answer


@pytest.mark.clause("FOO-BAT-03")
async def test_a_lot_is_stopped_once_and_released(lots: HttpLots, key: str, lot: str, partner_service: PartnerService) -> None:
    stopped = await lots.place(key, LotChange(kind="suspend", lot=lot, reason="FOO-BAT-03"))
    assert stopped.status == "done"
    assert await lots.place(key, LotChange(kind="suspend", lot=lot, reason="FOO-BAT-03")) == stopped
    assert state(partner_service, lot) == {"lot": lot, "on_sale": False, "recalled": False}
    await lots.place(f"{key}-back", LotChange(kind="release", lot=lot))
    assert state(partner_service, lot)["on_sale"] is True
    assert await lots.ask(key) == stopped


@pytest.mark.clause("FOO-BAT-06")
async def test_a_recall_takes_its_time_and_is_never_undone(
    lots: HttpLots, key: str, lot: str, partner_service: PartnerService
) -> None:
    recall = await lots.place(key, LotChange(kind="recall", lot=lot, reason="FOO-BAT-06"))
    assert recall.status == "accepted"
    partner_service.advance("lots", recall.reference, "executed")
    done = await lots.ask(key)
    assert done is not None
    assert done.status == "done"
    with pytest.raises(PartnerRefused) as refused:
        await lots.place(f"{key}-back", LotChange(kind="release", lot=lot))
    assert refused.value.code == "recalled"
    assert state(partner_service, lot) == {"lot": lot, "on_sale": False, "recalled": True}


async def test_a_change_that_was_never_made_is_not_known(lots: HttpLots, key: str) -> None:
    assert await lots.ask(key) is None
