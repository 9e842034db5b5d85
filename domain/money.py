"""Money: a decimal amount with its currency, rounded once, by one named rule.

The rule is *half up to the currency's minor unit*: 0.005 yuan becomes 0.01 yuan. Percentages are taken on exact decimals and
rounded only when they become a Money, so that two percentages of one order never drift apart.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

# Currencies without hundredths (ISO 4217). Every other currency that the demo tenants can name has two decimals.
_MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3}

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 currency code, such as CNY.")]


def minor_digits(currency: str) -> int:
    """How many decimals an amount in this currency may have."""
    return _MINOR_DIGITS.get(currency, 2)


class Money(BaseModel):
    """An amount in one currency; never negative, never finer than the currency's minor unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: Decimal = Field(ge=0, max_digits=14, description="Decimal amount in units of the currency, such as 12.30.")
    currency: Currency

    @model_validator(mode="after")
    def _no_finer_than_the_minor_unit(self) -> Self:
        digits = minor_digits(self.currency)
        exponent = self.amount.normalize().as_tuple().exponent
        if not isinstance(exponent, int) or -exponent > digits:
            raise ValueError(f"{self.currency} amounts have at most {digits} decimals, got {self.amount}")
        return self

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """Money from an exact figure; raises ValueError when it is finer than the currency allows."""
        return cls(amount=Decimal(amount), currency=currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(amount=Decimal(0), currency=currency)

    def _same(self, other: Money) -> Decimal:
        if self.currency != other.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other.amount

    def __add__(self, other: Money) -> Money:
        return Money(amount=self.amount + self._same(other), currency=self.currency)

    def __sub__(self, other: Money) -> Money:
        """The difference; raises ValueError below zero, for a complaint never owes a negative amount."""
        return Money(amount=self.amount - self._same(other), currency=self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def percent(self, percent: Decimal) -> Money:
        """That many per cent of this amount, rounded once."""
        return round_money(self.amount * percent / Decimal(100), self.currency)

    def __str__(self) -> str:
        return f"{self.amount:.{minor_digits(self.currency)}f} {self.currency}"


def round_money(value: Decimal, currency: str) -> Money:
    """Round an exact figure half up to the currency's minor unit: the only place where money is rounded."""
    unit = Decimal(1).scaleb(-minor_digits(currency))
    return Money(amount=value.quantize(unit, rounding=ROUND_HALF_UP), currency=currency)
