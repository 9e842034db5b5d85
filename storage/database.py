"""The database: engines for reading and writing, and the checks that say in one line what is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from settings import Settings
from settings.language import text as in_language
from storage.migrations.steps import current_revision, is_older, newest_revision
from storage.postgres import Limits, postgres_engine

# How long a connection waits for another process that writes to the same SQLite file.
_BUSY_MS = 5_000
_READERS = 4


class DatabaseNotReady(RuntimeError):
    """The database is away or its tables are of another version; the message is one line that says what to do."""


class TablesTooOld(DatabaseNotReady):
    """The database is there and a migration is missing: nothing can be written until somebody runs it."""


@dataclass(frozen=True)
class Database:
    """`writer` and `reader` are one engine on PostgreSQL. SQLite has one connection that writes: it beats a pool of them."""

    writer: AsyncEngine
    reader: AsyncEngine

    @property
    def is_sqlite(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    @property
    def name(self) -> str:
        """The address without its password, for messages."""
        return self.writer.url.render_as_string(hide_password=True)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end, rolled back by whatever is raised."""
        async with self.writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        async with self.reader.connect() as connection:
            yield connection

    async def ping(self) -> None:
        """Raises DatabaseNotReady when the database does not answer."""
        try:
            async with self.reading() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError) as error:
            raise DatabaseNotReady(_away(self.name, error)) from error

    async def check(self) -> None:
        """Raises DatabaseNotReady when the database does not answer or its tables are not those of this program:
        TablesTooOld when they are older ones. Newer ones serve a program that is rolled back."""
        try:
            async with self.reading() as connection:
                found = await connection.run_sync(current_revision)
        except (SQLAlchemyError, OSError) as error:
            raise DatabaseNotReady(_away(self.name, error)) from error
        wanted = newest_revision()
        if found != wanted:
            wrong = TablesTooOld if is_older(found) else DatabaseNotReady
            raise wrong(
                in_language(
                    f"{self.name} is at migration {found or 'none'}, this program needs {wanted}: run python -m storage migrate.",
                    f"{self.name} 处于迁移版本 {found or '无'}，本程序需要 {wanted}：请运行 python -m storage migrate。",
                )
            )

    async def close(self) -> None:
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()


def database_of(settings: Settings, program: str) -> Database:
    """The database that the settings name, for a program of this name."""
    limits = Limits(
        connections=settings.database_connections,
        statement=timedelta(seconds=settings.database_statement_seconds),
        waiting=timedelta(seconds=settings.database_wait_seconds),
    )
    return open_database(settings.database_url, program, limits)


def open_database(url: str, program: str = "redress", limits: Limits | None = None) -> Database:
    """Engines for an address such as sqlite+aiosqlite:///var/redress.db or postgresql://host/redress. Connects lazily."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        engine = postgres_engine(address, program, limits or Limits())
        return Database(engine, engine)
    if address.database in (None, "", ":memory:"):
        raise ValueError("a database in memory would be another one for each connection: name a file")
    return Database(_sqlite(address, connections=1), _sqlite(address, connections=_READERS, only_reads=True))


# Parameters hold what customers wrote: they are hidden from error messages, which end in logs and histories.
def _sqlite(address: URL, *, connections: int, only_reads: bool = False) -> AsyncEngine:
    Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(address, pool_size=connections, max_overflow=0, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        # Readers never wait for the writer, and a commit costs no fsync; a crash of the process loses nothing.
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA cache_size=-65536")
        if only_reads:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    return engine


def _away(name: str, error: BaseException) -> str:
    reason = str(getattr(error, "orig", None) or error).splitlines()[0]
    return in_language(f"{name} does not answer: {reason}.", f"{name} 无响应：{reason}。")
