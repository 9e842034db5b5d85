"""Which database keeps the journal and the cases, and how much of a PostgreSQL server one process may take."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from settings.language import text

_SQLITE = "sqlite+aiosqlite:///"
_POSTGRES = ("postgresql+asyncpg", "postgresql", "postgres")


class DatabaseSettings(BaseSettings):
    """Part of `Settings`."""

    model_config = SettingsConfigDict(use_attribute_docstrings=True)

    database_url: Annotated[str, Field(repr=False)] = "sqlite+aiosqlite:///var/redress.db"
    """Address of the database: postgresql://user:password@host/name?sslmode=verify-full, or sqlite+aiosqlite:///file."""
    database_connections: Annotated[int, Field(ge=1, le=1000)] = 10
    """The most connections that one process opens to PostgreSQL."""
    database_statement_seconds: Annotated[int, Field(ge=1, le=3600)] = 30
    """A statement that takes longer is broken off (PostgreSQL)."""
    database_wait_seconds: Annotated[int, Field(ge=1, le=600)] = 5
    """How long to wait for a new connection, or for one that somebody else gives back (PostgreSQL)."""

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        if value.startswith(_SQLITE) and len(value) > len(_SQLITE) and not value.endswith(":memory:"):
            return value
        try:
            parts = urlsplit(value)
            named = parts.scheme in _POSTGRES and parts.path.strip("/") and (parts.port or 5432)
        except ValueError:  # a port that is no number
            named = False
        if not named:
            known = "postgresql://user:password@host/name, sqlite+aiosqlite:///file"
            raise ValueError(text(f"expected an address such as {known}", f"应为如下形式的地址：{known}"))
        return value
