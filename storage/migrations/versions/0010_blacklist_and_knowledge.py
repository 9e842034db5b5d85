"""The blacklist, a company's own articles, and the monthly reviews of the case library."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant, JsonText

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blacklist",
        sa.Column("entry_id", sa.String(40), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("complaint_id", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.String(64), nullable=True, comment="null once the customer was erased"),
        sa.Column("limits", JsonText(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("clause", sa.String(64), nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.Column("entered_at", Instant(timezone=True), nullable=False),
        sa.Column("expires_at", Instant(timezone=True), nullable=False),
        sa.Column("appeal", sa.Text(), nullable=True),
        sa.Column("appealed_at", Instant(timezone=True), nullable=True),
        sa.Column("decision", sa.String(8), nullable=True, comment="kept or removed"),
        sa.Column("decided_by", sa.String(64), nullable=True),
        sa.Column("decided_at", Instant(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_blacklist")),
    )
    op.create_index("ix_blacklist_customer", "blacklist", ["tenant", "customer_id", "expires_at"], unique=False)
    op.create_index("ix_blacklist_complaint", "blacklist", ["tenant", "complaint_id", "entered_at"], unique=False)
    op.create_index("ix_blacklist_entered", "blacklist", ["tenant", "entered_at", "entry_id"], unique=False)
    op.create_table(
        "articles",
        sa.Column("article_id", sa.String(40), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("content", JsonText(), nullable=False, comment="title, text, link, categories, words"),
        sa.Column("written_by", sa.String(64), nullable=False),
        sa.Column("written_at", Instant(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(64), nullable=True),
        sa.Column("withdrawn_at", Instant(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_articles")),
    )
    op.create_index("ix_articles_tenant", "articles", ["tenant", "withdrawn_at", "written_at"], unique=False)
    op.create_table(
        "library_reviews",
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("month", sa.String(7), nullable=False, comment="2026-11"),
        sa.Column("reviewed_by", sa.String(64), nullable=False),
        sa.Column("reviewed_at", Instant(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "month", name=op.f("pk_library_reviews")),
    )


def downgrade() -> None:
    op.drop_table("library_reviews")
    op.drop_index("ix_articles_tenant", table_name="articles")
    op.drop_table("articles")
    for name in ("entered", "complaint", "customer"):
        op.drop_index(f"ix_blacklist_{name}", table_name="blacklist")
    op.drop_table("blacklist")
