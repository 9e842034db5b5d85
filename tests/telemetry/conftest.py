from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.api.world import World, world


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def unmanned(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """Temporal and the database are there, and no worker."""
    async with world(temporal_env.client, tmp_path_factory.mktemp("unmanned"), patience=timedelta(seconds=1)) as made:
        yield made
