"""Around every request: a name for it, a line in the log, and a problem document where the program itself is at fault.

Nothing personal is logged: no query, no body, no message of an exception, for these quote what was sent. Lines that are written
on the way to the answer, by whomever, name the request, its company and its complaint.
"""

from __future__ import annotations

import time
import uuid
from contextvars import ContextVar

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import EventDict, WrappedLogger

from api.problems import INTERNAL, Problem, answer
from desk.ids import is_complaint_id
from settings.logs import told
from telemetry.metrics import http_requests, http_seconds

# Evidence comes by reference, so that no honest body is larger.
MAX_BODY_BYTES = 256_000
# Whoever hangs up in the middle of a body is answered nothing, and no fault of ours. As proxies write it.
_GONE = 499
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_request: ContextVar[Scope | None] = ContextVar("request", default=None)
_log = structlog.get_logger("api")


class Edge:
    """Around everything that answers with a document of ours; plain ASGI, it costs microseconds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = scope["redress.request_id"] = str(uuid.uuid4())
        began, status = time.perf_counter(), 0
        here = _request.set(scope)

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"request-id", name.encode())]
            await send(message)

        try:
            await self._app(scope, _limited(receive), named)
        except ClientDisconnect:
            status = status or _GONE
        except Exception as error:
            _log.error("request_failed", **told(error))
            if not status:
                request = Request(scope, receive)
                zh, en = f"请联系管理员并提供编号 {name}", f"tell an administrator, with the number {name}"
                await answer(request, Problem(INTERNAL, zh, en))(scope, receive, named)
        finally:
            took = time.perf_counter() - began
            method = scope["method"] if scope["method"] in _METHODS else "other"
            path = getattr(scope.get("route"), "path", "-")
            http_requests.labels(method, path, status).inc()
            http_seconds.labels(method, path).observe(took)
            _log.info("request", method=method, route=path, status=status, ms=round(took * 1000, 1))
            _request.reset(here)


def name_request(logger: WrappedLogger, method: str, fields: EventDict) -> EventDict:
    """For log lines: which request they belong to, and whose complaint that is about, as far as it is known by then."""
    scope = _request.get()
    if scope is not None:
        known = {
            "request": scope.get("redress.request_id"),
            "tenant": getattr(scope.get("state", {}).get("me"), "tenant", None),
            "complaint": scope.get("path_params", {}).get("complaint_id") or scope.get("redress.complaint"),
        }
        # Whatever stands in an address is no id of ours before its form says so.
        if known["complaint"] is not None and not is_complaint_id(known["complaint"]):
            known["complaint"] = None
        for name, value in known.items():
            if value is not None:
                fields.setdefault(name, value)
    return fields


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
