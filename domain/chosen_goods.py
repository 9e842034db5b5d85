"""What the goods that an agent chose are worth: the price they were bought for, never more than all goods together cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from domain.money import Money
from domain.order import Item, Order
from domain.policy.errors import RemedyRefused


def value_of(order: Order, items: Sequence[Item], field: str) -> Money:
    """Price of the chosen items. Of lines with the same number and different prices the cheaper ones count first.

    Raises RemedyRefused, naming `field`, for what the order does not hold and for parts, which have no price of their own.
    """
    value = Money.zero(order.paid.currency)
    if part := next((item for item in items if item.part != "whole"), None):
        raise RemedyRefused(
            field,
            zh=f"配件没有单独价格，请选择整件商品（{part.sku}）",
            en=f"a part has no price of its own; choose the whole of {part.sku}",
        )
    chosen = Counter[str]()
    for item in items:
        chosen[item.sku] += item.quantity
    for sku, wanted in chosen.items():
        lines = [line for line in order.lines if line.sku == sku and line.price.currency == value.currency]
        if wanted > sum(line.quantity for line in lines):
            raise RemedyRefused(
                field,
                zh=f"订单中没有这么多 {sku}，请核对商品及数量",
                en=f"the order does not hold {wanted} of {sku}; check which",
            )
        for line in sorted(lines, key=lambda line: line.price.amount):
            taken = min(wanted, line.quantity)
            value = value + Money.of(line.price.amount * Decimal(taken), value.currency)
            wanted -= taken
    # A reduction on the whole order is no reduction of a line: what was asked for all goods is the measure then.
    return min(value, order.goods)
