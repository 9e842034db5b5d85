"""The business in figures, read from the read model and from Temporal when Prometheus asks."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, get_args

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from api.parts import Parts
from desk.late_reviews import late_reviews
from desk.pollers import workers_polling
from domain.ledger import OPEN
from domain.policy.vocabulary import Severity
from domain.reconciliation import FindingKind
from storage.figures import (
    Count,
    OpenFigures,
    OutsideFigures,
    StandingFigures,
    open_figures,
    outside_figures,
    standing_figures,
)
from telemetry.collected import Collected
from telemetry.metrics import REGISTRY

_SOON = timedelta(hours=1)


class Families(NamedTuple):
    """What the database tells."""

    open: GaugeMetricFamily
    due_soon: GaugeMetricFamily
    overdue: GaugeMetricFamily
    overdue_seconds: GaugeMetricFamily
    breached: GaugeMetricFamily
    escalated: GaugeMetricFamily
    outstanding: GaugeMetricFamily
    webhooks: GaugeMetricFamily
    effects: GaugeMetricFamily
    findings: GaugeMetricFamily
    urgent: GaugeMetricFamily
    severity: GaugeMetricFamily
    opinions: GaugeMetricFamily
    opinions_late: GaugeMetricFamily
    incidents: GaugeMetricFamily
    incident_complaints: GaugeMetricFamily
    undecided_seconds: GaugeMetricFamily
    blacklist: GaugeMetricFamily


def families() -> Families:
    of_tenant = ("tenant",)
    return Families(
        open=GaugeMetricFamily("redress_complaints_open", "Open complaints.", labels=("tenant", "stage", "level")),
        due_soon=GaugeMetricFamily("redress_complaints_due_soon", "Open, with a promise due within an hour.", labels=of_tenant),
        overdue=GaugeMetricFamily(
            "redress_complaints_overdue",
            "Open, with a promise whose instant has passed and on which nobody has acted, not even Redress.",
            labels=of_tenant,
        ),
        overdue_seconds=GaugeMetricFamily(
            "redress_complaints_overdue_seconds", "How long ago the first of these promises fell due.", labels=of_tenant
        ),
        breached=GaugeMetricFamily("redress_complaints_breached", "Open, with a promise that was broken.", labels=of_tenant),
        escalated=GaugeMetricFamily("redress_complaints_escalated", "Open, and escalated at least once.", labels=of_tenant),
        outstanding=GaugeMetricFamily(
            "redress_money_outstanding",
            "Accepted and not paid yet, of open complaints, in units of the currency.",
            labels=("tenant", "currency"),
        ),
        webhooks=GaugeMetricFamily(
            "redress_webhooks", "News for subscribers: pending, or dead (given up).", labels=("tenant", "status")
        ),
        effects=GaugeMetricFamily(
            "redress_effects_under_way", "Effects at partners: intended, unknown, placed.", labels=("tenant", "state")
        ),
        findings=GaugeMetricFamily(
            "redress_reconciliation_findings", "Where ledger and partners do not tell the same.", labels=("tenant", "kind")
        ),
        urgent=GaugeMetricFamily("redress_complaints_urgent", "Open and urgent.", labels=of_tenant),
        severity=GaugeMetricFamily(
            "redress_complaints_severity", "Open, where the procedure says how grave it is.", labels=("tenant", "severity")
        ),
        opinions=GaugeMetricFamily(
            "redress_opinions_awaited", "Open complaints that wait for the opinion of a department.", labels=of_tenant
        ),
        opinions_late=GaugeMetricFamily(
            "redress_opinions_late", "Of these, those whose department has broken its promise.", labels=of_tenant
        ),
        incidents=GaugeMetricFamily(
            "redress_incidents_open", "Open incidents, by the row of the pack that counts them.", labels=("tenant", "batch")
        ),
        incident_complaints=GaugeMetricFamily(
            "redress_incident_complaints", "Complaints that belong to open incidents.", labels=("tenant", "batch")
        ),
        undecided_seconds=GaugeMetricFamily(
            "redress_incidents_undecided_seconds",
            "How long the oldest open incident has been without any decision of its lead; 0 where each has one.",
            labels=of_tenant,
        ),
        blacklist=GaugeMetricFamily(
            "redress_blacklist",
            "Entries of the blacklist in force, and of these the appealed ones that nobody has decided on.",
            labels=("tenant", "state"),
        ),
    )


def workers(count: int) -> Metric:
    return GaugeMetricFamily(
        "redress_workers_polling", "Workers that asked Temporal for complaints' tasks in the last 90 s.", value=count
    )


def reviews(tenants: Sequence[str], late: Mapping[str, int]) -> GaugeMetricFamily:
    told = GaugeMetricFamily("redress_reviews_late", "Reviews that reached no supervisor by their day.", labels=("tenant",))
    for tenant in tenants:
        told.add_metric((tenant,), late.get(tenant, 0))
    return told


@contextmanager
def figures_of(parts: Parts, metrics_port: int) -> Iterator[None]:
    """While the API runs, its metrics tell these figures too; without a port for metrics nobody asks, and nothing is done."""
    if not metrics_port:
        yield
        return
    loop = asyncio.get_running_loop()
    collectors = (
        Collected("redress_read_model", lambda: _read(parts), families(), loop),
        Collected("redress_temporal", lambda: _ask(parts), (workers(0), reviews((), {})), loop),
    )
    for each in collectors:
        REGISTRY.register(each)
    try:
        yield
    finally:
        for each in collectors:
            REGISTRY.unregister(each)


async def _read(parts: Parts) -> Sequence[Metric]:
    at = datetime.now(UTC)
    tenants = parts.shelf.tenants()
    rows = await open_figures(parts.database, tenants, at, at + _SOON)
    outside = await outside_figures(parts.database, tenants)
    standing = await standing_figures(parts.database, tenants, at)
    return figures(tenants, rows, outside, standing, at)


async def _ask(parts: Parts) -> Sequence[Metric]:
    polling = await workers_polling(parts.desk.client, parts.desk.task_queue)
    return workers(polling), reviews(parts.shelf.tenants(), await late_reviews(parts.desk.client))


def figures(
    tenants: Sequence[str], rows: Sequence[OpenFigures], outside: OutsideFigures, standing: StandingFigures, at: datetime
) -> Sequence[Metric]:
    """Gauges of these rows; a tenant without open complaints has its zeroes, so that a graph does not break off."""
    told = families()
    # The rows are finer than this figure: they are by severity and currency as well.
    many = Counter[tuple[str, str, str]]()
    for row in rows:
        many[row.tenant, row.stage, row.level] += row.open
    for labels, number in sorted(many.items()):
        told.open.add_metric(labels, number)
    for tenant in tenants:
        own = [row for row in rows if row.tenant == tenant]
        _tell_what_came_of_the_classification(told, tenant, own)
        _tell_what_stands_beside(told, tenant, standing, at)
        first = min((row.first_due_at for row in own), default=at)
        told.due_soon.add_metric((tenant,), sum(row.due_soon for row in own))
        told.overdue.add_metric((tenant,), sum(row.overdue for row in own))
        told.overdue_seconds.add_metric((tenant,), max(0.0, (at - first).total_seconds()))
        told.breached.add_metric((tenant,), sum(row.breached for row in own))
        told.escalated.add_metric((tenant,), sum(row.escalated for row in own))
        for currency in sorted({row.currency for row in own}):
            owed = sum(float(row.decided - row.paid) for row in own if row.currency == currency)
            told.outstanding.add_metric((tenant, currency), owed)
        told.webhooks.add_metric((tenant, "pending"), _rows(outside.webhooks, tenant, "pending"))
        told.webhooks.add_metric((tenant, "dead"), _rows(outside.webhooks, tenant, "dead"))
        for state in OPEN:
            told.effects.add_metric((tenant, state), _rows(outside.effects, tenant, state))
        for kind in get_args(FindingKind):
            told.findings.add_metric((tenant, kind), _rows(outside.findings, tenant, kind))
    return told


def _tell_what_came_of_the_classification(told: Families, tenant: str, own: Sequence[OpenFigures]) -> None:
    told.urgent.add_metric((tenant,), sum(row.urgent for row in own))
    for severity in get_args(Severity):
        told.severity.add_metric((tenant, severity), sum(row.open for row in own if row.severity == severity))
    told.opinions.add_metric((tenant,), sum(row.opinions for row in own))
    told.opinions_late.add_metric((tenant,), sum(row.opinions_late for row in own))


def _tell_what_stands_beside(told: Families, tenant: str, standing: StandingFigures, at: datetime) -> None:
    own = [each for each in standing.incidents if each.tenant == tenant]
    for each in own:
        told.incidents.add_metric((tenant, each.batch), each.open)
        told.incident_complaints.add_metric((tenant, each.batch), each.complaints)
    waiting = [each.first_undecided_at for each in own if each.first_undecided_at is not None]
    told.undecided_seconds.add_metric((tenant,), max((at - min(waiting)).total_seconds(), 0.0) if waiting else 0.0)
    for state in ("in_force", "appealed"):
        told.blacklist.add_metric((tenant, state), _rows(standing.blacklist, tenant, state))


def _rows(counts: Sequence[Count], tenant: str, what: str) -> int:
    return next((each.rows for each in counts if (each.tenant, each.what) == (tenant, what)), 0)
