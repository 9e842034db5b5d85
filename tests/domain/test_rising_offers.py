"""Offers that rise: never lower than before, never above the ceiling, whatever is chosen, declined, agreed to or done again."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import commands as c
from domain.actor import Actor, Role
from domain.case import Case, Stage
from domain.customer_view import case_for_customer
from domain.money import Money
from domain.order import Item, Order
from domain.policy.errors import PackInvalid, RemedyRefused
from domain.policy.parse import parse_pack
from domain.purse import Spent
from domain.refusal import Refusal
from domain.remedies import RemedyPlan, StepChoice, draft
from domain.rising_offers import Climbed
from domain.story.tell import tell
from tests.domain.packs import changed
from tests.domain.pure_desk import PureDesk
from tests.domain.shop import SHOP, shop, shop_order

AGENT, CUSTOMER = Actor(id="lin", roles=(Role.AGENT,)), Actor(id="cust-0001", roles=(Role.CUSTOMER,))
ONE = (Item(sku="SKU-1"),)
NOTHING = Money.zero("CNY")


def yuan(amount: str | Decimal) -> Money:
    return Money.of(amount, "CNY")


def keep(order: Order, spent: Spent | None = None, items: tuple[Item, ...] = ONE, **chosen: object) -> RemedyPlan:
    choices = [
        StepChoice.model_validate({"step": "keep_it", "items": items, **chosen}),
        StepChoice(step="coupon", include=False),
    ]
    return draft(shop(), "wrong_item", {}, order, "CNY", choices, spent)


def after(offered: str, agreed: str = "0") -> Spent:
    climbed = {"keep_it": Climbed(yuan(offered), yuan(agreed))}
    return Spent(given_back=NOTHING, extra=yuan(agreed), climbed=climbed)


def money(plan: RemedyPlan) -> Money | None:
    return next((step.money for step in plan.steps if step.id == "keep_it"), None)


@pytest.mark.clause("ECO-WRG-01")
def test_a_share_of_items_is_a_share_of_what_was_chosen_at_its_price() -> None:
    order = shop_order("200.00", "30.00", freight="12.00")
    assert money(keep(order)) == yuan("20.00")
    assert money(keep(order, items=(Item(sku="SKU-1"), Item(sku="SKU-2", quantity=2)))) == yuan("26.00")


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ((), "which goods"),
        ((Item(sku="SKU-9"),), "does not hold 1 of SKU-9"),
        ((Item(sku="SKU-1", quantity=2), Item(sku="SKU-1")), "does not hold 3 of SKU-1"),
        ((Item(sku="SKU-1", part="manual"),), "no price of its own"),
    ],
)
def test_what_has_no_value_in_the_order_is_no_measure(items: tuple[Item, ...], said: str) -> None:
    with pytest.raises(RemedyRefused, match=said) as caught:
        keep(shop_order("200.00"), items=items)
    assert caught.value.field == "choices.keep_it.items"
    assert caught.value.zh


@pytest.mark.clause("ECO-WRG-01")
def test_offers_climb_by_themselves_and_stay_at_the_top() -> None:
    order = shop_order("200.00")
    assert [money(keep(order, spent)) for spent in (None, after("20.00"), after("40.00"), after("60.00"))] == [
        yuan("20.00"), yuan("40.00"), yuan("60.00"), yuan("60.00"),
    ]  # fmt: skip
    # An offer between two of the pack's: the next one above it.
    assert money(keep(order, after("25.00"))) == yuan("40.00")


@pytest.mark.clause("ECO-WRG-01")
def test_an_offer_that_is_no_rise_is_refused_with_the_one_before() -> None:
    for chosen in ({"percent": "10"}, {"amount": {"amount": "39.99", "currency": "CNY"}}):
        with pytest.raises(RemedyRefused, match=r"40\.00 CNY was offered before") as caught:
            keep(shop_order("200.00"), after("40.00"), **chosen)
        assert caught.value.field == f"choices.keep_it.{next(iter(chosen))}"


@pytest.mark.clause("ECO-WRG-01")
def test_nobody_may_offer_more_than_the_ceiling_not_even_by_a_cent() -> None:
    for chosen in ({"percent": "30.01"}, {"amount": {"amount": "60.01", "currency": "CNY"}}):
        with pytest.raises(RemedyRefused, match=r"within 30 % of 200\.00 CNY; at most 60\.00 CNY"):
            keep(shop_order("200.00"), **chosen)
    # 30 % of 0.55 is 0.165: rounded up it would be more than 30 %.
    assert money(keep(shop_order("0.55"), percent="30")) == yuan("0.16")


@pytest.mark.clause("ECO-WRG-01")
def test_a_second_handling_pays_the_difference_and_the_ceiling_is_for_all_of_them() -> None:
    order = shop_order("200.00")
    assert money(keep(order, after("40.00", agreed="40.00"))) == yuan("20.00")
    assert money(keep(order, after("60.00", agreed="60.00"))) is None, "a payment of nothing is no step"
    with pytest.raises(RemedyRefused, match=r"at most 20\.00 CNY is left"):
        keep(order, after("40.00", agreed="40.00"), percent="15")


@pytest.mark.clause("ECO-WRG-01")
def test_other_goods_of_less_value_lift_no_ceiling() -> None:
    """What was offered for dear goods is more than nobody may exceed for cheap ones: the agent chooses other goods."""
    order, cheap = shop_order("200.00", "30.00"), (Item(sku="SKU-2"),)
    with pytest.raises(RemedyRefused, match=r"within 30 % of 30\.00 CNY") as caught:
        keep(order, after("40.00"), items=cheap)
    assert caught.value.field == "choices.keep_it.items"
    assert money(keep(order, after("40.00", agreed="40.00"), items=cheap)) is None, "nothing is left, and nothing is offered"


Move = tuple[str, Decimal]
MOVES = st.lists(
    st.tuples(
        st.sampled_from(("default", "percent", "amount")),
        st.decimals(min_value=0, max_value=60, places=2),
    ),
    min_size=1,
    max_size=12,
)


class ShopDesk(PureDesk):
    """One complaint about a wrong item, as far as its first plan."""

    def __init__(self, order: Order) -> None:
        super().__init__(datetime(2026, 11, 2, tzinfo=UTC), "wrong_item", order, shop())
        for command in (
            c.Respond(message="已登记"),
            c.Verify(founded=True, findings="照片已核实"),
            c.Assess(facts={}, liable="supplier"),
        ):
            refusal = self.does(AGENT, command)
            assert refusal is None, refusal

    def offers(self, how: str, figure: Decimal) -> Refusal | None:
        chosen: dict[str, object] = {"step": "keep_it", "items": ONE}
        if how != "default":
            chosen[how] = figure if how == "percent" else yuan(figure)
        left_out = StepChoice(step="coupon", include=False)
        return self.does(AGENT, c.Propose(choices=(StepChoice.model_validate(chosen), left_out), reason="协商"))


def _given(case: Case) -> Decimal:
    states = (*case.earlier_steps, *case.steps)
    return sum((s.step.money.amount for s in states if s.step.money and s.status != "dropped"), Decimal(0))


@pytest.mark.clause("ECO-WRG-01")
@settings(max_examples=60, deadline=None)
@given(price=st.decimals(min_value="0.01", max_value=500, places=2), moves=MOVES, answers=st.lists(st.booleans(), min_size=12))
def test_whatever_is_offered_and_agreed_offers_rise_and_paid_stays_under_decided_under_the_cap(
    price: Decimal, moves: list[Move], answers: list[bool]
) -> None:
    desk = ShopDesk(shop_order(str(price), "80.00"))
    totals: list[Decimal] = []
    for (how, figure), agreed in zip(moves, answers, strict=False):
        before = desk.case
        given_before = _given(before)
        if desk.offers(how, figure) is not None:
            assert desk.case is before, "a refused offer changes nothing"
            continue
        proposal = desk.case.proposal
        assert proposal is not None
        if proposal.plan.steps:
            offered = given_before + proposal.plan.cash.amount
            assert offered * 100 <= price * 30
            assert not totals or totals[-1] < offered or (offered == totals[-1] and offered * 100 > price * 30 - 1)
            totals.append(offered)
        number = proposal.number
        if not agreed:
            assert desk.does(CUSTOMER, c.Decline(number=number, reason="太少")) is None
            continue
        assert desk.does(CUSTOMER, c.Accept(number=number)) is None
        desk.carry_out(lambda state: "done")
        assert desk.case.paid <= desk.case.decided
        assert _given(desk.case) * 100 <= price * 30
        assert desk.case.decided.amount <= price * 30 / 100
        assert desk.case.stage is Stage.CONFIRMING
        assert desk.does(CUSTOMER, c.Confirm(satisfied=False)) is None
        assert desk.does(AGENT, c.Assess(facts={}, liable="supplier")) is None


def test_a_proposal_that_was_never_offered_is_no_offer() -> None:
    desk = ShopDesk(shop_order("200.00"))
    assert desk.case.offers == {}
    assert desk.offers("percent", Decimal(20)) is None
    assert desk.case.offers == {"keep_it": yuan("40.00")}
    assert Case.model_validate_json(desk.case.model_dump_json()) == desk.case


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('items = "chosen"\n', "", 'needs `items = "chosen"`'),
        ("offers = [10, 20, 30]\n", "", "belong together"),
        ("progressive = true\n", "", "belong together"),
        ("offers = [10, 20, 30]", "offers = [10, 30, 20]", "higher than the one before"),
        ("offers = [10, 20, 30]", "offers = [10, 40]", "stay within its max"),
        ("offers = [10, 20, 30]", "offers = [5, 10]", "begin with the default"),
        ('title = { zh = "作废运单并归档", en = "Waybill voided and filed" }\nby = "person"',
         'title = { zh = "作废运单并归档", en = "Waybill voided and filed" }\nby = "software"', "by = \"person\""),
    ],
)  # fmt: skip
def test_a_pack_that_says_it_wrongly_is_told_where(old: str, new: str, said: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        parse_pack(changed(SHOP, old, new), "shop.toml")
    assert said in str(caught.value)


def test_the_customer_does_not_see_that_a_further_offer_would_be_higher() -> None:
    desk = ShopDesk(shop_order("200.00"))
    assert desk.offers("default", Decimal(0)) is None
    assert desk.case.proposal is not None
    assert desk.case.proposal.plan.steps[0].progressive
    shown = case_for_customer(desk.case)
    assert shown.proposal is not None
    assert (shown.proposal.plan.steps[0].money, shown.offers) == (yuan("20.00"), {})
    assert "progressive" not in shown.model_dump_json()
    assert desk.does(CUSTOMER, c.Accept(number=1)) is None
    assert "progressive" not in case_for_customer(desk.case).model_dump_json()


def test_the_story_says_which_goods_a_share_is_of() -> None:
    desk = ShopDesk(shop_order("200.00"))
    assert desk.offers("default", Decimal(0)) is None
    entry = next(each for each in desk.journal if each.event.kind == "proposed")
    assert "Amends (20.00 CNY, 10 %, SKU-1 × 1)" in tell(entry, desk.case, shop(), "en")
    assert "补偿（20.00 CNY，10 %，SKU-1 × 1）" in tell(entry, desk.case, shop(), "zh-CN")
