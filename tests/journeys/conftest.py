from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.journeys.town import Town, build_town


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """One town for all journeys: complaints do not see each other."""
    async with build_town(temporal_env, tmp_path_factory.mktemp("town")) as built:
        yield built
