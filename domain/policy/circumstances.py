"""What rows about remedies and findings may ask of a complaint beside its findings, for the check that every one is answered."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping

from domain.policy.classifying import classify
from domain.policy.conditions import Condition, Fact, Facts, When
from domain.policy.pack import Pack
from domain.policy.rows import Category
from domain.policy.vocabulary import BUILT_IN_BOOLEANS, BUILT_IN_WORDS

_CLASSIFIED = frozenset({"level", "severity", "urgent"})
# Known when a remedy is proposed: the complaint is founded by then, and the customer has not seen a result.
_YES_OR_NO = BUILT_IN_BOOLEANS - {"urgent", "founded", "satisfied", "answered"}
# A word of the company's own that no row names.
_ANOTHER = "-"
MOST_CIRCUMSTANCES = 5_000


def circumstances_of(pack: Pack) -> Iterator[dict[str, Fact]]:
    """Every combination of circumstances that the pack's rows tell apart; one empty one where they ask for none."""
    names, values = _told_apart(pack)
    for each in itertools.product(*values):
        yield dict(zip(names, each, strict=True))


def how_many(pack: Pack) -> int:
    """How many combinations there are: beyond `MOST_CIRCUMSTANCES` nobody waits for the check."""
    return math.prod(len(values) for values in _told_apart(pack)[1])


def _told_apart(pack: Pack) -> tuple[list[str], list[list[Fact]]]:
    asked: list[When] = [row.when for row in pack.remedy]
    asked += [row.when for row in pack.classes] + [row.when for row in pack.fact]
    names = {name for when in asked for name in when}
    if names & _CLASSIFIED:
        asked += [row.when for row in pack.classification]
        names = {name for when in asked for name in when}
    open_names = sorted(names & (_YES_OR_NO | BUILT_IN_WORDS | {"channel"}))
    return open_names, [_values(name, asked) for name in open_names]


def standing(pack: Pack, category: Category, finding: Facts, circumstances: Facts) -> dict[str, Fact]:
    """A finding with its circumstances, and what the complaint is classified as because of them."""
    known = {**finding, **circumstances}
    if not pack.classification:
        return known | {"urgent": category.level == "urgent"}
    made = classify(pack, category.id, {**known, "founded": True})
    known |= {"level": made.level, "urgent": made.urgent}
    return {**known, "severity": made.severity} if made.severity else known


def _values(name: str, asked: Iterable[Mapping[str, Condition]]) -> list[Fact]:
    if name in _YES_OR_NO:
        return [False, True]
    named: dict[Fact, None] = {}
    for when in asked:
        condition = when.get(name)
        for value in condition if isinstance(condition, tuple) else (condition,):
            if isinstance(value, str):
                named[value] = None
    return [*named, _ANOTHER]
