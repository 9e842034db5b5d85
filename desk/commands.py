"""Commands and approvals: a person's word reaches the workflow, and its answer or its refusal comes back in domain words."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import Priority, WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from desk.ids import ComplaintName
from desk.opening import DIGEST, digest
from desk.translate import temporal_errors
from domain.case import Case
from domain.commands import Command, Receipt, Reopen, Signed
from domain.given import Given
from domain.incident.commands import SignedForIncident
from domain.receipts import command_id
from workflows.arguments import Ending, Start
from workflows.complaint import ComplaintWorkflow

# Commands answer in milliseconds; whoever waits this long hears that no worker is there.
PATIENCE = timedelta(seconds=10)


async def give_command(
    client: Client, complaint: ComplaintName, name: str, signed: Signed[Command], key: str | None, patience: timedelta
) -> Receipt:
    """Carry out one command. Raises Refused, ComplaintClosed, NoSuchComplaint, DeskBusy, NobodyAnswered, TemporalAway.

    `key` is the caller's own: the same key for the same command of the same person answers the first receipt again,
    in whatever run of the complaint it was carried out; with another body it is Refused (`key_reused`).
    """
    handle = client.get_workflow_handle(complaint.workflow_id)
    with temporal_errors():
        receipt: Receipt = await handle.execute_update(
            name, signed, id=update_id(signed, key), result_type=Receipt, rpc_timeout=patience
        )
    return receipt


async def reopen(
    client: Client,
    queue: str,
    closed: Case,
    given: tuple[Given, ...],
    signed: Signed[Reopen],
    key: str | None,
    patience: timedelta,
) -> Receipt:
    """Take a closed complaint up again: a new run under the same name carries the case on from where it stood.

    What was `given` under keys goes with it, so that those still count. One call starts the run and gives it the command, so
    there is never a run that nobody asked for. When it is open again already, the command reaches that run, which refuses it.
    """
    complaint = ComplaintName(closed.tenant, closed.complaint_id)
    start: WithStartWorkflowOperation[ComplaintWorkflow, Ending] = WithStartWorkflowOperation(
        ComplaintWorkflow.run,
        Start(carried=closed, given=given),
        id=complaint.workflow_id,
        task_queue=queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=f"{closed.category} · {closed.tenant} · reopened",
        memo={DIGEST: digest(closed.intake)},
        priority=Priority(priority_key=closed.priority),
    )
    with temporal_errors():
        receipt: Receipt = await client.execute_update_with_start_workflow(
            "reopen",
            signed,
            start_workflow_operation=start,
            id=update_id(signed, key),
            result_type=Receipt,
            rpc_timeout=patience,
        )
    return receipt


def update_id(signed: Signed[Any] | SignedForIncident[Any], key: str | None) -> str:
    """Told apart by person, command, key and body: Temporal answers an id that comes again, the workflow one of an earlier run.

    A made-up one is short, for the history holds it four times; 72 bits are enough among those of one workflow.
    """
    return str(command_id(signed, key)) if key is not None else secrets.token_urlsafe(9)
