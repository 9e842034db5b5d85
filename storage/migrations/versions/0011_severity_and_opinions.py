"""How grave a complaint is, and whether a department's opinion is waited for, so that both can be counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("complaints", sa.Column("severity", sa.String(16), nullable=True, comment="null while not said"))
    about = "awaited or late; null: no department's opinion is waited for"
    op.add_column("complaints", sa.Column("opinion", sa.String(8), nullable=True, comment=about))


def downgrade() -> None:
    op.drop_column("complaints", "opinion")
    op.drop_column("complaints", "severity")
