"""The table of erasures: which customer's data was erased, by whom and why, without saying who the customer was."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String, Table

from storage.columns import Instant, JsonText
from storage.tables import metadata

erasures = Table(
    "erasures",
    metadata,
    Column("id", String(40), nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("customer", String(64), nullable=False, comment="keyed digest of the customer's id; the key is in the key file"),
    Column("at", Instant, nullable=False),
    Column("by_id", String(64), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("complaints", JsonText, nullable=False, comment="ids of the complaints"),
    Column("entries", Integer, nullable=False, comment="journal entries rewritten"),
    PrimaryKeyConstraint("id"),
)

Index("ix_erasures_customer", erasures.c.tenant, erasures.c.customer, erasures.c.at)
