"""The partners' own database: one SQLite connection, one transaction a write.

Nothing awaits inside `write()`, so two requests never share a transaction; the UNIQUE constraints hold the same promise
between processes. WAL with synchronous=NORMAL survives a killed process.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    number   TEXT PRIMARY KEY,
    document TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS effects (
    id           INTEGER PRIMARY KEY,
    system       TEXT NOT NULL,
    key          TEXT NOT NULL,
    reference    TEXT NOT NULL UNIQUE,
    family       TEXT NOT NULL,
    kind         TEXT NOT NULL,
    order_number TEXT NOT NULL,
    document     TEXT NOT NULL,
    stage        TEXT NOT NULL,
    status       TEXT NOT NULL,
    detail       TEXT NOT NULL,
    changed_at   TEXT NOT NULL,
    UNIQUE (system, key)
);
CREATE INDEX IF NOT EXISTS refunds_of_order ON effects (order_number) WHERE kind = 'refund';
CREATE INDEX IF NOT EXISTS effects_moved ON effects (system, changed_at, id);
CREATE INDEX IF NOT EXISTS effects_on_their_way ON effects (changed_at) WHERE status = 'accepted';
CREATE TABLE IF NOT EXISTS answers (
    system TEXT NOT NULL,
    key    TEXT NOT NULL,
    digest TEXT NOT NULL,
    status INTEGER NOT NULL DEFAULT 0,
    body   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (system, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
    id           INTEGER PRIMARY KEY,
    event_id     TEXT NOT NULL UNIQUE,
    effect       INTEGER NOT NULL REFERENCES effects (id),
    body         TEXT NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    next_at      REAL NOT NULL,
    delivered_at TEXT
);
CREATE INDEX IF NOT EXISTS outbox_waiting ON outbox (next_at) WHERE delivered_at IS NULL;
CREATE INDEX IF NOT EXISTS outbox_of_effect ON outbox (effect) WHERE delivered_at IS NULL;
"""


def now_text() -> str:
    """This instant in UTC, in a form that sorts as it reads."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class Store:
    """The database file at `path`, created with its tables when it is not there yet."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        self.db.executescript("PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
        self.db.executescript(SCHEMA)
        self.wrote = asyncio.Event()
        """Set after every commit: who waits for work looks again."""

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction; rolled back when the block raises. The block must not await."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")
        self.wrote.set()

    def close(self) -> None:
        self.db.close()
