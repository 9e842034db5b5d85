"""Erasures of customers, on record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant, JsonText

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column(
            "customer", sa.String(64), nullable=False, comment="keyed digest of the customer's id; the key is in the key file"
        ),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("by_id", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("complaints", JsonText(), nullable=False, comment="ids of the complaints"),
        sa.Column("entries", sa.Integer(), nullable=False, comment="journal entries rewritten"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index("ix_erasures_customer", "erasures", ["tenant", "customer", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_erasures_customer", table_name="erasures")
    op.drop_table("erasures")
