"""The benefit partner: coupons, gifts, loyalty points."""

from __future__ import annotations

from typing import Protocol

import httpx

from adapters.gate import Gate
from adapters.http import PartnerLine, in_path
from domain.effects import Benefit, EffectReport


class Benefits(Protocol):
    """Grants what is not money, once a key."""

    async def place(self, key: str, benefit: Benefit) -> EffectReport:
        """Grant under this effect key; the same key again grants nothing more and gives the first answer.

        Raises PartnerRefused (`unknown_order`; `incomplete`: a coupon without its worth, a gift without its item, points without
        their number; `key_reused`), PartnerUnavailable when nothing happened, OutcomeUnknown when it may have been granted.
        """

    async def ask(self, key: str) -> EffectReport | None:
        """How far the benefit of this key is; None when it was never granted, *refused* when refused or taken back.

        Raises PartnerUnavailable.
        """

    async def cancel(self, key: str) -> EffectReport:
        """Take the benefit of this key back and report it as *refused*; taking it back twice is taking it back once.

        Raises PartnerRefused (`unknown_key`: never granted), PartnerUnavailable, OutcomeUnknown.
        """


class HttpBenefits(Benefits):
    def __init__(self, client: httpx.AsyncClient, gate: Gate | None = None) -> None:
        self._line = PartnerLine(client, "benefits", gate)

    async def place(self, key: str, benefit: Benefit) -> EffectReport:
        return await self._line.write("POST", "/benefits", key, benefit, EffectReport)

    async def ask(self, key: str) -> EffectReport | None:
        return await self._line.read(f"/benefits/effects/{in_path(key)}", EffectReport)

    async def cancel(self, key: str) -> EffectReport:
        return await self._line.write("DELETE", f"/benefits/effects/{in_path(key)}", f"{key}/cancel", None, EffectReport)
