"""The partner systems of each tenant, each behind a gate: at the addresses of its file, or at those of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from adapters.accounts import Accounts, HttpAccounts
from adapters.benefits import Benefits, HttpBenefits
from adapters.gate import Gate, GateState
from adapters.http import partner_client
from adapters.logistics import HttpLogistics, Logistics
from adapters.lots import HttpLots, Lots
from adapters.orders import HttpOrders, Orders
from adapters.payments import HttpPayments, Payments
from adapters.statements import HttpStatements, Statements
from domain.ledger import Partner
from domain.tenant import Tenant

_SYSTEMS = ("orders", "logistics", "payments", "benefits", "accounts", "lots")


@dataclass(frozen=True)
class Systems:
    """One tenant's partners."""

    orders: Orders
    logistics: Logistics
    payments: Payments
    benefits: Benefits
    accounts: Accounts
    lots: Lots
    statements: Mapping[Partner, Statements]


class Directory:
    """Keeps one pool of connections an address, however many tenants share it, and one gate a partner and tenant."""

    def __init__(self, default_url: str, rate: str | None = None) -> None:
        self._default = default_url
        self._rate = rate
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._gates: dict[tuple[str, str], Gate] = {}

    def of(self, tenant: Tenant) -> Systems:
        own = tenant.partners
        clients = {name: self._client(getattr(own, name)) for name in _SYSTEMS}
        gates = {name: self._gate(tenant.id, name) for name in clients}
        partners: tuple[Partner, ...] = ("payments", "benefits", "logistics", "accounts", "lots")
        return Systems(
            orders=HttpOrders(clients["orders"], gates["orders"]),
            logistics=HttpLogistics(clients["logistics"], gates["logistics"]),
            payments=HttpPayments(clients["payments"], gates["payments"]),
            benefits=HttpBenefits(clients["benefits"], gates["benefits"]),
            accounts=HttpAccounts(clients["accounts"], gates["accounts"]),
            lots=HttpLots(clients["lots"], gates["lots"]),
            statements={name: HttpStatements(clients[name], name, gates[name]) for name in partners},
        )

    def gates(self) -> tuple[GateState, ...]:
        """How things stand with each partner that this process has called, for metrics and for operators."""
        return tuple(gate.state for gate in self._gates.values())

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def _client(self, url: str | None) -> httpx.AsyncClient:
        address = url or self._default
        if address not in self._clients:
            self._clients[address] = partner_client(address)
        return self._clients[address]

    def _gate(self, tenant: str, partner: str) -> Gate:
        if (tenant, partner) not in self._gates:
            self._gates[tenant, partner] = Gate(tenant, partner, self._rate)
        return self._gates[tenant, partner]
