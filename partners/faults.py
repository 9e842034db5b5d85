"""Everything that goes wrong with real partners, switched on and off at run time.

Faults stand in front of the business routes, never of /control or /healthz, and end with the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from partners.problems import Problem

WRITES = {"POST", "PUT", "PATCH", "DELETE"}
HANG_SECONDS = 60


class FaultSet(BaseModel):
    """What is to go wrong. Counts (`..._next`, `timeout_after_effect`) run down with each matching call."""

    model_config = ConfigDict(extra="forbid")

    paths: tuple[str, ...] = Field(default=(), description="Only paths that begin so; empty means every business path.")
    latency_ms: int = Field(default=0, ge=0)
    down: bool = Field(default=False, description="Every call is answered 503, without effect.")
    error_next: int = Field(default=0, ge=0, description="The next N calls fail with `error_status`, without effect.")
    error_rate: float = Field(default=0, ge=0, le=1, description="So many of the calls fail, drawn from `seed`.")
    error_status: int = Field(default=503, ge=400, le=599)
    retry_after_seconds: int | None = Field(default=None, ge=0)
    seed: int = 0
    timeout_after_effect: int = Field(default=0, ge=0, description="The next N writes take effect but are not answered.")
    timeout_mode: Literal["hang", "close"] = Field(default="hang", description="Say nothing, or cut the answer off.")
    duplicate_webhooks: bool = False
    shuffle_webhooks: bool = False


class Faults:
    """The faults of this moment."""

    def __init__(self) -> None:
        self.set(FaultSet())

    def set(self, faults: FaultSet) -> None:
        self.now = faults
        self._chance = random.Random(faults.seed)
        self._errors_left = faults.error_next
        self._timeouts_left = faults.timeout_after_effect

    def concern(self, path: str) -> bool:
        if path.startswith(("/control", "/healthz", "/docs", "/openapi")):
            return False
        return not self.now.paths or path.startswith(self.now.paths)

    def error(self) -> int | None:
        """The status this call fails with, or None when it goes through."""
        if self.now.down:
            return 503
        if self._errors_left:
            self._errors_left -= 1
            return self.now.error_status
        if self.now.error_rate and self._chance.random() < self.now.error_rate:
            return self.now.error_status
        return None

    def swallow_answer(self) -> bool:
        if not self._timeouts_left:
            return False
        self._timeouts_left -= 1
        return True


class FaultyLine:
    """The line between the caller and the partner (ASGI middleware)."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        faults = self._faults
        if scope["type"] != "http" or not faults.concern(scope["path"]):
            await self._app(scope, receive, send)
            return
        if faults.now.latency_ms:
            await asyncio.sleep(faults.now.latency_ms / 1000)
        status = faults.error()
        if status is not None:
            await self._fail(status, send)
        elif scope["method"] in WRITES and faults.swallow_answer():
            await self._swallow(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _fail(self, status: int, send: Send) -> None:
        headers = [(b"content-type", b"application/problem+json")]
        if self._faults.now.retry_after_seconds is not None:
            headers.append((b"retry-after", str(self._faults.now.retry_after_seconds).encode()))
        body = Problem(status, "fault", "Switched on by the control endpoint.").body().encode()
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _swallow(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def keep_silent(message: Message) -> None:
            return None

        mode = self._faults.now.timeout_mode
        await self._app(scope, receive, keep_silent)
        if mode == "close":
            # A body shorter than announced: the server closes the connection in the middle of the answer.
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
            await send({"type": "http.response.body", "body": b"{", "more_body": True})
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HANG_SECONDS):
                while (await receive())["type"] != "http.disconnect":
                    pass
