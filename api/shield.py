"""Before any route: whether a request is one to look at, and on every answer what browsers must not do with it."""

from __future__ import annotations

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import HEADERS_TOO_LARGE, UNKNOWN_HOST, Problem, answer
from api.rates import Rate, neighbourhood, too_often
from api.reference_pages import policy
from settings.edge import EdgeSettings

MAX_HEADER_BYTES = 32_000
_DOCS = ("/docs", "/redoc")
_YEAR_SECONDS = 31_536_000
# Asked by whoever watches over the process, under its bare address and however its neighbours behave; they tell nothing secret.
_PROBES = ("/healthz", "/readyz")
# Credentials that were good a moment ago, each as a digest.
_CONFIRMED_SECONDS = 300
_MOST_CONFIRMED = 10_000


@dataclass(frozen=True)
class Rules:
    """The settings of the edge, ready to be asked."""

    hosts: tuple[str, ...] = ("*",)
    behind_tls: bool = False
    caller_requests_per_second: float = 1_000
    caller_burst: int = 5_000
    refusals_per_minute: int = 600

    @classmethod
    def of(cls, settings: EdgeSettings) -> Self:
        return cls(
            hosts=tuple(each.strip().lower() for each in settings.allowed_hosts.split(",") if each.strip()),
            behind_tls=settings.behind_tls,
            caller_requests_per_second=settings.caller_requests_per_second,
            caller_burst=settings.caller_burst,
            refusals_per_minute=settings.refusals_per_minute,
        )

    def knows(self, host: str) -> bool:
        """Whether the API answers to this Host header."""
        name = re.sub(r":\d*$", "", host).lower()
        return any(each in ("*", name) or (each.startswith("*.") and name.endswith(each[1:])) for each in self.hosts)


class Confirmed:
    """Bearer credentials that a route let in within the last minutes. Known here, they are still looked at there."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: OrderedDict[bytes, float] = OrderedDict()

    def digest(self, request: Request) -> bytes | None:
        """What stands for a request's credential; None where it brings none."""
        given = request.headers.get("authorization")
        return hashlib.sha256(given.encode()).digest() if given else None

    def knows(self, credential: bytes | None) -> bool:
        return credential is not None and self._until.get(credential, 0.0) > self._clock()

    def note(self, credential: bytes | None) -> None:
        if credential is not None:
            self._until.pop(credential, None)
            self._until[credential] = self._clock() + _CONFIRMED_SECONDS
            if len(self._until) > _MOST_CONFIRMED:
                self._until.popitem(last=False)

    def forget(self, credential: bytes | None) -> None:
        if credential is not None:
            self._until.pop(credential, None)


class Shield:
    """Refuses requests to other hosts, with endless headers, and of addresses that were refused too often.

    Who shares such an address and came in a moment ago goes on: behind a proxy or an office's line are many, one may be wrong.
    """

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app = app
        self._rules = rules
        self._refusals = Rate(rules.refusals_per_minute / 60, max(rules.refusals_per_minute // 2, 1))
        self._confirmed = Confirmed()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        address = neighbourhood(request.client.host if request.client else "")

        credential = self._confirmed.digest(request)

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] == 401:
                    self._refusals.count(address)
                    self._confirmed.forget(credential)
                elif hasattr(request.state, "me"):
                    self._confirmed.note(credential)
            await send(message)

        if problem := self._refused(request, address, credential):
            await answer(request, problem)(scope, receive, send)
        else:
            await self._app(scope, receive, counted)

    def _refused(self, request: Request, address: str, credential: bytes | None) -> Problem | None:
        if sum(len(name) + len(value) for name, value in request.scope["headers"]) > MAX_HEADER_BYTES:
            return Problem(HEADERS_TOO_LARGE, "请求头总共不得超过 32 KB", "all headers together may have 32 kB")
        if request.url.path in _PROBES:
            return None
        if not self._rules.knows(request.headers.get("host", "")):
            return Problem(
                UNKNOWN_HOST, "本服务不使用此主机名，请核对地址", "this service does not go by that host name; check the address"
            )
        if (wait := self._refusals.wait(address)) and not self._confirmed.knows(credential):
            return too_often(wait)
        return None


class SecurityHeaders:
    """The outermost: whatever answers, also the program's own faults."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app = app
        always = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "X-Frame-Options": "DENY",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        if rules.behind_tls:
            always["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}; includeSubDomains"
        self._data = {**always, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
        self._docs = {**always, "Content-Security-Policy": policy()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = headers.get("Content-Security-Policy")  # a page of ours says itself what it needs
                headers.update(self._docs if scope["path"].startswith(_DOCS) else self._data)
                if own is not None:
                    headers["Content-Security-Policy"] = own
                headers.setdefault("Cache-Control", "no-store")  # complaints belong in no cache
            await send(message)

        await self._app(scope, receive, guarded)
