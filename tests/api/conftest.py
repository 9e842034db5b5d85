from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from desk.client import connect
from settings import Settings
from tests.api.world import World, world
from tests.doubles import free_port
from tests.temporal import sealed


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def unmanned(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Temporal and the database are there, and no worker."""
    folder = tmp_path_factory.mktemp("unmanned")
    async with world(temporal_env.client, folder, patience=timedelta(seconds=1)) as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def manned(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Everything is there."""
    async with world(temporal_env.client, tmp_path_factory.mktemp("manned")) as made, made.worker():
        yield made


@pytest_asyncio.fixture
async def cut_off(tmp_path: Path) -> AsyncIterator[World]:
    """Temporal is away."""
    client = await connect(Settings(temporal_address=f"127.0.0.1:{free_port()}"), sealed())
    async with world(client, tmp_path) as made:
        yield made
