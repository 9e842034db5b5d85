"""Offers that rise step by step: each of a complaint is higher than the one before, and all together stay under one ceiling.

An offer is measured with what earlier handlings of the complaint agreed under the same step: a second handling goes on where the
first one stopped, and pays the difference.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from domain.money import Money, minor_digits
from domain.policy.errors import RemedyRefused
from domain.policy.remedy_rows import StepRule


class Climbed(NamedTuple):
    """How far a step has come: the highest offer, and what of it was agreed. Both in all handlings together."""

    offered: Money | None
    agreed: Money


def share_down(base: Money, percent: Decimal) -> Money:
    """That many per cent, rounded down: a ceiling that is rounded up would be exceeded."""
    unit = Decimal(1).scaleb(-minor_digits(base.currency))
    return Money.of((base.amount * percent / 100).quantize(unit, rounding=ROUND_DOWN), base.currency)


def next_offer(rule: StepRule, base: Money, climbed: Climbed) -> Money:
    """What is proposed now where the agent chooses nothing: the next of the pack's offers, at the top the same again."""
    assert rule.percent is not None
    top = share_down(base, rule.percent.max)
    ladder = [share_down(base, percent) for percent in rule.offers]
    highest = climbed.offered if climbed.offered is not None else Money.zero(base.currency)
    total = next((each for each in ladder if highest < each), max(top, highest))
    return _beyond(total, climbed.agreed)


def check_rise(rule: StepRule, base: Money, climbed: Climbed, money: Money, field: str) -> None:
    """Raises RemedyRefused, naming `field`, for an offer that is no rise, or above what anybody may approve."""
    assert rule.percent is not None
    top = share_down(base, rule.percent.max)
    total = climbed.agreed + money
    if rule.percent.hard and top < total:
        left = _beyond(top, climbed.agreed)
        raise RemedyRefused(
            field,
            zh=f"各次合计不得超过 {base} 的 {rule.percent.max}%，此步骤最多还可 {left}，任何人均无权批准更多",
            en=f"all offers together stay within {rule.percent.max} % of {base}; at most {left} is left, whoever approves",
        )
    if climbed.offered is None or climbed.offered < total or (total == climbed.offered and top <= total):
        return
    last = _beyond(climbed.offered, climbed.agreed)
    raise RemedyRefused(
        field,
        zh=f"上次已提出 {last}，此次须更高",
        en=f"{last} was offered before; offer more than that",
    )


def _beyond(total: Money, agreed: Money) -> Money:
    return total - agreed if agreed < total else Money.zero(total.currency)
