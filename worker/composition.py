"""The composition root of the worker: which workflows and activities it runs, over which real systems."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker, WorkerDeploymentConfig, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.decision_links import DecisionLinks
from activities.incidents import IncidentsActivities
from activities.notices import NoticesActivities
from activities.partners import PartnersActivities
from activities.planning import PlanningActivities
from activities.precedence import Precedence
from activities.reconciling import ReconcilingActivities
from activities.records import RecordsActivities
from activities.summaries import SummariesActivities
from activities.systems import Directory
from adapters.chat import AppriseChat
from adapters.mail import Mail, SmtpMail
from adapters.webhooks import HttpWebhooks
from domain.tenant import Tenant
from settings import Settings
from settings.deciding import decision_secrets
from storage.batches import Batches
from storage.cases import Cases
from storage.database import Database, database_of
from storage.delegations import Delegations
from storage.deliveries import Deliveries
from storage.incidents import Incidents
from storage.journal import Journal
from storage.ledger import Ledger
from storage.packs import install_packs
from storage.reconciliation import Findings
from storage.subscribers import Subscribers
from storage.summaries import Summaries
from storage.tenants import TenantShelf
from telemetry.temporal import ToldActivities
from worker.courier import Courier
from worker.sandbox import Sandbox
from workflows.complaint import ComplaintWorkflow
from workflows.incident import IncidentWorkflow
from workflows.reconciliation import ReconciliationWorkflow
from workflows.review import ReviewWorkflow

# Models and policy are immutable or pure: read once for the process, where importing them again for every workflow would cost
# a megabyte and 140 ms each. structlog and rich write the log line of a workflow task that fails, and import themselves for it.
_ONCE = ("domain", "activities", "holidays", "structlog", "rich")
# For tests: the workflow files themselves are read anew for every run, so that whatever they touch is watched.
STRICT = SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*_ONCE))
# For the worker: the same code, proven under the strict one, read once; 0.1 instead of 0.4 MB a complaint in memory.
SANDBOX = Sandbox(restrictions=SandboxRestrictions.default.with_passthrough_modules(*_ONCE, "workflows"))

# What is begun at once shares the processors: of 32 tasks on two busy cores each took more than five seconds, was given up by the
# server and done again, and the worker fell ever further behind. A few wait for the database while others compute.
_WORKFLOW_TASKS = 10
_ACTIVITIES = 50
# Complaints kept in memory between their tasks; the rest are replayed from their short histories when something happens.
_REMEMBERED = 600
_GRACE = timedelta(seconds=10)


@dataclass(frozen=True)
class Parts:
    """The activities with what has to be closed behind them."""

    planning: PlanningActivities
    records: RecordsActivities
    partners: PartnersActivities
    notices: NoticesActivities
    summaries: SummariesActivities
    reconciling: ReconcilingActivities
    incidents: IncidentsActivities
    courier: Courier
    tenants: TenantShelf
    database: Database
    precedence: Precedence


@asynccontextmanager
async def assemble(settings: Settings) -> AsyncIterator[Parts]:
    """Everything the activities need, from the settings. Packs are installed; a wrong one raises PackInvalid."""
    install_packs(settings.policies_dir)
    tenants = TenantShelf(settings.tenants_dir)
    database = database_of(settings, "redress-worker")
    directory = Directory(settings.partners_url, settings.partner_rate)
    webhooks = HttpWebhooks(only_public=not settings.webhooks_to_private_addresses)

    def mail(tenant: Tenant) -> Mail:
        sender = tenant.notifications.mail_from or settings.mail_from
        return SmtpMail(
            settings.smtp_host,
            settings.smtp_port,
            sender,
            username=settings.smtp_username or None,
            password=settings.smtp_password or None,
            tls=settings.smtp_tls,
        )

    precedence = Precedence()
    links = DecisionLinks(settings.decision_link_url, next(iter(decision_secrets(settings)), ""))
    partners = PartnersActivities(tenants, directory, Ledger(database))
    notices = NoticesActivities(tenants, mail, AppriseChat(), precedence, links, Delegations(database).holding)
    try:
        yield Parts(
            planning=PlanningActivities(tenants, Cases(database)),
            records=RecordsActivities(Journal(database, Subscribers(tenants)), precedence, Batches(database)),
            partners=partners,
            notices=notices,
            summaries=SummariesActivities(tenants, Summaries(database), mail),
            reconciling=ReconcilingActivities(tenants, directory, Ledger(database), Findings(database), mail),
            incidents=IncidentsActivities(Incidents(database), Cases(database), notices, partners),
            courier=Courier(Deliveries(database), tenants, webhooks),
            tenants=tenants,
            database=database,
            precedence=precedence,
        )
    finally:
        await webhooks.close()
        await directory.close()
        await database.close()


def worker_of(
    client: Client,
    task_queue: str,
    parts: Parts,
    *,
    remembered: int = _REMEMBERED,
    runner: WorkflowRunner | None = None,
    version: WorkerDeploymentConfig | None = None,
) -> Worker:
    """The worker of a complaint desk; run it with `async with` or `run()`. It replays what it does not remember."""
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[ComplaintWorkflow, IncidentWorkflow, ReviewWorkflow, ReconciliationWorkflow],
        activities=[
            parts.planning.plan_deadlines,
            parts.planning.assign,
            parts.records.record_journal,
            parts.partners.find_order,
            parts.partners.place_effect,
            parts.partners.ask_effect,
            parts.partners.cancel_effect,
            parts.notices.send_notices,
            parts.summaries.summarise,
            parts.summaries.tell_late,
            parts.reconciling.reconcile,
            parts.incidents.attach_member,
            parts.incidents.find_members,
            parts.incidents.find_closed,
            parts.incidents.find_of_lot,
            parts.incidents.place_extra,
            parts.incidents.tell_closed,
            parts.incidents.record_incident,
        ],
        workflow_runner=runner or replace(SANDBOX, precedence=parts.precedence),
        interceptors=[ToldActivities()],
        max_cached_workflows=remembered,
        max_concurrent_workflow_tasks=_WORKFLOW_TASKS,
        max_concurrent_activities=_ACTIVITIES,
        max_concurrent_local_activities=_ACTIVITIES,
        graceful_shutdown_timeout=_GRACE,
        deployment_config=version,
    )
