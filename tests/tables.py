"""A database file as `python -m storage migrate` leaves it, for programs that run as processes."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from storage.__main__ import migrate_database
from storage.database import open_database


def migrated(folder: Path) -> str:
    """Its address. Made in a thread, so that it can be called with and without an event loop."""
    url = f"sqlite+aiosqlite:///{folder}/redress.db"
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _migrate(url)).result()
    return url


async def _migrate(url: str) -> None:
    database = open_database(url)
    try:
        await migrate_database(database)
    finally:
        await database.close()
