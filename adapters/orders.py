"""The shop's order system."""

from __future__ import annotations

from typing import Protocol

import httpx

from adapters.gate import Gate
from adapters.http import PartnerLine, in_path
from domain.order import Order


class Orders(Protocol):
    """Knows what was bought."""

    async def find(self, number: str) -> Order | None:
        """The order of this number, None when the shop has no such order.

        Instants keep the offset of the shop's clock, so that their date is the shop's date.
        Raises PartnerUnavailable: ask later, also when the shop refuses to tell (a credential may have run out).
        """


class HttpOrders(Orders):
    def __init__(self, client: httpx.AsyncClient, gate: Gate | None = None) -> None:
        self._line = PartnerLine(client, "orders", gate)

    async def find(self, number: str) -> Order | None:
        return await self._line.read(f"/orders/{in_path(number)}", Order)
