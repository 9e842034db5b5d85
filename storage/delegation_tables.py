"""The table of delegations: who decides on proposals in whose place. Rows stay, so that the journal's words can be looked up."""

from __future__ import annotations

from sqlalchemy import Column, Index, PrimaryKeyConstraint, String, Table

from storage.columns import Instant
from storage.tables import metadata

delegations = Table(
    "delegations",
    metadata,
    Column("delegation_id", String(64), nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("from_person", String(64), nullable=False),
    Column("to_person", String(64), nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant, nullable=False, comment="this instant no longer counts"),
    Column("reason", String(500), nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant, nullable=True),
    Column("revoked_by", String(64), nullable=True),
    PrimaryKeyConstraint("delegation_id"),
)

_d = delegations.c
Index("ix_delegations_newest", _d.tenant, _d.made_at, _d.delegation_id)
Index("ix_delegations_holding", _d.tenant, _d.until_at)
