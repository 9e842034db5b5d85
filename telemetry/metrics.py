"""Every metric that Redress counts itself, with its unit and its labels. Temporal's own come from its SDK (`temporal_*`).

Labels are bounded: by the code (route, command, partner, kind) or by files (tenant, deadline, level). Nothing that a caller
sends becomes one, and no id, name or text. What lies in the database is not counted here but read when Prometheus asks
(`telemetry/collected.py`).
"""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

# When a counter was made is no news, and would double the number of series.
disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)

# From a call in memory to a partner that makes everybody wait.
_CALL_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
# From a timer on time to a worker that was away for a day.
_LATE_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 300, 900, 3600, 21600, 86400)

http_requests = Counter(
    "redress_http_requests", "Requests answered by the API.", ("method", "route", "status"), registry=REGISTRY
)
http_seconds = Histogram(
    "redress_http_request_seconds",
    "Time from a request to its answer.",
    ("method", "route"),
    buckets=_CALL_SECONDS,
    registry=REGISTRY,
)

filings = Counter("redress_filings", "Complaints brought to the desk, by what became of them.", ("result",), registry=REGISTRY)
filings_lost = Counter(
    "redress_filings_lost",
    "Complaints that a worker did not take up: the key had filed another complaint before Temporal's retention.",
    registry=REGISTRY,
)
commands = Counter(
    "redress_commands", "Commands brought to the desk, by what became of them.", ("command", "result"), registry=REGISTRY
)

entries = Counter("redress_journal_entries", "Entries written to the journal for the first time.", ("kind",), registry=REGISTRY)
journal_lag = Histogram(
    "redress_journal_lag_seconds",
    "Time from an entry in the complaint to its row in the database.",
    buckets=_LATE_SECONDS,
    registry=REGISTRY,
)
promises = Counter(
    "redress_promises",
    "Promises that came to their end: kept, kept_late or dropped; missed is counted when the instant has passed.",
    ("tenant", "deadline", "result"),
    registry=REGISTRY,
)
lateness = Histogram(
    "redress_promise_noticed_late_seconds",
    "Time from the instant of a broken promise to the moment in which Redress acted on it.",
    buckets=_LATE_SECONDS,
    registry=REGISTRY,
)
escalations = Counter("redress_escalations", "Rungs climbed, by the role that was called.", ("tenant", "to"), registry=REGISTRY)
decided = Counter(
    "redress_money_decided", "Money that customers accepted, in units of the currency.", ("tenant", "currency"), registry=REGISTRY
)
paid = Counter(
    "redress_money_paid",
    "Money that partners reported as paid, in units of the currency.",
    ("tenant", "currency"),
    registry=REGISTRY,
)

signs = Counter(
    "redress_signs",
    "Signs of a malicious complaint that were noted: a sign is no decision.",
    ("tenant", "sign"),
    registry=REGISTRY,
)
link_decisions = Counter(
    "redress_link_decisions",
    "Decisions brought by the link of an approver's mail, by what became of them.",
    ("decision", "result"),
    registry=REGISTRY,
)

notices = Counter(
    "redress_notices",
    "Notices by channel: sent; failed for now, tried again; refused for good.",
    ("channel", "result"),
    registry=REGISTRY,
)
partner_calls = Counter(
    "redress_partner_calls",
    "Calls of partner systems: answered, refused (a final no), unavailable (nothing happened), unknown (it may have happened).",
    ("partner", "kind", "result"),
    registry=REGISTRY,
)
partner_seconds = Histogram(
    "redress_partner_call_seconds", "Time of a call of a partner.", ("partner", "kind"), buckets=_CALL_SECONDS, registry=REGISTRY
)
partner_left_alone = Gauge(
    "redress_partner_left_alone",
    "1 while this process leaves a partner alone because it does not answer (the circuit breaker is open).",
    ("tenant", "partner"),
    registry=REGISTRY,
)
disk_free = Gauge("redress_disk_free_ratio", "Free part of the file system that the process works in, 0 to 1.", registry=REGISTRY)
