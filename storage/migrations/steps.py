"""Alembic driven from our own code: where the steps are, which one a database is at, and the way to the newest."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

# Any constant will do, as long as nothing else takes the same advisory lock.
_LOCK = 7_233_017


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


@lru_cache
def newest_revision() -> str:
    """The migration that this program's tables need."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    if newest is None:
        raise RuntimeError("storage/migrations/versions is empty")
    return newest


def is_older(revision: str | None) -> bool:
    """Whether this program knows the migration and what comes after it; None stands for no tables."""
    known = {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}
    return revision is None or revision in known - {newest_revision()}


def current_revision(connection: Connection) -> str | None:
    """The migration that the database is at; None when it has no tables."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(connection: Connection) -> tuple[str | None, str]:
    """Bring the tables to the newest migration; doing it again does nothing. Answers where it was and where it is."""
    # One process at a time, and all steps or none: a second process waits and then finds nothing to do.
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    before = current_revision(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return before, newest_revision()
