"""What Alembic runs: the steps on the connection that `steps.migrate` hands over, or on a new one for the tool itself."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import Connection

# Each file of tables adds its own to the one metadata.
from storage import (  # noqa: F401
    blacklist_tables,
    delegation_tables,
    delivery_tables,
    erasure_tables,
    incident_tables,
    key_tables,
    knowledge_tables,
    ledger_tables,
    reconciliation_tables,
)
from storage.tables import metadata


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, compare_type=True, user_module_prefix="")
    with context.begin_transaction():
        context.run_migrations()


async def _run_on_a_new_connection() -> None:
    from settings import get_settings
    from storage.database import open_database

    database = open_database(get_settings().database_url)
    try:
        async with database.writing() as connection:
            await connection.run_sync(_run)
    finally:
        await database.close()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    _run(handed_over)
else:
    asyncio.run(_run_on_a_new_connection())
