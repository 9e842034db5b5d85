"""The account partner: what a customer's account may do."""

from __future__ import annotations

from typing import Protocol

import httpx

from adapters.gate import Gate
from adapters.http import PartnerLine, in_path
from domain.effects import AccountChange, EffectReport


class Accounts(Protocol):
    """Restricts and restores accounts, once a key."""

    async def place(self, key: str, change: AccountChange) -> EffectReport:
        """Change the account under this effect key; the same key again changes nothing more and gives the first answer.

        Raises PartnerRefused (`incomplete`: no customer is named; `key_reused`), PartnerUnavailable when nothing happened,
        OutcomeUnknown when it may have been changed.
        """

    async def ask(self, key: str) -> EffectReport | None:
        """How far the change of this key is; None when there never was one. Raises PartnerUnavailable."""

    async def cancel(self, key: str) -> EffectReport:
        """Undo the change of this key and report it as *refused*; undoing it twice is undoing it once.

        Raises PartnerRefused (`unknown_key`: never made), PartnerUnavailable, OutcomeUnknown.
        """


class HttpAccounts(Accounts):
    def __init__(self, client: httpx.AsyncClient, gate: Gate | None = None) -> None:
        self._line = PartnerLine(client, "accounts", gate)

    async def place(self, key: str, change: AccountChange) -> EffectReport:
        return await self._line.write("POST", "/accounts/changes", key, change, EffectReport)

    async def ask(self, key: str) -> EffectReport | None:
        return await self._line.read(f"/accounts/effects/{in_path(key)}", EffectReport)

    async def cancel(self, key: str) -> EffectReport:
        return await self._line.write("DELETE", f"/accounts/effects/{in_path(key)}", f"{key}/cancel", None, EffectReport)
