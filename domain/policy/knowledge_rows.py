"""Rows of the knowledge base: what agents explain and customers are sent."""

from __future__ import annotations

from pydantic import Field

from domain.policy.conditions import When
from domain.policy.rows import Ruled
from domain.policy.wording import Name, Wording


class ArticleRule(Ruled):
    """A frequent question and its answer. It is offered where `when` holds and, if there are `words`, one of them was said."""

    id: Name
    title: Wording
    when: When = Field(default_factory=dict)
    words: tuple[str, ...] = Field(
        default=(), description="Any of these in the text; … stands for a few characters of the same sentence."
    )
    text: Wording
    link: str | None = Field(default=None, pattern=r"^https?://[^\s]+$", max_length=500, description="A page or a video.")
