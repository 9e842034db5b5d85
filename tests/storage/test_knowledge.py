"""A company's own articles, and the library of its cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.journal import Assessed, Closed, Confirmed, Outcome
from domain.order import Customer
from storage.articles import Articles, ArticleText, BothLanguages
from storage.database import Database
from storage.journal import Journal
from storage.library import Library
from tests.storage.stories import START_AT, Story

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
MONTH = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))


def text(title: str, *categories: str, words: tuple[str, ...] = ()) -> ArticleText:
    both = BothLanguages(zh=title, en=title)
    return ArticleText(title=both, text=both, link="https://example.com/guide.mp4", categories=categories, words=words)


@pytest.mark.clause("FOO-PRV-02")
async def test_an_article_is_offered_where_it_fits_until_it_is_withdrawn(database: Database, tenant: str) -> None:
    articles = Articles(database)
    storage = await articles.write(tenant, text("冷藏", "use", words=("怎么…保存", "冷藏")), "zhou", AT)
    cooking = await articles.write(tenant, text("烹饪", "cooking"), "zhou", AT + timedelta(seconds=1))
    assert await articles.all(tenant) == (cooking, storage)
    assert await articles.fitting(tenant, "how_to", "use", "请问怎么才能保存？") == (storage,)
    assert await articles.fitting(tenant, "how_to", "use", "颜色不对") == ()
    assert await articles.fitting(tenant, "cooking", "kitchen", "颜色不对") == (cooking,)
    assert await articles.all(f"{tenant}-x") == ()
    assert not await articles.withdraw(f"{tenant}-x", storage.article_id, "zhou", AT)
    assert await articles.withdraw(tenant, storage.article_id, "zhou", AT)
    assert not await articles.withdraw(tenant, storage.article_id, "zhou", AT)
    assert await articles.all(tenant) == (cooking,)


async def closed(
    journal: Journal, tenant: str, outcome: Outcome, category: str = "transport_damage", at: datetime = START_AT
) -> Story:
    story = Story(tenant=tenant, category=category, customer=Customer(name="李秘密", customer_id="c-secret"), at=at)
    story.tell(Assessed(facts={"damage": "severe"}, liable="carrier", note="李秘密来电"))
    if outcome == "satisfied":
        story.tell(Confirmed(satisfied=True, rating=5, comment="谢谢李秘密"))
    story.tell(Closed(outcome=outcome, reason="李秘密"))
    await journal.record(story.entries, story.case)
    return story


@pytest.mark.clause("FOO-PRV-02")
async def test_the_library_tells_solved_and_failed_cases_without_the_people_in_them(
    database: Database, journal: Journal, tenant: str
) -> None:
    library = Library(database)
    solved = await closed(journal, tenant, "satisfied")
    failed = await closed(journal, tenant, "decided", "transport_loss", at=START_AT + timedelta(hours=1))
    await closed(journal, tenant, "withdrawn")
    await closed(journal, tenant, "satisfied", at=MONTH[1])
    page = await library.cases(tenant, *MONTH)
    assert [(each.complaint_id, each.result) for each in page.rows] == [
        (failed.complaint_id, "failed"), (solved.complaint_id, "solved"),
    ]  # fmt: skip
    assert (page.rows[1].facts, page.rows[1].liable, page.rows[1].rating) == ({"damage": "severe"}, "carrier", 5)
    assert "李秘密" not in page.model_dump_json()
    assert "c-secret" not in page.model_dump_json()
    one = await library.cases(tenant, *MONTH, limit=1)
    rest = await library.cases(tenant, *MONTH, cursor=one.next_cursor, limit=1)
    assert (*one.rows, *rest.rows) == page.rows
    assert [each.result for each in (await library.cases(tenant, *MONTH, result="solved")).rows] == ["solved"]
    assert [each.category for each in (await library.cases(tenant, *MONTH, category="transport_loss")).rows] == ["transport_loss"]
    frequent = await library.frequent(tenant, *MONTH)
    assert [(each.category, each.received, each.solved, each.failed) for each in frequent] == [
        ("transport_damage", 2, 1, 0), ("transport_loss", 1, 0, 1),
    ]  # fmt: skip


@pytest.mark.clause("FOO-PRV-02")
async def test_a_month_is_reviewed_once(database: Database, tenant: str) -> None:
    library = Library(database)
    assert await library.review(tenant, "2026-11") is None
    review = await library.reviewed(tenant, "2026-11", "zhou", "冷藏问题写成文章", AT)
    assert review is not None
    assert await library.review(tenant, "2026-11") == review
    assert await library.reviewed(tenant, "2026-11", "wu", "又一次", AT) is None
    assert await library.review(tenant, "2026-11") == review
    assert await library.review(f"{tenant}-x", "2026-11") is None
