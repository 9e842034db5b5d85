"""The food pack by itself: what comes first, what is asked, whose fault it is, and what the findings lead to."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desk.fitting import faults
from domain.actor import Role
from domain.approvals import approver_for
from domain.case_facts import filed_facts
from domain.intake import Intake, Product
from domain.money import Money
from domain.order import Customer, Item, Order, OrderLine
from domain.policy.classifying import Classification, classify
from domain.policy.errors import FactRefused, RemedyRefused
from domain.policy.matching import check_facts, known_facts, missing_at_intake, remedy_for
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from domain.remedies import RemedyPlan, StepChoice, draft
from domain.suggestion import suggest
from domain.summary.telling import in_words
from handbook.page import page
from tests.domain.summaries import summary

ROOT = Path(__file__).parents[3]
FILE = ROOT / "policies" / "food" / "2026-11.toml"
QUALITY = ("food_safety", "spoilage", "packaging_broken", "labelling", "off_quality", "minor_defect")
SALMON = (Item(sku="SM-400"),)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return parse_pack(FILE.read_text(encoding="utf-8"), str(FILE), None)


def test_the_48_clauses_of_the_source_stand_in_the_pack_and_house_rules_say_why(pack: Pack) -> None:
    counts = {"RSP": 4, "OBJ": 3, "EFF": 3, "REG": 4, "CLS": 1, "SEV": 1, "PRI": 1, "QLT": 4, "USE": 2, "DLV": 4, "FBK": 6}
    counts |= {"BAT": 6, "ABU": 5, "PRV": 4}
    wanted = {f"FOO-{part}-{number:02}" for part, count in counts.items() for number in range(1, count + 1)}
    assert len(wanted) == 48
    assert {clause.id for clause in pack.clause if not clause.house} == wanted
    assert all(clause.reason for clause in pack.clause if clause.house)


def filed(category: str, **intake: Any) -> Intake:
    person = Customer(name="何苗", phone="13300000001")
    return Intake(category=category, **{"channel": "app", "customer": person, "content": "…", **intake})


def at_intake(pack: Pack, category: str) -> Classification:
    return classify(pack, category, filed_facts(filed(category), ()))


@pytest.mark.clause("FOO-CLS-01", "FOO-SEV-01", "FOO-PRI-01")
def test_quality_goes_first_and_food_safety_before_everything(pack: Pack) -> None:
    assert {category.group for category in pack.category} == {"quality", "use", "delivery"}
    ranks = {category.id: at_intake(pack, category.id) for category in pack.category}
    assert (ranks["food_safety"].severity, ranks["food_safety"].urgent, ranks["food_safety"].priority) == ("severe", True, 1)
    assert {ranks[each].priority for each in ("spoilage", "packaging_broken", "labelling", "off_quality")} == {2}
    assert {ranks[each].severity for each in ("spoilage", "late", "use_question")} == {"general"}
    assert (ranks["minor_defect"].severity, ranks["minor_defect"].priority) == ("slight", 4)
    others = [ranks[each.id] for each in pack.category if each.group != "quality"]
    assert all(rank.priority > 2 and not rank.urgent for rank in others)
    many = classify(pack, "late", {"batch": True})
    assert (many.severity, many.priority) == ("severe", 1)


@pytest.mark.clause("FOO-RSP-03")
def test_complaints_come_in_every_way_there_is(pack: Pack) -> None:
    assert set(pack.channels) == {"hotline", "chat", "email", "site", "app", "social", "shop"}
    for channel in pack.channels:
        assert not [each for each in faults(pack, filed("late", channel=channel)) if each.field == "channel"]


@pytest.mark.clause("FOO-REG-01", "FOO-REG-02")
@pytest.mark.parametrize("category", ["food_safety", "spoilage", "packaging_broken", "off_quality"])
def test_a_quality_complaint_names_order_article_and_lot_and_how_to_reach_the_customer(pack: Pack, category: str) -> None:
    nobody = filed(category, customer=Customer(name="何苗"))
    assert missing_at_intake(pack.category_of(category), nobody) == ("contact", "order_number", "product.name", "product.lot")
    product = Product(name="三文鱼", specification="400g", lot="SM20261117A", produced_on="2026-11-17")
    whole = filed(category, order_number="1", product=product)
    assert missing_at_intake(pack.category_of(category), whole) == ()


@pytest.mark.clause("FOO-USE-01", "FOO-REG-01")
def test_a_question_of_use_needs_no_order_and_no_verification(pack: Pack) -> None:
    row = pack.category_of("use_question")
    assert row.required == ("contact",)
    assert not row.verification


def an_order() -> Order:
    price = Money.of("89.00", "CNY")
    goods, freight = Money.of("178.00", "CNY"), Money.of("6.00", "CNY")
    return Order(
        number="1", status="delivered", placed_at="2026-11-18T10:00:00+08:00", goods=goods, freight=freight, paid=goods + freight,
        lines=(OrderLine(sku="SM-400", name="三文鱼", quantity=2, price=price),),
    )  # fmt: skip


def planned(pack: Pack, category: str, facts: dict[str, Any], *choices: StepChoice) -> RemedyPlan:
    return draft(pack, category, check_facts(pack, category, facts), an_order(), "CNY", choices)


def approver(pack: Pack, category: str, facts: dict[str, Any], *choices: StepChoice) -> Role | None:
    asked = approver_for(pack, planned(pack, category, facts, *choices), category, known_facts(pack, category, facts))
    return asked.role if asked else None


@pytest.mark.clause("FOO-OBJ-02", "FOO-QLT-02", "FOO-QLT-03")
@pytest.mark.parametrize(
    ("wants", "steps", "paid"),
    [
        ("sound_item", [("reship", "company")], "0.00"),
        ("exchange", [("exchange", "company")], "0.00"),
        ("return", [("return", "customer"), ("refund", "company")], "89.00"),
        ("refund", [("refund", "company")], "89.00"),
        ("keep", [("refund", "company")], "26.70"),
    ],
)
def test_what_spoils_within_its_shelf_life_is_returned_exchanged_or_paid_back_as_the_customer_wants(
    pack: Pack, wants: str, steps: list[tuple[str, str]], paid: str
) -> None:
    facts = {"within_shelf_life": True, "wants": wants}
    chosen = [StepChoice(step=kind, items=SALMON) for kind, _ in steps]
    plan = planned(pack, "spoilage", facts, *chosen)
    assert [(step.kind, step.freight_paid_by) for step in plan.steps] == steps
    assert plan.cash == Money.of(paid, "CNY")
    assert approver(pack, "spoilage", facts, *chosen) is (Role.SUPERVISOR if "refund" in dict(steps) else None)


@pytest.mark.clause("FOO-QLT-02")
def test_a_companys_variant_takes_the_freight_of_returns_upon_itself(pack: Pack) -> None:
    row = '\n'.join(
        [
            '[[remedy]]', 'id = "return"', 'clause = "FOO-QLT-02"', 'title = { zh = "退货退款", en = "Return and refund" }',
            'when = { at_fault = "company", wants = "return" }',
            '[[remedy.step]]', 'id = "return"', 'kind = "return"', 'title = { zh = "退回", en = "Sent back" }',
            'by = "partner"', 'items = "chosen"', 'freight_paid_by = "company"',
        ]
    )  # fmt: skip
    head = 'name = "food-free"\nversion = "2026-12"\ntitle = { zh = "变体", en = "Variant" }\nsource = "Nobody."\n'
    variant = parse_pack(f'{head}extends = "food@2026-11"\n{row}\n', "variant", pack)
    plan = planned(variant, "spoilage", {"within_shelf_life": True, "wants": "return"}, StepChoice(step="return", items=SALMON))
    assert [step.freight_paid_by for step in plan.steps] == ["company"]


@pytest.mark.clause("FOO-OBJ-02", "FOO-QLT-04", "HOUSE-MONEY")
@pytest.mark.parametrize(
    ("category", "facts"),
    [
        ("spoilage", {"within_shelf_life": False}),
        ("packaging_broken", {"own_handling": True}),
        ("damaged", {"own_handling": True}),
        ("off_quality", {"test": "sound"}),
    ],
)
def test_what_is_not_the_companys_fault_is_explained_with_a_small_coupon_at_most(
    pack: Pack, category: str, facts: dict[str, Any]
) -> None:
    assert known_facts(pack, category, facts)["at_fault"] == "not_company"
    first = planned(pack, category, facts)
    assert [step.kind for step in first.steps] == ["explain"]
    unhappy = planned(pack, category, facts, StepChoice(step="goodwill", include=True))
    assert unhappy.total == Money.of("10.00", "CNY")
    generous = StepChoice(step="goodwill", amount=Money.of("20.01", "CNY"))
    assert approver(pack, category, facts, generous) is Role.MANAGER
    with pytest.raises(FactRefused):
        check_facts(pack, category, {**facts, "wants": "refund"})


@pytest.mark.clause("FOO-SEV-01")
def test_a_slight_defect_gets_advice_or_a_small_coupon(pack: Pack) -> None:
    advised = planned(pack, "minor_defect", {}, StepChoice(step="coupon", include=False))
    assert [step.kind for step in advised.steps] == ["explain"]
    plan = planned(pack, "minor_defect", {})
    assert plan.total == Money.of("10.00", "CNY")
    assert plan.cash == Money.zero("CNY")


@pytest.mark.clause("FOO-DLV-02", "HOUSE-WRONG")
@pytest.mark.parametrize("category", ["wrong_item", "missing_item"])
@pytest.mark.parametrize(("express", "step"), [(False, "reship"), (True, "express")])
def test_what_is_wrong_or_missing_is_sent_at_the_companys_cost(pack: Pack, category: str, express: bool, step: str) -> None:
    plan = planned(pack, category, {"express": express}, StepChoice(step=step, items=SALMON))
    assert [(each.id, each.kind, each.freight_paid_by) for each in plan.steps] == [(step, "reship", "company")]
    assert "return" not in {each.kind for each in plan.steps}


@pytest.mark.clause("FOO-DLV-03")
def test_damage_on_the_way_is_compensated_by_degree_and_what_affects_use_is_handled_as_quality(pack: Pack) -> None:
    slight = {"own_handling": False, "degree": "slight"}
    assert [step.kind for step in planned(pack, "damaged", slight).steps] == ["coupon"]
    refund = StepChoice(step="refund", items=SALMON, percent=Decimal(50))
    assert planned(pack, "damaged", slight, refund).cash == Money.of("44.50", "CNY")
    grave: dict[str, Any] = {"own_handling": False, "degree": "use_affected", "wants": "exchange"}
    assert remedy_for(pack, "damaged", check_facts(pack, "damaged", grave)).id == "exchange"


@pytest.mark.clause("FOO-DLV-04", "HOUSE-LATE")
def test_late_beyond_the_promise_is_answered_as_agreed(pack: Pack) -> None:
    assert [step.kind for step in planned(pack, "late", {"beyond_promise": False}).steps] == ["explain"]
    beyond = {"beyond_promise": True}
    assert planned(pack, "late", {**beyond, "agreed": "coupon"}).total == Money.of("15.00", "CNY")
    free = planned(pack, "late", {**beyond, "agreed": "order_free"})
    assert free.cash == Money.of("184.00", "CNY")
    share = planned(pack, "late", {**beyond, "agreed": "loss_share"}, StepChoice(step="refund", items=SALMON))
    assert share.cash == Money.of("44.50", "CNY")
    with pytest.raises(RemedyRefused):
        planned(
            pack, "late", {**beyond, "agreed": "loss_share"}, StepChoice(step="refund", items=(Item(sku="SM-400", quantity=3),))
        )


@pytest.mark.clause("FOO-USE-01", "FOO-USE-02")
def test_the_way_of_use_decides_between_the_guide_and_the_products_own_nature(pack: Pack) -> None:
    assert remedy_for(pack, "result_unexpected", {"used_as_guided": False}).id == "guide_for_the_result"
    feature = remedy_for(pack, "result_unexpected", {"used_as_guided": True})
    assert feature.id == "feature"
    assert feature.advice is not None
    assert "reclassify" in feature.advice.en


@pytest.mark.clause("HOUSE-APPROVE")
def test_refunds_need_a_supervisor_and_over_500_yuan_a_manager(pack: Pack) -> None:
    facts: dict[str, Any] = {"within_shelf_life": True, "wants": "refund"}
    assert approver(pack, "spoilage", facts, StepChoice(step="refund", items=SALMON)) is Role.SUPERVISOR
    dear = Money.of("500.01", "CNY")
    order = an_order().model_copy(
        update={"goods": dear, "paid": dear, "lines": (OrderLine(sku="SM-400", name="和牛", quantity=1, price=dear),)}
    )
    plan = draft(pack, "spoilage", check_facts(pack, "spoilage", facts), order, "CNY", [StepChoice(step="refund", items=SALMON)])
    asked = approver_for(pack, plan, "spoilage", known_facts(pack, "spoilage", facts))
    assert asked is not None
    assert asked.role is Role.MANAGER


@pytest.mark.clause("FOO-BAT-01", "HOUSE-BATCH")
def test_three_of_a_kind_in_a_day_in_one_region_or_on_one_product_are_a_batch(pack: Pack) -> None:
    rows = {row.id: row for row in pack.batch}
    assert {(row.key, row.threshold, row.window) for row in (rows["one_region"], rows["one_product"])} == {
        (("category", "region"), 3, "24h"),
        (("category", "product"), 3, "24h"),
    }
    rise = rows["unusual_rise"].rise
    assert rise is not None
    assert (rise.weeks, rise.factor, rise.at_least) == (4, Decimal(2), 5)
    for row in pack.batch:
        assert row.team == ("service", "production", "quality", "logistics")
        assert row.extra is not None
        assert (row.extra.percent_max, row.extra.approved_by) == (Decimal(100), Role.GENERAL_MANAGER)


@pytest.mark.clause("FOO-FBK-06", "FOO-PRV-02", "FOO-RSP-04", "HOUSE-RECURS")
def test_what_recurs_goes_to_production_and_quality_every_month(pack: Pack) -> None:
    reports = {row.id: row for row in pack.report}
    recurring = reports["recurring"]
    assert (recurring.every, recurring.recurring_at_least, recurring.recurring_to) == ("month", 3, ("production", "quality"))
    assert reports["timeliness"].every == "month"


@pytest.mark.clause("FOO-PRV-03")
def test_every_quarter_the_supervisor_is_told_to_test_the_service_staff_whatever_the_figures(pack: Pack) -> None:
    [row] = [row for row in pack.report if row.id == "staff_test"]
    assert row.every == "quarter"
    figures = summary("staff_test", pack=pack)
    assert [each.clauses for each in figures.improvements] == [("FOO-PRV-03", "FOO-RSP-04")]
    assert "Test the service staff on food safety and conversation this quarter" in in_words(figures, "en")
    assert "本季度考核客服的食品安全知识与沟通" in in_words(figures, "zh-CN")


@pytest.mark.clause("FOO-CLS-01", "FOO-SEV-01")
@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("吃完三文鱼当晚上吐下泻，去了医院", "food_safety"),
        ("香菇打开就发霉了，有异味", "spoilage"),
        ("请问虾怎么解冻", "use_question"),
        ("订了两份只送来一份，漏发了", "missing_item"),
        ("说好十二点到，到晚上还没到", "late"),
        ("The milk smells rotten", "spoilage"),
    ],
)
def test_what_people_write_is_put_under_its_kind(pack: Pack, text: str, category: str) -> None:
    assert suggest(pack, text)[0].category == category


def test_the_procedure_reads_as_a_document_in_both_languages(pack: Pack) -> None:
    english, chinese = page(pack, "en"), page(pack, "zh-CN")
    assert re.findall(r"[\u4e00-\u9fff]", english) == []
    assert "| something that the order does not hold | supervisor | HOUSE-APPROVE |" in english
    assert "| 订单以外的物品 | 主管 | HOUSE-APPROVE |" in chinese
    for clause in pack.clause:
        assert f"| {clause.id} | {clause.en} |" in english
        assert f"| {clause.id} | {clause.zh} |" in chinese
