"""A mistake in the workflow's own code: told apart from a server that is away, on a real server."""

from __future__ import annotations

import time

from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from domain.actor import Role
from tests.api.world import World, as_role

AGENT = as_role(Role.AGENT, id="lin")


@workflow.defn(name="ComplaintWorkflow")
class BrokenWorkflow:
    """As after a release with a mistake in it: every workflow task fails."""

    @workflow.run
    async def run(self, start: dict[str, object]) -> None:
        raise RuntimeError("a mistake of ours")


async def test_a_complaint_whose_work_fails_is_said_to_be_stuck_and_goes_on_once_that_is_mended(unmanned: World) -> None:
    complaint = await unmanned.filed()
    key = {**AGENT, "Idempotency-Key": "k-1"}
    broken = Worker(
        unmanned.client,
        task_queue=unmanned.desk.task_queue,
        workflows=[BrokenWorkflow],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with broken:
        end = time.monotonic() + 60
        # Until the server has seen the work fail, it waits for an answer as it does without any worker.
        while (answer := await unmanned.command(complaint, "respond", {"message": "x"}, key)).json()["code"] == "nobody_answered":
            assert time.monotonic() < end
        read = await unmanned.get(f"/v1/complaints/{complaint}")
    for told in (answer, read):
        assert (told.status_code, told.json()["code"]) == (503, "complaint_stuck"), told.text
        assert int(told.headers["retry-after"]) == 60
    assert "operators are told" in (answer.json()["detail"])

    async with unmanned.worker():
        while (answer := await unmanned.command(complaint, "respond", {"message": "x"}, key)).status_code != 200:
            assert time.monotonic() < end + 60, answer.text
            assert answer.json()["code"] in ("nobody_answered", "complaint_stuck")
