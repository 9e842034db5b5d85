"""What reconciling found, and when it was done: a finding stays until it fits again or a person settles it with a reason."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String, Table

from storage.columns import Amount, Instant
from storage.tables import metadata

findings = Table(
    "reconciliation_findings",
    metadata,
    Column("finding_id", String(40), nullable=False, comment="made from what was found, so that it is found once"),
    Column("tenant", String(64), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("complaint_id", String(64), nullable=False),
    Column("effect_key", String(250), nullable=True),
    Column("partner", String(16), nullable=True),
    Column("reference", String(200), nullable=True),
    # The two sides
    Column("our_state", String(12), nullable=True),
    Column("our_amount", Amount, nullable=True),
    Column("our_currency", String(3), nullable=True),
    Column("our_quantity", Integer, nullable=True),
    Column("their_state", String(12), nullable=True),
    Column("their_amount", Amount, nullable=True),
    Column("their_currency", String(3), nullable=True),
    Column("their_quantity", Integer, nullable=True),
    # What became of it
    Column("state", String(8), nullable=False, comment="open or settled"),
    Column("first_found_at", Instant, nullable=False),
    Column("last_found_at", Instant, nullable=False),
    Column("settled_at", Instant, nullable=True),
    Column("settled_by", String(64), nullable=True),
    Column("reason", String(2000), nullable=True),
    PrimaryKeyConstraint("finding_id"),
)

_f = findings.c
Index("ix_reconciliation_findings_newest", _f.tenant, _f.first_found_at, _f.finding_id)
Index("ix_reconciliation_findings_state", _f.tenant, _f.state, _f.first_found_at, _f.finding_id)

reconciliations = Table(
    "reconciliations",
    metadata,
    Column("tenant", String(64), nullable=False),
    Column("done_at", Instant, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("effects", Integer, nullable=False, comment="rows of the ledger compared"),
    Column("lines", Integer, nullable=False, comment="lines of the partners' statements compared"),
    Column("complaints", Integer, nullable=False, comment="cases whose paid amount was compared"),
    Column("found", Integer, nullable=False),
    PrimaryKeyConstraint("tenant", "done_at"),
)
