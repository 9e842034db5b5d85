"""The payment partner."""

from __future__ import annotations

from typing import Protocol

import httpx

from adapters.gate import Gate
from adapters.http import PartnerLine, in_path
from domain.effects import EffectReport, Payment


class Payments(Protocol):
    """Pays money to customers, once a key."""

    async def place(self, key: str, payment: Payment) -> EffectReport:
        """Pay under this effect key; the same key again pays nothing more and gives the first answer.

        *accepted*: on its way, a webhook or `ask` tells the end; *done*: paid. Raises PartnerRefused when it will never be paid
        (`over_paid`: refunds would exceed what was paid for the order; `wrong_currency`; `unknown_order`; `key_reused`: the key
        names another payment), PartnerUnavailable when nothing happened, OutcomeUnknown when it may have been paid.
        """

    async def ask(self, key: str) -> EffectReport | None:
        """How far the payment of this key is; None when it was never placed, *refused* when it was and will not be paid.

        Raises PartnerUnavailable.
        """

    async def cancel(self, key: str) -> EffectReport:
        """Stop the pending payment of this key and report it as *refused*; twice is once.

        Raises PartnerRefused (`too_late`: it has been paid; `unknown_key`: never placed), PartnerUnavailable, OutcomeUnknown.
        """


class HttpPayments(Payments):
    def __init__(self, client: httpx.AsyncClient, gate: Gate | None = None) -> None:
        self._line = PartnerLine(client, "payments", gate)

    async def place(self, key: str, payment: Payment) -> EffectReport:
        return await self._line.write("POST", "/payments", key, payment, EffectReport)

    async def ask(self, key: str) -> EffectReport | None:
        return await self._line.read(f"/payments/effects/{in_path(key)}", EffectReport)

    async def cancel(self, key: str) -> EffectReport:
        return await self._line.write("DELETE", f"/payments/effects/{in_path(key)}", f"{key}/cancel", None, EffectReport)
