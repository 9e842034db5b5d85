from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.house import House, build_house


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """One house for all tests of this folder: complaints do not see each other."""
    async with build_house(temporal_env, tmp_path_factory.mktemp("house")) as built:
        yield built
