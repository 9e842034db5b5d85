"""Incidents: what counts together, the incident that a window has at most one of, its journal, and the lots that it stopped.

No personal data but for what people wrote of a region or a product (`about`), and for what a reason may name.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, UniqueConstraint

from storage.columns import Instant, JsonText
from storage.tables import metadata

incidents = Table(
    "incidents",
    metadata,
    Column("incident_id", String(64), nullable=False),
    Column("tenant", String(64), nullable=False),
    # What claims the window: of those who cross the threshold at once, one inserts it.
    Column("batch", String(64), nullable=False, comment="row of the pack"),
    Column("batch_key", String(64), nullable=False, comment="digest of what its complaints share"),
    Column("number", Integer, nullable=False, comment="counts the incidents of one key"),
    Column("about", JsonText, nullable=False),
    Column("pack", String(64), nullable=False),
    Column("pack_digest", String(64), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant, nullable=False, comment="complaints received between the two belong to it"),
    # Where it stands
    Column("status", String(8), nullable=False, comment="open or closed"),
    Column("lead", String(64), nullable=True),
    Column("revision", BigInteger, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("snapshot", JsonText, nullable=True, comment="the incident as the domain knows it, once its workflow has written"),
    PrimaryKeyConstraint("incident_id"),
    UniqueConstraint("tenant", "batch", "batch_key", "number"),
)

batch_marks = Table(
    "batch_marks",
    metadata,
    Column("complaint_id", String(64), nullable=False),
    Column("batch", String(64), nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("batch_key", String(64), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("incident_id", String(64), ForeignKey(incidents.c.incident_id), nullable=True),
    PrimaryKeyConstraint("complaint_id", "batch"),
)

incident_journal = Table(
    "incident_journal",
    metadata,
    Column("incident_id", String(64), ForeignKey(incidents.c.incident_id), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("actor_roles", JsonText, nullable=False),
    Column("clauses", JsonText, nullable=False),
    Column("event", JsonText, nullable=False),
    PrimaryKeyConstraint("incident_id", "seq"),
)

suspended_lots = Table(
    "suspended_lots",
    metadata,
    Column("tenant", String(64), nullable=False),
    Column("lot", String(200), nullable=False),
    Column("incident_id", String(64), ForeignKey(incidents.c.incident_id), nullable=False),
    Column("since_at", Instant, nullable=False),
    PrimaryKeyConstraint("tenant", "lot"),
)

_m, _i = batch_marks.c, incidents.c
# The range of a count, with all that it reads.
Index("ix_batch_marks_window", _m.tenant, _m.batch, _m.batch_key, _m.received_at, _m.incident_id, _m.complaint_id)
Index("ix_batch_marks_members", _m.incident_id, _m.received_at, _m.complaint_id)
Index("ix_incidents_opened", _i.tenant, _i.opened_at, _i.incident_id)
Index("ix_incidents_status", _i.tenant, _i.status, _i.opened_at, _i.incident_id)
