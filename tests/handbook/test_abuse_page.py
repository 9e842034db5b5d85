"""The document of a pack says when a complaint may not be honest, what may follow, and what the knowledge base answers."""

from __future__ import annotations

import re

import pytest

from domain.order import Locale
from handbook.page import page
from handbook.reader import Reader
from tests.wary import wary


def test_every_sign_decision_and_article_stands_in_both_languages() -> None:
    shown: tuple[tuple[Locale, tuple[str, ...]], ...] = (
        ("en", ("weight 3", "from a score of 5", "by: department manager", "for 90 days at most", "evidence only: the customer")),
        ("zh-CN", ("权重 3", "得分达 5", "部门经理", "最长 90 天", "须附证据：客户")),
    )
    for locale, words in shown:
        text = page(wary(), locale)
        for title in (*(row.title for row in wary().abuse), *(row.title for row in wary().article)):
            assert f"- **{title.in_language(locale)}**" in text
        for word in words:
            assert word in text


def test_chinese_phrases_are_left_out_of_an_english_document() -> None:
    text = page(wary(), "en")
    assert "found in expose you" in text
    assert re.findall(r"[\u4e00-\u9fff]", text.split("## When a complaint may not be honest")[1]) == []


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_a_finding_that_needs_evidence_is_told_once(locale: Locale) -> None:
    rule = wary().evidence
    assert rule is not None
    pack = wary().model_copy(update={"evidence": rule.model_copy(update={"when": {"damage": "severe"}})})
    words = Reader(pack, locale).when({"damage": "severe"})
    assert page(pack, locale).count(words) == page(wary(), locale).count(words) + 1
