"""What counts as being late, and how the words of orders are told apart."""

from __future__ import annotations

from domain.policy.matching import asked_facts
from domain.policy.pack import Pack


def categories_of_lateness(pack: Pack) -> frozenset[str]:
    """Categories in which the pack asks how late something was: a fact that the order itself suggests."""
    return frozenset(
        row.id for row in pack.category if any(fact.suggested_by == "days_late" for fact in asked_facts(pack, row.id, {}))
    )


def one_line(name: str | None) -> str | None:
    """As the order system writes it, without stray blanks that would make two routes of one."""
    return " ".join(name.split()) or None if name else None
