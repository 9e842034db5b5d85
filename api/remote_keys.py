"""The keys of an OIDC issuer elsewhere, kept fresh. One fetch at a time, waited for only by who needs what it brings.

PyJWT's own client blocks the event loop while it fetches, and every request with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
import structlog

from api.issuer_keys import IssuerAway, Key, keys_of, pick

FRESH_SECONDS = 600  # older keys are asked for again, while the old ones go on
IDLE_SECONDS = 1_200  # still older ones, where nobody came for a while, go on only when the issuer is away
STALE_SECONDS = 86_400  # how long the old ones go on while the issuer is away
UNKNOWN_SECONDS = 30  # at most this often does a key that nobody has heard of ask the issuer
FAILED_SECONDS = 5  # at most this often is an issuer asked that is away
_PATIENCE_SECONDS = 3
_LARGEST_BYTES = 256_000
_log = structlog.get_logger("api")

Fetch = Callable[[], Awaitable[tuple[Key, ...]]]


class RemoteKeys:
    """Keys that `fetch` brings; it raises IssuerAway. `clock` counts seconds."""

    def __init__(self, fetch: Fetch, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: tuple[Key, ...] = ()
        self._fetched_at = self._unknown_at = self._failed_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def find(self, kid: str | None, algorithm: str) -> Key | None:
        """The key that a token names. Raises IssuerAway when nobody can say whether there is such a key."""
        age = self._clock() - self._fetched_at
        stale = age > STALE_SECONDS
        if age > IDLE_SECONDS:
            try:
                await self._ask()
            except IssuerAway:
                if stale:
                    raise
        elif age > FRESH_SECONDS and not self._failed_just_now():
            self._begin()
        key = pick(self._keys, kid, algorithm)
        if key is None and not stale and self._clock() - self._unknown_at >= UNKNOWN_SECONDS:
            await self._ask()
            self._unknown_at = self._clock()
            key = pick(self._keys, kid, algorithm)
        return key

    async def _ask(self) -> None:
        if self._asking is None and self._failed_just_now():
            raise IssuerAway("it was away a moment ago")
        await asyncio.shield(self._begin())

    def _begin(self) -> asyncio.Task[None]:
        if self._asking is None:
            self._asking = asyncio.create_task(self._refresh())
            self._asking.add_done_callback(self._over)
        return self._asking

    def _over(self, task: asyncio.Task[None]) -> None:
        self._asking = None
        with contextlib.suppress(asyncio.CancelledError):
            task.exception()  # seen, also where nobody waited for it

    async def _refresh(self) -> None:
        try:
            self._keys = await self._fetch()
        except IssuerAway as error:
            self._failed_at = self._clock()
            _log.warning("issuer_away", why=str(error), keys=len(self._keys))
            raise
        self._fetched_at = self._clock()

    def _failed_just_now(self) -> bool:
        return self._clock() - self._failed_at < FAILED_SECONDS


def fetcher(issuer: str, jwks_url: str) -> Fetch:
    """Asks an OIDC issuer for its keys, at `jwks_url` or, where that is empty, at the address that its discovery names."""

    async def fetch() -> tuple[Key, ...]:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), httpx.AsyncClient(timeout=_PATIENCE_SECONDS) as http:
                keys = keys_of(await _document(http, jwks_url or await _discovered(http, issuer)))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, RecursionError) as error:
            raise IssuerAway(f"{type(error).__name__}: {error}"[:200]) from error
        if not keys:
            raise IssuerAway("it names no key that could check a token")
        return keys

    return fetch


async def _discovered(http: httpx.AsyncClient, issuer: str) -> str:
    found = await _document(http, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    # Another issuer's document would bring another issuer's keys.
    if not isinstance(found, Mapping) or found.get("issuer") != issuer or not isinstance(found.get("jwks_uri"), str):
        raise ValueError("its discovery names another issuer, or no jwks_uri")
    return str(found["jwks_uri"])


async def _document(http: httpx.AsyncClient, url: str) -> Any:
    async with http.stream("GET", url, headers={"Accept": "application/json"}) as answer:
        if answer.status_code != 200:
            raise ValueError(f"it answered {answer.status_code}")
        body = b""
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > _LARGEST_BYTES:
                raise ValueError("its answer is too long")
    return json.loads(body)
