"""Every test of the database runs on SQLite, and on PostgreSQL too where REDRESS_TEST_POSTGRES_URL names one.

Tests share the database and keep apart by a tenant of their own.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from storage.__main__ import migrate_database
from storage.cases import Cases
from storage.database import Database, open_database
from storage.journal import Journal

POSTGRES_URL = os.environ.get("REDRESS_TEST_POSTGRES_URL")
ENGINES = ["sqlite", *(["postgres"] if POSTGRES_URL else [])]


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=ENGINES)
async def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    """A migrated database."""
    file = tmp_path_factory.mktemp("database") / "redress.db"
    url = f"sqlite+aiosqlite:///{file}" if request.param == "sqlite" else str(POSTGRES_URL)
    opened = open_database(url)
    await migrate_database(opened)
    yield opened
    await opened.close()


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database)


@pytest.fixture
def cases(database: Database) -> Cases:
    return Cases(database)


@pytest.fixture
def tenant() -> str:
    """A tenant of this test alone."""
    return f"t{uuid.uuid4().hex[:12]}"
