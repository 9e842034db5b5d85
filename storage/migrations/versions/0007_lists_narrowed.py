"""One narrow index for lists that are narrowed by several columns at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_COLUMNS = [
    "tenant", "received_at", "complaint_id", "status", "stage", "waits_for", "assignee", "complaint_group", "category", "level",
    "urgent", "breaches", "due_order", "updated_at", "urgency",
]  # fmt: skip


def upgrade() -> None:
    op.create_index("ix_complaints_any", "complaints", _COLUMNS, unique=False)
    if op.get_bind().dialect.name == "sqlite":
        # As in 0001: half of the rows for a tenant, one for each instant of receipt within it.
        statistics = sa.table("sqlite_stat1", sa.column("tbl"), sa.column("idx"), sa.column("stat"))
        counts = " ".join(["100000", "50000", *["1"] * (len(_COLUMNS) - 1)])
        op.bulk_insert(statistics, [{"tbl": "complaints", "idx": "ix_complaints_any", "stat": counts}])


def downgrade() -> None:
    op.drop_index("ix_complaints_any", table_name="complaints")
