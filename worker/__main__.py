"""`python -m worker`: runs complaints until SIGTERM or Ctrl-C; finishes what it has begun within ten seconds."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

import structlog
import uvloop
from temporalio.client import Client

from domain.policy.errors import PackInvalid
from sealing.converter import sealing_converter
from sealing.errors import KeysUnusable
from settings import Settings, get_settings
from settings.language import text
from storage.database import DatabaseNotReady
from telemetry.process import begin, watched
from telemetry.tracing import spans_of
from worker.composition import assemble, worker_of
from worker.schedules import keep_trying

if TYPE_CHECKING:
    from telemetry.spans import Spans

_log = structlog.get_logger("redress.worker")
_TRY_AGAIN_SECONDS = 1.0


async def connect(settings: Settings, spans: Spans | None = None) -> Client:
    """Waits for Temporal as long as it takes: the order in which programs start does not matter."""
    converter = sealing_converter(settings.data_keys_file)
    said = False
    while True:
        try:
            return await Client.connect(
                settings.temporal_address,
                namespace=settings.temporal_namespace,
                data_converter=converter,
                interceptors=[spans.of_temporal] if spans else [],
            )
        except RuntimeError as error:
            if not said:
                _log.warning(text(f"Temporal is away, waiting: {error}", f"Temporal 暂不可用，等待中：{error}"))
                said = True
            await asyncio.sleep(_TRY_AGAIN_SECONDS)


async def run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    spans = spans_of(settings.traces, "redress-worker")
    async with watched(settings, spans, settings.worker_metrics_port), assemble(settings) as parts:
        try:
            await parts.database.check()
        except DatabaseNotReady as error:
            # Complaints go on without it; their journal is written when it is back.
            _log.warning(str(error))
        connecting = asyncio.create_task(connect(settings, spans))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({connecting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not connecting.done():
            connecting.cancel()
            return
        client = await connecting
        async with worker_of(client, settings.task_queue, parts):
            _log.info(text("The worker is ready.", "工作进程已就绪。"))
            scheduling = asyncio.create_task(keep_trying(client, settings.task_queue, parts.tenants))
            await stopping
            scheduling.cancel()
    # Temporal's threads may crash a process that ends in their sight (sdk-python #300).
    await asyncio.sleep(0.3)


def main() -> int:
    settings = get_settings()
    begin(settings, temporal_metrics_port=settings.temporal_metrics_port)
    try:
        uvloop.run(run(settings))
    except (KeysUnusable, PackInvalid) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
