"""The table of webhooks to be sent: written with the journal that they tell of, drained by the couriers of all workers."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from storage.columns import Instant
from storage.tables import metadata

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(40), nullable=False, comment="made from what is told and to whom, so that it is written once"),
    Column("tenant", String(64), nullable=False),
    Column("endpoint", String(64), nullable=False, comment="id of the subscription in the tenant's file"),
    Column("type", String(64), nullable=False),
    Column("complaint_id", String(64), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("body", Text, nullable=False, comment="what is sent, to the byte; ids only"),
    Column("status", String(10), nullable=False, comment="pending, delivered or dead"),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False, comment="not tried before; a courier that takes it moves this on, as its lease"),
    Column("settled_at", Instant, nullable=True),
    Column("answered", Integer, nullable=True, comment="HTTP status of the last answer"),
    Column("error", String(200), nullable=True, comment="why the last attempt failed"),
    PrimaryKeyConstraint("id"),
)

_d = deliveries.c
_pending = _d.status == "pending"
Index("ix_deliveries_due", _d.tenant, _d.endpoint, _d.next_at, sqlite_where=_pending, postgresql_where=_pending)
Index("ix_deliveries_newest", _d.tenant, _d.created_at, _d.id)
Index("ix_deliveries_status", _d.tenant, _d.status, _d.created_at, _d.id)
Index("ix_deliveries_complaint", _d.complaint_id, _d.seq)
