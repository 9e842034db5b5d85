"""Bare Temporal: workflows that do nothing of their own. `python -m bench.bare ADDRESS` runs the worker for them."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import timedelta

import uvloop
from pydantic import BaseModel
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

with workflow.unsafe.imports_passed_through():
    from sealing.converter import sealing_converter
    from settings import get_settings

QUEUE = "bare"
_STAGE = SearchAttributeKey.for_keyword("RedressStage")
_SHORT = timedelta(seconds=20)


class Mix(BaseModel):
    """What one segment does: so many of each, see `bench.history.Segment`."""

    local: int = 0
    upserts: int = 0
    activities: int = 0
    timers: int = 0


@activity.defn
async def nothing(word: str) -> str:
    return word


@workflow.defn
class NoOp:
    @workflow.run
    async def run(self) -> None:
        return


@workflow.defn
class Sleeper:
    """One timer."""

    @workflow.run
    async def run(self, seconds: float) -> None:
        await workflow.sleep(seconds)


@workflow.defn
class SameEvents:
    """The events of a complaint, with next to nothing in them: the start's segment, then one for each update."""

    @workflow.init
    def __init__(self, segments: list[Mix]) -> None:
        self._segments = segments
        self._updates = 0
        self._pending: list[asyncio.Task[None]] = []
        self._timers: list[asyncio.Task[None]] = []

    @workflow.run
    async def run(self, segments: list[Mix]) -> None:
        self._begin(segments[0])
        await workflow.wait_condition(lambda: self._updates == len(segments) - 1 and all(task.done() for task in self._pending))

    @workflow.update
    async def step(self, word: str) -> str:
        self._updates += 1
        self._begin(self._segments[self._updates])
        return word

    def _begin(self, mix: Mix) -> None:
        for number in range(mix.upserts):
            workflow.upsert_search_attributes([_STAGE.value_set(f"s{self._updates}-{number}")])
        self._timers += [asyncio.create_task(workflow.sleep(600)) for _ in range(mix.timers)]
        self._pending += [asyncio.create_task(self._activity()) for _ in range(mix.activities)]
        if mix.local:
            self._pending.append(asyncio.create_task(self._local(mix.local)))

    async def _activity(self) -> None:
        await workflow.execute_activity(nothing, "word", start_to_close_timeout=_SHORT)

    async def _local(self, count: int) -> None:
        for _ in range(count):
            await workflow.execute_local_activity(nothing, "word", start_to_close_timeout=_SHORT)


async def main(address: str) -> None:
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    client = await Client.connect(address, data_converter=sealing_converter(get_settings().data_keys_file))
    # Limits that suit it, and the SDK's own sandbox.
    async with Worker(
        client,
        task_queue=QUEUE,
        workflows=[NoOp, Sleeper, SameEvents],
        activities=[nothing],
        workflow_runner=SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default),
        max_concurrent_workflow_tasks=8,
        max_concurrent_activities=50,
        max_concurrent_local_activities=50,
    ):
        await stop.wait()
    await asyncio.sleep(0.3)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
