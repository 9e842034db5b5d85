"""Complaints whose history grows long are carried on in new runs, and nobody notices."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from domain.policy import registry
from tests import laws, walk
from tests.house import House, build_house
from tests.moves import CATEGORIES
from tests.temporal import start_temporal
from tests.workflows.test_any_order import Town


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
    runs = [run async for run in short_runs.env.client.list_workflows(f'WorkflowId = "{filed.handle.id}"')]
    assert len(runs) > 2
