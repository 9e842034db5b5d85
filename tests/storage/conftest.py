"""Every test of the database runs on SQLite and, where the machine has it, on PostgreSQL.

Tests share the database and keep apart by a tenant of their own.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from storage.__main__ import migrate_database
from storage.cases import Cases
from storage.database import Database, open_database
from storage.journal import Journal
from tests.conftest import NewDatabase


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def database(new_database: NewDatabase) -> AsyncIterator[Database]:
    """A migrated database."""
    opened = open_database(await new_database())
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
