"""The database of the chaos run, that can be killed: a PostgreSQL of its own, or a SQLite file that somebody else holds.

SQLite has no server to kill; while another program holds its file, the database is as good as away.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Protocol

from stack.postgres import address, prepare, server_command, takes_connections, why_not

_READY_SECONDS = 60.0


class Database(Protocol):
    """`url` is where it is reached as long as it runs."""

    url: str
    name: str

    def start(self) -> None: ...

    def kill(self) -> None:
        """Away at once, with nothing said and nothing finished."""

    def close(self) -> None:
        """Gone for good, with all it held."""


class PostgresServer:
    """Written as production is: what it has confirmed survives kill -9."""

    name = "PostgreSQL"

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="redress-pg-"))  # short: the address of a socket has at most 107 characters
        self._data = prepare(self._folder, {})
        self.url = address(self._folder).render_as_string(hide_password=False)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        until = time.monotonic() + _READY_SECONDS
        while not self._comes_up():
            # The children of a killed server may hold its memory a moment longer.
            if time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start:\n{(self._folder / 'log').read_text(errors='replace')[-2000:]}")
            time.sleep(0.2)

    def _comes_up(self) -> bool:
        command = server_command(self._folder, self._data, "fsync=on", "synchronous_commit=on", "full_page_writes=on")
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log)
        while self._process.poll() is None:
            if takes_connections(self._process, self._data):
                return True
            time.sleep(0.02)
        return False

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)


class HeldSqlite:
    """A file; killed means that another program has it for itself."""

    name = "SQLite"

    def __init__(self, file: Path) -> None:
        self.url = f"sqlite+aiosqlite:///{file}"
        self._file = file
        self._holder: sqlite3.Connection | None = None

    def start(self) -> None:
        self.close()

    def kill(self) -> None:
        self._holder = sqlite3.connect(self._file, isolation_level=None, timeout=30)
        self._holder.execute("BEGIN EXCLUSIVE")

    def close(self) -> None:
        if self._holder is not None:
            self._holder.rollback()
            self._holder.close()
            self._holder = None


def database_for(folder: Path) -> Database:
    """A PostgreSQL where this machine has one, else SQLite."""
    return PostgresServer() if why_not() is None else HeldSqlite(folder / "redress.db")
