"""Filing: the start of the workflow is the commit. One call to Temporal, whoever else is away."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from temporalio.client import Client, WorkflowHandle
from temporalio.common import Priority, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from desk.errors import KeyReused, NotFileable
from desk.fitting import faults
from desk.ids import ComplaintName, complaint_id
from desk.translate import temporal_errors
from domain.actor import Actor
from domain.classification import at_intake
from domain.intake import Intake, Opening
from domain.policy.pack import Pack
from domain.tenant import Tenant
from workflows.arguments import Ending, Start
from workflows.complaint import ComplaintWorkflow

Handle = WorkflowHandle[ComplaintWorkflow, Ending]
DIGEST = "intake_digest"
# A server that hangs is away too. Longer than any burst takes to be worked off.
_PATIENCE = timedelta(seconds=5)


class Terms(NamedTuple):
    """What a complaint of this company is opened under now."""

    tenant: Tenant
    pack: Pack


class Opened(NamedTuple):
    """`created` is False when the same key had filed the same complaint before."""

    complaint_id: str
    created: bool


def digest(intake: Intake) -> str:
    """What tells one intake from another, so that a key that is used for a second complaint is noticed."""
    return hashlib.sha256(intake.model_dump_json().encode()).hexdigest()


async def open_complaint(client: Client, queue: str, terms: Terms, intake: Intake, key: str, by: Actor) -> Opened:
    """File once for this tenant and key. Raises NotFileable, KeyReused, TemporalAway, DeskBusy, NobodyAnswered."""
    tenant, pack = terms
    if wrong := faults(pack, intake):
        raise NotFileable(wrong)
    name = ComplaintName(tenant.id, complaint_id(tenant.id, key))
    category = pack.category_of(intake.category)
    opening = Opening(
        tenant=tenant.id, complaint_id=name.complaint_id, received_at=datetime.now(UTC), filed_by=by, intake=intake,
        pack=pack.ref, pack_digest=pack.digest, zone=tenant.zone, currency=tenant.currency,
    )  # fmt: skip
    mine = digest(intake)
    with temporal_errors():
        try:
            handle = await client.start_workflow(
                ComplaintWorkflow.run,
                Start(opening=opening),
                id=name.workflow_id,
                task_queue=queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                # Seen by operators and never encrypted: no personal data.
                static_summary=f"{category.title.zh} / {category.title.en} · {tenant.id}",
                memo={DIGEST: mine},
                priority=Priority(priority_key=at_intake(pack, intake).priority),
                rpc_timeout=_PATIENCE,
            )
        except WorkflowAlreadyStartedError as closed:
            first = await _digest_of(client.get_workflow_handle(name.workflow_id, run_id=closed.run_id))
        else:
            if _started(handle):
                return Opened(name.complaint_id, created=True)
            first = await _digest_of(handle)
    if first not in (None, mine):
        raise KeyReused(key)
    return Opened(name.complaint_id, created=False)


def _started(handle: Handle) -> bool:
    # The server says in the same answer whether it started a run or found one; the SDK keeps that answer but gives it no name.
    # Without it every intake would cost a second call. Gone in a later SDK: each is then compared, slower and as right.
    answer = getattr(handle, "_start_workflow_response", None)
    return bool(getattr(answer, "started", False))


async def _digest_of(handle: Handle) -> str | None:
    found = await handle.describe(rpc_timeout=_PATIENCE)
    return await found.memo_value(DIGEST, default=None, type_hint=str)
