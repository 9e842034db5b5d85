"""Reconciling out of turn: a person asks for it and has the answer at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio.client import Client, WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy

from activities.contract import Reconciled
from desk.errors import NobodyAnswered
from desk.translate import temporal_errors
from workflows.reconciliation import Reconciliation, ReconciliationWorkflow


async def reconcile_now(client: Client, queue: str, asked: Reconciliation, patience: timedelta) -> Reconciled:
    """Compare these days. Whoever asks for the same while it is under way has the same answer.

    Raises NobodyAnswered when it takes longer, as while a partner is away: it goes on, and what it finds can be read later.
    """
    with temporal_errors():
        try:
            # A time-out of the call would not do: waiting for a result is many calls, each of which the server ends in time.
            async with asyncio.timeout(patience.total_seconds()):
                answer: Reconciled = await client.execute_workflow(
                    ReconciliationWorkflow.run,
                    asked,
                    id=f"reconciliation/{asked.tenant}/{asked.period}".replace(" – ", "/"),
                    task_queue=queue,
                    id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                    static_summary=f"reconciliation of {asked.tenant}, {asked.period}",
                    rpc_timeout=patience,
                )
        except TimeoutError as error:
            raise NobodyAnswered("the reconciliation goes on") from error
        except WorkflowFailureError as error:
            raise NobodyAnswered(f"the reconciliation ended without an answer: {error.cause}") from error
    return answer
