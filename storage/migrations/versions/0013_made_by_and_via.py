"""Who made the link or key behind an entry, and that it came past the doors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    made_by = "who made the link or key that they came with; null: they need none"
    op.add_column("journal", sa.Column("made_by", sa.String(64), nullable=True, comment=made_by))
    via = "signal: through Temporal, unchecked; null: through a door"
    op.add_column("journal", sa.Column("via", sa.String(16), nullable=True, comment=via))


def downgrade() -> None:
    op.drop_column("journal", "via")
    op.drop_column("journal", "made_by")
