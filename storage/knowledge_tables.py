"""Tables of the knowledge base: a company's own articles, and the monthly reviews of its case library."""

from __future__ import annotations

from sqlalchemy import Column, Index, PrimaryKeyConstraint, String, Table, Text

from storage.columns import Instant, JsonText
from storage.tables import metadata

articles = Table(
    "articles",
    metadata,
    Column("article_id", String(40), nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("content", JsonText, nullable=False, comment="title, text, link, categories, words"),
    Column("written_by", String(64), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("withdrawn_by", String(64), nullable=True),
    Column("withdrawn_at", Instant, nullable=True),
    PrimaryKeyConstraint("article_id"),
)

Index("ix_articles_tenant", articles.c.tenant, articles.c.withdrawn_at, articles.c.written_at)

library_reviews = Table(
    "library_reviews",
    metadata,
    Column("tenant", String(64), nullable=False),
    Column("month", String(7), nullable=False, comment="2026-11"),
    Column("reviewed_by", String(64), nullable=False),
    Column("reviewed_at", Instant, nullable=False),
    Column("note", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "month"),
)
