"""The table of API keys: what is needed to know one again, and never the key itself."""

from __future__ import annotations

from sqlalchemy import Column, Index, PrimaryKeyConstraint, String, Table

from storage.columns import Instant, JsonText
from storage.tables import metadata

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", String(24), nullable=False, comment="the public part of the key"),
    Column("tenant", String(64), nullable=False),
    Column("name", String(100), nullable=False),
    Column("scopes", JsonText, nullable=False),
    Column("digest", String(64), nullable=False, comment="SHA-256 of the secret part"),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=True),
    Column("last_used_at", Instant, nullable=True, comment="written at most once a minute"),
    Column("revoked_at", Instant, nullable=True),
    Column("revoked_by", String(64), nullable=True),
    PrimaryKeyConstraint("key_id"),
)

Index("ix_api_keys_newest", api_keys.c.tenant, api_keys.c.created_at, api_keys.c.key_id)
