"""`python -m storage migrate` brings the tables to the newest version; `python -m storage check` says whether they are."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from settings import Settings, get_settings
from settings.language import text
from storage.database import Database, DatabaseNotReady, open_database
from storage.migrations.steps import migrate
from storage.postgres import Limits


async def migrate_database(database: Database) -> tuple[str | None, str]:
    """Where the tables were and where they are now. Raises DatabaseNotReady when the database is away."""
    await database.ping()
    async with database.writing() as connection:
        return await connection.run_sync(migrate)


async def _run(command: str, settings: Settings) -> str:
    # A step over a large table may take its time; nobody waits for an answer.
    database = open_database(settings.database_url, "redress-storage", Limits(statement=timedelta(hours=6)))
    try:
        if command == "migrate":
            before, after = await migrate_database(database)
            if before == after:
                return text(f"{database.name} is at migration {after} already.", f"{database.name} 已是迁移版本 {after}。")
            return text(f"{database.name} is now at migration {after}.", f"{database.name} 现为迁移版本 {after}。")
        await database.check()
        return text(f"{database.name} is ready.", f"{database.name} 已就绪。")
    finally:
        await database.close()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m storage", description=__doc__)
    parser.add_argument("command", choices=["migrate", "check"])
    command = parser.parse_args(arguments).command
    try:
        print(asyncio.run(_run(command, get_settings())))
    except DatabaseNotReady as error:
        print(error, file=sys.stderr)
        return 1
    except SQLAlchemyError as error:
        why = str(getattr(error, "orig", None) or error).splitlines()[0]
        print(text(f"The migration broke off, nothing was changed: {why}", f"迁移中断，未作任何更改：{why}"), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
