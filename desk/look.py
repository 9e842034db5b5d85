"""Looking at one complaint where it lives, for the moments in which the database is away or not there yet."""

from __future__ import annotations

from datetime import timedelta

from temporalio.client import Client

from desk.ids import ComplaintName
from desk.translate import temporal_errors
from domain.case import Case

_PATIENCE = timedelta(seconds=3)


async def live_case(client: Client, complaint: ComplaintName) -> Case:
    """The case as its workflow knows it now. Raises NoSuchComplaint, NobodyAnswered (no worker), TemporalAway."""
    with temporal_errors():
        case: Case = await client.get_workflow_handle(complaint.workflow_id).query(
            "case", result_type=Case, rpc_timeout=_PATIENCE
        )
    return case


async def is_there(client: Client) -> bool:
    """Whether Temporal answers."""
    try:
        return await client.service_client.check_health(timeout=timedelta(seconds=1))
    except Exception:  # whatever it is, the answer is no
        return False
