"""The API process: everything it is made of, in one place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api import (
    abuse,
    api_keys,
    approvals,
    assignments,
    blacklist,
    codec,
    commands,
    complaints,
    customer_file,
    customer_links,
    decisions,
    delegations,
    deliveries,
    erasure,
    errors,
    health,
    incidents,
    intake,
    knowledge,
    policies,
    reconciliation,
    reference,
    reference_pages,
    reports,
    sheets,
    steps,
    suggestions,
    webhooks,
    work,
    work_log,
)
from api.decision_links import DecisionLinks
from api.doorkeeper import company_roles, doorkeeper
from api.edge import Edge
from api.figures import figures_of
from api.parts import Parts
from api.rates import Rate
from api.shelf import Shelf
from api.shield import Rules, SecurityHeaders, Shield
from desk.client import connect
from desk.door import Desk
from sealing.converter import sealing_converter
from settings import Settings
from settings.deciding import decision_secrets
from storage.database import database_of
from storage.packs import install_packs
from storage.tenants import TenantShelf, load_tenants
from telemetry.process import watched
from telemetry.tracing import spans_of

TITLE = "Redress"


def create_app(settings: Settings) -> FastAPI:
    """The application over real parts; Temporal and the database may be away.

    Raises KeysUnusable, SettingsError, PackInvalid, TenantInvalid.
    """

    converter = sealing_converter(settings.data_keys_file)
    company_roles(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        packs = install_packs(settings.policies_dir)
        companies = load_tenants(settings.tenants_dir)
        database = database_of(settings, "redress-api")
        client = await connect(settings, converter, [spans.of_temporal] if spans else [])
        app.state.parts = Parts(
            desk=Desk(client, settings.task_queue),
            database=database,
            shelf=Shelf(packs, TenantShelf(settings.tenants_dir)),
            doorkeeper=doorkeeper(settings, database),
            webhook_secret=settings.partner_webhook_secret,
            decision_links=DecisionLinks(decision_secrets(settings)),
        )
        parts: Parts = app.state.parts
        webhooks.warn_of_shared_secrets(companies.values())
        try:
            with figures_of(parts, settings.api_metrics_port):
                async with watched(settings, spans, settings.api_metrics_port):
                    yield
        finally:
            await database.close()
            # The process can crash at exit when Temporal's threads are still winding down (sdk-python #300).
            await asyncio.sleep(0.3)

    app = assemble(FastAPI(lifespan=lifespan, **reference.about(TITLE)), Rules.of(settings))
    app.state.codec_key = settings.codec_key
    app.add_middleware(codec.CodecCors, origin=settings.temporal_ui_url or f"http://127.0.0.1:{settings.temporal_ui_port}")
    # Before the application is run: it puts its middlewares together then.
    spans = spans_of(settings.traces, "redress-api")
    if spans is not None:
        spans.watch_app(app)
    return app


def assembled(parts: Parts, rules: Rules | None = None) -> FastAPI:
    """The application over parts that are made elsewhere."""
    app = assemble(FastAPI(**reference.about(TITLE)), rules or Rules())
    app.state.parts = parts
    return app


def assemble(app: FastAPI, rules: Rules) -> FastAPI:
    """Routes in the order of a complaint's life, one place for errors, what stands around all of them."""
    for router in (
        intake.router, complaints.router, work.router, work_log.router, reports.router, commands.router, policies.router,
        suggestions.router, customer_file.router,
        assignments.router,
        webhooks.router, steps.router, reconciliation.router, deliveries.router, health.router, api_keys.router,
        customer_links.router, erasure.router, codec.router, codec.keyed,
        sheets.router,
        approvals.router, decisions.router, delegations.router,
        abuse.router, blacklist.router, knowledge.router, incidents.router,
    ):  # fmt: skip
        app.include_router(router)
    errors.install(app)
    app.state.callers = Rate(rules.caller_requests_per_second, rules.caller_burst)
    # The last one is the outermost.
    app.add_middleware(Shield, rules=rules)
    app.add_middleware(Edge)
    app.add_middleware(SecurityHeaders, rules=rules)
    reference.install(app)
    reference_pages.install(app)
    return app
