"""News of effects to whoever registered: signed, from an outbox, tried again until it is taken.

News of one effect goes out in the order it happened, each after the one before it was taken, unless shuffling is switched on.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
import sqlite3
import time

import httpx

from partners.faults import Faults
from partners.store import Store, now_text

BATCH = 16
LONGEST_WAIT_SECONDS = 60.0
SHUFFLE_WINDOW_SECONDS = 0.3

_log = logging.getLogger("partners.webhooks")
_DUE = "SELECT o.* FROM outbox o WHERE o.delivered_at IS NULL AND o.next_at <= ?"
_IN_ORDER = " AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.effect = o.effect AND e.id < o.id AND e.delivered_at IS NULL)"


def sign(secrets: str, event_id: str, timestamp: str, body: str) -> str:
    """The Webhook-Signature header over `id.timestamp.body` (Standard Webhooks): one signature for each secret."""
    content = f"{event_id}.{timestamp}.{body}".encode()
    digests = (hmac.new(_key(secret), content, hashlib.sha256).digest() for secret in secrets.split(","))
    return " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests)


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()


class Courier:
    """Carries the outbox to one address, for as long as `run` runs."""

    def __init__(self, store: Store, url: str, secret: str, faults: Faults) -> None:
        self._store = store
        self._url = url
        self._secret = secret
        self._faults = faults

    async def run(self) -> None:
        async with httpx.AsyncClient(timeout=httpx.Timeout(10, connect=2), trust_env=False) as client:
            while True:
                self._store.wrote.clear()
                if due := self._due():
                    await self._deliver(client, due)
                    continue
                try:
                    await asyncio.wait_for(self._store.wrote.wait(), self._until_next())
                except TimeoutError:
                    continue
                if self._faults.now.shuffle_webhooks:
                    await asyncio.sleep(SHUFFLE_WINDOW_SECONDS)

    def _due(self) -> list[sqlite3.Row]:
        shuffled = self._faults.now.shuffle_webhooks
        order = " ORDER BY o.id DESC" if shuffled else _IN_ORDER + " ORDER BY o.id"
        return self._store.db.execute(f"{_DUE}{order} LIMIT {BATCH}", (time.time(),)).fetchall()

    def _until_next(self) -> float:
        (next_at,) = self._store.db.execute("SELECT min(next_at) FROM outbox WHERE delivered_at IS NULL").fetchone()
        return LONGEST_WAIT_SECONDS if next_at is None else min(LONGEST_WAIT_SECONDS, max(0.01, next_at - time.time()))

    async def _deliver(self, client: httpx.AsyncClient, due: list[sqlite3.Row]) -> None:
        if self._faults.now.shuffle_webhooks:
            taken = [await self._post(client, row) for row in due]  # one by one, or the reversed order would be luck
        else:
            taken = await asyncio.gather(*(self._post(client, row) for row in due))
        with self._store.write() as db:
            for row, was_taken in zip(due, taken, strict=True):
                if was_taken:
                    db.execute("UPDATE outbox SET delivered_at = ? WHERE id = ?", (now_text(), row["id"]))
                else:
                    wait = min(LONGEST_WAIT_SECONDS, 0.5 * 2 ** min(row["attempts"], 10))
                    db.execute(
                        "UPDATE outbox SET attempts = attempts + 1, next_at = ? WHERE id = ?", (time.time() + wait, row["id"])
                    )

    async def _post(self, client: httpx.AsyncClient, row: sqlite3.Row) -> bool:
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "Webhook-Id": row["event_id"],
            "Webhook-Timestamp": timestamp,
            "Webhook-Signature": sign(self._secret, row["event_id"], timestamp, row["body"]),
        }
        taken = False
        for _ in range(2 if self._faults.now.duplicate_webhooks else 1):
            try:
                answer = await client.post(self._url, content=row["body"].encode(), headers=headers)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                _log.warning("webhook %s not taken: %r", row["event_id"], error)
                return taken
            taken = taken or answer.is_success
        return taken
