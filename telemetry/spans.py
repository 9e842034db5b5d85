"""The spans of one process: what makes them, and what of them may leave it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence

from fastapi import FastAPI
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status
from opentelemetry.util.types import Attributes
from temporalio.contrib.opentelemetry import TracingInterceptor

# What a span may tell. Everything else stays here: addresses and queries name orders and keys, and the next version of an
# instrumentation may think of more.
_MAY_BE_TOLD = frozenset(
    {
        "http.request.method", "http.method", "http.response.status_code", "http.status_code", "http.route", "http.scheme",
        "url.scheme", "server.address", "server.port", "net.peer.name", "net.peer.port", "http.host", "error.type",
        "network.protocol.version", "temporalWorkflowID", "temporalRunID", "temporalActivityID", "exception.type",
    }
)  # fmt: skip
# A collector that is away must not hold the end of a process up.
_CLOSING_SECONDS = 2.0
_QUIET = "healthz,readyz"


class Spans:
    """The spans of one process. Made once, given to whatever begins or receives calls."""

    def __init__(self, service: str, exporter: SpanExporter) -> None:
        named = {} if "OTEL_SERVICE_NAME" in os.environ else {"service.name": service}
        self.provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
        self.provider.add_span_processor(BatchSpanProcessor(Impersonal(exporter)))

    @property
    def of_temporal(self) -> TracingInterceptor:
        """For `Client.connect`: a worker made with that client has it too."""
        return TracingInterceptor(self.provider.get_tracer("redress.temporal"))

    def watch_app(self, app: FastAPI) -> None:
        """A span for every request but those that ask for health; it joins the trace that its headers name."""
        FastAPIInstrumentor.instrument_app(
            app, tracer_provider=self.provider, excluded_urls=_QUIET, exclude_spans=["receive", "send"]
        )

    def watch_calls(self) -> None:
        """A span for every call that httpx makes in this process; it takes the trace along in `traceparent`."""
        HTTPXClientInstrumentor().instrument(tracer_provider=self.provider)

    async def close(self) -> None:
        """Send what is left, as far as the collector is there."""
        HTTPXClientInstrumentor().uninstrument()
        # The exporter tries for ten seconds whatever it is told: its thread is left behind, and ends with the process.
        closing = threading.Thread(target=self.provider.shutdown, name="spans-closing", daemon=True)
        closing.start()
        await asyncio.to_thread(closing.join, _CLOSING_SECONDS)


class Impersonal(SpanExporter):
    """Passes spans on without what may be about a person: unknown attributes, and the words of errors."""

    def __init__(self, behind: SpanExporter) -> None:
        self._behind = behind

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._behind.export([_impersonal(span) for span in spans])

    def shutdown(self) -> None:
        self._behind.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._behind.force_flush(timeout_millis)


def _impersonal(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=span.name,
        context=span.get_span_context(),
        parent=span.parent,
        resource=span.resource,
        attributes=_of(span.attributes),
        events=[Event(event.name, _of(event.attributes), event.timestamp) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _of(attributes: Attributes) -> Attributes:
    return {name: value for name, value in (attributes or {}).items() if name in _MAY_BE_TOLD}
