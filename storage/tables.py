"""The tables: one row a complaint (what lists show) and one row a journal entry (what happened).

Each index serves one list of the API; the last columns of an index are the list's order, so that a page is one range of it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from storage.columns import Amount, Instant, JsonText

# Named by rule, so that migrations can name what they change on every database.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

complaints = Table(
    "complaints",
    metadata,
    Column("complaint_id", String(64), nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("workflow_id", String(200), nullable=False),
    Column("revision", BigInteger, nullable=False),
    # Where it stands
    Column("status", String(8), nullable=False, comment="open or closed"),
    Column("stage", String(20), nullable=False),
    Column("waits_for", String(20), nullable=True, comment="whose turn it is; null when closed"),
    Column("assignee", String(64), nullable=True),
    Column("offered_to", String(64), nullable=True, comment="whose word a hand-over waits for; null: none waits"),
    Column("paused", Boolean, nullable=False),
    Column("cycle", Integer, nullable=False),
    # What it is about
    Column("complaint_group", String(64), nullable=False),
    Column("category", String(64), nullable=False),
    Column("level", String(64), nullable=False),
    Column("severity", String(16), nullable=True, comment="null while not said"),
    Column("urgent", Boolean, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("urgency", Integer, nullable=False, comment="order of work: priority, and within it urgent ones first"),
    Column("channel", String(20), nullable=False),
    Column("customer_id", String(64), nullable=True),
    Column("customer_name", String(100), nullable=False),
    Column("order_number", String(64), nullable=True),
    Column("origin", Text, nullable=True),
    Column("destination", Text, nullable=True),
    Column("carrier", Text, nullable=True),
    # Promises
    Column("next_due_at", Instant, nullable=True),
    Column("next_due_name", String(64), nullable=True),
    Column("due_order", Instant, nullable=False, comment="next_due_at, or the end of time where nothing is due"),
    Column("breaches", Integer, nullable=False),
    Column("escalations", Integer, nullable=False),
    Column("opinion", String(8), nullable=True, comment="awaited or late; null: no department's opinion is waited for"),
    # How it ended
    Column("received_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("closed_at", Instant, nullable=True),
    Column("outcome", String(32), nullable=True),
    Column("satisfied", Boolean, nullable=True),
    Column("rating", Integer, nullable=True),
    # Money
    Column("currency", String(3), nullable=False),
    Column("decided_amount", Amount, nullable=False),
    Column("paid_amount", Amount, nullable=False),
    # The whole case, as the domain knows it
    Column("snapshot", JsonText, nullable=False),
    # The id is made from the tenant and the caller's key, so it is unique across tenants.
    PrimaryKeyConstraint("complaint_id"),
)

_c = complaints.c
_work_order = (_c.urgency, _c.due_order, _c.received_at, _c.complaint_id)
_newest_order = (_c.received_at, _c.complaint_id)

Index("ix_complaints_work_of_role", _c.tenant, _c.waits_for, *_work_order)
Index("ix_complaints_work_of_person", _c.tenant, _c.assignee, _c.waits_for, *_work_order)
Index("ix_complaints_urgency", _c.tenant, _c.status, *_work_order)
Index("ix_complaints_due", _c.tenant, _c.status, _c.due_order, _c.complaint_id)
Index("ix_complaints_received", _c.tenant, *_newest_order)
Index("ix_complaints_status", _c.tenant, _c.status, *_newest_order)
Index("ix_complaints_stage", _c.tenant, _c.stage, *_newest_order)
Index("ix_complaints_group", _c.tenant, _c.complaint_group, *_newest_order)
Index("ix_complaints_category", _c.tenant, _c.category, *_newest_order)
Index("ix_complaints_level", _c.tenant, _c.level, *_newest_order)
Index("ix_complaints_assignee", _c.tenant, _c.assignee, *_newest_order)
Index("ix_complaints_order", _c.tenant, _c.order_number, *_newest_order)
Index("ix_complaints_customer", _c.tenant, _c.customer_id, *_newest_order)
Index("ix_complaints_customer_name", _c.tenant, _c.customer_name, *_newest_order)
_offered = _c.offered_to.is_not(None)
Index("ix_complaints_offered", _c.tenant, _c.offered_to, *_work_order, sqlite_where=_offered, postgresql_where=_offered)
_breached = _c.breaches > 0
Index("ix_complaints_breached", _c.tenant, *_newest_order, sqlite_where=_breached, postgresql_where=_breached)
Index("ix_complaints_updated", _c.tenant, _c.updated_at, _c.complaint_id)
# All that lists filter and sort by, for those narrowed by several columns at once (`storage/narrowing.py`).
Index(
    "ix_complaints_any", _c.tenant, *_newest_order, _c.status, _c.stage, _c.waits_for, _c.assignee, _c.complaint_group,
    _c.category, _c.level, _c.urgent, _c.breaches, _c.due_order, _c.updated_at, _c.urgency,
)  # fmt: skip

journal = Table(
    "journal",
    metadata,
    Column("complaint_id", String(64), ForeignKey(complaints.c.complaint_id), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("actor_role", String(20), nullable=False, comment="highest role the actor held"),
    Column("actor_roles", JsonText, nullable=False),
    Column("clauses", JsonText, nullable=False),
    Column("event", JsonText, nullable=False),
    Column("given", JsonText, comment="on the last entry of a command that was given under its caller's key"),
    Column("acting_for", String(64), comment="in whose place they acted; null: in nobody's"),
    Column("made_by", String(64), comment="who made the link or key that they came with; null: they need none"),
    Column("via", String(16), comment="signal: through Temporal, unchecked; null: through a door"),
    PrimaryKeyConstraint("complaint_id", "seq"),
)
