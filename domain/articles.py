"""Which articles of the knowledge base fit a complaint: by its facts, and by what the customer wrote."""

from __future__ import annotations

from domain.phrases import phrases_in, plain
from domain.policy.conditions import Facts, matches
from domain.policy.knowledge_rows import ArticleRule
from domain.policy.pack import Pack
from domain.policy.wording import Wording


def articles_for(pack: Pack, facts: Facts, text: str) -> tuple[ArticleRule, ...]:
    """Articles that fit, those first of whose words most stand in the text; equals in the pack's order."""
    said = plain(text)
    found = {row.id: len(phrases_in(said, row.words)) for row in pack.article}
    fitting = [row for row in pack.article if matches(row.when, facts) and (found[row.id] or not row.words)]
    return tuple(sorted(fitting, key=lambda row: -found[row.id]))


def as_message(article: ArticleRule) -> Wording:
    """The article as it stands in a message: its title, its text and where more is."""

    def said(title: str, text: str) -> str:
        return "\n".join(part for part in (title, text, article.link) if part)

    return Wording(zh=said(article.title.zh, article.text.zh), en=said(article.title.en, article.text.en))
