"""Complaints and their journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Amount, Instant, JsonText

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# What SQLite's planner takes for granted: rows, then rows for each value of the index's first, first two, ... columns. Without
# figures it believes that a tenant has ten complaints, and reads all of a hundred thousand to find those of one order. Figures
# written once keep its plans the same on every installation; PostgreSQL counts for itself.
_COUNTS = {
    "ix_complaints_work_of_role": "100000 50000 5000 600 3 1 1",
    "ix_complaints_work_of_person": "100000 50000 1000 200 30 2 1 1",
    "ix_complaints_urgency": "100000 50000 20000 2500 3 1 1",
    "ix_complaints_due": "100000 50000 20000 3 1",
    "ix_complaints_received": "100000 50000 1 1",
    "ix_complaints_status": "100000 50000 20000 1 1",
    "ix_complaints_stage": "100000 50000 4000 1 1",
    "ix_complaints_group": "100000 50000 16000 1 1",
    "ix_complaints_category": "100000 50000 8000 1 1",
    "ix_complaints_level": "100000 50000 12000 1 1",
    "ix_complaints_assignee": "100000 50000 1000 1 1",
    "ix_complaints_order": "100000 50000 2 1 1",
    "ix_complaints_customer": "100000 50000 3 1 1",
    "ix_complaints_customer_name": "100000 50000 4 1 1",
    "ix_complaints_breached": "10000 5000 1 1",
    "ix_complaints_updated": "100000 50000 1 1",
}


def upgrade() -> None:
    op.create_table(
        "complaints",
        sa.Column("complaint_id", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("workflow_id", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False, comment="open or closed"),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("waits_for", sa.String(length=20), nullable=True, comment="whose turn it is; null when closed"),
        sa.Column("assignee", sa.String(length=64), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("complaint_group", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False, comment="order of work: priority, and within it urgent ones first"),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("customer_name", sa.String(length=100), nullable=False),
        sa.Column("order_number", sa.String(length=64), nullable=True),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("destination", sa.Text(), nullable=True),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("next_due_at", Instant(timezone=True), nullable=True),
        sa.Column("next_due_name", sa.String(length=64), nullable=True),
        sa.Column(
            "due_order", Instant(timezone=True), nullable=False, comment="next_due_at, or the end of time where nothing is due"
        ),
        sa.Column("breaches", sa.Integer(), nullable=False),
        sa.Column("escalations", sa.Integer(), nullable=False),
        sa.Column("received_at", Instant(timezone=True), nullable=False),
        sa.Column("updated_at", Instant(timezone=True), nullable=False),
        sa.Column("closed_at", Instant(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("decided_amount", Amount(precision=20, scale=3), nullable=False),
        sa.Column("paid_amount", Amount(precision=20, scale=3), nullable=False),
        sa.Column("snapshot", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complaints")),
    )
    op.create_index("ix_complaints_assignee", "complaints", ["tenant", "assignee", "received_at", "complaint_id"], unique=False)
    op.create_index(
        "ix_complaints_breached",
        "complaints",
        ["tenant", "received_at", "complaint_id"],
        unique=False,
        sqlite_where=sa.text("breaches > 0"),
        postgresql_where=sa.text("breaches > 0"),
    )
    op.create_index("ix_complaints_category", "complaints", ["tenant", "category", "received_at", "complaint_id"], unique=False)
    op.create_index(
        "ix_complaints_customer", "complaints", ["tenant", "customer_id", "received_at", "complaint_id"], unique=False
    )
    op.create_index(
        "ix_complaints_customer_name", "complaints", ["tenant", "customer_name", "received_at", "complaint_id"], unique=False
    )
    op.create_index("ix_complaints_due", "complaints", ["tenant", "status", "due_order", "complaint_id"], unique=False)
    op.create_index(
        "ix_complaints_group", "complaints", ["tenant", "complaint_group", "received_at", "complaint_id"], unique=False
    )
    op.create_index("ix_complaints_level", "complaints", ["tenant", "level", "received_at", "complaint_id"], unique=False)
    op.create_index("ix_complaints_order", "complaints", ["tenant", "order_number", "received_at", "complaint_id"], unique=False)
    op.create_index("ix_complaints_received", "complaints", ["tenant", "received_at", "complaint_id"], unique=False)
    op.create_index("ix_complaints_stage", "complaints", ["tenant", "stage", "received_at", "complaint_id"], unique=False)
    op.create_index("ix_complaints_status", "complaints", ["tenant", "status", "received_at", "complaint_id"], unique=False)
    op.create_index("ix_complaints_updated", "complaints", ["tenant", "updated_at", "complaint_id"], unique=False)
    op.create_index(
        "ix_complaints_urgency",
        "complaints",
        ["tenant", "status", "urgency", "due_order", "received_at", "complaint_id"],
        unique=False,
    )
    op.create_index(
        "ix_complaints_work_of_person",
        "complaints",
        ["tenant", "assignee", "waits_for", "urgency", "due_order", "received_at", "complaint_id"],
        unique=False,
    )
    op.create_index(
        "ix_complaints_work_of_role",
        "complaints",
        ["tenant", "waits_for", "urgency", "due_order", "received_at", "complaint_id"],
        unique=False,
    )
    op.create_table(
        "journal",
        sa.Column("complaint_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("actor_role", sa.String(length=20), nullable=False, comment="highest role the actor held"),
        sa.Column("actor_roles", JsonText(), nullable=False),
        sa.Column("clauses", JsonText(), nullable=False),
        sa.Column("event", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.complaint_id"], name=op.f("fk_journal_complaint_id")),
        sa.PrimaryKeyConstraint("complaint_id", "seq", name=op.f("pk_journal")),
    )
    if op.get_bind().dialect.name == "sqlite":
        # ANALYZE makes the table of figures; a new connection reads it.
        op.execute("ANALYZE")
        statistics = sa.table("sqlite_stat1", sa.column("tbl"), sa.column("idx"), sa.column("stat"))
        op.bulk_insert(statistics, [{"tbl": "complaints", "idx": name, "stat": counts} for name, counts in _COUNTS.items()])


def downgrade() -> None:
    op.drop_table("journal")
    op.drop_index("ix_complaints_work_of_role", table_name="complaints")
    op.drop_index("ix_complaints_work_of_person", table_name="complaints")
    op.drop_index("ix_complaints_urgency", table_name="complaints")
    op.drop_index("ix_complaints_updated", table_name="complaints")
    op.drop_index("ix_complaints_status", table_name="complaints")
    op.drop_index("ix_complaints_stage", table_name="complaints")
    op.drop_index("ix_complaints_received", table_name="complaints")
    op.drop_index("ix_complaints_order", table_name="complaints")
    op.drop_index("ix_complaints_level", table_name="complaints")
    op.drop_index("ix_complaints_group", table_name="complaints")
    op.drop_index("ix_complaints_due", table_name="complaints")
    op.drop_index("ix_complaints_customer_name", table_name="complaints")
    op.drop_index("ix_complaints_customer", table_name="complaints")
    op.drop_index("ix_complaints_category", table_name="complaints")
    op.drop_index(
        "ix_complaints_breached",
        table_name="complaints",
        sqlite_where=sa.text("breaches > 0"),
        postgresql_where=sa.text("breaches > 0"),
    )
    op.drop_index("ix_complaints_assignee", table_name="complaints")
    op.drop_table("complaints")
