"""API keys of machines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant, JsonText

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("key_id", sa.String(length=24), nullable=False, comment="the public part of the key"),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("scopes", JsonText(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the secret part"),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(timezone=True), nullable=False),
        sa.Column("expires_at", Instant(timezone=True), nullable=True),
        sa.Column("last_used_at", Instant(timezone=True), nullable=True, comment="written at most once a minute"),
        sa.Column("revoked_at", Instant(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_api_keys")),
    )
    op.create_index("ix_api_keys_newest", "api_keys", ["tenant", "created_at", "key_id"])


def downgrade() -> None:
    op.drop_index("ix_api_keys_newest", table_name="api_keys")
    op.drop_table("api_keys")
