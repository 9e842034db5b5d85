"""Calls of partners, counted by what the caller may do next and timed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from adapters.errors import OutcomeUnknown, PartnerRefused, PartnerUnavailable
from telemetry import metrics

_RESULTS: dict[type[Exception], str] = {PartnerRefused: "refused", PartnerUnavailable: "unavailable", OutcomeUnknown: "unknown"}


@contextmanager
def counted(partner: str, kind: Literal["read", "write"]) -> Iterator[None]:
    """One exchange with a partner. What is raised inside goes on; what no adapter raises is our own fault and counts as such."""
    began, result = time.perf_counter(), "answered"
    try:
        yield
    except Exception as error:
        result = _RESULTS.get(type(error), "failed")
        raise
    finally:
        metrics.partner_calls.labels(partner, kind, result).inc()
        metrics.partner_seconds.labels(partner, kind).observe(time.perf_counter() - began)
