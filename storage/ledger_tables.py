"""The ledger: one row an effect at a partner, entered before the partner is asked, and followed to its end.

No personal data but for what a partner may say (`said`), which an erasure takes out (`storage/erasures.py`).
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String, Table

from storage.columns import Amount, Instant
from storage.tables import metadata

ledger = Table(
    "ledger",
    metadata,
    Column("effect_key", String(250), nullable=False, comment="tenant:complaint/cycle/step, the partner's idempotency key"),
    Column("tenant", String(64), nullable=False),
    Column("complaint_id", String(64), nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("step", String(100), nullable=False, comment="as in the key, with /r1 where it was tried again after a refusal"),
    # What was meant
    Column("kind", String(32), nullable=False),
    Column("partner", String(16), nullable=False),
    Column("amount", Amount, nullable=True),
    Column("currency", String(3), nullable=True),
    Column("quantity", Integer, nullable=True, comment="points; other benefits, goods and visits have none"),
    Column("clause", String(64), nullable=True),
    Column("decided_by", String(64), nullable=True, comment="who approved it, or proposed it where nobody had to approve"),
    # What became of it
    Column("state", String(12), nullable=False, comment="intended, unknown, placed, done, refused, cancelled"),
    Column("reference", String(200), nullable=True, comment="the partner's own number"),
    Column("said", String(300), nullable=False, comment="what was last heard of it, without names and addresses"),
    Column("attempts", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    PrimaryKeyConstraint("effect_key"),
)

_l = ledger.c
Index("ix_ledger_begun", _l.tenant, _l.first_at, _l.effect_key)
Index("ix_ledger_complaint", _l.tenant, _l.complaint_id, _l.effect_key)
_open = _l.state.in_(("intended", "unknown", "placed"))
Index("ix_ledger_open", _l.tenant, _l.state, _l.first_at, sqlite_where=_open, postgresql_where=_open)
