"""PostgreSQL: what its address says, how long anything may take, and what is told when it does not answer."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from settings import Settings
from stack.postgres import Postgres, binaries, own_server, why_not
from storage.__main__ import migrate_database
from storage.database import DatabaseNotReady, database_of, open_database
from storage.migrations.steps import newest_revision
from storage.postgres import Limits
from tests.certificates import certificates
from tests.doubles import free_port


async def test_a_process_shows_who_it_is_and_how_long_it_waits(postgres: Postgres) -> None:
    url = postgres.url.render_as_string(hide_password=False)
    database = database_of(Settings(database_url=url, database_statement_seconds=7), "redress-worker")
    try:
        async with database.reading() as connection:
            named = (
                await connection.scalar(text("SHOW application_name")),
                await connection.scalar(text("SHOW statement_timeout")),
            )
    finally:
        await database.close()
    assert named == ("redress-worker", "7s")


async def test_a_statement_that_takes_too_long_is_broken_off(postgres: Postgres) -> None:
    database = open_database(postgres.url.render_as_string(hide_password=False), limits=Limits(statement=timedelta(seconds=1)))
    try:
        async with database.reading() as connection:
            with pytest.raises(DBAPIError, match="statement timeout"):
                await connection.execute(text("SELECT pg_sleep(60)"))
        await database.ping()  # and the next one goes on
    finally:
        await database.close()


async def test_nobody_waits_for_ever_for_a_connection(postgres: Postgres) -> None:
    limits = Limits(connections=1, waiting=timedelta(seconds=1))
    database = open_database(postgres.url.render_as_string(hide_password=False), limits=limits)
    try:
        async with database.reading():
            with pytest.raises(DatabaseNotReady, match="does not answer"):
                await database.ping()
        await database.ping()
    finally:
        await database.close()


async def test_the_connection_comes_back_after_the_server_has_dropped_it(postgres: Postgres) -> None:
    database = open_database(postgres.url.render_as_string(hide_password=False), limits=Limits(connections=1))
    try:
        async with database.reading() as connection:
            mine = await connection.scalar(text("SELECT pg_backend_pid()"))
        await postgres.run(f"SELECT pg_terminate_backend({mine})")
        await database.ping()
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"database": "not_there"}, 'database "not_there" does not exist'),
        ({"username": "stranger"}, 'role "stranger" does not exist'),
        ({"host": "127.0.0.1", "port": 1, "query": {}}, "Connect call failed"),
        ({"query": {"host": "/nowhere"}}, "No such file or directory"),
    ],
)
async def test_what_does_not_answer_is_told_in_one_line(postgres: Postgres, change: dict[str, object], wanted: str) -> None:
    url = postgres.url.set(password="hunter2").set(**change)  # type: ignore[arg-type]
    database = open_database(url.render_as_string(hide_password=False))
    try:
        with pytest.raises(DatabaseNotReady) as told:
            await database.check()
    finally:
        await database.close()
    assert wanted in str(told.value)
    assert "hunter2" not in str(told.value)
    assert "\n" not in str(told.value)


async def test_programs_that_migrate_at_once_take_turns(postgres: Postgres) -> None:
    url = await postgres.new_database()
    opened = [open_database(url) for _ in range(4)]
    try:
        moved = await asyncio.gather(*(migrate_database(each) for each in opened))
    finally:
        for each in opened:
            await each.close()
        await postgres.drop(url)
    newest = newest_revision()
    assert sorted(moved, key=lambda each: each[0] or "") == [(None, newest), *[(newest, newest)] * 3]


async def test_a_step_that_fails_leaves_nothing(postgres: Postgres) -> None:
    url = await postgres.new_database()
    database = open_database(url)
    try:
        async with database.writing() as connection:
            await connection.execute(text("CREATE TABLE journal (stranger integer)"))  # the first step cannot make its own
        with pytest.raises(SQLAlchemyError):
            await migrate_database(database)
        async with database.reading() as connection:
            left = set(await connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))
    finally:
        await database.close()
        await postgres.drop(url)
    assert left == {"journal"}


async def test_the_line_is_encrypted_and_both_sides_know_each_other_as_the_address_says(tmp_path: Path) -> None:
    if (reason := why_not()) is not None or binaries() is None:
        pytest.skip(reason or "a server of one's own needs its binaries")
    ours, strangers = certificates(tmp_path / "ours", "localhost"), certificates(tmp_path / "strangers", "localhost")
    port = free_port()
    settings = ("listen_addresses=127.0.0.1", f"port={port}", "ssl=on", "ssl_ca_file=ca.crt")
    files = {
        "ca.crt": ours.ca.read_bytes(),
        "server.crt": ours.cert.read_bytes(),
        "server.key": ours.key.read_bytes(),
        "pg_hba.conf": b"hostssl all all 127.0.0.1/32 cert\n",  # who shows no certificate of the authority is not let in
    }
    knows = {"sslmode": "verify-full", "sslrootcert": str(ours.ca)}
    shows = {"sslcert": str(ours.cert), "sslkey": str(ours.key)}
    with own_server(*settings, files=files):
        assert await _told(port, {**knows, **shows}) is None
        assert "certificate" in str(await _told(port, knows))  # the server does not know us
        doubts = {**knows, "sslrootcert": str(strangers.ca)}
        assert "certificate verify failed" in str(await _told(port, {**doubts, **shows}))  # we do not know the server


async def _told(port: int, query: dict[str, str]) -> str | None:
    """What is wrong with a line to the server; None when it is encrypted."""
    url = make_url(f"postgres://redress@localhost:{port}/postgres").set(query=query)
    database = open_database(url.render_as_string(hide_password=False))
    try:
        await database.ping()
        async with database.reading() as connection:
            assert await connection.scalar(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) is True
    except DatabaseNotReady as error:
        return str(error)
    finally:
        await database.close()
    return None
