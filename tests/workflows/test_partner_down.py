"""While a partner is down its complaints wait: nothing is burnt meanwhile, neither retries nor history."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from domain.case import Stage
from tests import walk
from tests.doubles import wait_for
from tests.house import Filed, House

SEVERE = {"damage": "severe"}


@pytest.fixture(autouse=True)
def _well_again(house: House) -> Iterator[None]:
    yield
    house.partners.no_faults()


async def _standing(waiting: list[Filed]) -> tuple[list[int], list[int]]:
    """How long their histories are, and how often what they wait for was tried."""
    told = [await filed.handle.describe() for filed in waiting]
    pending = [activity for each in told for activity in each.raw_description.pending_activities]
    return [each.history_length for each in told], [activity.attempt for activity in pending]


async def _nothing_else_to_do(filed: Filed) -> None:
    """Its letters are sent and its journal is written: a refund and a compensation are all that it still waits for."""
    while [each.activity_type.name for each in (await filed.handle.describe()).raw_description.pending_activities] != [
        "place_effect",
        "place_effect",
    ]:
        await asyncio.sleep(0.1)
    await filed.journal()


async def test_while_a_partner_is_down_its_complaints_wait_without_burning_retries_or_history(house: House) -> None:
    waiting = [await walk.offered(house, "transport_damage", SEVERE) for _ in range(4)]

    def gate() -> str:
        gates = house.parts.partners.gates()
        return next(each.state for each in gates if (each.tenant, each.partner) == ("home-demo", "payments"))

    house.partners.faults(paths=["/payments"], down=True, retry_after_seconds=1)
    try:
        for filed in waiting:
            await walk.accept(filed)
            await filed.until(lambda case: case.stage is Stage.CARRYING_OUT)
        for filed in waiting:
            await _nothing_else_to_do(filed)
        assert gate() != "closed", "it asked to be left alone for a moment"
        # Whoever tries then hears nothing for a long time, and is one.
        house.partners.faults(paths=["/payments"], down=True, latency_ms=9000)
        before, tried_before = await _standing(waiting)
        await asyncio.sleep(7)
        after, tried = await _standing(waiting)
        assert after == before
        assert len(tried) == 2 * len(waiting)
        assert max(tried) <= max(tried_before) + 3
    finally:
        for filed in waiting:
            await filed.handle.terminate("nobody waits for it any longer")
        house.partners.no_faults()
    # The one that tries is answered when its silence is over; where none was trying, the next one finds the partner well.
    await walk.ends_satisfied(await walk.agreed(house, "transport_damage", SEVERE))
    await asyncio.to_thread(wait_for, lambda: gate() == "closed", 60)
