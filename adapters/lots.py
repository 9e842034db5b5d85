"""The shop's stock system: what becomes of a lot."""

from __future__ import annotations

from typing import Protocol

import httpx

from adapters.gate import Gate
from adapters.http import PartnerLine, in_path
from domain.effects import EffectReport, LotChange


class Lots(Protocol):
    """Stops the sale of lots, releases them and calls them back, once a key."""

    async def place(self, key: str, change: LotChange) -> EffectReport:
        """Change the lot under this effect key; the same key again changes nothing more and gives the first answer.

        Raises PartnerRefused (`recalled`: a recalled lot is never released; `key_reused`), PartnerUnavailable when nothing
        happened, OutcomeUnknown when it may have been changed.
        """

    async def ask(self, key: str) -> EffectReport | None:
        """How far the change of this key is; None when there never was one. Raises PartnerUnavailable."""


class HttpLots(Lots):
    def __init__(self, client: httpx.AsyncClient, gate: Gate | None = None) -> None:
        self._line = PartnerLine(client, "lots", gate)

    async def place(self, key: str, change: LotChange) -> EffectReport:
        return await self._line.write("POST", "/lots/changes", key, change, EffectReport)

    async def ask(self, key: str) -> EffectReport | None:
        return await self._line.read(f"/lots/effects/{in_path(key)}", EffectReport)
