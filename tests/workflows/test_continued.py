"""Complaints and incidents whose history grows long are carried on in new runs, and nobody notices."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from bench import laws
from desk.commands import update_id
from desk.door import Desk
from desk.errors import ComplaintClosed, Refused
from domain import commands as c
from domain.commands import Receipt
from domain.incident import commands as ic
from domain.incident.commands import IncidentCommand, IncidentReceipt, SignedForIncident
from domain.policy import registry
from tests import walk
from tests.house import AGENT, Filed, House, build_house, signed_by
from tests.moves import CATEGORIES
from tests.temporal import start_temporal
from tests.workflows.greengrocer import MANAGER, TENANT
from tests.workflows.incident_people import begun
from tests.workflows.test_any_order import Town
from workflows.complaint import ComplaintWorkflow


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def short_runs(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house whose server suggests a new run after forty events."""
    env = await start_temporal("--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=40")
    try:
        async with build_house(env, tmp_path_factory.mktemp("short")) as built:
            yield built
    finally:
        await env.shutdown()
        await asyncio.sleep(0.3)


async def runs_of(filed: Filed, at_least: int) -> list[str]:
    """Runs of a complaint, once the server's list of them has followed."""
    for _ in range(500):
        listed = filed.house.env.client.list_workflows(f'WorkflowId = "{filed.handle.id}"')
        if len(runs := [run.run_id async for run in listed]) >= at_least:
            break
        await asyncio.sleep(0.02)
    return runs


@pytest.mark.parametrize("seed", [2, 7, 13])
async def test_every_law_holds_over_many_runs(short_runs: House, seed: int) -> None:
    die = random.Random(seed)
    filed = await short_runs.file(die.choice(CATEGORIES), order_number=walk.new_order(short_runs))
    town = Town(short_runs, filed, die, repeats=False)
    try:
        await town.lives()
    finally:
        short_runs.partners.no_faults()
    row = await town.brings_it_to_its_end()

    laws.check_all(registry.released("home@2026-11"), await town.filed.journal(), row)
    keys = [effect["key"] for effect in walk.effects_of(town.filed)]
    assert len(keys) == len(set(keys))
    assert len(await runs_of(filed, 3)) > 2


async def test_a_key_given_in_an_earlier_run_gets_its_first_receipt_in_a_later_one(short_runs: House) -> None:
    filed = await short_runs.file("transport_damage", order_number=walk.new_order(short_runs))

    async def attach(photo: str, key: str) -> Receipt:
        evidence = (walk.PHOTO.model_copy(update={"uri": f"s3://evidence/{photo}.jpg"}),)
        handle, signed = filed.handle, signed_by(AGENT, c.AttachEvidence(evidence=evidence))
        receipt: Receipt = await handle.execute_update(
            "attach_evidence", signed, id=update_id(signed, key), result_type=Receipt, rpc_timeout=timedelta(seconds=20)
        )
        return receipt

    receipts = {f"k-{number}": await attach(str(number), f"k-{number}") for number in range(30)}
    assert (await filed.handle.describe()).run_id != filed.handle.first_execution_run_id, "it goes on in another run"
    for key, receipt in receipts.items():
        assert await attach(key.removeprefix("k-"), key) == receipt
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await attach("another", "k-0")
    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "key_reused"
    assert [photo.uri for photo in (await filed.case()).evidence] == [f"s3://evidence/{number}.jpg" for number in range(30)]
    await filed.journal()
    assert await filed.handle.query(ComplaintWorkflow.given) == list(await short_runs.cases.given("home-demo", filed.id, 500))


async def test_a_key_given_to_an_incident_gets_its_first_receipt_in_a_later_run_and_after_its_end(short_runs: House) -> None:
    incident, _ = await begun(short_runs)
    began = (await incident.handle.describe()).run_id
    desk = Desk(short_runs.env.client, short_runs.task_queue, timedelta(seconds=60))

    async def does(command: IncidentCommand, key: str) -> IncidentReceipt:
        envelope: Any = SignedForIncident
        return await desk.lead(TENANT, incident.id, envelope[type(command)](by=MANAGER, command=command), key)

    def finding(number: int) -> ic.RecordFinding:
        return ic.RecordFinding(cause=f"原因 {number}", final=False)

    async def again() -> None:
        for number, receipt in enumerate(receipts):
            assert await does(finding(number), f"k-{number}") == receipt
        with pytest.raises(Refused) as refused:
            await does(finding(99), "k-0")
        assert (refused.value.code, refused.value.field) == ("key_reused", "Idempotency-Key")

    receipts = [await does(finding(number), f"k-{number}") for number in range(12)]
    while (await incident.handle.describe()).run_id == began:
        await asyncio.sleep(0.02)
    await again()
    closed = await does(ic.Close(reason="已了结"), "the end")
    await asyncio.wait_for(incident.handle.result(), 60)
    await again()
    assert await does(ic.Close(reason="已了结"), "the end") == closed
    with pytest.raises(ComplaintClosed):
        await does(finding(99), "another")
    entries = [entry.event for entry in await incident.journal()]
    assert [event.cause for event in entries if event.kind == "finding_recorded"] == [finding(n).cause for n in range(12)]
