"""The table of the blacklist: who is limited, why, until when, and who decided it."""

from __future__ import annotations

from sqlalchemy import Column, Index, PrimaryKeyConstraint, String, Table, Text

from storage.columns import Instant, JsonText
from storage.tables import metadata

blacklist = Table(
    "blacklist",
    metadata,
    Column("entry_id", String(40), nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("complaint_id", String(64), nullable=False),
    Column("customer_id", String(64), nullable=True, comment="null once the customer was erased"),
    Column("limits", JsonText, nullable=False),
    Column("reason", Text, nullable=False),
    Column("clause", String(64), nullable=False),
    Column("entered_by", String(64), nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("appeal", Text, nullable=True),
    Column("appealed_at", Instant, nullable=True),
    Column("decision", String(8), nullable=True, comment="kept or removed"),
    Column("decided_by", String(64), nullable=True),
    Column("decided_at", Instant, nullable=True),
    Column("decision_reason", Text, nullable=True),
    PrimaryKeyConstraint("entry_id"),
)

_b = blacklist.c
Index("ix_blacklist_customer", _b.tenant, _b.customer_id, _b.expires_at)
Index("ix_blacklist_complaint", _b.tenant, _b.complaint_id, _b.entered_at)
Index("ix_blacklist_entered", _b.tenant, _b.entered_at, _b.entry_id)
