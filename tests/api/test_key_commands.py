"""`python -m api key`: keys for whoever has the database at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.key_commands import keys
from settings import get_settings
from storage.__main__ import migrate_database
from storage.database import open_database
from storage.keys import split
from tests.api.world import TENANT

MAKE = ("make", "--tenant", TENANT, "--name", "Hotline", "--scope", "intake", "--days", "0")


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database that has no tables yet."""
    address = f"sqlite+aiosqlite:///{tmp_path}/redress.db"
    monkeypatch.setenv("REDRESS_DATABASE_URL", address)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "en_US.UTF-8")
    get_settings.cache_clear()
    yield address
    get_settings.cache_clear()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(keys, arguments)


def migrated(url: str) -> None:
    async def migrate() -> None:
        database = open_database(url)
        try:
            await migrate_database(database)
        finally:
            await database.close()

    asyncio.run(migrate())


def test_a_key_is_made_listed_and_revoked(url: str) -> None:
    migrated(url)
    made = run(*MAKE)
    assert made.exit_code == 0
    parts = split(made.stdout.strip())
    assert parts is not None
    key_id, secret = parts
    assert secret not in made.stderr
    assert run("revoke", "--tenant", "olist-demo", key_id).exit_code == 1
    assert run("revoke", "--tenant", TENANT, key_id).exit_code == 0
    (line,) = run("list", "--tenant", TENANT).stdout.splitlines()
    assert line.split("\t") == [key_id, "intake", "revoked", "never used", "command-line", "Hotline"]


def test_a_database_without_tables_and_an_unknown_tenant_are_told_in_one_line(url: str) -> None:
    missing = run(*MAKE)
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert "python -m storage migrate" in missing.stderr
    migrated(url)
    unknown = run("make", "--tenant", "nobody", "--name", "x", "--scope", "reading")
    assert (unknown.exit_code, unknown.stdout, unknown.stderr.count("\n")) == (1, "", 1)
    assert "nobody" in unknown.stderr
