"""Forgetting complaints in Temporal: their histories are deleted, and the keys that could open a copy of them are destroyed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus

from desk.errors import KeysNotWritable, NoSuchComplaint
from desk.ids import ComplaintName
from desk.translate import temporal_errors
from sealing.codec import SealingCodec, scope_of
from sealing.errors import KeysUnusable
from sealing.keyring import Keyring

_PATIENCE = timedelta(seconds=5)


def keyring_of(client: Client) -> Keyring:
    """The keys behind a client."""
    codec = client.data_converter.payload_codec
    if not isinstance(codec, SealingCodec):
        raise TypeError("this client seals nothing")
    return codec.keyring


async def still_running(client: Client, names: Sequence[ComplaintName]) -> list[str]:
    """Ids of those that Temporal still works on, whatever the database says. Raises TemporalAway."""
    return [name.complaint_id for name in names if await _is_running(client, name)]


async def forget(client: Client, names: Sequence[ComplaintName]) -> int:
    """Destroy the keys of these closed complaints and delete every run; answers how many. Raises KeysNotWritable, TemporalAway.

    Doing it again finds nothing and harms nothing. From then on nothing is filed, reopened or decided under these ids.
    """
    try:
        await asyncio.to_thread(keyring_of(client).destroy, [scope_of(name.workflow_id).leaf for name in names])
    except (OSError, KeysUnusable) as error:
        raise KeysNotWritable(str(error)) from error
    runs = 0
    for name in names:
        async for run_id in _runs(client, name):
            request = DeleteWorkflowExecutionRequest(
                namespace=client.namespace,
                workflow_execution=WorkflowExecution(workflow_id=name.workflow_id, run_id=run_id),
            )
            with contextlib.suppress(NoSuchComplaint), temporal_errors():
                await client.workflow_service.delete_workflow_execution(request, timeout=_PATIENCE)
                runs += 1
    return runs


async def _is_running(client: Client, name: ComplaintName) -> bool:
    try:
        with temporal_errors():
            found = await client.get_workflow_handle(name.workflow_id).describe(rpc_timeout=_PATIENCE)
    except NoSuchComplaint:
        return False
    return found.status is WorkflowExecutionStatus.RUNNING


async def _runs(client: Client, name: ComplaintName) -> AsyncIterator[str]:
    """The latest run, and the earlier ones of a complaint that was continued or reopened."""
    with temporal_errors():
        seen: set[str] = set()
        with contextlib.suppress(NoSuchComplaint):
            with temporal_errors():
                latest = await client.get_workflow_handle(name.workflow_id).describe(rpc_timeout=_PATIENCE)
            seen.add(latest.run_id or "")
            yield latest.run_id or ""
        async for run in client.list_workflows(f"WorkflowId = '{name.workflow_id}'", rpc_timeout=_PATIENCE):
            if run.run_id not in seen:
                yield run.run_id
