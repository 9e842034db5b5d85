"""Webhooks out: one signed POST to whoever subscribed, and what the answer means."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

import httpx

from adapters.public_addresses import NotPublic, PublicTransport
from adapters.webhook_signature import sign

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
_LONGEST_ASKED_WAIT = timedelta(hours=24)
_CONNECTIONS = 100
_USER_AGENT = "redress-webhooks/1"


class NotTaken(Exception):
    """The receiver did not take it. `answered`: its HTTP status, where it answered at all; `final`: it said *never again*.

    The message names neither address nor body.
    """

    def __init__(self, why: str, answered: int | None = None, *, after: timedelta | None = None, final: bool = False) -> None:
        super().__init__(why)
        self.answered = answered
        self.after = after
        self.final = final


class Webhooks(Protocol):
    async def post(self, url: str, keys: Sequence[bytes], message_id: str, body: str) -> int:
        """Deliver one message; the status of the 2xx answer. Raises NotTaken and nothing else for what goes wrong out there."""
        ...


class HttpWebhooks:
    """The real thing. `only_public` keeps it away from our own network; off, it also posts there and by plain http."""

    def __init__(self, *, only_public: bool = True) -> None:
        # Connections are kept by address: one whose certificate was held against one name must not carry another's news.
        limits = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=0)
        pool = httpx.AsyncHTTPTransport(limits=limits, trust_env=False)
        self._client = httpx.AsyncClient(
            transport=PublicTransport(pool) if only_public else pool,
            timeout=httpx.Timeout(WHOLE_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,  # a redirect could lead anywhere
            trust_env=False,
        )

    async def post(self, url: str, keys: Sequence[bytes], message_id: str, body: str) -> int:
        content, timestamp = body.encode(), str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": _USER_AGENT,
            "Accept-Encoding": "identity",
            "Webhook-Id": message_id,
            "Webhook-Timestamp": timestamp,
            "Webhook-Signature": sign(keys, message_id, timestamp, content),
        }
        try:
            async with (
                asyncio.timeout(WHOLE_SECONDS),
                self._client.stream("POST", url, content=content, headers=headers) as answer,
            ):
                # What else the answer says is not read: it could be endless.
                status, retry_after = answer.status_code, answer.headers.get("Retry-After", "")
        except NotPublic as error:
            raise NotTaken(str(error)) from None
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise NotTaken(type(error).__name__) from None
        if 200 <= status < 300:
            return status
        raise NotTaken(f"answered {status}", status, after=_wait_asked_for(retry_after), final=status == 410)

    async def close(self) -> None:
        await self._client.aclose()


def _wait_asked_for(text: str) -> timedelta | None:
    """Retry-After as a duration of a day at most, from either of its forms (seconds, or an HTTP date)."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(timedelta(seconds=int(text)), _LONGEST_ASKED_WAIT)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return min(max(timedelta(0), at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)), _LONGEST_ASKED_WAIT)
