"""How much a remedy may still move: what is given back up to what was paid, and what comes on top up to the pack's cap."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal

from pydantic import BaseModel, ConfigDict, Field

from domain.money import Currency, Money, minor_digits
from domain.order import Order
from domain.policy.errors import RemedyRefused
from domain.policy.pack import Pack
from domain.policy.vocabulary import GIVES_BACK, StepKind
from domain.rising_offers import Climbed


class Spent(BaseModel):
    """What earlier handlings of the same complaint decided already."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    given_back: Money
    extra: Money
    climbed: dict[str, Climbed] = Field(default={}, description="By step: how far offers that rise have come.")


class Purse:
    """Counts down while a plan is priced, step by step."""

    def __init__(
        self, order: Order | None, currency: Currency, back: Money, extra: Money | None, climbed: Mapping[str, Climbed]
    ) -> None:
        self.order = order
        self.currency = currency
        self._back = back
        self._extra = extra
        self._climbed = climbed

    @classmethod
    def of(cls, pack: Pack, order: Order | None, currency: Currency, spent: Spent | None) -> Purse:
        """A full purse for this order. Without an order nothing can be given back, and the cap on extras has no measure."""
        if order is None:
            return cls(None, currency, Money.zero(currency), None, {})
        if order.paid.currency != currency:
            raise RemedyRefused(
                "order_number",
                zh=f"订单以 {order.paid.currency} 支付，与公司币种 {currency} 不符，请由管理人员处理",
                en=f"the order was paid in {order.paid.currency}, not in {currency}; have a manager decide it",
            )
        # Down, not half up: a cap that is rounded up would be exceeded.
        unit = Decimal(1).scaleb(-minor_digits(currency))
        cap = (order.paid.amount * pack.cap.extra_percent / 100).quantize(unit, rounding=ROUND_DOWN)
        back, extra = order.paid, Money.of(cap, currency)
        if spent is not None:
            back, extra = _less(back, spent.given_back), _less(extra, spent.extra)
        return cls(order, currency, back, extra, spent.climbed if spent is not None else {})

    def left(self, kind: StepKind) -> Money | None:
        """What a step of this kind may still move; None where nothing limits it."""
        return self._back if kind in GIVES_BACK else self._extra

    def climbed(self, step: str) -> Climbed:
        """How far the offers under this step have come in the whole complaint."""
        return self._climbed.get(step) or Climbed(None, Money.zero(self.currency))

    def take(self, kind: StepKind, money: Money) -> None:
        if kind in GIVES_BACK:
            self._back = self._back - money
        elif self._extra is not None:
            self._extra = self._extra - money


def _less(money: Money, spent: Money) -> Money:
    return Money.zero(money.currency) if money <= spent else money - spent
