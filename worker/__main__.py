"""`python -m worker`: runs complaints until SIGTERM or Ctrl-C; finishes what it has begun within ten seconds."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import TypeVar

import structlog
import uvloop
from temporalio.client import Client

from sealing.converter import sealing_converter
from sealing.errors import KeysUnusable
from settings import Settings, get_settings
from settings.language import text
from storage.start import CannotStart, check_files, check_tables
from telemetry.process import begin, watched
from telemetry.tracing import spans_of
from worker.composition import Parts, assemble, worker_of
from worker.schedules import keep_trying
from worker.temporal import temporal, version_of

T = TypeVar("T")
_log = structlog.get_logger("redress.worker")


async def run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    spans = spans_of(settings.traces, "redress-worker")
    async with watched(settings, spans, settings.worker_metrics_port), assemble(settings) as parts, parts.courier.at_work():
        sealing = sealing_converter(settings.data_keys_file)
        await check_tables(parts.database)  # away, it stops nobody: journals are written when it is back
        interceptors = [spans.of_temporal] if spans else []
        client = await _unless(stop, temporal(settings, sealing, interceptors))
        if client is not None:
            async with worker_of(client, settings.task_queue, parts, version=version_of(settings)):
                _log.info(text("The worker is ready.", "工作进程已就绪。"))
                await _unless(stop, _schedules(client, settings, parts))
    # Temporal's threads may crash a process that ends in their sight (sdk-python #300).
    await asyncio.sleep(0.3)


async def _schedules(client: Client, settings: Settings, parts: Parts) -> None:
    await keep_trying(client, settings.task_queue, parts.tenants)
    await asyncio.Event().wait()  # they stand; the worker goes on


async def _unless(stop: asyncio.Event, doing: Coroutine[None, None, T]) -> T | None:
    """What comes of it, or None when we are asked to stop first."""
    task, stopping = asyncio.create_task(doing), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        for each in (task, stopping):
            each.cancel()
        await asyncio.gather(task, stopping, return_exceptions=True)


def main() -> int:
    settings = get_settings()
    begin(settings, temporal_metrics_port=settings.temporal_metrics_port)
    try:
        check_files(settings)
        uvloop.run(run(settings))
    except (KeysUnusable, CannotStart) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
