"""The gate before one partner of one tenant: nobody goes out to a partner that is away, and never more than so many a second.

Each worker process has its own, which is enough: a breaker learns within five calls, and the limit is one of politeness.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import timedelta

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from adapters.breaker import Breaker, BreakerState
from adapters.errors import PartnerUnavailable
from telemetry import metrics

# Waiting here costs nothing; waiting longer is left to Temporal, which keeps nobody's place busy.
_PATIENCE_SECONDS = 3.0


@dataclass(frozen=True)
class GateState:
    """How things stand at one gate."""

    tenant: str
    partner: str
    state: BreakerState


@dataclass
class Gate:
    """`rate` is in the words of the `limits` library, such as 50/second. Without one there is no limit."""

    tenant: str
    partner: str
    rate: str | None = None
    breaker: Breaker = field(init=False)

    def __post_init__(self) -> None:
        self.breaker = Breaker(f"{self.partner} of {self.tenant}")
        self._item: RateLimitItem | None = parse(self.rate) if self.rate else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage()) if self._item else None
        told = metrics.partner_left_alone.labels(self.tenant, self.partner)
        told.set_function(lambda: float(self.breaker.state != "closed"))

    async def enter(self) -> None:
        """Raises PartnerUnavailable, with the time to wait, when the partner is away or too much is asked of it."""
        # First: who is turned away uses up nothing of the pace, and keeps no place busy while it waits for its turn.
        self._let_in(self.breaker.turned_away())
        await self._keep_pace()
        self._let_in(self.breaker.wait())

    def _let_in(self, wait: timedelta | None) -> None:
        if wait is not None:
            raise PartnerUnavailable(self.partner, "is away and left alone for a while", wait)

    async def _keep_pace(self) -> None:
        if self._item is None or self._limiter is None:
            return
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self._limiter.hit(self._item):
            free_at, _ = self._limiter.get_window_stats(self._item)
            wait = max(0.01, free_at - time.time())
            if time.monotonic() + wait > until:
                raise PartnerUnavailable(self.partner, f"is asked more than {self.rate}", timedelta(seconds=wait + 1))
            await asyncio.sleep(wait)

    @property
    def state(self) -> GateState:
        return GateState(self.tenant, self.partner, self.breaker.state)
