"""The journal keeps which commands were given under their callers' keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import JsonText

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    about = "on the last entry of a command that was given under its caller's key"
    op.add_column("journal", sa.Column("given", JsonText(), nullable=True, comment=about))


def downgrade() -> None:
    op.drop_column("journal", "given")
