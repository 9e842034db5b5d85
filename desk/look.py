"""Looking at one complaint or incident where it lives, for the moments in which the database is away or not there yet."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from desk.ids import ComplaintName
from desk.translate import temporal_errors
from domain.case import Case
from domain.given import Given

_PATIENCE = timedelta(seconds=3)
_MOMENT = timedelta(milliseconds=200)


async def live_case(client: Client, complaint: ComplaintName) -> Case:
    """The case as its workflow knows it now. Raises NoSuchComplaint, NobodyAnswered (no worker), TemporalAway."""
    case: Case = await _ask(client, complaint.workflow_id, "case", Case)
    return case


async def given(client: Client, workflow_id: str) -> tuple[Given, ...]:
    """What was done to a complaint or an incident under keys of its callers, also after its end; raises the same."""
    known: list[Given] = await _ask(client, workflow_id, "given", list[Given])
    return tuple(known)


async def _ask(client: Client, workflow_id: str, question: str, answer: Any) -> Any:
    handle = client.get_workflow_handle(workflow_id)
    with temporal_errors():
        try:
            return await handle.query(question, result_type=answer, rpc_timeout=_PATIENCE)
        except RPCError as error:
            # Between two runs of one complaint there is a moment without a workflow task.
            if error.status is not RPCStatusCode.FAILED_PRECONDITION:
                raise
            await asyncio.sleep(_MOMENT.total_seconds())
            return await handle.query(question, result_type=answer, rpc_timeout=_PATIENCE)


async def is_there(client: Client) -> bool:
    """Whether Temporal answers."""
    try:
        return await client.service_client.check_health(timeout=timedelta(seconds=1))
    except Exception:  # whatever it is, the answer is no
        return False
