"""Around every request: a name for it, a line in the log, and a problem document where the program itself is at fault.

Nothing personal is logged: no query, no body, no message of an exception, for these quote what was sent.
"""

from __future__ import annotations

import time
import traceback
import uuid

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import INTERNAL, Problem, answer

# Evidence comes by reference, so that no honest body is larger.
MAX_BODY_BYTES = 256_000
_log = structlog.get_logger("api")


class Edge:
    """The outermost middleware, plain ASGI: it costs microseconds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = scope["redress.request_id"] = str(uuid.uuid4())
        began, status = time.perf_counter(), 0

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"request-id", name.encode())]
            await send(message)

        try:
            await self._app(scope, _limited(receive), named)
        except Exception as error:
            where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
            _log.error("request_failed", request=name, error=type(error).__name__, where=where[-8:])
            if not status:
                request = Request(scope, receive)
                zh, en = f"请联系管理员并提供编号 {name}", f"tell an administrator, with the number {name}"
                await answer(request, Problem(INTERNAL, zh, en))(scope, receive, named)
        finally:
            route = scope.get("route")
            took = round((time.perf_counter() - began) * 1000, 1)
            path = getattr(route, "path", "-")
            _log.info("request", request=name, method=scope["method"], route=path, status=status, ms=took)


def _limited(receive: Receive) -> Receive:
    """Stops reading a body as soon as it is too large, whatever length it announced."""
    size = 0

    async def read() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY_BYTES:
            raise HTTPException(413)
        return message

    return read
