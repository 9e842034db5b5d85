"""Transport complaints: every remedy of the procedure on real partners, to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain import commands as c
from domain.actor import Role
from domain.case import Stage
from domain.money import Money
from domain.remedies import StepChoice
from tests import walk
from tests.alike import ended
from tests.house import AGENT, CUSTOMER, MANAGER, SUPERVISOR, TECHNICIAN, House, Refused


@pytest.mark.clause("HOM-DMG-01")
async def test_slight_damage_brings_a_coupon_and_a_repair_on_site(house: House) -> None:
    filed = await walk.agreed(house, "transport_damage", {"damage": "slight"})
    await walk.step(filed, "repair", "ordered")
    assert walk.paid_out(filed) == [("coupon", "50.00"), ("repair", "")]
    visit = walk.effects_of(filed)[1]
    assert visit["order_number"] == filed.opening.intake.order_number

    await filed.does(TECHNICIAN, c.ReportVisit(step="repair", findings="划痕已修复", corrected=True, evidence=(walk.PHOTO,)))
    await walk.ends_satisfied(filed)
    assert (await filed.case()).paid == Money.of("0.00", "CNY"), "a coupon is worth money but none leaves"


@pytest.mark.clause("HOM-DMG-01")
async def test_slight_damage_brings_a_discount_where_the_customer_prefers_it(house: House) -> None:
    choice = StepChoice(step="discount", percent=Decimal("8"))
    filed = await walk.agreed(house, "transport_damage", {"damage": "slight"}, choice)
    await walk.step(filed, "repair", "ordered")
    assert walk.paid_out(filed) == [("refund", "80.00"), ("repair", "")]
    assert (await filed.case()).paid == (await filed.case()).decided == Money.of("80.00", "CNY")


@pytest.mark.clause("HOM-DMG-02")
async def test_moderate_damage_is_exchanged_with_freight_both_ways_on_the_company(house: House) -> None:
    filed = await walk.agreed(house, "transport_damage", {"damage": "moderate"})
    await walk.step(filed, "collection", "ordered")
    effects = walk.effects_of(filed)
    assert [(e["kind"], e["request"]["freight_paid_by"]) for e in effects] == [("exchange", "company"), ("collection", "company")]
    assert (await filed.case()).stage is Stage.CARRYING_OUT, "nothing is done before the goods have moved"
    assert (await filed.case()).decided == Money.of("0.00", "CNY")


@pytest.mark.clause("HOM-DMG-02", "HOM-EXE-01")
async def test_new_goods_need_a_supervisor_although_no_money_leaves(house: House) -> None:
    filed = await walk.proposed(house, "transport_damage", {"damage": "moderate"})
    case = await filed.case()
    assert case.stage is Stage.APPROVING
    assert case.proposal is not None
    assert case.proposal.approver_role is Role.SUPERVISOR


@pytest.mark.clause("HOM-DMG-03")
@pytest.mark.parametrize(("percent", "extra"), [("10", "100.00"), ("18", "180.00"), ("20", "200.00")])
async def test_the_agent_may_move_inside_the_range_of_severe_damage(house: House, percent: str, extra: str) -> None:
    choice = StepChoice(step="compensation", percent=Decimal(percent))
    filed = await walk.agreed(house, "transport_damage", {"damage": "severe"}, choice)
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("refund", "1000.00"), ("extra_payment", extra)]


@pytest.mark.clause("HOM-DMG-03")
async def test_outside_the_range_a_reason_and_a_manager_are_needed(house: House) -> None:
    filed = await walk.founded(house, "transport_damage")
    await filed.does(AGENT, c.Assess(facts={"damage": "severe"}, liable="carrier"))
    above = (StepChoice(step="compensation", percent=Decimal("25")),)
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Propose(choices=above))
    assert (refused.value.code, refused.value.detail["field"]) == ("reason_required", "reason")

    await filed.does(AGENT, c.Propose(choices=above, reason="客户家中已停工待料"))
    with pytest.raises(Refused) as refused:
        await filed.does(SUPERVISOR, c.Approve(number=1))
    assert refused.value.code == "approver_too_low"
    await filed.does(MANAGER, c.Approve(number=1))
    await walk.accept(filed)
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("refund", "1000.00"), ("extra_payment", "250.00")]


@pytest.mark.clause("HOM-DMG-03")
async def test_what_comes_on_top_never_exceeds_the_cap_whoever_approves(house: House) -> None:
    filed = await walk.founded(house, "transport_damage")
    await filed.does(AGENT, c.Assess(facts={"damage": "severe"}, liable="carrier"))
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Propose(choices=(StepChoice(step="compensation", percent=Decimal("51")),), reason="特殊"))
    assert refused.value.detail["field"] == "choices.compensation.percent"


@pytest.mark.clause("HOM-TRN-05", "HOM-DLY-01")
@pytest.mark.parametrize("days", [1, 2])
async def test_a_short_delay_is_explained_with_a_coupon(house: House, days: int) -> None:
    filed = await walk.agreed(house, "transport_delay", {"delay_days": days})
    assert (await filed.case()).facts["delay"] == "short"
    await filed.does(AGENT, c.CompleteStep(step="explanation", note="分拨中心积压，预计明日到货"))
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("coupon", "20.00")]


@pytest.mark.clause("HOM-DLY-01")
async def test_a_short_delay_may_bring_a_gift_instead(house: House) -> None:
    filed = await walk.agreed(house, "transport_delay", {"delay_days": 1}, StepChoice(step="gift"))
    await filed.until(lambda case: all(s.status != "planned" for s in case.steps))
    (gift,) = walk.effects_of(filed)
    assert (gift["kind"], gift["request"]["item"]) == ("gift", "石材养护套装")


@pytest.mark.clause("HOM-TRN-05", "HOM-DLY-02")
@pytest.mark.parametrize(("days", "extra"), [(3, "30.00"), (5, "50.00")])
async def test_a_longer_delay_is_compensated_by_the_day(house: House, days: int, extra: str) -> None:
    filed = await walk.agreed(house, "transport_delay", {"delay_days": days})
    assert (await filed.case()).facts["delay"] == "longer"
    await filed.does(AGENT, c.CompleteStep(step="explanation", note="线路封闭，预计周五到货"))
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("extra_payment", extra)]


@pytest.mark.clause("HOM-TRN-05", "HOM-DLY-03")
async def test_a_long_delay_that_the_customer_cancels_is_refunded_with_compensation(house: House) -> None:
    filed = await walk.agreed(house, "transport_delay", {"delay_days": 6, "customer_cancels": True})
    assert (await filed.case()).facts["delay"] == "long"
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("refund", "1000.00"), ("extra_payment", "75.00")]


@pytest.mark.clause("HOM-DLY-02", "HOM-DLY-03")
@pytest.mark.parametrize(("days", "extra"), [(6, "60.00"), (45, "300.00")])
async def test_a_long_delay_that_the_customer_bears_is_compensated_by_the_day_up_to_its_cap(
    house: House, days: int, extra: str
) -> None:
    filed = await walk.agreed(house, "transport_delay", {"delay_days": days, "customer_cancels": False})
    await filed.does(AGENT, c.CompleteStep(step="explanation", note="已重新发运，预计三日内到货"))
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("extra_payment", extra)]


@pytest.mark.clause("HOM-LOS-01", "HOM-LOS-02")
async def test_lost_goods_are_refunded_with_more_and_claimed_of_the_carrier_behind_the_scenes(house: House) -> None:
    filed = await walk.agreed(house, "transport_loss", {})
    await walk.confirming(filed)
    assert walk.paid_out(filed) == [("refund", "1000.00"), ("extra_payment", "250.00")]

    case = await filed.case()
    claim = case.step("claim")
    assert claim is not None
    assert claim.status == "ordered", "the claim is open while the customer has their money already"
    assert (await filed.promise("claim_settled")).clause == "HOUSE-STEP"

    await filed.does(CUSTOMER, c.Confirm(satisfied=True, rating=5))
    assert (await filed.case()).open, "closed only when the claim is settled too"
    with pytest.raises(Refused) as refused:
        await filed.does(CUSTOMER, c.Confirm(satisfied=True, rating=5))
    assert refused.value.code == "already_confirmed"

    await filed.does(AGENT, c.CompleteStep(step="claim", note="承运商赔付 1000 元，已到账"))
    entries = await ended(filed, "satisfied")
    assert "HOM-LOS-02" in walk.clauses_of(entries, "step_done")


@pytest.mark.clause("HOM-LOS-01")
@pytest.mark.parametrize(("percent", "extra"), [("20", "200.00"), ("30", "300.00")])
async def test_the_compensation_for_a_loss_is_a_range(house: House, percent: str, extra: str) -> None:
    filed = await walk.agreed(house, "transport_loss", {}, StepChoice(step="compensation", percent=Decimal(percent)))
    await walk.confirming(filed)
    assert walk.paid_out(filed)[1] == ("extra_payment", extra)
