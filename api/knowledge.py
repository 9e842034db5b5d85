"""The knowledge base: articles of the procedure and the company's own, and the library of earlier cases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.guard import GuardedRoute
from api.identity import STAFF, Caller
from api.pages import Cursor, Limit
from api.parts import AllParts, Parts
from api.problems import (
    DATABASE_AWAY,
    FORBIDDEN,
    INVALID,
    MEDIA,
    NOT_FOUND,
    NOT_JSON,
    PACK_MISSING,
    TOO_LARGE,
    Kind,
    Problem,
    declared,
)
from domain.actor import Role
from domain.articles import articles_for
from domain.case import Case
from domain.case_facts import found_facts
from domain.intake import Prose
from domain.policy.knowledge_rows import ArticleRule
from domain.policy.matching import known_facts
from domain.policy.pack import Pack
from domain.policy.wording import Wording
from domain.summary.period import running
from storage.articles import Articles, ArticleText, OwnArticle
from storage.library import Frequent, Library, LibraryCase, Result, Review
from storage.pages import Page

router = APIRouter(prefix="/v1", tags=["14 Knowledge"], route_class=GuardedRoute)
REVIEWED_ALREADY = Kind(409, "reviewed_already", "该月已复盘", "The month was reviewed already")
_WRITING = (NOT_JSON, FORBIDDEN, TOO_LARGE, MEDIA, INVALID, DATABASE_AWAY)
Month = Annotated[
    str | None, Query(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$", description="Month of receipt, such as 2026-11; absent: this one.")
]


class Article(BaseModel):
    """One article of the knowledge base."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="Row of the pack, or id of the company's own.")
    source: Literal["pack", "own"] = Field(description="Whether it is part of the procedure or the company's own.")
    title: Wording = Field(description="The question, in both languages.")
    text: Wording = Field(description="The answer, in both languages.")
    link: str | None = Field(description="A page or a video; null where there is none.")
    clauses: tuple[str, ...] = Field(description="Clauses of the procedure behind it; empty for an own one.")


class NewReview(BaseModel):
    """What going through the cases of a month has shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    month: str = Field(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$", description="Month of receipt, such as 2026-11.")
    note: Prose = Field(description="What was learned, and what becomes an article. No names.")


class CaseLibrary(BaseModel):
    """The cases of a month, what was frequent in it, and whether it was reviewed."""

    model_config = ConfigDict(frozen=True)

    month: str = Field(description="Month of receipt.")
    review: Review | None = Field(description="Who has gone through it; null while nobody has.")
    frequent: tuple[Frequent, ...] = Field(description="Categories by how often they were complained of.")
    cases: Page[LibraryCase] = Field(description="Solved and failed cases without the people in them, the newest first.")


@router.get(
    "/articles", operation_id="list_articles", summary="Read the knowledge base",
    responses=declared(FORBIDDEN, PACK_MISSING, DATABASE_AWAY),
)  # fmt: skip
async def list_articles(me: Caller, parts: AllParts) -> tuple[Article, ...]:
    """Articles of the current procedure, then the company's own, the newest first."""
    me.must_be(Role.INTAKE, *STAFF)
    pack = parts.shelf.terms(me.tenant).pack
    own = await Articles(parts.database).all(me.tenant)
    return (*(_of_pack(row) for row in pack.article), *(_own(each) for each in own))


@router.post(
    "/articles", status_code=201, operation_id="write_article", summary="Add an article of our own", responses=declared(*_WRITING)
)
async def write_article(content: ArticleText, me: Caller, parts: AllParts) -> OwnArticle:
    """It is offered to agents from now on, where its categories and words fit."""
    me.must_be(Role.SUPERVISOR)
    return await Articles(parts.database).write(me.tenant, content, me.actor.id, datetime.now(UTC))


@router.post(
    "/articles/{article_id}/withdrawal", status_code=204, operation_id="withdraw_article", summary="Take an article back",
    responses=declared(FORBIDDEN, NOT_FOUND, INVALID, DATABASE_AWAY),
)  # fmt: skip
async def withdraw_article(
    article_id: Annotated[str, Path(max_length=40, description="Id of the article.", examples=["art_0f9c3a7d5e1b2c4d6e8f0a1b"])],
    me: Caller,
    parts: AllParts,
) -> None:
    """It is offered no more. To change an article, write it anew and take the old one back."""
    me.must_be(Role.SUPERVISOR)
    if not await Articles(parts.database).withdraw(me.tenant, article_id, me.actor.id, datetime.now(UTC)):
        raise Problem(NOT_FOUND, "没有此文章，或已撤回", "there is no such article, or it was taken back already")


@router.get(
    "/case-library", operation_id="read_case_library", summary="Read the case library",
    responses=declared(FORBIDDEN, INVALID, DATABASE_AWAY),
)  # fmt: skip
async def read_case_library(
    me: Caller,
    parts: AllParts,
    month: Month = None,
    result: Annotated[Result | None, Query(description="Only solved or only failed ones.")] = None,
    category: Annotated[str | None, Query(max_length=64, description="Category id of the pack.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CaseLibrary:
    """How complaints of a month were solved or not, without the people in them; what was frequent; who has reviewed it."""
    me.must_be(*STAFF)
    library = Library(parts.database)
    zone = parts.shelf.tenant(me.tenant).zone
    at = datetime.strptime(month, "%Y-%m").replace(tzinfo=ZoneInfo(zone)) if month else datetime.now(UTC)
    period = running("month", at, zone)
    times, month = (period.from_at, period.to_at), f"{period.from_on:%Y-%m}"
    cases = await library.cases(me.tenant, *times, result=result, category=category, cursor=cursor, limit=limit)
    return CaseLibrary(
        month=month, review=await library.review(me.tenant, month),
        frequent=await library.frequent(me.tenant, *times), cases=cases,
    )  # fmt: skip


@router.post(
    "/case-library/reviews", status_code=201, operation_id="review_case_library", summary="Put a monthly review on record",
    responses=declared(*_WRITING, REVIEWED_ALREADY),
)  # fmt: skip
async def review_case_library(new: NewReview, me: Caller, parts: AllParts) -> Review:
    """Somebody has gone through the solved and failed cases of a month; once for each month."""
    me.must_be(Role.SUPERVISOR)
    review = await Library(parts.database).reviewed(me.tenant, new.month, me.actor.id, new.note, datetime.now(UTC))
    if review is None:
        raise Problem(REVIEWED_ALREADY, f"{new.month} 已有复盘记录", f"{new.month} has its review already")
    return review


async def offered(parts: Parts, tenant: str, case: Case, pack: Pack) -> tuple[Article, ...]:
    """What the knowledge base has on a complaint: the procedure's articles, then the company's own."""
    facts = known_facts(pack, case.category, found_facts(case))
    own = await Articles(parts.database).fitting(tenant, case.category, case.group, case.intake.content)
    return (*(_of_pack(row) for row in articles_for(pack, facts, case.intake.content)), *(_own(each) for each in own))


def _of_pack(row: ArticleRule) -> Article:
    return Article(id=row.id, source="pack", title=row.title, text=row.text, link=row.link, clauses=row.clauses)


def _own(each: OwnArticle) -> Article:
    title, text = (Wording(zh=said.zh, en=said.en) for said in (each.title, each.text))
    return Article(id=each.article_id, source="own", title=title, text=text, link=each.link, clauses=())
