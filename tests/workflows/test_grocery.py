"""The grocery procedure, clause by clause, on the real house."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain import commands as c
from domain.actor import Role
from domain.advice import advice_now
from domain.case import Stage
from domain.invoice import Invoice
from domain.money import Money
from domain.order import Customer, Item
from domain.policy import registry
from domain.promise_events import DeadlineMissed
from domain.remedies import StepChoice
from tests.alike import arrives, effects, mailed
from tests.house import House, Refused
from tests.workflows.grocer import (
    AGENT,
    EGGS,
    OPERATIONS,
    RICE,
    SUPERVISOR,
    TENANT,
    agreed,
    filed_under,
    found_true,
    satisfied,
)
from tests.workflows.promises import climbed, fallen_due, of


@pytest.mark.clause("GRO-MIS-01", "GRO-MIS-02", "GRO-MIS-03", "GRO-ALL-03", "GRO-ALL-04", "GRO-ALL-06", "GRO-ALL-07")
async def test_what_is_missing_is_sent_at_once_told_and_confirmed_after_its_arrival(house: House) -> None:
    filed = await found_true(await filed_under(house, "missing_components"), missing="warranty_card", reship_wanted=True)
    item = Item(sku=RICE, part="warranty_card")
    await agreed(filed, StepChoice(step="reship", items=(item,)))
    # Nobody has to be asked: the card belongs to the order, and logistics knows as soon as the customer said yes.
    await filed.until(lambda case: any(d.name == "arrival_told" for d in case.deadlines))
    [reship] = effects(filed)
    assert reship["kind"] == "reship"
    assert reship["request"]["items"] == [{"sku": RICE, "part": "warranty_card", "quantity": 1}]
    told = await filed.promise("arrival_told")
    await filed.does(AGENT, c.ReportProgress(message="明天上午送达"))
    await arrives(filed, "reship")
    await filed.promise("callback")
    entries = await satisfied(filed)
    [met] = of(entries, told.key, "deadline_met")
    assert met.event.in_time


@pytest.mark.clause("GRO-MIS-02")
async def test_the_agent_says_what_is_sent_and_what_the_order_does_not_hold_needs_a_supervisor(house: House) -> None:
    filed = await found_true(await filed_under(house, "missing_components"), missing="accessory", reship_wanted=True)
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Propose())
    assert refused.value.detail["field"] == "choices.reship.items"
    await filed.does(AGENT, c.Propose(choices=(StepChoice(step="reship", items=(Item(sku="AF-6L", part="accessory"),)),)))
    case = await filed.case()
    assert case.stage is Stage.APPROVING
    assert case.proposal is not None
    assert case.proposal.plan.outside_order
    assert case.proposal.approver_role is Role.SUPERVISOR
    await filed.does(SUPERVISOR, c.SendBack(number=1, reason="只补发订单内的配件"))
    # Three of what was bought twice is more than the order holds.
    await filed.does(AGENT, c.Propose(choices=(StepChoice(step="reship", items=(Item(sku=EGGS, quantity=3),)),)))
    assert (await filed.case()).stage is Stage.APPROVING
    await filed.does(SUPERVISOR, c.SendBack(number=2, reason="数量超出订单"))
    await filed.does(AGENT, c.Propose(choices=(StepChoice(step="reship", items=(Item(sku=EGGS, quantity=2),)),)))
    assert (await filed.case()).stage is Stage.OFFERED


@pytest.mark.clause("GRO-ALL-05")
async def test_who_wants_no_shipment_may_get_points_and_the_case_closes_when_they_agree(house: House) -> None:
    filed = await found_true(await filed_under(house, "missing_components"), missing="cutlery", reship_wanted=False)
    await agreed(filed, StepChoice(step="points", points=200))
    await satisfied(filed)
    [points] = effects(filed)
    assert (points["kind"], points["request"]["points"]) == ("points", 200)


@pytest.mark.clause("GRO-QTY-01", "GRO-QTY-02")
async def test_spoiled_goods_go_back_and_their_price_is_paid_back_after_approval(house: House) -> None:
    filed = await found_true(await filed_under(house, "quality_or_shortage"), fault="spoiled", wants="return")
    await agreed(
        filed,
        StepChoice(step="return", items=(Item(sku=EGGS, quantity=2),)),
        StepChoice(step="refund", amount=Money.of("65.60", "CNY")),
    )
    await arrives(filed, "return")
    case = await filed.until(lambda case: len(effects(filed)) == 2)
    assert case.decided == Money.of("65.60", "CNY")
    assert {effect["kind"] for effect in effects(filed)} == {"return", "refund"}


@pytest.mark.clause("GRO-QTY-02", "GRO-SUP-01")
@pytest.mark.parametrize("wants", ["reship", "exchange"])
async def test_what_is_short_or_not_fresh_is_sent_again_or_exchanged(house: House, wants: str) -> None:
    filed = await found_true(await filed_under(house, "quality_or_shortage"), fault="short", wants=wants)
    pack = registry.released("grocery@2026-11")
    told = {line.row: line.clauses for line in advice_now(await filed.journal(), pack)}
    assert told["make_it_good_unasked"] == ("GRO-SUP-01",)
    await agreed(filed, StepChoice(step=wants, items=(Item(sku=RICE),)))
    await arrives(filed, wants)
    await satisfied(filed)
    assert [effect["kind"] for effect in effects(filed)] == [wants]


@pytest.mark.clause("GRO-SUP-01")
async def test_what_was_delivered_too_much_is_never_asked_back(house: House) -> None:
    filed = await found_true(await filed_under(house, "quality_or_shortage"), fault="excess")
    await agreed(filed)
    await satisfied(filed)
    assert effects(filed) == []


@pytest.mark.clause("GRO-COD-01")
async def test_goods_fit_for_resale_go_back_without_condition(house: House) -> None:
    filed = await found_true(await filed_under(house, "cod_refusal", "GR-2026-0005"), fit_for_resale=True)
    await agreed(filed)
    await arrives(filed, "return")
    await satisfied(filed)
    assert [effect["kind"] for effect in effects(filed)] == ["return"]


@pytest.mark.clause("GRO-COD-02")
async def test_who_takes_cut_goods_after_all_keeps_the_credit(house: House) -> None:
    filed = await filed_under(house, "cod_refusal", "GR-2026-0005")
    await filed.until(lambda case: case.order_check != "pending")
    await filed.does(AGENT, c.Respond(message="已登记。"))
    await filed.does(AGENT, c.Verify(founded=True, findings="已切割", sources=("照片",)))
    pack = registry.released("grocery@2026-11")
    [told] = advice_now(await filed.journal(), pack)
    assert (told.row, told.clauses) == ("keep_it_for_the_credit", ("GRO-COD-02",))
    assert "advise taking them" in told.text.en
    await filed.does(AGENT, c.Assess(facts={"fit_for_resale": False, "insists": False}, liable="company"))
    await agreed(filed)
    await satisfied(filed)
    assert effects(filed) == []


@pytest.mark.clause("GRO-COD-03", "HOUSE-CREDIT")
async def test_who_insists_on_returning_them_loses_cash_on_delivery_until_it_is_restored(house: House) -> None:
    filed = await found_true(await filed_under(house, "cod_refusal", "GR-2026-0005"), fit_for_resale=False, insists=True)
    await agreed(filed)
    await arrives(filed, "return")
    await satisfied(filed)
    customer = house.order("GR-2026-0005")["customer_id"]

    def restricted() -> bool:
        return bool(house.partners.client.get(f"/accounts/{customer}").json()["cod_restricted"])

    assert restricted()
    assert {effect["kind"] for effect in effects(filed)} == {"return", "restrict_cod"}
    again = await house.file(
        "cod_credit", tenant=TENANT, order_number=None, customer=Customer(name="李梅", customer_id=customer, phone="13900000001")
    )
    await found_true(again)
    await agreed(again)
    await satisfied(again)
    assert not restricted()


@pytest.mark.clause("GRO-LST-01", "GRO-LST-03", "GRO-LST-04", "GRO-PRC-01")
@pytest.mark.parametrize("category", ["listing_mismatch", "price"])
async def test_goods_that_differ_are_exchanged_and_operations_corrects_the_site(house: House, category: str) -> None:
    filed = await found_true(await filed_under(house, category), exchange_or_return="exchange")
    await agreed(filed, StepChoice(step="exchange", items=(Item(sku=RICE),)))
    await arrives(filed, "exchange")
    # The customer is not kept waiting for the site; the complaint is not over before it is corrected.
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(AGENT, c.Confirm(satisfied=True, rating=4))
    case = await filed.case()
    assert case.stage is Stage.CONFIRMING
    state = case.step("correction")
    assert state is not None
    assert (state.reference, state.step.kind) == ("operations", "listing_correction")
    assert await mailed(filed, "更正网站信息", "operations@linli.example")
    await filed.does(OPERATIONS, c.CompleteStep(step="correction", note="图片已更换"))
    assert (await filed.ends()).outcome == "satisfied"


@pytest.mark.clause("GRO-LST-02", "GRO-ALL-01")
async def test_an_objection_without_an_order_is_not_verified_but_checked_by_operations(house: House) -> None:
    filed = await filed_under(house, "objection", None, content="网站价格比超市贵。")
    await filed.does(AGENT, c.Respond(message="感谢您的意见，我们核实后回电。"))
    case = await filed.case()
    assert case.stage is Stage.ASSESSING
    assert not any(d.name == "verification" for d in case.deadlines)
    await filed.does(AGENT, c.Assess(facts={}, liable="nobody"))
    await agreed(filed)
    await filed.until(lambda case: (state := case.step("check")) is not None and state.status == "ordered")
    assert await mailed(filed, "运营部核实", "operations@linli.example")
    await filed.does(OPERATIONS, c.CompleteStep(step="check", note="价格随市场调整，已更新"))
    await satisfied(filed)


@pytest.mark.clause("GRO-INV-01", "GRO-INV-02", "GRO-ALL-01")
async def test_a_wrong_invoice_is_made_anew_and_delivered_without_verification(house: House) -> None:
    filed = await filed_under(house, "invoice", expectation="抬头：邻里餐饮有限公司；内容：食品")
    await filed.until(lambda case: case.order_check == "found")
    await filed.does(AGENT, c.Respond(message="抱歉，马上为您重开。"))
    await filed.does(AGENT, c.Assess(facts={}, liable="company"))
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Propose())
    assert refused.value.code == "not_allowed_by_policy"
    stated = {"title": "邻里餐饮有限公司", "tax_number": "91310000MA1K00000X", "content": "食品"}
    await agreed(filed, StepChoice(step="invoice", invoice=Invoice(**stated)))
    await filed.promise("arrival_told")
    [invoice] = effects(filed)
    assert invoice["kind"] == "invoice"
    assert invoice["request"]["invoice"] == stated
    await filed.does(AGENT, c.ReportProgress(message="后天随快递送达"))
    await arrives(filed, "invoice")
    await satisfied(filed)


@pytest.mark.clause("GRO-ALL-01")
async def test_what_is_not_true_is_explained_and_ends_apart_from_what_was_solved(house: House) -> None:
    filed = await filed_under(house, "quality_or_shortage")
    await filed.until(lambda case: case.order_check == "found")
    await filed.does(AGENT, c.Respond(message="抱歉，我们马上核实。"))
    await filed.does(AGENT, c.Verify(founded=False, findings="照片与该订单商品不符", sources=("订单明细", "照片")))
    assert (await filed.ends()).outcome == "unfounded"
    assert await mailed(filed, "核实结果", "li@customer.example")


@pytest.mark.clause("GRO-SUP-03")
async def test_every_complaint_is_reported_to_operations_and_the_general_manager(house: House) -> None:
    filed = await filed_under(house, "price")
    await filed.until(lambda case: case.order_check == "found")
    assert await mailed(filed, "客诉报备", "operations@linli.example")
    assert await mailed(filed, "客诉报备", "gm@linli.example")


@pytest.mark.clause("GRO-SUP-02")
async def test_what_the_agent_cannot_decide_goes_to_operations_and_the_general_manager(house: House) -> None:
    filed = await found_true(await filed_under(house, "quality_or_shortage"), fault="spoiled", wants="nothing")
    await filed.does(AGENT, c.Escalate(to=Role.GENERAL_MANAGER, reason="客户要求三倍赔偿"))
    await filed.until(lambda case: case.assignee == "cai")
    assert await mailed(filed, "请您决定", "gm@linli.example")
    assert await mailed(filed, "超出客服权限", "operations@linli.example")


@pytest.mark.clause("GRO-SUP-02")
async def test_the_general_manager_hears_of_what_a_supervisor_is_asked_to_decide(house: House) -> None:
    filed = await found_true(await filed_under(house, "quality_or_shortage"), fault="spoiled", wants="nothing")
    await filed.does(AGENT, c.Escalate(reason="客户要求三倍赔偿"))
    await filed.until(lambda case: case.assignee == SUPERVISOR.id)
    assert await mailed(filed, "已请示上级", "gm@linli.example")
    assert await mailed(filed, "超出客服权限", "operations@linli.example")


@pytest.mark.clause("HOUSE-PROMISED", "HOUSE-ARRIVE")
async def test_an_arrival_that_was_promised_is_kept_to_the_minute_and_a_shipment_that_stays_away_is_asked_for(
    house: House,
) -> None:
    filed = await found_true(await filed_under(house, "missing_components"), missing="warranty_card", reship_wanted=True)
    await agreed(filed, StepChoice(step="reship", items=(Item(sku=RICE, part="warranty_card"),)))
    shipment = await filed.promise("arrival")
    assert shipment.due_at is not None
    at = await filed.now() + timedelta(hours=5)
    await filed.does(AGENT, c.PromiseTime(about="arrival", at=at))
    named = await filed.promise("named_arrival")
    assert named.due_at == at
    await filed.passes_until(at + timedelta(seconds=1))
    entries = await filed.written("deadline_missed")
    assert named.key in [entry.event.key for entry in entries if isinstance(entry.event, DeadlineMissed)]
    assert await mailed(filed, "答应的送达时间", SUPERVISOR)
    await filed.passes_until(shipment.due_at + timedelta(seconds=1))
    await climbed(filed, shipment.key, fallen_due(shipment))
    asked = [entry.event for entry in of(await filed.journal(), shipment.key, "escalated")]
    assert "ask_partner" in asked[-1].actions
    await arrives(filed, "reship")
    await satisfied(filed)


@pytest.mark.clause("GRO-ALL-02", "GRO-ALL-04")
async def test_people_are_told_what_to_say_when_it_applies(house: House) -> None:
    filed = await filed_under(house, "cod_refusal", "GR-2026-0005")
    pack = registry.released("grocery@2026-11")
    assert [each.clauses for each in advice_now(await filed.journal(), pack)] == [("GRO-ALL-02",)]
    await found_true(filed, fit_for_resale=True)
    await filed.does(AGENT, c.Propose())
    await filed.does(AGENT, c.Accept(number=1))
    assert ("GRO-ALL-04",) in [each.clauses for each in advice_now(await filed.journal(), pack)]
