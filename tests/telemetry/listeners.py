"""Small HTTP servers that take what the telemetry sends: a collector of traces, and a partner that remembers its headers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.doubles import Answering, answering


@dataclass
class Listener:
    """What came in, one entry a request."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def spans(self) -> list[tuple[str, Span]]:
        """Each span that was sent, with the service that sent it."""
        found = []
        for body in list(self.bodies):
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                service = next(each.value.string_value for each in resource.resource.attributes if each.key == "service.name")
                found += [(service, span) for scope in resource.scope_spans for span in scope.spans]
        return found


@contextmanager
def listening(status: int = 200, body: bytes = b"") -> Iterator[Listener]:
    """A server that answers everything alike and keeps what it was sent."""
    heard = Listener()

    class Handler(Answering):
        def do_GET(self) -> None:
            heard.headers.append({name.lower(): value for name, value in self.headers.items()})
            heard.bodies.append(self.body())
            self.answer(status, body, Content_Type="application/problem+json")

        do_POST = do_GET

    with answering(Handler) as heard.url:
        yield heard
