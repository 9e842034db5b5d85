import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.temporal import start_temporal


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def temporal_env() -> AsyncIterator[WorkflowEnvironment]:
    """One real server for all tests of this process (with xdist: one for each of its workers)."""
    env = await start_temporal()
    try:
        yield env
    finally:
        await env.shutdown()
        # The process can crash at exit when Temporal's threads are still winding down (sdk-python #300).
        await asyncio.sleep(0.3)
