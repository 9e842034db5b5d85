"""Damage in transport, from receipt to the end, on real parts."""

from __future__ import annotations

import pytest

from domain import commands as c
from domain.case import Stage
from domain.fold import replay
from tests import walk
from tests.house import AGENT, CUSTOMER, SUPERVISOR, House, Refused


@pytest.mark.clause("HOM-DMG-03", "HOM-EXE-01", "HOM-CLS-01")
async def test_severe_damage_is_refunded_with_its_extra_percentage_once_approved_and_agreed(house: House) -> None:
    filed = await house.file("transport_damage")
    await filed.until(lambda case: case.order_check == "found")
    await filed.does(AGENT, c.Respond(message="已登记，今天下班前给您答复。"))
    await filed.does(AGENT, c.Verify(founded=True, findings="承运商承认运输破损", sources=("承运商",)))
    await filed.does(AGENT, c.Assess(facts={"damage": "severe"}, liable="carrier"))
    await filed.does(AGENT, c.Propose())
    with pytest.raises(Refused) as refused:
        await filed.does(CUSTOMER, c.Accept(number=1))
    assert refused.value.code == "wrong_stage"
    assert house.partners.effects(f"home-demo:{filed.id}/") == []

    await filed.does(SUPERVISOR, c.Approve(number=1))
    await filed.does(CUSTOMER, c.Accept(number=1))
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(CUSTOMER, c.Confirm(satisfied=True, rating=5))

    ending = await filed.ends()
    assert ending.outcome == "satisfied"
    assert walk.paid_out(filed) == [("refund", "1000.00"), ("extra_payment", "150.00")]
    entries = await filed.journal()
    assert replay(entries) == await house.cases.get("home-demo", filed.id)
