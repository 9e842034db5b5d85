"""Statements: what moved at a partner within a stretch of time, as its own books have it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlencode

import httpx
from pydantic import BaseModel, ConfigDict

from adapters.gate import Gate
from adapters.http import PartnerLine
from domain.ledger import Partner
from domain.reconciliation import StatementLine


class Statements(Protocol):
    """The books of one partner."""

    def lines(self, from_at: datetime, to_at: datetime) -> AsyncIterator[StatementLine]:
        """Every effect that moved within the time, the end not included; refused ones too. Raises PartnerUnavailable."""


class _Page(BaseModel):
    model_config = ConfigDict(frozen=True)

    lines: tuple[StatementLine, ...]
    next: str | None = None


class HttpStatements(Statements):
    def __init__(self, client: httpx.AsyncClient, partner: Partner, gate: Gate | None = None, *, page: int = 500) -> None:
        self._line = PartnerLine(client, partner, gate)
        self._partner = partner
        self._page = str(page)

    async def lines(self, from_at: datetime, to_at: datetime) -> AsyncIterator[StatementLine]:
        cursor: str | None = None
        while True:
            asked = {"from": _text(from_at), "to": _text(to_at), "limit": self._page, **({"cursor": cursor} if cursor else {})}
            page = await self._line.read_what_is(f"/{self._partner}/statement?{urlencode(asked)}", _Page)
            for line in page.lines:
                yield line
            cursor = page.next
            if cursor is None:
                return


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
