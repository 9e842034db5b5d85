"""Who must agree before a plan is offered, and who may."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.actor import LINE_OF_COMMAND, Role, rank
from domain.approvals import Approval, approver_for, may_approve
from domain.money import Money
from domain.remedies import StepChoice, draft
from tests.domain.packs import an_order, home, tiny

Facts = dict[str, bool | int | str]


def needed(category: str, facts: Facts, paid: str, *choices: StepChoice) -> Approval | None:
    plan = draft(home(), category, facts, an_order(paid), "CNY", choices)
    return approver_for(home(), plan, category, facts)


@pytest.mark.clause("home:HOUSE-MONEY")
@pytest.mark.parametrize(
    ("paid", "role"),
    [
        ("1.00", Role.SUPERVISOR),
        # with 25 % on top, 4,000 yuan make exactly 5,000
        ("4000.00", Role.SUPERVISOR),
        ("4000.01", Role.MANAGER),
        ("40000.00", Role.MANAGER),
        ("40000.01", Role.GENERAL_MANAGER),
    ],
)
def test_money_out_needs_a_higher_role_the_more_it_is(paid: str, role: Role) -> None:
    approval = needed("transport_loss", {}, paid)
    assert approval is not None
    assert (approval.role, approval.clause, approval.deadline) == (role, "HOUSE-MONEY", "approval")


@pytest.mark.clause("home:HOUSE-MONEY")
def test_a_small_coupon_needs_nobody_and_a_dear_one_a_supervisor() -> None:
    facts: Facts = {"delay_days": 1}
    assert needed("transport_delay", facts, "10000.00") is None
    dear = needed("transport_delay", facts, "10000.50")
    assert dear is not None
    assert (dear.role, dear.row_id) == (Role.SUPERVISOR, "dear_coupon")


@pytest.mark.clause("home:HOUSE-MONEY")
def test_new_goods_and_new_installation_need_a_supervisor() -> None:
    approval = needed("transport_damage", {"damage": "moderate"}, "100.00")
    assert approval is not None
    assert approval.role is Role.SUPERVISOR


def test_what_moves_nothing_needs_nobody() -> None:
    assert needed("installation_attitude", {"work_left": True}, "100.00") is None
    assert needed("installation_workmanship", {"workmanship": "minor"}, "100.00") is None


@pytest.mark.clause("home:HOUSE-RANGE")
def test_outside_the_range_a_manager_decides() -> None:
    inside = needed("transport_damage", {"damage": "severe"}, "100.00", StepChoice(step="compensation", percent=Decimal(20)))
    outside = needed("transport_damage", {"damage": "severe"}, "100.00", StepChoice(step="compensation", percent=Decimal(21)))
    assert inside is not None
    assert outside is not None
    assert (inside.role, outside.role, outside.clause) == (Role.SUPERVISOR, Role.MANAGER, "HOUSE-RANGE")


def test_a_currency_without_a_tier_is_the_stricter_case() -> None:
    plan = draft(home(), "transport_loss", {}, an_order("1.00", "GBP"), "GBP")
    approval = approver_for(home(), plan, "transport_loss", {})
    assert approval is not None
    assert approval.role is Role.GENERAL_MANAGER


def test_another_pack_sets_other_tiers() -> None:
    def role(amount: str) -> Role | None:
        choice = StepChoice(step="back", amount=Money.of(amount, "EUR"))
        plan = draft(tiny(), "wrong_fee", {"weeks": 1}, an_order("20.00", "EUR"), "EUR", [choice])
        approval = approver_for(tiny(), plan, "wrong_fee", {"weeks": 1})
        return approval.role if approval else None

    assert [role("3.00"), role("3.01")] == [None, Role.SUPERVISOR]


@given(st.sampled_from(list(Role)), st.sampled_from(LINE_OF_COMMAND))
def test_only_the_needed_role_or_one_above_may_approve(held: Role, wanted: Role) -> None:
    assert may_approve(held, wanted) == (rank(held) >= rank(wanted))
