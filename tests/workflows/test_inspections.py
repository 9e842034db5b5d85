"""Technicians on their way: called off when nobody needs them any more, sent again when the partner refused."""

from __future__ import annotations

import pytest

from domain import commands as c
from domain.case import Stage
from tests import walk
from tests.alike import tells
from tests.house import AGENT, SUPERVISOR, Filed, House


async def on_the_way(house: House) -> Filed:
    filed = await house.file("installation_workmanship", order_number=walk.new_order(house))
    await filed.does(AGENT, c.Respond(message="已登记，安排师傅上门查看。"))
    await filed.does(AGENT, c.OrderInspection())
    await filed.until(lambda case: case.inspection is not None and case.inspection.status == "ordered")
    return filed


@pytest.mark.clause("HOM-INS-03")
async def test_a_technician_is_called_off_when_the_complaint_is_withdrawn(house: House) -> None:
    filed = await on_the_way(house)
    await filed.does(AGENT, c.Withdraw(reason="客户自行解决"))
    await filed.ends()
    (visit,) = walk.effects_of(filed)
    assert visit["status"] == "refused"
    case = await house.cases.get("home-demo", filed.id)
    assert case is not None
    assert case.inspection is not None
    assert (case.stage, case.inspection.status) == (Stage.CLOSED, "dropped")


async def test_an_inspection_that_the_partner_refused_is_sent_again_under_another_key(house: House) -> None:
    filed = await on_the_way(house)
    (visit,) = walk.effects_of(filed)
    await tells(filed, visit["key"], "refused", "no technician", visit["reference"])
    await filed.until(lambda case: case.inspection is not None and case.inspection.status == "failed")

    step = visit["key"].rsplit("/", 1)[1]
    await filed.does(SUPERVISOR, c.SettleStep(step=step, action="retry", reason="换一位师傅"))
    await filed.until(lambda case: case.inspection is not None and case.inspection.status == "ordered")
    assert [effect["key"].removeprefix(visit["key"]) for effect in walk.effects_of(filed)] == ["", "/r1"]
