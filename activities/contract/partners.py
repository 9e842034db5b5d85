"""What partners are asked."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from temporalio import activity

from activities.contract.message import Message
from domain.effects import AccountChange, Benefit, EffectReport, LotChange, Payment, ShipmentOrder, VisitOrder
from domain.order import Order
from domain.route import Route
from domain.stored import empty


class FindOrder(Message):
    tenant: str
    number: str


class FoundOrder(Message):
    """`route`: where the order's parcel is, if its carrier could say so at once."""

    order: Order | None
    route: Route | None = Field(default=None, exclude_if=empty)


class PlaceEffect(Message):
    """Place, or ask after, one effect at its partner. `key` never changes: `complaint/cycle/step`, or `incident/1/effect`."""

    tenant: str
    key: str
    shipment: ShipmentOrder | None = Field(default=None, exclude_if=empty)
    visit: VisitOrder | None = Field(default=None, exclude_if=empty)
    payment: Payment | None = Field(default=None, exclude_if=empty)
    benefit: Benefit | None = Field(default=None, exclude_if=empty)
    account: AccountChange | None = Field(default=None, exclude_if=empty)
    lot: LotChange | None = Field(default=None, exclude_if=empty)
    clause: str = Field(default="", exclude_if=empty, description="Clause behind it; a payment names its own as its reason.")
    decided_by: str = Field(default="", exclude_if=empty, description="Staff id of whoever approved it, or proposed it.")


class CancelEffect(Message):
    tenant: str
    key: str
    partner: Literal["logistics", "benefits", "payments", "accounts"]


class Partners:
    """Remote: the shop's order, logistics, payment and benefit systems."""

    @activity.defn
    async def find_order(self, ask: FindOrder) -> FoundOrder:
        """The order with its parcel's route, or none under that number. Retried for ever while the order system is away."""
        raise NotImplementedError

    @activity.defn
    async def place_effect(self, effect: PlaceEffect) -> EffectReport:
        """One effect at its partner, entered in the ledger first.

        Raises ApplicationError `PartnerRefused` and `LedgerConflict` (final); all else is retried under the same key.
        """
        raise NotImplementedError

    @activity.defn
    async def ask_effect(self, effect: PlaceEffect) -> EffectReport:
        """How far the partner is with an effect that was placed. Raises ApplicationError `EffectUnknown` when it knows none."""
        raise NotImplementedError

    @activity.defn
    async def cancel_effect(self, effect: CancelEffect) -> EffectReport:
        """Call back an effect that is not done yet."""
        raise NotImplementedError
