"""PostgreSQL: what its address may say, and an engine that never waits for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

DRIVER = "postgresql+asyncpg"
# What libpq's addresses say of encryption, as providers hand them out; asyncpg understands it in an address of its own only.
_OF_LIBPQ = ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslpassword", "sslcrl", "ssl_min_protocol_version")
# Firewalls and load balancers forget quiet connections, so none grows older than that.
_RENEWED = timedelta(minutes=30)
# The server breaks a statement off by itself; a server that has vanished is given up a little later.
_MORE_PATIENCE = timedelta(seconds=5)


@dataclass(frozen=True)
class Limits:
    """How much of the server one process may take, and how long it waits."""

    connections: int = 10
    statement: timedelta = timedelta(seconds=30)
    waiting: timedelta = timedelta(seconds=5)


def postgres_engine(address: URL, program: str, limits: Limits) -> AsyncEngine:
    """An engine whose connections show up as `program` in pg_stat_activity. Connects lazily."""
    query = dict(address.query)
    of_libpq = {name: query.pop(name) for name in _OF_LIBPQ if name in query}
    statement_ms = str(int(limits.statement.total_seconds() * 1000))
    arguments: dict[str, Any] = {
        "timeout": limits.waiting.total_seconds(),
        "command_timeout": (limits.statement + _MORE_PATIENCE).total_seconds(),
        "server_settings": {
            "application_name": str(query.pop("application_name", program)),
            "statement_timeout": statement_ms,
            # Whoever dies in the middle of a transaction keeps nobody else's row locked for longer.
            "idle_in_transaction_session_timeout": statement_ms,
        },
    }
    if of_libpq:
        arguments["dsn"] = f"postgresql://?{urlencode(of_libpq)}"
    return create_async_engine(
        address.set(drivername=DRIVER, query=query),
        connect_args=arguments,
        pool_size=limits.connections,
        max_overflow=0,
        pool_timeout=limits.waiting.total_seconds(),
        pool_pre_ping=True,
        pool_recycle=int(_RENEWED.total_seconds()),
        # Parameters hold what customers wrote, and error messages end in logs and histories.
        hide_parameters=True,
    )
