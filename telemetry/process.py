"""The telemetry of a process, from its first line to its last span."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog
from structlog.typing import Processor
from temporalio.runtime import Runtime

from settings.language import text
from settings.logs import configure
from settings.telemetry import TelemetrySettings
from telemetry.pulse import Pulse
from telemetry.serving import served
from telemetry.temporal import runtime
from telemetry.tracing import name_trace

if TYPE_CHECKING:
    from telemetry.spans import Spans

_log = structlog.get_logger("redress.telemetry")


def begin(settings: TelemetrySettings, *more: Processor, temporal_metrics_port: int = 0) -> None:
    """Before anything else of a process: how it logs, and what Temporal's SDK runs on. `more` adds to each line of the log.

    A port that is taken is told, and complaints go on without these metrics.
    """
    traced = (name_trace,) if settings.traces != "off" else ()
    configure(settings.log_level, settings.log_format, more=(*traced, *more))
    address = f"{settings.metrics_host}:{temporal_metrics_port}"
    try:
        Runtime.set_default(runtime(address if temporal_metrics_port else None))
    except (RuntimeError, ValueError) as error:
        why = str(error).splitlines()[0]
        _log.warning(text(f"No metrics of Temporal: {address}: {why}", f"未提供 Temporal 指标：{address}：{why}"))
        Runtime.set_default(runtime())


@asynccontextmanager
async def watched(settings: TelemetrySettings, spans: Spans | None, metrics_port: int) -> AsyncIterator[None]:
    """While a program runs: its metrics and its health at their port, and its spans on their way."""
    pulse = Pulse()
    async with pulse.beating():
        with served(settings.metrics_host, metrics_port, pulse.felt):
            if spans is None:
                yield
                return
            spans.watch_calls()
            try:
                yield
            finally:
                await spans.close()
