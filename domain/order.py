"""The order a complaint is about, as the shop's order system tells it, and the customer who complains."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.foreign import Foreign
from domain.money import Money

Locale = Literal["zh-CN", "en"]


class Customer(BaseModel):
    """Who complains and how to reach them (HOM-TRN-02)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=100, description="Name as the customer gives it.")
    customer_id: str | None = Field(default=None, max_length=64, description="The shop's id of this customer, where known.")
    phone: str | None = Field(default=None, max_length=32, description="Telephone number.")
    email: str | None = Field(default=None, max_length=254, description="E-mail address.")
    locale: Locale = Field(default="zh-CN", description="Language in which the customer is written to.")


class OrderLine(BaseModel):
    """One thing bought."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sku: Foreign
    name: Foreign
    quantity: int = Field(ge=1)
    price: Money


Part = Literal["whole", "accessory", "manual", "warranty_card", "cutlery"]


class Item(BaseModel):
    """Something of an order line that goes its way: the thing itself, or what belongs to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sku: str = Field(min_length=1, max_length=64, description="The order line it belongs to.")
    part: Part = Field(
        default="whole", description="The thing itself, or the accessory, manual, card or cutlery that goes with it."
    )
    quantity: int = Field(default=1, ge=1, le=10_000)


class Order(BaseModel):
    """What the order system knows of one order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Foreign
    status: Foreign
    customer_id: Foreign | None = None
    phone: Foreign | None = None
    email: Foreign | None = None
    placed_at: AwareDatetime
    shipped_at: AwareDatetime | None = None
    promised_at: AwareDatetime | None = None
    delivered_at: AwareDatetime | None = None
    goods: Money
    freight: Money
    paid: Money
    lines: tuple[OrderLine, ...] = ()
    carrier: Foreign | None = None
    seller: Foreign | None = None
    origin: Foreign | None = Field(default=None, description="Where the goods leave from (province or state).")
    destination: Foreign | None = Field(default=None, description="Where they go.")

    def belongs_to(self, customer: Customer) -> bool | None:
        """Whether this is the customer's own order; None when nothing comparable is known, so that a person has to check.

        The shop's customer id decides; without it a telephone number or an e-mail address that matches is enough.
        """
        if customer.customer_id and self.customer_id:
            return customer.customer_id == self.customer_id
        pairs = [(customer.phone, self.phone), (customer.email, self.email)]
        known = [(mine, theirs) for mine, theirs in pairs if mine and theirs]
        if not known:
            return None
        return any(mine.casefold() == theirs.casefold() for mine, theirs in known)

    def holds(self, item: Item) -> bool:
        """Whether the item belongs to this order, and no more of it than was bought. Every line has its parts."""
        bought = sum(line.quantity for line in self.lines if line.sku == item.sku)
        return item.quantity <= bought

    def days_late(self, now: datetime) -> int:
        """Whole days past the promised arrival, at delivery or (not delivered yet) now; 0 when in time or not promised."""
        if self.promised_at is None:
            return 0
        arrived_at = self.delivered_at or now
        return max(0, (arrived_at.date() - self.promised_at.date()).days)
