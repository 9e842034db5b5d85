"""Commands and approvals: a person's word reaches the workflow, and its answer or its refusal comes back in domain words."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import Priority, WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from desk.ids import ComplaintName
from desk.opening import DIGEST, attributes, digest
from desk.translate import temporal_errors
from domain.case import Case
from domain.commands import Command, Receipt, Reopen, Signed
from workflows.complaint import ComplaintWorkflow, Ending, Start

# Commands answer in milliseconds; whoever waits this long hears that no worker is there.
PATIENCE = timedelta(seconds=10)


async def give_command(
    client: Client, complaint: ComplaintName, name: str, signed: Signed[Command], command_id: str | None, patience: timedelta
) -> Receipt:
    """Carry out one command. Raises Refused, ComplaintClosed, NoSuchComplaint, DeskBusy, NobodyAnswered, TemporalAway.

    `command_id` is the caller's own key: the same key for the same command of the same person answers the first receipt again.
    """
    handle = client.get_workflow_handle(complaint.workflow_id)
    with temporal_errors():
        receipt: Receipt = await handle.execute_update(
            name, signed, id=update_id(name, signed, command_id), result_type=Receipt, rpc_timeout=patience
        )
    return receipt


async def reopen(
    client: Client, queue: str, closed: Case, signed: Signed[Reopen], command_id: str | None, patience: timedelta
) -> Receipt:
    """Take a closed complaint up again: a new run under the same name carries the case on from where it stood.

    One call starts the run and gives it the command, so there is never a run that nobody asked for. When it is open again
    already, the command reaches that run, which refuses it.
    """
    complaint = ComplaintName(closed.tenant, closed.complaint_id)
    start: WithStartWorkflowOperation[ComplaintWorkflow, Ending] = WithStartWorkflowOperation(
        ComplaintWorkflow.run,
        Start(carried=closed),
        id=complaint.workflow_id,
        task_queue=queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=f"{closed.category} · {closed.tenant} · reopened",
        search_attributes=attributes(closed.tenant, closed.stage.value, closed.level, closed.category),
        memo={DIGEST: digest(closed.intake)},
        priority=Priority(priority_key=closed.priority),
    )
    with temporal_errors():
        receipt: Receipt = await client.execute_update_with_start_workflow(
            "reopen",
            signed,
            start_workflow_operation=start,
            id=update_id("reopen", signed, command_id),
            result_type=Receipt,
            rpc_timeout=patience,
        )
    return receipt


def update_id(name: str, signed: Signed[Any], command_id: str | None) -> str:
    """Keys are scoped to the person and the command, so that nobody meets another one's receipt by chance.

    A made-up one is short, for the history holds it four times; 72 bits are enough among the commands of one complaint.
    """
    return f"{signed.by.id}/{name}/{command_id}" if command_id else secrets.token_urlsafe(9)
