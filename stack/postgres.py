"""A throw-away PostgreSQL from the machine's own binaries: one server a test process, a database for whoever asks.

`REDRESS_TEST_POSTGRES_URL` names a server that is there already; its role must be allowed to create databases.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import NullPool, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from storage.postgres import DRIVER

OLDEST = 15
_VARIABLE = "REDRESS_TEST_POSTGRES_URL"
_PATIENCE_SECONDS = 60
# Nothing of it has to survive anything.
_CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=150")
# PostgreSQL refuses to run as root: one of these does it for us.
_SERVANTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Postgres:
    """A server that takes connections."""

    url: URL

    async def new_database(self) -> str:
        """The address of an empty database."""
        name = f"redress_{uuid.uuid4().hex[:12]}"
        await self.run(f'CREATE DATABASE "{name}"')
        return self.url.set(database=name).render_as_string(hide_password=False)

    async def drop(self, url: str) -> None:
        await self.run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    async def run(self, statement: str) -> None:
        """A statement as the server's owner, outside of a transaction."""
        engine = create_async_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        async with engine.connect() as connection:
            await connection.execute(text(statement))
        await engine.dispose()


@lru_cache
def binaries() -> Path | None:
    """The folder with initdb and postgres of a version that we support, the newest where there are several."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: each.parent.name.zfill(4), reverse=True)
    if config := shutil.which("pg_config"):
        found.append(Path(subprocess.run([config, "--bindir"], capture_output=True, text=True, timeout=20).stdout.strip()))
    whole = (each for each in found if (each / "initdb").is_file() and (each / "postgres").is_file())
    return next((each for each in whole if _version(each) >= OLDEST), None)


def _version(folder: Path) -> int:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=20).stdout
    number = said.split()[2].split(".")[0] if said.count(" ") >= 2 else ""
    return int(number) if number.isdigit() else 0


def why_not() -> str | None:
    """Why nothing can be tried on PostgreSQL here; None when it can."""
    if os.environ.get(_VARIABLE):
        return None
    if binaries() is None:
        return f"no initdb and postgres {OLDEST} or newer on this machine, and {_VARIABLE} names no server"
    if os.geteuid() == 0 and _servant() is None:
        return f"PostgreSQL does not run as root, and none of the users {', '.join(_SERVANTS)} can be taken with setpriv"
    return None


def described() -> str:
    """One line for the head of a test run."""
    if (reason := why_not()) is not None:
        return f"PostgreSQL: its tests are SKIPPED: {reason}"
    return f"PostgreSQL: {_VARIABLE}" if os.environ.get(_VARIABLE) else f"PostgreSQL: throw-away servers of {binaries()}"


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """The server that the environment names, or one that is gone when the block ends."""
    named = os.environ.get(_VARIABLE)
    if named:
        yield Postgres(make_url(named))
        return
    with own_server() as server:
        yield server


@contextmanager
def own_server(*settings: str, files: Mapping[str, bytes] | None = None, owner: str = "redress") -> Iterator[Postgres]:
    """A server of one's own with more settings (`name=value`) and files in its data folder. It listens on a socket only."""
    folder = Path(tempfile.mkdtemp(prefix="redress-pg-"))  # short: the address of a socket has at most 107 characters
    try:
        data = prepare(folder, files or {}, owner)
        with _running(folder, data, settings):
            yield Postgres(address(folder, owner))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def address(folder: Path, owner: str = "redress") -> URL:
    """Where a server of this folder takes connections: at its socket only."""
    return URL.create(DRIVER, owner, database="postgres", query={"host": str(folder)})


def server_command(folder: Path, data: Path, *settings: str) -> list[str]:
    """What runs a server on a data folder; `settings` are `name=value`, the last one counts."""
    home = binaries()
    assert home is not None
    chosen = (*_CARELESS, "listen_addresses=", f"unix_socket_directories={folder}", *settings)
    return [*_as_servant(), str(home / "postgres"), "-D", str(data), *(part for each in chosen for part in ("-c", each))]


def prepare(folder: Path, files: Mapping[str, bytes], owner: str = "redress") -> Path:
    """An empty data folder inside, with `files` in it, for whoever may run the server."""
    home, data, servant = binaries(), folder / "data", _servant()
    assert home is not None
    if servant is not None:
        os.chown(folder, servant.pw_uid, servant.pw_gid)
    setup = [str(home / "initdb"), "-D", str(data), "-U", owner, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run([*_as_servant(), *setup], cwd=folder, capture_output=True, text=True, timeout=_PATIENCE_SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    for name, content in files.items():
        (data / name).touch(0o600)
        (data / name).write_bytes(content)
        if servant is not None:
            os.chown(data / name, servant.pw_uid, servant.pw_gid)
    return data


@contextmanager
def _running(folder: Path, data: Path, settings: Sequence[str]) -> Iterator[None]:
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(server_command(folder, data, *settings), cwd=folder, stdout=out, stderr=out)
    try:
        _wait_for(process, data, log)
        yield
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: its data goes too
        process.wait(30)


def takes_connections(process: subprocess.Popen[bytes], data: Path) -> bool:
    """The server says so itself in its pid file; one that was killed leaves its own behind, which says nothing of this one."""
    with contextlib.suppress(FileNotFoundError):
        lines = (data / "postmaster.pid").read_text().splitlines()
        return bool(lines) and lines[0] == str(process.pid) and lines[-1].strip() == "ready"
    return False


def _wait_for(process: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < until:
        if takes_connections(process, data):
            return
        time.sleep(0.02)
    raise AssertionError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


@lru_cache
def _servant() -> pwd.struct_passwd | None:
    """Somebody else than root who can be taken to run a program; None for who is not root, or when there is nobody."""
    if os.geteuid() != 0:
        return None
    for name in _SERVANTS:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        taken = [*_taking(user), "true"]
        if shutil.which("setpriv") and subprocess.run(taken, capture_output=True, timeout=20).returncode == 0:
            return user
    return None


def _as_servant() -> list[str]:
    """What goes before a command. A server whose tests were killed ends with them, wherever setpriv is."""
    servant = _servant()
    if servant is not None:
        return _taking(servant)
    return ["setpriv", "--pdeathsig", "QUIT"] if shutil.which("setpriv") else []


def _taking(user: pwd.struct_passwd) -> list[str]:
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--pdeathsig", "QUIT"]
