"""How often one caller may ask.

Counted in this process alone, which costs a microsecond and needs nobody else; several processes let in as many times as much.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable

from starlette.requests import Request

from api.problems import BUSY, Problem

_MOST_REMEMBERED = 50_000


class Rate:
    """So many a second in the long run, and `burst` at once (the generic cell rate algorithm: one number for each caller)."""

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._every = 1 / per_second if per_second else 0.0
        self._slack = self._every * max(burst - 1, 0)
        self._clock = clock
        self._used_up_to: dict[str, float] = {}

    def wait(self, caller: str) -> float:
        """Seconds until this caller may ask; 0 lets it ask now."""
        return max(0.0, self._used_up_to.get(caller, 0.0) - self._clock() - self._slack)

    def count(self, caller: str) -> None:
        """This caller has asked."""
        if not self._every:
            return
        now = self._clock()
        if len(self._used_up_to) >= _MOST_REMEMBERED:
            self._forget(now)
        self._used_up_to[caller] = max(self._used_up_to.get(caller, 0.0), now) + self._every

    def _forget(self, now: float) -> None:
        """Who has long been quiet needs no memory. Too many at once: everybody begins anew rather than nobody getting in."""
        self._used_up_to = {caller: until for caller, until in self._used_up_to.items() if until > now}
        if len(self._used_up_to) >= _MOST_REMEMBERED:
            self._used_up_to.clear()


def admit(request: Request, caller: str) -> None:
    """Count a request of a caller who is known. Raises the 429 problem with the seconds to wait."""
    rate: Rate = request.app.state.callers
    if wait := rate.wait(caller):
        raise too_often(wait)
    rate.count(caller)


def too_often(wait: float) -> Problem:
    seconds = math.ceil(wait)
    zh, en = f"请求过于频繁，请 {seconds} 秒后重试", f"too many requests; try again in {seconds} s"
    return Problem(BUSY, zh, en, headers={"Retry-After": str(seconds)})


def neighbourhood(address: str) -> str:
    """Whom an address stands for: itself, or for IPv6 the network that one customer of a provider has."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else address
