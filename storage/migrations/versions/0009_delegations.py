"""Delegations, and in whose place somebody acted in the journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    about = "in whose place they acted; null: in nobody's"
    op.add_column("journal", sa.Column("acting_for", sa.String(length=64), nullable=True, comment=about))
    op.create_table(
        "delegations",
        sa.Column("delegation_id", sa.String(length=64), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("from_person", sa.String(length=64), nullable=False),
        sa.Column("to_person", sa.String(length=64), nullable=False),
        sa.Column("from_at", Instant(timezone=True), nullable=False),
        sa.Column("until_at", Instant(timezone=True), nullable=False, comment="this instant no longer counts"),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("revoked_at", Instant(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("delegation_id", name=op.f("pk_delegations")),
    )
    op.create_index("ix_delegations_newest", "delegations", ["tenant", "made_at", "delegation_id"])
    op.create_index("ix_delegations_holding", "delegations", ["tenant", "until_at"])


def downgrade() -> None:
    op.drop_index("ix_delegations_holding", table_name="delegations")
    op.drop_index("ix_delegations_newest", table_name="delegations")
    op.drop_table("delegations")
    op.drop_column("journal", "acting_for")
