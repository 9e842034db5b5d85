"""Whether anybody works: the workers that ask Temporal for the complaints' tasks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from desk.translate import temporal_errors

_PATIENCE = timedelta(seconds=2)
# A worker asks again at the latest when its long poll of a minute ends; Temporal remembers it for five.
_LATELY = timedelta(seconds=90)


async def workers_polling(client: Client, task_queue: str) -> int:
    """How many workers asked lately; one that was killed counts for a minute and a half. Raises TemporalAway, NobodyAnswered."""
    ask = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    with temporal_errors():
        told = await client.workflow_service.describe_task_queue(ask, timeout=_PATIENCE)
    since = datetime.now(UTC) - _LATELY
    return sum(poller.last_access_time.ToDatetime(tzinfo=UTC) >= since for poller in told.pollers)
