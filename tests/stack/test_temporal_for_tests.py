"""The server that every other test relies on: real, and with a clock that tests can move."""

import uuid
from datetime import timedelta

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

STAGE = SearchAttributeKey.for_keyword("RedressStage")


@workflow.defn
class FollowUp:
    """Waits fifteen days, unless somebody calls earlier."""

    def __init__(self) -> None:
        self.called = False

    @workflow.run
    async def run(self) -> str:
        started_at = workflow.now()
        try:
            await workflow.wait_condition(lambda: self.called, timeout=timedelta(days=15))
        except TimeoutError:
            return f"nobody called in {(workflow.now() - started_at).days} days"
        return "called"

    @workflow.update
    async def call(self) -> str:
        self.called = True
        return "thank you"


async def test_fifteen_days_pass_in_a_moment_and_only_when_told(temporal_env: WorkflowEnvironment) -> None:
    queue = f"follow-up-{uuid.uuid4()}"
    async with Worker(temporal_env.client, task_queue=queue, workflows=[FollowUp]):
        waiting = await temporal_env.client.start_workflow(
            FollowUp.run,
            id=f"follow-up/{uuid.uuid4()}",
            task_queue=queue,
            search_attributes=TypedSearchAttributes([SearchAttributePair(STAGE, "following_up")]),
        )
        answered = await temporal_env.client.start_workflow(FollowUp.run, id=f"follow-up/{uuid.uuid4()}", task_queue=queue)
        assert await answered.execute_update(FollowUp.call) == "thank you"
        assert await answered.result() == "called"

        await temporal_env.fast_forward(waiting, timedelta(days=15, seconds=1))
        assert await waiting.result() == "nobody called in 15 days"
