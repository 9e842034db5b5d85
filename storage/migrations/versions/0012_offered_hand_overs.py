"""To whom a hand-over is offered, so that it stands in their work list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COLUMNS = ["tenant", "offered_to", "urgency", "due_order", "received_at", "complaint_id"]
_OFFERED = sa.text("offered_to IS NOT NULL")
# Who is named in the case of that moment, by the field.
_TAKE_OVER = {
    "sqlite": """
        UPDATE complaints SET offered_to = json_extract(snapshot, '$.offered.to')
        WHERE status = 'open' AND json_extract(snapshot, '$.offered.giver') = assignee
    """,
    "postgresql": """
        UPDATE complaints SET offered_to = snapshot #>> ARRAY['offered', 'to']
        WHERE status = 'open' AND snapshot #>> ARRAY['offered', 'giver'] = assignee
    """,
}


def upgrade() -> None:
    about = "whose word a hand-over waits for; null: none waits"
    op.add_column("complaints", sa.Column("offered_to", sa.String(64), nullable=True, comment=about))
    dialect = op.get_bind().dialect.name
    op.execute(sa.text(_TAKE_OVER[dialect]))
    op.create_index(
        "ix_complaints_offered", "complaints", _COLUMNS, unique=False, sqlite_where=_OFFERED, postgresql_where=_OFFERED
    )
    if dialect == "sqlite":
        # As in 0001: the few that wait at any time, two a person.
        statistics = sa.table("sqlite_stat1", sa.column("tbl"), sa.column("idx"), sa.column("stat"))
        counts = "100 50 2 1 1 1 1"
        op.bulk_insert(statistics, [{"tbl": "complaints", "idx": "ix_complaints_offered", "stat": counts}])


def downgrade() -> None:
    op.drop_index("ix_complaints_offered", table_name="complaints", sqlite_where=_OFFERED, postgresql_where=_OFFERED)
    op.drop_column("complaints", "offered_to")
