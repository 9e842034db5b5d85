"""News from partners: a Signal, which Temporal keeps even while no worker is there."""

from __future__ import annotations

import uuid
from datetime import timedelta

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import SignalWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.converter import WorkflowSerializationContext

from desk.errors import ComplaintClosed, NoSuchComplaint
from desk.ids import named_by_effect
from desk.translate import temporal_errors
from telemetry.tracing import trace_headers
from workflows.arguments import EffectNews

_PATIENCE = timedelta(seconds=5)
_SIGNAL = "effect_reported"


async def pass_on(client: Client, news: EffectNews, news_id: str) -> bool:
    """Tell the complaint that ordered the effect. False when no open complaint did: there is nobody to tell, now or later.

    Told twice of one effect under one id is told once, whichever processes heard it: Temporal keeps the ids of the signals of a
    run and lets a second one leave no trace. What comes under another id, or to a later run, the workflow knows to be old.
    Raises TemporalAway, DeskBusy, NobodyAnswered.
    """
    complaint = named_by_effect(news.key)
    if complaint is None:
        return False
    context = WorkflowSerializationContext(namespace=client.namespace, workflow_id=complaint.workflow_id)
    # The client's own `signal` makes up a new request id each time, so the request is made here.
    request = SignalWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=complaint.workflow_id),
        signal_name=_SIGNAL,
        identity=client.identity,
        # With the effect in it: two partners of one complaint may both count their news from one.
        request_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"redress:news:{news.key}:{news_id}")),
    )
    request.input.payloads.extend(await client.data_converter.with_context(context).encode([news]))
    for name, payload in trace_headers().items():
        request.header.fields[name].CopyFrom(payload)
    try:
        with temporal_errors():
            await client.workflow_service.signal_workflow_execution(request, retry=True, timeout=_PATIENCE)
    except (NoSuchComplaint, ComplaintClosed):
        return False
    return True
