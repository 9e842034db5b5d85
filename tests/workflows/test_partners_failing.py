"""Partners that fail: whatever they do, each effect happens once, and nothing is dropped without a person's word."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import TypeVar

import pytest

from domain import commands as c
from domain.case import Stage
from domain.journal import Entry, StepDone, StepFailed, StepOrdered
from domain.money import Money
from domain.order import Customer
from domain.promise_events import NoticeSent
from tests import walk
from tests.alike import tells
from tests.doubles import wait_for
from tests.house import AGENT, SUPERVISOR, Filed, House, Refused

SEVERE = {"damage": "severe"}


E = TypeVar("E")


def events(entries: list[Entry], kind: type[E]) -> list[E]:
    return [entry.event for entry in entries if isinstance(entry.event, kind)]


@pytest.fixture(autouse=True)
def _well_again(house: House) -> Iterator[None]:
    yield
    house.partners.no_faults()
    house.partners.mode(payments="at_once")


async def test_a_time_out_after_the_effect_is_asked_for_and_paid_once(house: House) -> None:
    filed = await walk.offered(house, "transport_damage", SEVERE)
    house.partners.faults(paths=["/payments"], timeout_after_effect=2, timeout_mode="close")
    await walk.accept(filed)
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("refund", "1000.00"), ("extra_payment", "150.00")]
    assert (await filed.case()).paid == Money.of("1150.00", "CNY")


async def test_a_partner_that_is_down_for_a_while_is_asked_until_it_is_back(house: House) -> None:
    filed = await walk.offered(house, "transport_damage", SEVERE)
    house.partners.faults(paths=["/payments"], error_next=3, error_status=503, retry_after_seconds=0)
    await walk.accept(filed)
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("refund", "1000.00"), ("extra_payment", "150.00")]


async def _with_a_refused_compensation(house: House) -> Filed:
    """The refund is paid, the compensation refused for good, by the partner's webhook."""
    house.partners.mode(payments="pending")
    filed = await walk.agreed(house, "transport_damage", SEVERE)
    await walk.step(filed, "refund", "ordered")
    await walk.step(filed, "compensation", "ordered")
    prefix = walk.key_prefix(filed, cycle=1)
    refund, compensation = walk.effects_of(filed)
    house.partners.advance("payments", refund["reference"])
    await tells(filed, f"{prefix}refund", "done")
    house.partners.advance("payments", compensation["reference"], to="failed", detail="account closed")
    await tells(filed, f"{prefix}compensation", "refused", detail="account closed")
    await walk.step(filed, "compensation", "failed")
    house.partners.mode(payments="at_once")
    return filed


async def test_what_is_refused_for_good_waits_for_a_person_who_is_told(house: House) -> None:
    filed = await _with_a_refused_compensation(house)
    case = await filed.case()
    assert case.stage is Stage.CARRYING_OUT
    assert case.paid == Money.of("1000.00", "CNY")
    entries = await filed.written("step_failed")
    assert events(entries, StepFailed) == [StepFailed(step="compensation", code="refused", detail="account closed")]
    await filed.passes(timedelta(hours=2))
    subject = f"{filed.id}：赔偿 未能执行"
    told = await asyncio.to_thread(wait_for, lambda: [m for m in house.mail.mails() if subject in m["subject"]], 60)
    assert len(told) == 1
    assert "account closed" in told[0]["text"]
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.SettleStep(step="compensation", action="retry", reason="客户更换账户"))
    assert refused.value.code == "wrong_role"


async def test_a_step_tried_again_has_a_key_of_its_own_and_old_news_does_not_touch_it(house: House) -> None:
    filed = await _with_a_refused_compensation(house)
    house.partners.mode(payments="pending")
    await filed.does(SUPERVISOR, c.SettleStep(step="compensation", action="retry", reason="客户更换账户"))
    case = await walk.step(filed, "compensation", "ordered")
    retried = case.step("compensation")
    assert retried is not None
    assert retried.attempt == 1
    keys = [effect["key"] for effect in walk.effects_of(filed)]
    assert [key.removeprefix(walk.key_prefix(filed)) for key in keys] == ["1/refund", "1/compensation", "1/compensation/r1"]

    await tells(filed, keys[1], "refused", detail="told again")
    await tells(filed, keys[1], "done", detail="out of order")
    state = (await filed.case()).step("compensation")
    assert state is not None
    assert state.status == "ordered"
    house.partners.advance("payments", walk.effects_of(filed)[2]["reference"])
    await tells(filed, keys[2], "done")
    await walk.ends_satisfied(filed)
    assert (await filed.case()).paid == Money.of("1150.00", "CNY")


async def test_a_step_dropped_with_a_reason_is_no_longer_decided(house: House) -> None:
    filed = await _with_a_refused_compensation(house)
    await filed.does(SUPERVISOR, c.SettleStep(step="compensation", action="drop", reason="客户改为接受现金"))
    case = await walk.confirming(filed)
    assert case.decided == case.paid == Money.of("1000.00", "CNY")
    with pytest.raises(Refused) as refused:
        await filed.does(SUPERVISOR, c.SettleStep(step="compensation", action="retry", reason="再试"))
    assert refused.value.code == "wrong_stage"
    await walk.ends_satisfied(filed)


async def test_a_refusal_at_the_door_of_the_partner_names_its_code(house: House) -> None:
    filed = await walk.offered(house, "transport_damage", SEVERE)
    paid_back_by_hand = {
        "kind": "refund",
        "order_number": filed.opening.intake.order_number,
        "money": {"amount": "1000.00", "currency": "CNY"},
    }
    answer = house.partners.client.post("/payments", json=paid_back_by_hand, headers={"Idempotency-Key": f"shop-{filed.id}"})
    assert answer.is_success, answer.text
    await walk.accept(filed)
    await walk.step(filed, "refund", "failed")
    await walk.step(filed, "compensation", "done")
    entries = await filed.written("step_failed")
    assert [(e.step, e.code) for e in events(entries, StepFailed)] == [("refund", "over_paid")]
    await filed.does(SUPERVISOR, c.SettleStep(step="refund", action="drop", reason="门店已手工退款"))
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("extra_payment", "150.00")]


async def test_pending_payments_are_done_by_news_that_comes_twice_late_and_of_another_cycle(house: House) -> None:
    house.partners.mode(payments="pending")
    filed = await walk.agreed(house, "transport_damage", SEVERE)
    await walk.step(filed, "refund", "ordered")
    await walk.step(filed, "compensation", "ordered")
    prefix = walk.key_prefix(filed, cycle=1)
    await tells(filed, f"{walk.key_prefix(filed)}2/refund", "done")
    await tells(filed, f"{prefix}unknown_step", "done")
    assert (await filed.case()).paid == Money.of("0.00", "CNY")
    await tells(filed, f"{prefix}refund", "done")
    await tells(filed, f"{prefix}refund", "done")
    await tells(filed, f"{prefix}refund", "accepted", detail="pending")
    await tells(filed, f"{prefix}refund", "refused", detail="late and wrong")
    case = await walk.step(filed, "refund", "done")
    assert case.paid == Money.of("1000.00", "CNY")
    await tells(filed, f"{prefix}compensation", "done")
    entries = await walk.ends_satisfied(filed)
    assert [e.step for e in events(entries, StepDone)] == ["refund", "compensation"]
    assert events(entries, StepFailed) == []


async def test_news_that_overtakes_its_own_answer_is_taken_once(house: House) -> None:
    filed = await walk.offered(house, "transport_damage", {"damage": "moderate"})
    # No answer comes before the news has: the partner is away, as if its answers were on the way.
    house.partners.faults(paths=["/logistics"], down=True)
    await walk.accept(filed)
    prefix = walk.key_prefix(filed, cycle=1)
    await tells(filed, f"{prefix}exchange", "done", detail="delivered", reference="WB-EARLY")
    case = await walk.step(filed, "exchange", "done")
    house.partners.no_faults()
    state = case.step("exchange")
    assert state is not None
    assert state.reference == "WB-EARLY"
    await walk.step(filed, "collection", "ordered")
    entries = await filed.written("step_ordered", times=2)
    assert next((e.step, e.reference) for e in events(entries, StepOrdered)) == ("exchange", "WB-EARLY")
    assert [e.step for e in events(entries, StepDone)] == ["exchange"]


async def test_a_partner_that_was_silent_for_a_day_is_asked(house: House) -> None:
    filed = await walk.agreed(house, "transport_damage", {"damage": "moderate"})
    await walk.step(filed, "exchange", "ordered")
    await walk.step(filed, "collection", "ordered")
    for effect in walk.effects_of(filed):
        house.partners.advance("logistics", effect["reference"], to="delivered")
    assert (await filed.case()).stage is Stage.CARRYING_OUT, "no webhook has told it"
    await filed.passes(timedelta(hours=23))
    assert (await filed.case()).stage is Stage.CARRYING_OUT
    await filed.passes(timedelta(hours=2))
    await walk.confirming(filed)


async def test_goods_lost_on_the_way_fail_their_step(house: House) -> None:
    filed = await walk.agreed(house, "transport_damage", {"damage": "moderate"})
    await walk.step(filed, "exchange", "ordered")
    await walk.step(filed, "collection", "ordered")
    (exchange, _) = walk.effects_of(filed)
    house.partners.advance("logistics", exchange["reference"], to="lost")
    await tells(filed, exchange["key"], "refused", detail="lost", reference=exchange["reference"])
    case = await walk.step(filed, "exchange", "failed")
    assert case.stage is Stage.CARRYING_OUT
    await filed.does(SUPERVISOR, c.SettleStep(step="exchange", action="retry", reason="重新发货"))
    await walk.step(filed, "exchange", "ordered")
    keys = [effect["key"].removeprefix(walk.key_prefix(filed)) for effect in walk.effects_of(filed)]
    assert keys == ["1/exchange", "1/exchange/r1", "1/collection"]


async def test_the_order_system_may_be_down_at_intake(house: House) -> None:
    number = walk.new_order(house)
    customer = Customer(name="王芳", customer_id=house.order(number)["customer_id"], email="wang@customer.example")
    house.partners.faults(paths=["/orders"], down=True)
    filed = await house.file("transport_damage", order_number=number, customer=customer)
    await filed.does(AGENT, c.Respond(message="已登记。"))
    await filed.does(AGENT, c.Verify(founded=True, findings="属实"))
    await filed.does(AGENT, c.Assess(facts={"damage": "slight"}, liable="carrier"))
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Propose())
    assert refused.value.code == "order_not_checked", "nothing is offered on an order that may be nobody's"
    house.partners.no_faults()
    await filed.until(lambda case: case.order_check == "found")
    await filed.does(AGENT, c.Propose())
    assert (await filed.case()).stage is Stage.OFFERED


@pytest.mark.parametrize("status", [401, 409, 500])
async def test_an_order_system_that_refuses_to_talk_ends_no_complaint(house: House, status: int) -> None:
    number = walk.new_order(house)
    customer = Customer(name="王芳", customer_id=house.order(number)["customer_id"], email="wang@customer.example")
    house.partners.faults(paths=["/orders"], error_next=2, error_status=status)
    try:
        filed = await house.file("transport_damage", order_number=number, customer=customer)
        await filed.does(AGENT, c.Respond(message="已登记。"))
        await filed.until(lambda case: case.order_check in ("found", "unclear"), seconds=30)
    finally:
        house.partners.no_faults()
    assert (await filed.case()).stage is Stage.VERIFYING


async def test_one_partner_that_is_down_keeps_no_other_waiting(house: House) -> None:
    filed = await walk.offered(house, "transport_damage", {"damage": "slight"})
    house.partners.faults(paths=["/benefits"], down=True)
    try:
        await walk.accept(filed)
        await walk.step(filed, "repair", "ordered")
        case = await filed.case()
        assert {state.step.id: state.status for state in case.steps}["repair"] == "ordered"
        assert [effect["kind"] for effect in walk.effects_of(filed)] == ["repair"]
    finally:
        house.partners.no_faults()


async def test_notices_come_later_when_the_mail_server_is_down_and_hold_nothing_up(house: House) -> None:
    house.mail.stop()
    try:
        filed = await walk.agreed(house, "transport_damage", {"damage": "slight"})
        await walk.step(filed, "repair", "ordered")
        assert events(await filed.journal(), NoticeSent) == []
    finally:
        house.mail.start()
    await filed.passes(timedelta(minutes=20))

    def offer_came() -> bool:
        mails = house.mail.mails(to="wang@customer.example")
        return sum(filed.id in m["subject"] and "方案" in m["subject"] for m in mails) >= 1

    for _ in range(40):
        if offer_came():
            break
        await filed.passes(timedelta(seconds=30))
    assert offer_came()
