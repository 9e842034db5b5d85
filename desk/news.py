"""News from partners: a Signal, which Temporal keeps even while no worker is there."""

from __future__ import annotations

from datetime import timedelta

from temporalio.client import Client

from desk.errors import ComplaintClosed, NoSuchComplaint
from desk.ids import named_by_effect
from desk.translate import temporal_errors
from workflows.complaint import ComplaintWorkflow, EffectNews

_PATIENCE = timedelta(seconds=5)


async def pass_on(client: Client, news: EffectNews) -> bool:
    """Tell the complaint that ordered the effect. False when no open complaint did: there is nobody to tell, now or later.

    Told twice is told once: the workflow knows what it has heard. Raises TemporalAway, DeskBusy, NobodyAnswered.
    """
    complaint = named_by_effect(news.key)
    if complaint is None:
        return False
    try:
        with temporal_errors():
            await client.get_workflow_handle(complaint.workflow_id).signal(
                ComplaintWorkflow.effect_reported, news, rpc_timeout=_PATIENCE
            )
    except (NoSuchComplaint, ComplaintClosed):
        return False
    return True
