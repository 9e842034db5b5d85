"""A company's own articles, beside those of its pack."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import Row, insert, select, update

from domain.intake import Identifier, Line, Prose
from domain.phrases import phrases_in, plain
from storage.database import Database
from storage.knowledge_tables import articles

_a = articles.c
# A company writes some; a knowledge base of thousands belongs in a system of its own, and articles link to it.
MOST = 500


class BothLanguages(BaseModel):
    """One text in Chinese and English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: Prose = Field(description="In Chinese.")
    en: Prose = Field(description="In English.")


class ArticleText(BaseModel):
    """A frequent question and its answer, and where it is offered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: BothLanguages = Field(description="The question, in both languages.")
    text: BothLanguages = Field(description="The answer, in both languages.")
    link: str | None = Field(default=None, pattern=r"^https?://[^\s]+$", max_length=500, description="A page or a video.")
    categories: tuple[Identifier, ...] = Field(
        default=(), max_length=50, description="Categories or groups of the pack in which it is offered; empty: in all."
    )
    words: tuple[Line, ...] = Field(
        default=(), max_length=50, description="One of these has to stand in the customer's words; empty: none has to."
    )

    def fits(self, category: str, group: str, said: str) -> bool:
        """Whether it is offered for a complaint of that category in which that `plain` text stands."""
        about = not self.categories or category in self.categories or group in self.categories
        return about and (not self.words or bool(phrases_in(said, self.words)))


class OwnArticle(ArticleText):
    """An article of the company's own."""

    article_id: str = Field(description="Id of the article.")
    written_by: str = Field(description="Staff id of who wrote it.")
    written_at: AwareDatetime = Field(description="When (UTC).")


class Articles:
    """Each method raises SQLAlchemyError or OSError when the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def write(self, tenant: str, content: ArticleText, by: str, at: datetime) -> OwnArticle:
        article_id = f"art_{secrets.token_hex(12)}"
        values = {
            "article_id": article_id, "tenant": tenant, "content": content.model_dump_json(), "written_by": by, "written_at": at,
        }  # fmt: skip
        async with self._database.writing() as connection:
            await connection.execute(insert(articles).values(values))
        return OwnArticle(**dict(content), article_id=article_id, written_by=by, written_at=at)

    async def all(self, tenant: str) -> tuple[OwnArticle, ...]:
        """Those that are offered, the newest first."""
        statement = (
            select(articles)
            .where(_a.tenant == tenant, _a.withdrawn_at.is_(None))
            .order_by(_a.written_at.desc(), _a.article_id.desc())
            .limit(MOST)
        )
        async with self._database.reading() as connection:
            return tuple(_article(row) for row in await connection.execute(statement))

    async def fitting(self, tenant: str, category: str, group: str, text: str) -> tuple[OwnArticle, ...]:
        said = plain(text)
        return tuple(each for each in await self.all(tenant) if each.fits(category, group, said))

    async def withdraw(self, tenant: str, article_id: str, by: str, at: datetime) -> bool:
        """Offer it no more; it stays on record. False when this tenant has none under the id, or not any more."""
        offered = (_a.tenant == tenant, _a.article_id == article_id, _a.withdrawn_at.is_(None))
        async with self._database.writing() as connection:
            done = await connection.execute(update(articles).where(*offered).values(withdrawn_by=by, withdrawn_at=at))
        return bool(done.rowcount)


def _article(row: Row[Any]) -> OwnArticle:
    content = ArticleText.model_validate_json(row.content)
    return OwnArticle(**dict(content), article_id=row.article_id, written_by=row.written_by, written_at=row.written_at)
