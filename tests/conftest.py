import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from tests.postgres import Postgres, described, postgres_server, why_not
from tests.temporal import start_temporal


def pytest_report_header() -> str:
    return described()


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One real server for all tests of this process that need PostgreSQL; they are skipped where there is none."""
    if (reason := why_not()) is not None:
        pytest.skip(reason)
    with postgres_server() as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=["sqlite", "postgres"])
async def empty_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of an empty database: a test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('database')}/redress.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = await server.new_database()
    yield url
    await server.drop(url)
