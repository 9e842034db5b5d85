"""The courier: carries webhooks from the outbox to their addresses, for as long as the worker runs.

Any number of workers do this side by side: each takes what is due under a lease, so that nothing is sent twice at once, and what
a dead worker had taken comes back when its lease is over. A receiver that is slow or away holds up nobody else's news.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from adapters.webhook_signature import NoSecret, key_of
from adapters.webhooks import WHOLE_SECONDS, NotTaken, Webhooks
from domain.tenant_file import TenantInvalid
from domain.webhooks import Subscription
from storage.deliveries import Deliveries, Taken
from storage.tenants import TenantShelf, TenantUnknown

_log = structlog.get_logger("redress.webhooks")

# After each failed attempt; about three days altogether, then it is dead. Each wait is stretched by up to a fifth, so that a
# receiver that comes back is not met by everything at once.
WAITS = tuple(
    timedelta(seconds=each)
    for each in (5, 30, 120, 600, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 18 * 3600, 24 * 3600)
)  # fmt: skip
_LOOK_EVERY_SECONDS = 1.0
_AT_ONCE = 8
_LEASE = timedelta(seconds=4 * WHOLE_SECONDS)
_SWEEP_EVERY = timedelta(hours=1)
_KEPT = {"delivered": timedelta(days=30), "dead": timedelta(days=90)}


class Courier:
    """One a worker process."""

    def __init__(self, deliveries: Deliveries, tenants: TenantShelf, webhooks: Webhooks) -> None:
        self._deliveries = deliveries
        self._tenants = tenants
        self._webhooks = webhooks
        self._rounds: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._sweep_at = datetime.now(UTC)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Within the block. What is under way at its end is broken off, and tried again when its lease is over."""
        working = asyncio.create_task(self._work())
        try:
            yield
        finally:
            tasks = (working, *self._rounds.values())
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            try:
                await self._look()
            except (SQLAlchemyError, OSError):
                pass  # the database is away: so is the outbox, and nothing is lost
            except Exception as error:
                _log.error("courier_stumbled", error=type(error).__name__)
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    async def _look(self) -> None:
        self._rounds = {name: each for name, each in self._rounds.items() if not each.done()}
        for name in await self._deliveries.due(datetime.now(UTC)):
            if name not in self._rounds:
                self._rounds[name] = asyncio.create_task(self._round(*name))
        if datetime.now(UTC) >= self._sweep_at:
            self._sweep_at = datetime.now(UTC) + _SWEEP_EVERY
            await self._sweep()

    async def _round(self, tenant: str, endpoint: str) -> None:
        """All that is due for one address, some at once."""
        with contextlib.suppress(SQLAlchemyError, OSError):  # what was taken comes back when its lease is over
            while taken := await self._deliveries.take(tenant, endpoint, datetime.now(UTC), _LEASE, _AT_ONCE):
                await asyncio.gather(*(self.deliver(each) for each in taken))

    async def deliver(self, taken: Taken) -> None:
        """One attempt, and what came of it."""
        try:
            to, keys = self._address(taken)
            answered = await self._webhooks.post(to.url, keys, taken.id, taken.body)
        except NotTaken as error:
            wait = None if error.final else _wait(taken.attempts, error.after)
            await self._deliveries.failed(taken, datetime.now(UTC), wait, error.answered, str(error))
            told = _log.error if wait is None else _log.warning
            told(
                "webhook_not_taken", tenant=taken.tenant, endpoint=taken.endpoint, id=taken.id, why=str(error), dead=wait is None
            )
        else:
            await self._deliveries.delivered(taken, datetime.now(UTC), answered)

    def _address(self, taken: Taken) -> tuple[Subscription, list[bytes]]:
        """As the company's file says now, so that a new address or secret holds for what was waiting too."""
        try:
            to = self._tenants.get(taken.tenant).subscription(taken.endpoint)
        except TenantInvalid:
            raise NotTaken("the company's file is broken") from None
        except TenantUnknown:
            to = None
        if to is None:
            raise NotTaken("no longer subscribed", final=True)
        try:
            return to, [key_of(secret) for secret in to.secrets]
        except NoSecret as error:
            raise NotTaken(str(error)) from None

    async def _sweep(self) -> None:
        now = datetime.now(UTC)
        # By the table: a file that is broken or gone keeps nobody's old news here longer than it has to.
        for tenant in await self._deliveries.tenants():
            await self._deliveries.sweep(tenant, "delivered", now - _KEPT["delivered"])
            await self._deliveries.sweep(tenant, "dead", now - _KEPT["dead"])


def _wait(attempts: int, asked_for: timedelta | None) -> timedelta | None:
    """How long to wait after so many failed attempts; None: no more."""
    if attempts > len(WAITS):
        return None
    wait = max(WAITS[attempts - 1], asked_for or timedelta(0))
    return wait * (1 + random.random() / 5)
