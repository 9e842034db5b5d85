"""The logistics partner: goods on the move, people who come, and where a parcel is."""

from __future__ import annotations

from typing import Protocol

import httpx

from adapters.errors import PartnerRefused
from adapters.gate import Gate
from adapters.http import PartnerLine, in_path
from domain.effects import EffectReport, ShipmentOrder, VisitOrder
from domain.route import Route


class Logistics(Protocol):
    """Moves goods and sends people, once a key."""

    async def place(self, key: str, order: ShipmentOrder | VisitOrder) -> EffectReport:
        """Order a shipment or a visit under this effect key; the same key again orders nothing more and gives the first answer.

        Normally *accepted*; webhooks or `ask` tell the rest, with the stage (`in_transit`, `delivered`, `lost` ...) as detail.
        Raises PartnerRefused (`unknown_order`, `unknown_sku`, `key_reused`), PartnerUnavailable when nothing happened,
        OutcomeUnknown when it may have been ordered.
        """

    async def ask(self, key: str) -> EffectReport | None:
        """How far the shipment or visit of this key is; None when it was never ordered.

        *refused* means that it will not happen any more: refused, cancelled, failed, or lost on the way.
        Raises PartnerUnavailable.
        """

    async def cancel(self, key: str) -> EffectReport:
        """Call off the shipment or visit of this key and report it as *refused*; twice is once.

        Raises PartnerRefused (`too_late`: it has arrived or taken place; `unknown_key`: never ordered), PartnerUnavailable,
        OutcomeUnknown.
        """

    async def track(self, order_number: str) -> Route:
        """The route of the order's original parcel.

        Raises PartnerRefused (`unknown_order`) or PartnerUnavailable.
        """


class HttpLogistics(Logistics):
    def __init__(self, client: httpx.AsyncClient, gate: Gate | None = None) -> None:
        self._line = PartnerLine(client, "logistics", gate)

    async def place(self, key: str, order: ShipmentOrder | VisitOrder) -> EffectReport:
        path = "/logistics/shipments" if isinstance(order, ShipmentOrder) else "/logistics/visits"
        return await self._line.write("POST", path, key, order, EffectReport)

    async def ask(self, key: str) -> EffectReport | None:
        return await self._line.read(f"/logistics/effects/{in_path(key)}", EffectReport)

    async def cancel(self, key: str) -> EffectReport:
        return await self._line.write("DELETE", f"/logistics/effects/{in_path(key)}", f"{key}/cancel", None, EffectReport)

    async def track(self, order_number: str) -> Route:
        found = await self._line.read(f"/logistics/track/{in_path(order_number)}", Route)
        if found is None:
            raise PartnerRefused("logistics", "unknown_order", f"no parcel is known of order {order_number}")
        return found
