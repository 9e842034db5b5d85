"""Figures that procedures leave open and the house has set: who is told when, who hears an appeal, points and caps."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.actor import Role
from domain.approvals import approver_for
from domain.budget import write_duration
from domain.money import Money
from domain.order import Item, Order, OrderLine
from domain.policy.errors import RemedyRefused
from domain.policy.matching import check_facts, known_facts, remedy_for
from domain.policy.pack import Pack
from domain.purse import Purse
from domain.remedies import RemedyPlan, StepChoice, draft
from storage.packs import load_packs
from tests.domain.packs import ROOT, an_order

PACKS = {pack.name: pack for pack in load_packs(ROOT / "policies")}
RICE = (Item(sku="RC-05"),)

# Before or after the promised time, and who is told; what happens besides telling stands behind it.
LADDERS: dict[str, dict[str, str]] = {
    "home": {
        "minutes": "-3m owner, 0m supervisor raise, 30m manager hand_over, 2h general_manager",
        "hours": "-4h owner, 0m supervisor raise, 4h manager hand_over, 12h general_manager",
        "days": "-2h owner, 0m supervisor raise, 4h manager hand_over, 16h general_manager",
        "partner": "-2h owner, 0m supervisor raise ask_partner, 4h manager hand_over ask_partner, 16h general_manager",
        "approver": "-1h owner, 0m manager raise, 4h general_manager",
        "customer": "-24h agent, 0m supervisor raise, 24h manager",
    },
    "grocery": {
        "minutes": "-3m owner, 0m supervisor raise, 30m manager hand_over, 2h general_manager",
        "hours": "-1h owner, 0m supervisor raise, 4h manager hand_over, 12h general_manager",
        "partner": "-1h owner, 0m supervisor raise ask_partner, 4h manager hand_over ask_partner, 12h general_manager",
        "approver": "-30m owner, 0m manager raise, 2h general_manager",
        "customer": "-24h agent, 0m supervisor raise",
    },
    "loyalty": {
        "days": "-2h owner, 0m supervisor raise, 4h manager hand_over, 24h general_manager",
        "hours": "-30m owner, 0m supervisor raise, 2h manager hand_over, 12h general_manager",
        "urgent": "-15m owner, 0m manager raise, 1h general_manager",
        "partner": "-2h owner, 0m supervisor raise ask_partner, 24h manager ask_partner",
        "approver": "-30m owner, 0m manager raise, 4h general_manager",
        "customer": "-24h agent, 0m supervisor raise",
    },
    "food": {
        "minutes": "-3m owner, 0m supervisor raise, 15m manager hand_over, 1h general_manager",
        "first": "-30m owner, 0m supervisor raise, 1h manager hand_over",
        "hours": "-2h owner, 0m supervisor raise, 4h manager hand_over, 24h general_manager",
        "partner": "-4h owner ask_partner, 0m supervisor raise ask_partner, 24h manager ask_partner",
        "approver": "-30m owner, 0m manager raise",
        "customer": "-24h agent, 0m supervisor raise",
    },
    "marketplace": {
        "minutes": "-10m owner, 0m supervisor raise, 2h manager hand_over, 8h general_manager",
        "days": "-2h owner, 0m supervisor raise, 8h manager, 24h general_manager",
        "partner": "0m supervisor ask_partner, 8h manager raise",
        "approver": "-1h owner, 0m manager raise, 4h general_manager",
        "customer": "-24h agent, 0m supervisor raise",
    },
}  # fmt: skip


def _rungs(pack: Pack, ladder: str) -> str:
    rungs = []
    for rung in pack.ladder_of(ladder).rung:
        assert "notify" in rung.do, rung.id
        when = "-" * (rung.place.side == "before") + (write_duration(rung.place.by) if rung.place.by else "0m")
        rungs.append(" ".join((when, rung.to, *(each for each in rung.do if each != "notify"))))
    return ", ".join(rungs)


@pytest.mark.clause("home:HOUSE-LADDER", "grocery:HOUSE-LADDER", "loyalty:HOUSE-LADDER", "food:HOUSE-LADDER")
@pytest.mark.clause("marketplace:HOUSE-LADDER")
@pytest.mark.parametrize("name", PACKS)
def test_who_is_warned_told_and_takes_over_when_a_promise_runs_late(name: str) -> None:
    pack = PACKS[name]
    assert {row.id: _rungs(pack, row.id) for row in pack.ladder} == LADDERS[name]
    assert {row.ladder for row in pack.deadline} == set(LADDERS[name])


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        pytest.param(name, first, second, marks=pytest.mark.clause(clause))
        for name, first, second, clause in (
            ("home", Role.SUPERVISOR, Role.MANAGER, "home:HOUSE-APPEAL"),
            ("grocery", Role.SUPERVISOR, Role.MANAGER, "grocery:HOUSE-APPEAL"),
            ("loyalty", Role.MANAGER, Role.GENERAL_MANAGER, "loyalty:HOUSE-APPEAL"),
            ("food", Role.SUPERVISOR, Role.MANAGER, "food:HOUSE-APPEAL"),
            ("marketplace", Role.SUPERVISOR, Role.MANAGER, "ECO-APL-01"),
        )
    ],
)
@pytest.mark.clause("food:HOUSE-APPEAL")
def test_an_appeal_is_heard_by_one_and_a_second_one_higher_up(name: str, first: Role, second: Role) -> None:
    assert PACKS[name].appeal.heard_by == (first, second)


@pytest.mark.clause("home:HOUSE-CALLBACK", "grocery:HOUSE-CALLBACK", "loyalty:HOUSE-CALLBACK", "food:HOUSE-CALLBACK")
@pytest.mark.clause("marketplace:HOUSE-CALLBACK")
@pytest.mark.parametrize(
    ("name", "satisfied_from"), [("home", 3), ("grocery", 3), ("loyalty", 3), ("food", 3), ("marketplace", 4)]
)
def test_the_customer_is_called_three_times_and_satisfied_from_so_many_of_five(name: str, satisfied_from: int) -> None:
    confirm = PACKS[name].confirm
    assert (confirm.attempts, confirm.rating_max, confirm.satisfied_from) == (3, 5, satisfied_from)


@pytest.mark.clause("home:HOUSE-CAP", "grocery:HOUSE-CAP", "loyalty:HOUSE-CAP", "marketplace:HOUSE-CAP", "food:HOUSE-MONEY")
@pytest.mark.parametrize(
    ("name", "extra"),
    [("home", "500.00"), ("grocery", "300.00"), ("loyalty", "300.00"), ("food", "300.00"), ("marketplace", "300.00")],
)
def test_on_top_of_refunds_there_is_so_much_of_an_order_of_1000_yuan(name: str, extra: str) -> None:
    purse = Purse.of(PACKS[name], an_order("1000.00"), "CNY", None)
    assert purse.left("extra_payment") == purse.left("coupon") == Money.of(extra, "CNY")


@pytest.mark.clause("home:HOUSE-CAP")
def test_nobody_can_approve_what_is_above_the_cap() -> None:
    def paid(percent: int) -> RemedyPlan:
        return draft(
            PACKS["home"], "transport_loss", {}, an_order(), "CNY", [StepChoice(step="compensation", percent=Decimal(percent))]
        )

    assert paid(50).total == Money.of("1500.00", "CNY")
    with pytest.raises(RemedyRefused):
        paid(51)


# Points


@pytest.mark.parametrize(
    ("name", "category", "facts", "beyond"),
    [
        pytest.param("grocery", "missing_components", {"missing": "gift", "reship_wanted": False}, Role.SUPERVISOR, id="missing"),
        pytest.param("grocery", "quality_or_shortage", {"fault": "short", "wants": "nothing"}, Role.SUPERVISOR, id="quality"),
        pytest.param("grocery", "price", {"exchange_or_return": "nothing"}, Role.SUPERVISOR, id="price"),
        pytest.param("loyalty", "after_sales", {"service_fault": "slow_delivery"}, Role.MANAGER, id="after_sales"),
        pytest.param("loyalty", "campaign", {"campaign_matter": "discount_below"}, Role.MANAGER, id="campaign"),
    ],
)
@pytest.mark.clause("grocery:HOUSE-POINTS", "loyalty:HOUSE-POINTS")
def test_points_with_an_apology_are_50_to_500_and_more_needs_somebody_higher(
    name: str, category: str, facts: dict[str, Any], beyond: Role
) -> None:
    if name == "loyalty":
        facts = {"written_rule": "company_rules", "entitled": True, **facts}
    [default] = [
        step.points for step in _drafted(name, category, facts, StepChoice(step="points", include=True)).steps if step.points
    ]
    assert default == 100
    roles = [_approver(name, category, facts, StepChoice(step="points", points=points)) for points in (49, 50, 500, 501)]
    within = Role.SUPERVISOR if name == "loyalty" else None
    assert roles == [beyond, within, within, beyond]


# Where the terms are with the customer


@pytest.mark.clause("grocery:HOUSE-RETURN")
@pytest.mark.parametrize(
    ("category", "facts"),
    [("quality_or_shortage", {"fault": "spoiled", "wants": "return"}), ("listing_mismatch", {"exchange_or_return": "return"})],
)
def test_goods_that_go_back_to_the_grocer_are_paid_back_in_full_by_default(category: str, facts: dict[str, Any]) -> None:
    back = StepChoice(step="return", items=RICE)
    plan = _drafted("grocery", category, facts, back)
    assert [step.kind for step in plan.steps][:2] == ["return", "refund"]
    assert plan.cash == Money.of("1000.00", "CNY")
    less = _drafted("grocery", category, facts, back, StepChoice(step="refund", percent=Decimal(80)))
    assert (less.cash, less.outside_range) == (Money.of("800.00", "CNY"), False)


@pytest.mark.clause("loyalty:HOUSE-TERMS")
def test_a_member_in_the_right_gets_goods_money_or_points_within_the_terms() -> None:
    owed: dict[str, Any] = {"written_rule": "company_rules", "entitled": True}
    exchanged = _drafted("loyalty", "goods_quality", {**owed, "wants": "exchange"}, StepChoice(step="exchange", items=RICE))
    assert [step.kind for step in exchanged.steps] == ["exchange"]
    back = [StepChoice(step=step, items=RICE) for step in ("return", "refund")]
    assert _drafted("loyalty", "goods_quality", {**owed, "wants": "return"}, *back).cash == Money.of("800.00", "CNY")

    def difference(percent: str) -> bool:
        choice = StepChoice(step="refund", percent=Decimal(percent))
        return _drafted("loyalty", "price_difference", owed, choice).outside_range

    assert [difference(each) for each in ("0.99", "1", "30", "30.01")] == [True, False, False, True]

    def restored(points: int) -> bool:
        return _drafted("loyalty", "points_expired", owed, StepChoice(step="points", points=points)).outside_range

    assert [restored(each) for each in (1, 20000, 20001)] == [False, False, True]


@pytest.mark.clause("loyalty:HOUSE-PASSWORDS")
def test_the_fifth_wrong_password_of_a_day_freezes_an_account_for_its_safety() -> None:
    def why(wrong: int) -> object:
        said: dict[str, Any] = {"written_rule": "company_rules", "wrong_passwords": wrong, "cash_out_suspected": False}
        return check_facts(PACKS["loyalty"], "account_frozen", {**said, "identity_confirmed": True})["frozen_for"]

    assert [why(4), why(5), why(6)] == ["no_cause", "security", "security"]


def _drafted(name: str, category: str, facts: dict[str, Any], *choices: StepChoice) -> RemedyPlan:
    paid = Money.of("1000.00", "CNY")
    rice = OrderLine(sku="RC-05", name="大米", quantity=1, price=Money.of("800.00", "CNY"))
    oil = OrderLine(sku="OL-01", name="菜油", quantity=1, price=Money.of("200.00", "CNY"))
    order: Order = an_order().model_copy(update={"goods": paid, "paid": paid, "lines": (rice, oil)})
    assert remedy_for(PACKS[name], category, facts)
    return draft(PACKS[name], category, facts, order, "CNY", choices)


def _approver(name: str, category: str, facts: dict[str, Any], *choices: StepChoice) -> Role | None:
    asked = approver_for(
        PACKS[name], _drafted(name, category, facts, *choices), category, known_facts(PACKS[name], category, facts)
    )
    return asked.role if asked else None
