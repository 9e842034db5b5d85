"""Every remedy of the home procedure with its figures, on an order of 1,000.00 yuan."""

from decimal import Decimal

import pytest

from domain.money import Money
from domain.order import Order
from domain.policy.errors import RemedyRefused
from domain.remedies import RemedyPlan, StepChoice, draft
from tests.domain.packs import an_order, home

Facts = dict[str, bool | int | str]


def plan(category: str, facts: Facts, *choices: StepChoice, order: Order | None = None) -> RemedyPlan:
    return draft(home(), category, facts, order or an_order(), "CNY", choices)


def figures(plan: RemedyPlan) -> dict[str, str | None]:
    return {step.kind: str(step.money.amount) if step.money else None for step in plan.steps}


CASES = [
    pytest.param("transport_damage", {"damage": "slight"}, "HOM-DMG-01", {"coupon": "50.00", "repair_visit": None}, id="DMG-01"),
    pytest.param("transport_damage", {"damage": "moderate"}, "HOM-DMG-02", {"exchange": None, "collection": None}, id="DMG-02"),
    pytest.param(
        "transport_damage", {"damage": "severe"}, "HOM-DMG-03", {"refund": "1000.00", "extra_payment": "150.00"}, id="DMG-03"
    ),
    pytest.param("transport_delay", {"delay_days": 2}, "HOM-DLY-01", {"explain": None, "coupon": "20.00"}, id="DLY-01"),
    pytest.param("transport_delay", {"delay_days": 3}, "HOM-DLY-02", {"explain": None, "extra_payment": "30.00"}, id="DLY-02"),
    pytest.param("transport_delay", {"delay_days": 5}, "HOM-DLY-02", {"explain": None, "extra_payment": "50.00"}, id="DLY-02-5"),
    pytest.param(
        "transport_delay",
        {"delay_days": 6, "customer_cancels": True},
        "HOM-DLY-03",
        {"refund": "1000.00", "extra_payment": "75.00"},
        id="DLY-03",
    ),
    pytest.param(
        "transport_delay",
        {"delay_days": 6, "customer_cancels": False},
        "HOM-DLY-02",
        {"explain": None, "extra_payment": "60.00"},
        id="DLY-03-kept",
    ),
    pytest.param(
        "transport_loss", {}, "HOM-LOS-01", {"refund": "1000.00", "extra_payment": "250.00", "carrier_claim": None}, id="LOS-01"
    ),
    pytest.param("installation_workmanship", {"workmanship": "minor"}, "HOM-INS-05", {"rectification_visit": None}, id="INS-05"),
    pytest.param(
        "installation_workmanship",
        {"workmanship": "severe"},
        "HOM-INS-06",
        {"reinstallation": None, "extra_payment": "75.00"},
        id="INS-06",
    ),
    pytest.param("installation_delay", {"delay_days": 1}, "HOM-INS-07", {"explain": None, "coupon": "20.00"}, id="INS-07"),
    pytest.param("installation_delay", {"delay_days": 3}, "HOM-INS-08", {"explain": None, "extra_payment": "30.00"}, id="INS-08"),
    pytest.param(
        "installation_attitude",
        {"work_left": True},
        "HOM-INS-09",
        {"apology": None, "replace_installer": None, "internal_report": None},
        id="INS-09-left",
    ),
    pytest.param(
        "installation_attitude", {"work_left": False}, "HOM-INS-09", {"apology": None, "internal_report": None}, id="INS-09-done"
    ),
]


@pytest.mark.clause(
    "HOM-DMG-01", "HOM-DMG-02", "HOM-DMG-03", "HOM-DLY-01", "HOM-DLY-02", "HOM-DLY-03", "HOM-LOS-01", "HOM-LOS-02",
    "HOM-INS-05", "HOM-INS-06", "HOM-INS-07", "HOM-INS-08", "HOM-INS-09", "HOUSE-MIDDLE", "HOUSE-LONG",
)  # fmt: skip
@pytest.mark.parametrize(("category", "facts", "clause", "steps"), CASES)
def test_a_finding_is_answered_by_its_clause_with_its_figures(
    category: str, facts: Facts, clause: str, steps: dict[str, str | None]
) -> None:
    drafted = plan(category, facts)
    assert drafted.clause == clause
    assert figures(drafted) == steps
    assert not drafted.outside_range


RANGES = [
    pytest.param("transport_damage", {"damage": "severe"}, 10, 20, marks=pytest.mark.clause("HOM-DMG-03"), id="DMG-03"),
    pytest.param(
        "transport_delay",
        {"delay_days": 9, "customer_cancels": True},
        5,
        10,
        marks=pytest.mark.clause("HOM-DLY-03"),
        id="DLY-03",
    ),
    pytest.param("transport_loss", {}, 20, 30, marks=pytest.mark.clause("HOM-LOS-01"), id="LOS-01"),
    pytest.param(
        "installation_workmanship", {"workmanship": "severe"}, 5, 10, marks=pytest.mark.clause("HOM-INS-06"), id="INS-06"
    ),
]


@pytest.mark.parametrize(("category", "facts", "low", "high"), RANGES)
def test_the_agent_moves_inside_the_range_and_is_told_apart_outside(category: str, facts: Facts, low: int, high: int) -> None:
    def outside(percent: str) -> bool:
        return plan(category, facts, StepChoice(step="compensation", percent=Decimal(percent))).outside_range

    assert [outside(str(low)), outside(str(high))] == [False, False]
    assert [outside(f"{low - 1}.99"), outside(f"{high}.01")] == [True, True]


@pytest.mark.clause("HOUSE-COMFORT")
@pytest.mark.parametrize(
    ("category", "facts", "low", "high", "middle"),
    [
        ("transport_damage", {"damage": "slight"}, "2", "10", "50.00"),
        ("transport_delay", {"delay_days": 2}, "1", "5", "20.00"),
        ("installation_delay", {"delay_days": 2}, "1", "5", "20.00"),
    ],
)
def test_a_coupon_for_comfort_has_its_own_range(category: str, facts: Facts, low: str, high: str, middle: str) -> None:
    def outside(percent: Decimal) -> bool:
        return plan(category, facts, StepChoice(step="coupon", percent=percent)).outside_range

    cent = Decimal("0.01")
    assert [outside(Decimal(low)), outside(Decimal(high))] == [False, False]
    assert [outside(Decimal(low) - cent), outside(Decimal(high) + cent)] == [True, True]
    assert figures(plan(category, facts))["coupon"] == middle


@pytest.mark.clause("HOM-DMG-01")
def test_slight_damage_gets_a_coupon_or_a_discount_never_both() -> None:
    discount = plan("transport_damage", {"damage": "slight"}, StepChoice(step="discount", percent=Decimal(10)))
    assert figures(discount) == {"discount": "100.00", "repair_visit": None}
    assert discount.cash == Money.of("100.00", "CNY")
    coupon = plan("transport_damage", {"damage": "slight"})
    assert (coupon.cash, coupon.total) == (Money.zero("CNY"), Money.of("50.00", "CNY"))


@pytest.mark.clause("HOM-DLY-01", "HOM-INS-07")
@pytest.mark.parametrize("category", ["transport_delay", "installation_delay"])
def test_a_short_delay_gets_a_gift_instead_of_a_coupon_when_chosen(category: str) -> None:
    gift = plan(category, {"delay_days": 1}, StepChoice(step="gift", include=True))
    assert [step.kind for step in gift.steps] == ["explain", "gift"]
    assert gift.steps[1].item is not None
    assert not gift.total


@pytest.mark.clause("HOM-DLY-02", "HOM-DLY-03", "HOM-INS-08", "HOUSE-CAP", "HOUSE-LONG")
@pytest.mark.parametrize(("days", "amount"), [(29, "290.00"), (30, "300.00"), (31, "300.00"), (365, "300.00")])
def test_compensation_by_the_day_stops_at_the_house_cap(days: int, amount: str) -> None:
    for category, facts in [("transport_delay", {"customer_cancels": False}), ("installation_delay", {})]:
        assert str(plan(category, {"delay_days": days, **facts}).cash.amount) == amount


@pytest.mark.clause("HOM-DLY-02")
def test_another_figure_by_the_day_is_an_exception_and_over_the_cap_refused() -> None:
    def choose(percent: int) -> RemedyPlan:
        return plan("transport_delay", {"delay_days": 4}, StepChoice(step="compensation", percent=Decimal(percent)))

    assert [choose(4).outside_range, choose(3).outside_range, choose(30).outside_range] == [False, True, True]
    with pytest.raises(RemedyRefused, match="is above 30"):
        choose(31)


@pytest.mark.clause("HOM-DMG-02")
def test_an_exchange_and_its_collection_are_free_for_the_customer() -> None:
    steps = plan("transport_damage", {"damage": "moderate"}).steps
    assert [(step.executor, step.freight_paid_by) for step in steps] == [("logistics", "company"), ("logistics", "company")]


@pytest.mark.clause("HOM-LOS-02")
def test_a_lost_order_opens_a_claim_that_has_its_own_promise_and_clause() -> None:
    claim = plan("transport_loss", {}).steps[-1]
    assert (claim.kind, claim.executor, claim.clause, claim.deadline) == (
        "carrier_claim",
        "person",
        "HOM-LOS-02",
        "claim_settled",
    )


def test_the_order_amount_is_what_was_paid_with_freight() -> None:
    paid = plan("transport_loss", {}, order=an_order(paid="1080.00", goods="1000.00"))
    assert figures(paid) == {"refund": "1080.00", "extra_payment": "270.00", "carrier_claim": None}


def test_a_plan_names_every_clause_behind_it() -> None:
    assert plan("transport_damage", {"damage": "slight"}).clauses == ("HOM-DMG-01", "HOUSE-COMFORT")
    assert plan("transport_loss", {}).clauses == ("HOM-LOS-01", "HOM-LOS-02")
