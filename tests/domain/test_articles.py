"""Which article is offered: by the facts of a complaint and by what the customer wrote."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.articles import articles_for, as_message
from domain.case_facts import facts_of
from domain.notice_fields import compose
from domain.policy.talk_rows import NoticeRule
from tests.domain.packs import home
from tests.domain.pure_desk import PureDesk
from tests.wary import wary

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)


def offered(content: str, category: str = "transport_damage") -> list[str]:
    desk = PureDesk(AT, category, pack=wary(), content=content)
    facts = facts_of(desk.case, desk.pack, desk.journal[0].event)
    return [row.id for row in articles_for(desk.pack, facts, content)]


@pytest.mark.clause("FOO-USE-01", "FOO-PRV-02")
@pytest.mark.parametrize(
    ("content", "category", "wanted"),
    [
        ("请问怎么验收？", "transport_damage", ["unpacking", "transport"]),
        ("How to  check it?", "transport_loss", ["unpacking", "transport"]),
        ("碎了", "transport_damage", ["transport"]),
        ("请问怎么验收？", "installation_workmanship", []),
    ],
)
def test_an_article_is_offered_where_its_facts_hold_and_its_words_were_said(
    content: str, category: str, wanted: list[str]
) -> None:
    assert offered(content, category) == wanted


@pytest.mark.clause("FOO-USE-01")
def test_a_notice_carries_the_best_article_with_its_link_in_both_languages_and_is_silent_without_one() -> None:
    [guide] = [row for row in wary().notice if row.id == "guide"]
    desk = PureDesk(AT, pack=wary(), content="请问怎么验收？")
    fields, worded = compose(desk.case, desk.pack, guide, desk.journal[0])
    best = as_message(wary().article[0])
    assert best.zh == "如何验收\n当面开箱，拍照留存。\nhttps://yanju.example/unpacking.mp4"
    assert worded["article"] == best
    other = PureDesk(AT, "installation_workmanship", pack=wary())
    fields, worded = compose(other.case, other.pack, guide, other.journal[0])
    assert (fields["article"], "article" in worded) == ("", False)


def test_a_pack_without_articles_has_none_to_send() -> None:
    desk = PureDesk(AT, content="请问怎么验收？")
    rule = NoticeRule.model_validate(home().notice[0].model_dump() | {"body": {"zh": "{article}", "en": "{article}"}})
    fields, worded = compose(desk.case, desk.pack, rule, desk.journal[0])
    assert (fields["article"], "article" in worded) == ("", False)
