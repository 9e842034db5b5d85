"""A plan that is stopped half way: what can be undone is undone, what cannot goes on and says so, and the books agree."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain import commands as c
from domain.case import Stage
from domain.journal import CallOffRefused, StepFailed, StepSettled
from domain.money import Money
from tests import walk
from tests.alike import ended, tells
from tests.house import AGENT, SUPERVISOR, Filed, House, Refused, build_house
from tests.workflows.test_money import books_agree, compared
from tests.workflows.test_partners_failing import events

SEVERE = {"damage": "severe"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house of these tests alone: its books are compared as a whole."""
    async with build_house(temporal_env, tmp_path_factory.mktemp("calling-off")) as built:
        yield built


@pytest.fixture(autouse=True)
def _well_again(house: House) -> None:
    house.partners.no_faults()
    house.partners.mode(payments="at_once")


async def calls_off(filed: Filed, step: str) -> None:
    await filed.does(SUPERVISOR, c.SettleStep(step=step, action="call_off", reason="客户改变主意"))


async def test_a_pending_payment_is_stopped_and_no_longer_decided(house: House) -> None:
    house.partners.mode(payments="pending")
    filed = await walk.agreed(house, "transport_damage", SEVERE)
    await walk.step(filed, "refund", "ordered")
    await walk.step(filed, "compensation", "ordered")
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.SettleStep(step="compensation", action="call_off", reason="不应由客服撤回"))
    assert refused.value.code == "wrong_role"
    await calls_off(filed, "compensation")
    case = await walk.step(filed, "compensation", "dropped")
    assert case.decided == Money.of("1000.00", "CNY")
    refund = next(effect for effect in walk.effects_of(filed) if effect["kind"] == "refund")
    house.partners.advance("payments", refund["reference"])
    await tells(filed, refund["key"], "done", reference=refund["reference"])
    await walk.ends_satisfied(filed)
    assert (await filed.case()).paid == Money.of("1000.00", "CNY")
    await books_agree(filed)
    assert (await compared(house)).found == 0


async def test_what_is_paid_cannot_be_called_off_and_the_door_says_so(house: House) -> None:
    house.partners.mode(payments="pending")
    filed = await walk.agreed(house, "transport_damage", SEVERE)
    await walk.step(filed, "compensation", "ordered")
    await walk.step(filed, "refund", "ordered")
    refund = next(effect for effect in walk.effects_of(filed) if effect["kind"] == "refund")
    # Paid, and nobody has heard: the partner refuses, is asked how far it is, and the money counts.
    house.partners.advance("payments", refund["reference"])
    await calls_off(filed, "refund")
    case = await walk.step(filed, "refund", "done")
    assert case.paid == Money.of("1000.00", "CNY")
    with pytest.raises(Refused) as refused:
        await calls_off(filed, "refund")
    assert refused.value.code == "cannot_be_called_off"
    await calls_off(filed, "compensation")
    await walk.confirming(filed)
    await books_agree(filed)


async def test_goods_and_visits_on_their_way_are_stopped_and_granted_benefits_taken_back(house: House) -> None:
    filed = await walk.agreed(house, "transport_damage", {"damage": "slight"})
    await walk.step(filed, "repair", "ordered")
    case = await filed.until(lambda case: any(step.step.executor == "benefits" and step.status == "done" for step in case.steps))
    benefit = next(step.step.id for step in case.steps if step.step.executor == "benefits")
    for step in (benefit, "repair"):
        await calls_off(filed, step)
        await walk.step(filed, step, "dropped")
    await walk.confirming(filed)
    assert {effect["status"] for effect in walk.effects_of(filed) if effect["system"] != "payments"} == {"refused"}
    await books_agree(filed)


async def test_the_partners_own_news_of_the_stop_is_no_failure(house: House) -> None:
    filed = await walk.agreed(house, "transport_damage", {"damage": "moderate"})
    await walk.step(filed, "exchange", "ordered")
    await walk.step(filed, "collection", "ordered")
    exchange = next(effect for effect in walk.effects_of(filed) if effect["kind"] == "exchange")
    house.partners.faults(paths=["/logistics"], latency_ms=400)
    await calls_off(filed, "exchange")
    await tells(filed, exchange["key"], "refused", detail="cancelled", reference=exchange["reference"])
    await walk.step(filed, "exchange", "dropped")
    entries = await filed.written("step_settled")
    assert events(entries, StepFailed) == []
    assert [(e.step, e.action) for e in events(entries, StepSettled)] == [("exchange", "drop")]


async def test_what_cannot_be_undone_goes_on_and_the_journal_says_why(house: House) -> None:
    filed = await walk.agreed(house, "transport_damage", {"damage": "moderate"})
    await walk.step(filed, "exchange", "ordered")
    house.partners.faults(paths=["/logistics"], latency_ms=300)
    exchange = next(effect for effect in walk.effects_of(filed) if effect["kind"] == "exchange")
    house.partners.advance("logistics", exchange["reference"], to="delivered")
    await calls_off(filed, "exchange")
    with pytest.raises(Refused) as refused:
        await calls_off(filed, "exchange")
    assert refused.value.code in ("called_off_already", "cannot_be_called_off")
    case = await walk.step(filed, "exchange", "done")
    assert not any(step.calling_off for step in case.steps)
    entries = await filed.written("step_done")
    assert events(entries, CallOffRefused) == [], "it is done, which says more"


async def test_nothing_is_closed_over_a_step_that_failed_and_nobody_decided_on(house: House) -> None:
    house.partners.mode(payments="pending")
    filed = await walk.agreed(house, "transport_damage", SEVERE)
    await walk.step(filed, "compensation", "ordered")
    await walk.step(filed, "refund", "ordered")
    for effect in walk.effects_of(filed):
        house.partners.advance("payments", effect["reference"], to="failed", detail="account closed")
        await tells(filed, effect["key"], "refused", detail="account closed", reference=effect["reference"])
    await walk.step(filed, "compensation", "failed")
    close = c.CloseByDecision(outcome="decided", reason="客户失联")
    with pytest.raises(Refused) as refused:
        await filed.does(SUPERVISOR, close)
    assert refused.value.code == "step_not_settled"
    await filed.does(SUPERVISOR, c.SettleStep(step="refund", action="drop", reason="门店已付现金"))
    await filed.does(SUPERVISOR, c.SettleStep(step="compensation", action="drop", reason="门店已付现金"))
    assert (await filed.case()).stage is Stage.CONFIRMING
    await filed.does(SUPERVISOR, close)
    await ended(filed, "decided")
    await books_agree(filed)
