"""Two versions of the worker side by side on a real server: complaints move on, or end where they began."""

from __future__ import annotations

import asyncio
import time
import uuid
from pathlib import Path
from typing import Literal

from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import WorkerDeploymentConfig

from domain import commands as c
from settings import Settings
from tests.house import AGENT, Filed, build_house
from worker.temporal import version_of


def test_without_a_name_versions_are_not_kept_apart() -> None:
    assert version_of(Settings()) is None


async def test_complaints_move_to_the_version_that_is_made_current(temporal_env: WorkflowEnvironment, tmp_path: Path) -> None:
    deployment = f"complaints-{uuid.uuid4().hex[:8]}"
    async with build_house(temporal_env, tmp_path) as house:
        await house.stop_worker()
        async with house.worker(_version(deployment, "one", "auto_upgrade")):
            await _make_current(temporal_env.client, deployment, "one")
            filed = await house.file()
            await filed.until(lambda case: case.order_check == "found")
            assert await _runs_on(filed) == "one"
        async with house.worker(_version(deployment, "two", "auto_upgrade")):
            await _make_current(temporal_env.client, deployment, "two")
            await filed.does(AGENT, c.Respond(message="已登记，今天下班前给您答复。"))
            assert await _runs_on(filed) == "two"


async def test_pinned_complaints_end_where_they_began_and_new_ones_begin_on_the_new_version(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    deployment = f"complaints-{uuid.uuid4().hex[:8]}"
    async with build_house(temporal_env, tmp_path) as house:
        await house.stop_worker()
        async with (
            house.worker(_version(deployment, "one", "pinned")),
            house.worker(_version(deployment, "two", "pinned")),
        ):
            await _make_current(temporal_env.client, deployment, "one")
            old = await house.file()
            await old.until(lambda case: case.order_check == "found")
            await _make_current(temporal_env.client, deployment, "two")
            new = await house.file()
            for each in (old, new):
                await each.does(AGENT, c.Respond(message="已登记，今天下班前给您答复。"))
            assert (await _runs_on(old), await _runs_on(new)) == ("one", "two")


def _version(deployment: str, build: str, versioning: Literal["auto_upgrade", "pinned"]) -> WorkerDeploymentConfig:
    made = version_of(Settings(worker_deployment=deployment, worker_build=build, worker_versioning=versioning))
    assert made is not None
    return made


async def _make_current(client: Client, deployment: str, build: str) -> None:
    """As an operator does with `temporal worker deployment set-current-version`, once the version has asked for work."""
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=deployment, build_id=build, identity="test"
    )
    until = time.monotonic() + 30
    while True:
        try:
            await client.workflow_service.set_worker_deployment_current_version(request)
            return
        except RPCError as error:
            if error.status not in (RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION) or time.monotonic() > until:
                raise
            await asyncio.sleep(0.1)


async def _runs_on(filed: Filed) -> str:
    """The build that did the last workflow task."""
    info = (await filed.handle.describe()).raw_description.workflow_execution_info
    return info.versioning_info.deployment_version.build_id
