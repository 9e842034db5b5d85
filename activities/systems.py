"""The partner systems of each tenant: connections to the addresses in its file, or to those of the settings."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from adapters.benefits import Benefits, HttpBenefits
from adapters.http import partner_client
from adapters.logistics import HttpLogistics, Logistics
from adapters.orders import HttpOrders, Orders
from adapters.payments import HttpPayments, Payments
from domain.tenant import Tenant


@dataclass(frozen=True)
class Systems:
    """One tenant's partners."""

    orders: Orders
    logistics: Logistics
    payments: Payments
    benefits: Benefits


class Directory:
    """Keeps one pool of connections an address, however many tenants share it."""

    def __init__(self, default_url: str) -> None:
        self._default = default_url
        self._clients: dict[str, httpx.AsyncClient] = {}

    def of(self, tenant: Tenant) -> Systems:
        own = tenant.partners
        return Systems(
            orders=HttpOrders(self._client(own.orders)),
            logistics=HttpLogistics(self._client(own.logistics)),
            payments=HttpPayments(self._client(own.payments)),
            benefits=HttpBenefits(self._client(own.benefits)),
        )

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def _client(self, url: str | None) -> httpx.AsyncClient:
        address = url or self._default
        if address not in self._clients:
            self._clients[address] = partner_client(address)
        return self._clients[address]
