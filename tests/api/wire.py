"""The API on a real port, within the tests' own loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import uvicorn
from fastapi import FastAPI

from api.wire import BoundedRequests


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # signals are pytest's


@contextlib.asynccontextmanager
async def serving(app: FastAPI, port: int = 0) -> AsyncIterator[tuple[str, int]]:
    """Host and port, for as long as the block lasts; a free port unless one is named."""
    config = uvicorn.Config(app, port=port, http=BoundedRequests, lifespan="off", access_log=False, log_config=None)
    server = _Quiet(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        assert not running.done(), "the server did not start"
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[:2]
    finally:
        server.should_exit = True
        await running
