"""What is asked of partners, and what they answer: the words of the ports in `adapters/`.

Every order is placed under an effect key `complaint/cycle/step` that never changes, so placing it again is asking for
the same effect.
"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.foreign import Foreign
from domain.invoice import Invoice
from domain.money import Money
from domain.order import Item
from domain.stored import absent

EffectStatus = Literal["accepted", "done", "refused"]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EffectReport(_Message):
    """How far a partner is with one effect. *accepted*: on its way, a webhook or an answer to `ask` will say more."""

    reference: Foreign = Field(description="The partner's own number of this effect.")
    status: EffectStatus
    detail: Foreign = Field(default="", description="Partner's words: tracking status, reason of a refusal.")
    at: AwareDatetime


class ShipmentOrder(_Message):
    """Goods on the move: sent again, exchanged, returned by the customer, or collected from the customer."""

    kind: Literal["reship", "exchange", "return", "collection", "invoice"]
    order_number: str
    items: tuple[Item, ...] = Field(default=(), description="What of the order; empty means all of it.")
    invoice: Invoice | None = Field(default=None, exclude_if=absent, description="What has to stand on it, of an invoice.")
    address: str | None = Field(default=None, description="Where to; the order's own address when absent.")
    freight_paid_by: Literal["company", "customer"] = "company"


class VisitOrder(_Message):
    """A person who comes: to inspect, repair, put right or install anew."""

    kind: Literal["inspection", "repair", "rectification", "reinstallation"]
    order_number: str
    address: str | None = None
    before_at: AwareDatetime | None = Field(default=None, description="Latest instant of the visit.")


class Payment(_Message):
    """Money to the customer: `refund` gives back what was paid for the order, `extra_payment` compensates on top of it."""

    kind: Literal["refund", "extra_payment"]
    order_number: str
    money: Money
    reason: str = Field(default="", description="Clause behind the payment.")


class Benefit(_Message):
    """Something other than money: a coupon (worth `money`), a gift (`item`), loyalty points (`points`)."""

    kind: Literal["coupon", "gift", "points"]
    order_number: str | None = Field(default=None, description="None where the complaint names no order; then the customer is.")
    customer_id: str | None = None
    money: Money | None = None
    item: str | None = None
    points: int | None = Field(default=None, ge=1)


class AccountChange(_Message):
    """What a customer's account may do: pay on delivery (restricted, restored), anything at all (frozen, released)."""

    kind: Literal["restrict_cod", "restore_cod", "freeze", "release"]
    customer_id: str
    order_number: str | None = None
    reason: str = Field(default="", description="Clause behind the change.")


class LotChange(_Message):
    """What becomes of a lot in the shop: its sale stopped, taken up again, or the lot called back from who has it."""

    kind: Literal["suspend", "release", "recall"]
    lot: str
    product: str | None = None
    reason: str = Field(default="", description="Clause behind the change.")


EffectOrder = ShipmentOrder | VisitOrder | Payment | Benefit | AccountChange
