"""Traces: from the request that filed a complaint through its workflow to the partner's door, by OpenTelemetry.

Off unless `REDRESS_TRACES=otlp`: then nothing of it is even imported, and no header is added anywhere. Where spans are sent to
and how many are kept is said by the standard variables (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER ...).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from structlog.typing import EventDict, WrappedLogger
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadConverter

if TYPE_CHECKING:
    from telemetry.spans import Spans

_TRACE_CONTEXT = TraceContextTextMapPropagator()


def spans_of(setting: str, service: str) -> Spans | None:
    """What makes and sends the spans of this process; None when the setting is off. Whoever asks for it closes it."""
    if setting == "off":
        return None
    # An eighth of a second and 15 MB to import: only who sends spans needs it.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    from telemetry.spans import Spans

    return Spans(service, OTLPSpanExporter())


def trace_headers() -> dict[str, Payload]:
    """The trace of this moment as Temporal's interceptor would send it, for calls that go past the interceptor; else nothing."""
    carrier: dict[str, str] = {}
    _TRACE_CONTEXT.inject(carrier)
    return {"_tracer-data": PayloadConverter.default.to_payload(carrier)} if carrier else {}


def name_trace(logger: WrappedLogger, method: str, fields: EventDict) -> EventDict:
    """For log lines: the trace and the span that they belong to, where there is one."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        fields["trace"], fields["span"] = f"{context.trace_id:032x}", f"{context.span_id:016x}"
    return fields
