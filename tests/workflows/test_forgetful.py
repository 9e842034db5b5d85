"""A worker that forgets: it replays a complaint at nearly every task, while people look at it all the time.

A look (a query) may end a workflow task before a local activity of it is answered. What arrives then must find the same order of
work when it is replayed, or the complaint would be stuck for ever after a restart (`workflows/local.py`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from domain import commands as c
from tests import walk
from tests.house import AGENT, CUSTOMER, SUPERVISOR, Filed, House, build_house
from worker.composition import STRICT
from workflows.complaint import ComplaintWorkflow

COMPLAINTS = 6


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def forgetful(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with build_house(temporal_env, tmp_path_factory.mktemp("forgetful"), remembered=1000) as house:
        yield house


async def looked_at(filed: Filed) -> None:
    """Somebody asks for the case again and again."""
    while True:
        with contextlib.suppress(RPCError):
            await filed.handle.query(ComplaintWorkflow.case_now, rpc_timeout=timedelta(seconds=2))
        await asyncio.sleep(0.02)


async def lives(house: House) -> Filed:
    filed = await house.file("transport_damage", order_number=walk.new_order(house))
    lookers = [asyncio.create_task(looked_at(filed)) for _ in range(2)]
    try:
        await filed.does(AGENT, c.Respond(message="已登记。"))
        await filed.does(AGENT, c.Verify(founded=True, findings="属实"))
        await filed.until(lambda case: case.order_check == "found")
        await filed.does(AGENT, c.Assess(facts={"damage": "severe"}, liable="carrier"))
        await filed.does(AGENT, c.Propose())
        await filed.signals(SUPERVISOR, c.Approve(number=1))
        await filed.until(lambda case: case.stage == "offered")
        await filed.does(CUSTOMER, c.Accept(number=1))
        for _ in range(6):
            await filed.handle.signal(ComplaintWorkflow.calendar_changed)
            await asyncio.sleep(0.01)
        await filed.until(lambda case: case.stage == "confirming", seconds=60)
        await filed.does(CUSTOMER, c.Confirm(satisfied=True, rating=5))
        await filed.ends(60)
    finally:
        for looker in lookers:
            looker.cancel()
        await asyncio.gather(*lookers, return_exceptions=True)
    return filed


async def test_every_replay_finds_the_same_order_of_work_however_often_people_look(forgetful: House) -> None:
    ended = await asyncio.gather(*(lives(forgetful) for _ in range(COMPLAINTS)))
    replayer = Replayer(workflows=[ComplaintWorkflow], data_converter=forgetful.env.client.data_converter, workflow_runner=STRICT)
    for filed in ended:
        case = await forgetful.cases.get("home-demo", filed.id)
        assert case is not None
        assert case.outcome == "satisfied"
        assert [effect["kind"] for effect in walk.effects_of(filed)] == ["refund", "extra_payment"]
        await replayer.replay_workflow(await filed.handle.fetch_history())
