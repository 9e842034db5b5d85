"""`python -m api erase-customer`: whatever is in its way is one line and an exit code."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner, Result

from api.__main__ import app
from sealing import key_file
from settings import get_settings
from storage.__main__ import migrate_database
from storage.database import open_database
from tests.api.world import TENANT


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A database with its tables, and where the key file belongs."""
    address, file = f"sqlite+aiosqlite:///{tmp_path}/redress.db", tmp_path / "keys" / "data.keys"
    monkeypatch.setenv("REDRESS_DATABASE_URL", address)
    monkeypatch.setenv("REDRESS_DATA_KEYS_FILE", str(file))
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "en_US.UTF-8")
    asyncio.run(migrated(address))
    get_settings.cache_clear()
    yield file
    get_settings.cache_clear()


async def migrated(address: str) -> None:
    database = open_database(address)
    await migrate_database(database)
    await database.close()


def run() -> Result:
    asked = ("erase-customer", "--tenant", TENANT, "--customer", "c-1", "--reason", "request 7", "--by", "root")
    return CliRunner().invoke(app, asked)


def test_without_the_key_file_nothing_is_begun(keys: Path) -> None:
    ended = run()
    assert ended.exit_code == 1
    assert ended.stderr.startswith(f"There is no key file {keys}")
    assert len(ended.stderr.splitlines()) == 1


def test_a_customer_whom_nobody_knows_is_told_so(keys: Path) -> None:
    key_file.make(keys)
    ended = run()
    assert (ended.exit_code, ended.stderr) == (1, "There is no complaint of this customer.\n")


def test_a_database_that_breaks_off_is_one_line(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key_file.make(keys)

    async def broken(*_: Any) -> None:
        raise OperationalError("UPDATE journal ...", {}, Exception("the connection broke"))

    monkeypatch.setattr("api.erase_command.erase_customer", broken)
    ended = run()
    assert (ended.exit_code, ended.stderr) == (1, "The database broke off; the same command later does it all.\n")
