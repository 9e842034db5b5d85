"""The money of one step: the pack's percentage, percentage a day, or amount, against what the agent chose."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from domain.chosen_goods import value_of
from domain.money import Money
from domain.policy.conditions import Facts
from domain.policy.errors import RemedyRefused
from domain.policy.remedy_rows import StepRule
from domain.purse import Purse
from domain.rising_offers import check_rise, next_offer, share_down
from domain.step_choice import StepChoice


@dataclass(frozen=True)
class Priced:
    """Money of a step with the percentage behind it, and whether the agent left the range the procedure leaves open."""

    money: Money
    percent: Decimal | None
    outside_range: bool


@dataclass(frozen=True)
class _Room:
    """What a step may cost without a higher approval, and the ceiling that nobody may pass."""

    low: Decimal
    default: Decimal
    high: Decimal
    ceiling: Decimal | None


def price(rule: StepRule, choice: StepChoice, facts: Facts, purse: Purse) -> Priced:
    """Price a step and take it from the purse. Defaults shrink to what is left; a choice beyond it is refused (RemedyRefused)."""
    percent, amount = choice.percent, choice.amount
    if percent is not None and amount is not None:
        raise _refused(rule, "amount", zh="比例与金额只能填写一项", en="give either percent or amount, not both")
    if amount is not None and amount.currency != purse.currency:
        raise _refused(rule, "amount", zh=f"金额须以 {purse.currency} 计", en=f"give the amount in {purse.currency}")
    if rule.amount is not None:
        if percent is not None:
            raise _refused(rule, "percent", zh="此步骤按金额计，请填写金额", en="this step has an amount; give amount instead")
        return _by_amount(rule, amount, purse)
    base = _base(rule, choice, purse)
    if rule.progressive:
        return _rising(rule, percent, amount, base, purse)
    return _by_percent(rule, percent, amount, base, facts, purse)


def _by_amount(rule: StepRule, amount: Money | None, purse: Purse) -> Priced:
    figures = (rule.amount or {}).get(purse.currency)
    if figures is None:
        raise _refused(
            rule,
            "amount",
            zh=f"制度未规定 {purse.currency} 的金额，请由管理人员补充",
            en=f"the pack names no amount in {purse.currency}",
        )
    room = _Room(figures.min, figures.default, figures.max, figures.max if figures.hard else None)
    money = amount or Money.of(figures.default, purse.currency)
    return _taken(rule, Priced(money, None, _outside(rule, "amount", money.amount, room)), amount is not None, purse)


def _base(rule: StepRule, choice: StepChoice, purse: Purse) -> Money:
    """What a percentage is taken of."""
    if purse.order is None:
        raise RemedyRefused(
            "order_number",
            zh=f"“{rule.title.zh}”按订单金额计算，请先核实订单",
            en=f"{rule.title.en!r} is a share of the order; find the order first",
        )
    if rule.of == "items":
        return value_of(purse.order, choice.items, f"choices.{rule.id}.items")
    return purse.order.goods if rule.of == "goods" else purse.order.paid


def _by_percent(rule: StepRule, percent: Decimal | None, amount: Money | None, base: Money, facts: Facts, purse: Purse) -> Priced:
    room = _percentages(rule, facts)
    if amount is not None:
        # Compared in money, where the range's own ends are rounded as every money is.
        ceiling = base.percent(room.ceiling).amount if room.ceiling is not None else None
        ends = _Room(base.percent(room.low).amount, Decimal(0), base.percent(room.high).amount, ceiling)
        outside = _outside(rule, "amount", amount.amount, ends)
        return _taken(rule, Priced(amount, None, outside), True, purse)
    share = percent if percent is not None else room.default
    outside = _outside(rule, "percent", share, room)
    return _taken(rule, Priced(base.percent(share), share, outside), percent is not None, purse)


def _rising(rule: StepRule, percent: Decimal | None, amount: Money | None, base: Money, purse: Purse) -> Priced:
    assert rule.percent is not None  # the model of a step lets offers climb inside a percentage only
    climbed = purse.climbed(rule.id)
    chosen = amount if amount is not None else share_down(base, percent) if percent is not None else None
    if chosen is not None:
        check_rise(rule, base, climbed, chosen, f"choices.{rule.id}.{'amount' if percent is None else 'percent'}")
    money = chosen if chosen is not None else next_offer(rule, base, climbed)
    if chosen is None and money:
        # Dearer goods may have been offered for before: what was offered then is no measure for these.
        check_rise(rule, base, climbed, money, f"choices.{rule.id}.{'items' if rule.of == 'items' else 'percent'}")
    total = climbed.agreed + money
    outside = not share_down(base, rule.percent.min) <= total <= share_down(base, rule.percent.max)
    share = percent if chosen is not None else _share_of(rule, base, money)
    priced = _taken(rule, Priced(money, share, outside and bool(money)), chosen is not None, purse)
    if priced.money and priced.money < money and climbed.offered is not None and climbed.agreed + priced.money < climbed.offered:
        # What is left would be less than was offered before: an offer does not go down, and the agent chooses another way.
        raise _refused(
            rule,
            "include",
            zh=f"余额仅够 {priced.money}，低于上次提出的金额，请改选其他方案",
            en=f"only {priced.money} is left, which is less than was offered before; choose something else",
        )
    return priced


def _share_of(rule: StepRule, base: Money, money: Money) -> Decimal | None:
    """The percentage of the pack that a proposed sum is, where it is one of them."""
    return next((percent for percent in rule.offers if share_down(base, percent) == money), None)


def _percentages(rule: StepRule, facts: Facts) -> _Room:
    if rule.percent is not None:
        figures = rule.percent
        return _Room(figures.min, figures.default, figures.max, figures.max if figures.hard else None)
    assert rule.per_day is not None  # the model of a step holds exactly one figure
    count = facts.get(rule.per_day.fact)
    if isinstance(count, bool) or not isinstance(count, int):
        raise RemedyRefused(
            f"facts.{rule.per_day.fact}", zh="请先填写该项核定结果", en="is needed for this remedy; say it in the assessment"
        )
    share = min(rule.per_day.percent * count, rule.per_day.max_percent)
    return _Room(share, share, share, rule.per_day.max_percent)


def _outside(rule: StepRule, field: str, value: Decimal, room: _Room) -> bool:
    if room.ceiling is not None and value > room.ceiling:
        raise _refused(
            rule, field, zh=f"不得超过 {room.ceiling}，任何人均无权批准", en=f"is above {room.ceiling}, which nobody may approve"
        )
    return not room.low <= value <= room.high


def _taken(rule: StepRule, priced: Priced, chosen: bool, purse: Purse) -> Priced:
    left = purse.left(rule.kind)
    if left is not None and left < priced.money:
        if chosen:
            raise _refused(
                rule,
                "amount" if priced.percent is None else "percent",
                zh=f"合计超过上限，此步骤最多还可 {left}",
                en=f"goes over what may be given in all; at most {left} is left for this step",
            )
        priced = Priced(left, None, priced.outside_range)
    purse.take(rule.kind, priced.money)
    return priced


def _refused(rule: StepRule, field: str, *, zh: str, en: str) -> RemedyRefused:
    return RemedyRefused(f"choices.{rule.id}.{field}", zh=zh, en=en)
