"""Webhooks on their way out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column(
            "id", sa.String(length=40), nullable=False, comment="made from what is told and to whom, so that it is written once"
        ),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("endpoint", sa.String(length=64), nullable=False, comment="id of the subscription in the tenant's file"),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("complaint_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="what is sent, to the byte; ids only"),
        sa.Column("status", sa.String(length=10), nullable=False, comment="pending, delivered or dead"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column(
            "next_at",
            Instant(timezone=True),
            nullable=False,
            comment="not tried before; a courier that takes it moves this on, as its lease",
        ),
        sa.Column("settled_at", Instant(timezone=True), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True, comment="HTTP status of the last answer"),
        sa.Column("error", sa.String(length=200), nullable=True, comment="why the last attempt failed"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["tenant", "endpoint", "next_at"],
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index("ix_deliveries_newest", "deliveries", ["tenant", "created_at", "id"])
    op.create_index("ix_deliveries_status", "deliveries", ["tenant", "status", "created_at", "id"])
    op.create_index("ix_deliveries_complaint", "deliveries", ["complaint_id", "seq"])


def downgrade() -> None:
    op.drop_index("ix_deliveries_complaint", table_name="deliveries")
    op.drop_index("ix_deliveries_status", table_name="deliveries")
    op.drop_index("ix_deliveries_newest", table_name="deliveries")
    op.drop_index(
        "ix_deliveries_due",
        table_name="deliveries",
        sqlite_where=sa.text("status = 'pending'"),
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.drop_table("deliveries")
