"""How grave and how urgent a complaint is, as a reader is told it."""

from __future__ import annotations

from collections.abc import Iterator

from domain.policy.classification_rows import ClassificationRule
from handbook import names
from handbook.reader import Reader


def classification(r: Reader) -> Iterator[str]:
    """A line a row, and how they count together; nothing where the procedure does not classify."""
    if not r.pack.classification:
        return
    yield r.say(
        "All rows that hold count: the gravest level and severity, any urgency, the smallest priority.",
        "凡成立的规则一并计入：级别和严重程度取最高，任一为紧急即紧急，优先级取最小值。",
    )
    yield ""
    for row in r.pack.classification:
        when = r.when(row.when) or r.say("always", "始终")
        what = r.say(", ", "、").join(_said(row, r))
        yield f"- {r.say('When ', '条件：')}{when} → {what} ({r.clauses(row.clauses)})"


def _said(row: ClassificationRule, r: Reader) -> Iterator[str]:
    if row.level:
        yield r.named(row.level, names.VALUES)
    if row.severity:
        yield r.named(row.severity, names.VALUES)
    if row.urgent:
        yield r.named("urgent", names.VALUES)
    if row.priority:
        yield r.say(f"priority {row.priority}", f"优先级 {row.priority}")


def channels(r: Reader) -> Iterator[str]:
    """How complaints may be filed, where the procedure names channels."""
    if r.pack.channels:
        yield r.list(r.named(channel, names.VALUES) for channel in r.pack.channels)
