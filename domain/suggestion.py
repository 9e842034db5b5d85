"""Which category a text speaks of, by the pack's hints: help for whoever files, always theirs to change."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from domain.phrases import phrases_in, plain
from domain.policy.pack import Pack


class Suggested(BaseModel):
    """One category that a text may be about."""

    model_config = ConfigDict(frozen=True)

    category: str = Field(description="Category id, as an intake names it.")
    weight: int = Field(description="Sum of the weights of the hints that were found; more is likelier.")
    because: tuple[str, ...] = Field(description="What was found in the text.")
    clauses: tuple[str, ...] = Field(description="Clauses that say what the category is.")


def suggest(pack: Pack, text: str) -> tuple[Suggested, ...]:
    """Every category that something in the text speaks for, the likeliest first; none when nothing does."""
    said = plain(text)
    weights: dict[str, int] = {}
    found: dict[str, list[str]] = {}
    clauses: dict[str, list[str]] = {}
    for hint in pack.hint:
        words = phrases_in(said, hint.words)
        if not words or phrases_in(said, hint.without):
            continue
        weights[hint.category] = weights.get(hint.category, 0) + hint.weight
        found.setdefault(hint.category, []).extend(words)
        clauses.setdefault(hint.category, []).extend(hint.clauses)
    # Of equal weight, the category that the pack names first.
    order = [category.id for category in pack.category]
    likeliest = sorted(weights, key=lambda category: (-weights[category], order.index(category)))
    return tuple(
        Suggested(
            category=category,
            weight=weights[category],
            because=tuple(dict.fromkeys(found[category])),
            clauses=tuple(dict.fromkeys(clauses[category])),
        )
        for category in likeliest
    )
