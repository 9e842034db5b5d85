import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from stack.postgres import Postgres, described, postgres_server, why_not
from storage import packs
from tests.temporal import start_temporal

NewDatabase = Callable[[], Awaitable[str]]


@pytest.fixture(scope="session", autouse=True)
def parsed_once() -> Iterator[None]:
    """Every house and every API reads all packs, which takes most of a second: one text is parsed once in a process."""
    known: dict[tuple[str, str, str], Pack] = {}

    def parse(text: str, file: str, base: Pack | None = None) -> Pack:
        key = text, file, base.digest if base else ""
        if key not in known:
            known[key] = parse_pack(text, file, base)
        return known[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(packs, "parse_pack", parse)
        yield


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
async def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[NewDatabase]:
    """Makes empty databases and tells their addresses: a test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":

        async def new_file() -> str:
            return f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('database')}/redress.db"

        yield new_file
        return
    server: Postgres = request.getfixturevalue("postgres")
    made: list[str] = []

    async def new() -> str:
        made.append(await server.new_database())
        return made[-1]

    yield new
    for url in made:
        await server.drop(url)
