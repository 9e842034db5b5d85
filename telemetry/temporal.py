"""Temporal's SDK in our telemetry: its core's logs and metrics, and whose activity a line or a span belongs to."""

from __future__ import annotations

import logging
import time
from typing import Any

import structlog
from temporalio import activity, workflow
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from settings.logs import of_complaint, told

_log = structlog.get_logger("redress.activity")
_CORE = logging.getLogger("temporalio.core")


def runtime(metrics_address: str | None = None) -> Runtime:
    """What clients and workers of this process run on; `metrics_address` (host:port) is where Prometheus asks the core.

    A process has one, made before its first client. Its lines go the way of all others.
    Raises RuntimeError when the port is taken.
    """
    # The fields go beside the message and not into it (`settings/logs.py`).
    workflow.logger.workflow_info_on_message = False
    workflow.logger.full_workflow_info_on_extra = False
    activity.logger.activity_info_on_message = False
    activity.logger.full_activity_info_on_extra = False
    forwarding = LogForwardingConfig(logger=_CORE, append_target_to_name=False, prepend_target_on_message=False)
    return Runtime(
        telemetry=TelemetryConfig(
            logging=LoggingConfig(filter=TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=forwarding),
            metrics=_metrics(metrics_address) if metrics_address else None,
        )
    )


def _metrics(address: str) -> PrometheusConfig:
    return PrometheusConfig(address, counters_total_suffix=True, durations_as_seconds=True, unit_suffix=True)


class ToldActivities(Interceptor):
    """Every line that an activity logs names its complaint, and one line tells how the activity ended."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _Told(next)


class _Told(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        info = activity.info()
        fields = {
            **of_complaint(info.workflow_id),
            "workflow": info.workflow_id,
            "run": info.workflow_run_id,
            "activity": info.activity_type,
            "attempt": info.attempt,
        }
        # Local activities are steps of a workflow task, several for each thing that happens: they are told on request.
        tell = _log.debug if info.is_local else _log.info
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(**fields):
            try:
                answer = await super().execute_activity(input)
            except BaseException as error:
                _log.warning("activity_failed", ms=_ms(began), **_why(error))
                raise
            tell("activity", ms=_ms(began))
            return answer


def _why(error: BaseException) -> dict[str, Any]:
    return {name: value for name, value in told(error).items() if name != "where"}


def _ms(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)
