"""The tables come from the migrations, and the migrations make exactly the tables of the code."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, insert, select, text

from domain.journal import Closed, HandOverOffered
from settings import get_settings
from storage.__main__ import main, migrate_database
from storage.case_row import row_of
from storage.database import Database, DatabaseNotReady, open_database
from storage.migrations import steps
from storage.migrations.steps import newest_revision
from storage.tables import complaints, metadata
from tests.conftest import NewDatabase
from tests.storage.stories import Story


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


async def test_the_migrations_make_the_tables_of_the_code(database: Database) -> None:
    async with database.writing() as connection:
        assert await connection.run_sync(_differences) == []


async def test_a_difference_would_be_seen(database: Database) -> None:
    async with database.writer.connect() as connection:
        await connection.execute(text("ALTER TABLE journal ADD COLUMN stray INTEGER"))
        found = str(await connection.run_sync(_differences))
        await connection.execute(text("ALTER TABLE journal DROP COLUMN stray"))
        await connection.commit()
    assert "stray" in found


async def test_migrating_again_does_nothing(database: Database) -> None:
    newest = newest_revision()
    assert await migrate_database(database) == (newest, newest)
    await database.check()


async def test_hand_overs_that_waited_before_the_migration_are_known_behind_it(new_database: NewDatabase) -> None:
    offered, ended, plain = Story().assigned("lin").tell(HandOverOffered(to="zhao")), Story(), Story().assigned("lin")
    ended.assigned("lin").tell(HandOverOffered(to="zhao")).tell(Closed(outcome="withdrawn"))
    opened = open_database(await new_database())

    def earlier(connection: Connection) -> None:
        config = steps._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0011")
        for story in (offered, ended, plain):
            row = row_of(story.case, f"complaint/home/{story.complaint_id}")
            connection.execute(insert(complaints).values({name: cell for name, cell in row.items() if name != "offered_to"}))

    try:
        async with opened.writing() as connection:
            await connection.run_sync(earlier)
        await migrate_database(opened)
        async with opened.reading() as connection:
            rows = (await connection.execute(select(complaints.c.complaint_id, complaints.c.offered_to))).all()
        assert {row.complaint_id: row.offered_to for row in rows} == {
            offered.complaint_id: "zhao",
            ended.complaint_id: None,
            plain.complaint_id: None,
        }
    finally:
        await opened.close()


async def test_programs_that_migrate_at_once_take_turns(tmp_path: Path) -> None:
    opened = [open_database(f"sqlite+aiosqlite:///{tmp_path}/redress.db") for _ in range(4)]
    try:
        moved = await asyncio.gather(*(migrate_database(each) for each in opened))
        newest = newest_revision()
        assert sorted(moved, key=lambda each: each[0] or "") == [(None, newest), *[(newest, newest)] * 3]
        await opened[0].check()
    finally:
        for each in opened:
            await each.close()


async def test_a_migration_that_breaks_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_database(f"sqlite+aiosqlite:///{tmp_path}/redress.db")

    def break_off(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the power went")

    try:
        with monkeypatch.context() as broken:
            broken.setattr(Operations, "bulk_insert", break_off)  # the last thing that the first step does
            with pytest.raises(RuntimeError):
                await migrate_database(opened)
        async with opened.reading() as connection:
            assert list(await connection.scalars(text("SELECT name FROM sqlite_master WHERE name = 'complaints'"))) == []
        assert await migrate_database(opened) == (None, newest_revision())
    finally:
        await opened.close()


async def test_sqlite_knows_every_index_by_its_figures(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL counts for itself")
    async with database.reading() as connection:
        known = set(await connection.scalars(text("SELECT idx FROM sqlite_stat1 WHERE tbl = 'complaints'")))
    assert {index.name for index in metadata.tables["complaints"].indexes} <= known


async def test_a_database_without_tables_is_told_in_one_line(tmp_path: Path) -> None:
    empty = open_database(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    try:
        with pytest.raises(DatabaseNotReady, match="python -m storage migrate") as told:
            await empty.check()
    finally:
        await empty.close()
    assert "\n" not in str(told.value)


async def test_a_database_that_cannot_be_opened_is_told_in_one_line(tmp_path: Path) -> None:
    folder = open_database(f"sqlite+aiosqlite:///{tmp_path}")
    try:
        with pytest.raises(DatabaseNotReady, match="unable to open") as told:
            await folder.check()
        with pytest.raises(DatabaseNotReady, match="unable to open"):
            await migrate_database(folder)
    finally:
        await folder.close()
    assert "\n" not in str(told.value)


def test_a_database_in_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="name a file"):
        open_database("sqlite+aiosqlite://")


@pytest.mark.parametrize(("language", "wanted"), [("en_US.UTF-8", "is ready"), ("zh_CN.UTF-8", "已就绪")])
def test_the_command_migrates_and_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, wanted: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, language)
    monkeypatch.setenv("REDRESS_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/new/redress.db")
    get_settings.cache_clear()
    try:
        assert main(["check"]) == 1
        assert "python -m storage migrate" in capsys.readouterr().err
        assert main(["migrate"]) == main(["migrate"]) == main(["check"]) == 0
        assert wanted in capsys.readouterr().out
    finally:
        get_settings.cache_clear()
