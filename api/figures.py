"""The business in figures, read from the read model and from Temporal when Prometheus asks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, get_args

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from api.parts import Parts
from desk.pollers import workers_polling
from domain.ledger import OPEN
from domain.reconciliation import FindingKind
from storage.figures import Count, OpenFigures, OutsideFigures, open_figures, outside_figures
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
    )


def workers(count: int) -> Metric:
    return GaugeMetricFamily(
        "redress_workers_polling", "Workers that asked Temporal for complaints' tasks in the last 90 s.", value=count
    )


@contextmanager
def figures_of(parts: Parts, metrics_port: int) -> Iterator[None]:
    """While the API runs, its metrics tell these figures too; without a port for metrics nobody asks, and nothing is done."""
    if not metrics_port:
        yield
        return
    loop = asyncio.get_running_loop()
    collectors = (
        Collected("redress_read_model", lambda: _read(parts), families(), loop),
        Collected("redress_temporal", lambda: _ask(parts), (workers(0),), loop),
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
    return figures(tenants, rows, await outside_figures(parts.database, tenants), at)


async def _ask(parts: Parts) -> Sequence[Metric]:
    return (workers(await workers_polling(parts.desk.client, parts.desk.task_queue)),)


def figures(tenants: Sequence[str], rows: Sequence[OpenFigures], outside: OutsideFigures, at: datetime) -> Sequence[Metric]:
    """Gauges of these rows; a tenant without open complaints has its zeroes, so that a graph does not break off."""
    told = families()
    for row in rows:
        told.open.add_metric((row.tenant, row.stage, row.level), row.open)
    for tenant in tenants:
        own = [row for row in rows if row.tenant == tenant]
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


def _rows(counts: Sequence[Count], tenant: str, what: str) -> int:
    return next((each.rows for each in counts if (each.tenant, each.what) == (tenant, what)), 0)
