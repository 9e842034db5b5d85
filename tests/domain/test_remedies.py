"""Choices, caps and rounding hold for every pack: laws over the home pack and over one that is not about any business we know."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Money
from domain.policy.check import findings
from domain.policy.errors import NoRemedy, RemedyRefused
from domain.policy.matching import remedy_for
from domain.policy.parse import parse_pack
from domain.purse import Spent
from domain.remedies import RemedyPlan, StepChoice, draft
from tests.domain.packs import TINY, an_order, changed, home, tiny

FINDINGS = [(category.id, finding) for category in home().category for finding in findings(home(), category)]
AMOUNTS = st.decimals(min_value=0, max_value=Decimal("999999.99"), places=2)


def severe(*choices: StepChoice, spent: Spent | None = None) -> RemedyPlan:
    return draft(home(), "transport_damage", {"damage": "severe"}, an_order(), "CNY", choices, spent)


def refused(*choices: StepChoice, spent: Spent | None = None) -> RemedyRefused:
    with pytest.raises(RemedyRefused) as caught:
        severe(*choices, spent=spent)
    assert caught.value.zh
    assert caught.value.en
    return caught.value


@given(st.sampled_from(FINDINGS), AMOUNTS, AMOUNTS)
def test_a_default_plan_needs_no_exception_and_keeps_every_cap(
    case: tuple[str, dict[str, bool | int | str]], goods: Decimal, freight: Decimal
) -> None:
    order = an_order(paid=str(goods + freight), goods=str(goods))
    plan = draft(home(), *case, order, "CNY")
    assert not plan.outside_range
    assert plan.sum_of(["refund", "discount"]) <= order.paid
    assert plan.sum_of(["extra_payment", "coupon"]).amount * 2 <= order.paid.amount
    assert plan.cash <= plan.total
    assert plan.total.amount == sum((step.money.amount for step in plan.steps if step.money), Decimal(0))


@given(AMOUNTS, st.decimals(min_value=10, max_value=20, places=3))
def test_money_is_the_exact_share_rounded_once_half_up(paid: Decimal, percent: Decimal) -> None:
    order = an_order(paid=str(paid))
    choice = StepChoice(step="compensation", percent=percent)
    plan = draft(home(), "transport_damage", {"damage": "severe"}, order, "CNY", [choice])
    assert plan.sum_of(["extra_payment"]).amount == (paid * percent / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert plan.sum_of(["refund"]) == order.paid
    assert all(step.money is None or step.money.amount for step in plan.steps), "a payment of nothing is no step"
    assert not plan.outside_range


@given(st.sampled_from(FINDINGS), AMOUNTS, st.decimals(min_value=0, max_value=100, places=2), AMOUNTS, AMOUNTS)
def test_no_choice_and_no_earlier_handling_ever_gets_past_the_caps(
    case: tuple[str, dict[str, bool | int | str]], paid: Decimal, percent: Decimal, back: Decimal, extra: Decimal
) -> None:
    order = an_order(paid=str(paid))
    spent = Spent(given_back=Money.of(min(back, paid), "CNY"), extra=Money.of(extra, "CNY"))
    row = remedy_for(home(), *case)
    choices = [StepChoice(step=step.id, percent=percent) for step in row.step if step.kind in ("refund", "extra_payment")]
    try:
        plan = draft(home(), *case, order, "CNY", choices, spent)
    except RemedyRefused:
        return
    assert plan.sum_of(["refund", "discount"]) + spent.given_back <= order.paid
    assert plan.sum_of(["extra_payment", "coupon"]).amount <= max(Decimal(0), paid / 2 - spent.extra.amount)


@given(AMOUNTS.filter(lambda paid: paid >= 1))
def test_an_amount_between_the_rounded_ends_of_a_range_is_inside(paid: Decimal) -> None:
    order = an_order(paid=str(paid))
    for percent in (Decimal(10), Decimal(20)):
        choice = StepChoice(step="compensation", amount=order.paid.percent(percent))
        plan = draft(home(), "transport_damage", {"damage": "severe"}, order, "CNY", [choice])
        assert not plan.outside_range


def test_more_than_was_paid_is_never_given_back() -> None:
    error = refused(StepChoice(step="refund", amount=Money.of("1000.01", "CNY")))
    assert error.field == "choices.refund.amount"
    assert "at most 1000.00 CNY" in error.en
    earlier = Spent(given_back=Money.of("400.00", "CNY"), extra=Money.zero("CNY"))
    assert severe(spent=earlier).steps[0].money == Money.of("600.00", "CNY")
    assert refused(StepChoice(step="refund", percent=Decimal(100)), spent=earlier).field == "choices.refund.percent"


def test_nobody_can_approve_more_than_the_cap_on_top() -> None:
    assert severe(StepChoice(step="compensation", percent=Decimal(50))).outside_range
    assert refused(StepChoice(step="compensation", percent=Decimal("50.01"))).field == "choices.compensation.percent"


def test_a_required_step_cannot_be_left_out() -> None:
    assert refused(StepChoice(step="compensation", include=False)).field == "choices.compensation"


def test_a_step_that_the_pack_leaves_to_the_agent_is_planned_only_where_they_choose_it() -> None:
    pack = parse_pack(changed(TINY, "optional = true", "optional = true\nif_chosen = true"), "tiny.toml")

    def points(*choices: StepChoice) -> list[int | None]:
        plan = draft(pack, "wrong_fee", {"weeks": 1}, an_order("20.00", "EUR"), "EUR", choices)
        return [step.points for step in plan.steps if step.id == "points"]

    assert points() == []
    assert points(StepChoice(step="points", include=False)) == []
    assert points(StepChoice(step="points", include=True)) == [20]
    assert points(StepChoice(step="points", points=30)) == [30]


def test_an_optional_step_can_be_left_out() -> None:
    order = an_order("20.00", "EUR")
    plan = draft(tiny(), "wrong_fee", {"weeks": 1}, order, "EUR", [StepChoice(step="points", include=False)])
    assert [step.id for step in plan.steps] == ["back"]


@pytest.mark.parametrize(
    ("choices", "field"),
    [
        ([StepChoice(step="flowers")], "choices.flowers"),
        ([StepChoice(step="refund"), StepChoice(step="refund")], "choices.refund"),
        ([StepChoice(step="compensation", percent=Decimal(15), amount=Money.of(1, "CNY"))], "choices.compensation.amount"),
        ([StepChoice(step="compensation", amount=Money.of(1, "EUR"))], "choices.compensation.amount"),
        ([StepChoice(step="compensation", points=5)], "choices.compensation.points"),
    ],
)
def test_a_choice_that_makes_no_sense_names_its_field(choices: list[StepChoice], field: str) -> None:
    assert refused(*choices).field == field


def test_two_alternatives_cannot_both_be_offered_and_one_must_be() -> None:
    def slight(*choices: StepChoice) -> RemedyPlan:
        return draft(home(), "transport_damage", {"damage": "slight"}, an_order(), "CNY", choices)

    with pytest.raises(RemedyRefused, match="only one of these"):
        slight(StepChoice(step="coupon"), StepChoice(step="discount"))
    with pytest.raises(RemedyRefused, match="one of these has to be offered"):
        slight(StepChoice(step="coupon", include=False), StepChoice(step="discount", include=False))
    assert [step.id for step in slight(StepChoice(step="coupon", include=False)).steps] == ["discount", "repair"]


def test_a_visit_has_no_percentage() -> None:
    with pytest.raises(RemedyRefused, match="moves no money"):
        draft(
            home(),
            "transport_damage",
            {"damage": "slight"},
            an_order(),
            "CNY",
            [StepChoice(step="repair", percent=Decimal(1))],
        )


def test_a_share_of_an_order_needs_the_order() -> None:
    with pytest.raises(RemedyRefused, match="find the order first") as caught:
        draft(home(), "transport_loss", {}, None, "CNY")
    assert caught.value.field == "order_number"
    assert draft(home(), "installation_workmanship", {"workmanship": "minor"}, None, "CNY").steps


def test_an_order_in_another_currency_is_refused() -> None:
    with pytest.raises(RemedyRefused, match="paid in USD"):
        draft(home(), "transport_loss", {}, an_order(currency="USD"), "CNY")


def test_a_finding_that_is_not_whole_has_no_remedy() -> None:
    with pytest.raises(NoRemedy):
        draft(home(), "transport_damage", {}, an_order(), "CNY")


def test_yen_have_no_decimals() -> None:
    plan = draft(home(), "transport_delay", {"delay_days": 3}, an_order("999", "JPY"), "JPY")
    assert plan.cash == Money.of(30, "JPY")


def test_a_hard_range_is_never_left_whoever_approves() -> None:
    def points(number: int) -> RemedyPlan:
        choice = StepChoice(step="points", points=number)
        return draft(tiny(), "wrong_fee", {"weeks": 1}, an_order("20.00", "EUR"), "EUR", [choice])

    assert points(50).steps[1].points == 50
    with pytest.raises(RemedyRefused, match="from 10 to 50 points"):
        points(51)
    choice = StepChoice(step="keep_it", percent=Decimal(31))
    with pytest.raises(RemedyRefused, match="is above 30, which nobody may approve"):
        draft(tiny(), "wrong_fee", {"weeks": 10}, an_order("20.00", "EUR"), "EUR", [choice])


def test_a_pack_without_an_amount_in_this_currency_says_so() -> None:
    with pytest.raises(RemedyRefused, match="names no amount in USD"):
        draft(tiny(), "wrong_fee", {"weeks": 1}, an_order("20.00", "USD"), "USD")
