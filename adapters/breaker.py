"""A circuit breaker: who does not answer is left alone for a while, longer each time, and then asked by one caller first.

The libraries for it (pybreaker, circuitbreaker, purgatory) wait the same time after every failure, let everybody through at once
afterwards and do not know Retry-After: a thousand waiting complaints would fall upon a partner that has just got up.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Literal

import structlog

BreakerState = Literal["closed", "open", "half_open"]

# So many calls in a row without an answer, and the partner counts as away.
THRESHOLD = 5
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(minutes=5)
# A partner may ask for more patience than that, but not for ever: a wrong date would stop all money.
_LONGEST_BY_REQUEST = timedelta(minutes=15)
# One caller tries; if nothing is heard of it for so long, it has died and another one may.
_PROBE = timedelta(seconds=30)

_log = structlog.get_logger("redress.partners")


class Breaker:
    """The breaker of one partner of one tenant, in this process. `clock` counts seconds; `chance` is between 0 and 1."""

    def __init__(
        self, name: str, clock: Callable[[], float] = time.monotonic, chance: Callable[[], float] = random.random
    ) -> None:
        self.name = name
        self._clock = clock
        self._chance = chance
        self._failures = 0
        self._openings = 0
        self._open_until = 0.0
        self._probing_until = 0.0

    @property
    def state(self) -> BreakerState:
        if not self._openings:
            return "closed"
        return "open" if self._clock() < self._open_until else "half_open"

    def wait(self) -> timedelta | None:
        """How long this caller should stay away; None: it may call, and has to say how it went."""
        away = self.turned_away()
        if away is None and self.state == "half_open":
            self._probing_until = self._clock() + _PROBE.total_seconds()
        return away

    def turned_away(self) -> timedelta | None:
        """The same without the promise to call: who is let through has to ask `wait` before it does.

        Those who wait come back spread over a fifth of the time, so that they do not come all at once. While one tries, nobody
        comes back before it must have heard something: each coming back is an attempt.
        """
        state, now = self.state, self._clock()
        if state == "closed" or (state == "half_open" and now >= self._probing_until):
            return None
        left = max(self._open_until, self._probing_until) - now
        return timedelta(seconds=left * (1 + self._chance() / 5) + self._chance())

    def answered(self) -> None:
        """The partner is there, whatever it said."""
        if self._openings:
            _log.info("partner_is_back", partner=self.name)
        self._failures = self._openings = 0
        self._open_until = self._probing_until = 0.0

    def failed(self, retry_after: timedelta | None = None) -> None:
        """No answer, or one that only says not now; `retry_after`: by when the partner wants to be left alone."""
        self._failures += 1
        asked_for = min(retry_after or timedelta(0), _LONGEST_BY_REQUEST)
        # Who was under way when it opened says nothing new; who was let in to try does.
        if self.state == "open" or (self._failures < THRESHOLD and not self._openings and not asked_for):
            return
        self._openings += 1
        waited = min(_FIRST_WAIT * 2 ** min(self._openings - 1, 10), _LONGEST_WAIT)
        wait = max(asked_for, waited if self._failures >= THRESHOLD or self._openings > 1 else asked_for)
        self._open_until = self._clock() + wait.total_seconds()
        self._probing_until = 0.0
        _log.warning("partner_left_alone", partner=self.name, seconds=round(wait.total_seconds(), 1), openings=self._openings)
