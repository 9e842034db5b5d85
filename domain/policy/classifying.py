"""What the rows of a pack's classification make of a complaint."""

from __future__ import annotations

from typing import NamedTuple

from domain.policy.conditions import Fact, Facts, matches
from domain.policy.matching import category_for, known_facts
from domain.policy.pack import Pack

# From the least grave to the gravest.
_LEVELS = ("normal", "urgent", "I", "II", "III")
_SEVERITIES = ("slight", "general", "severe")
# Where no row names a priority: urgent before normal, III before II before I.
_FIRST, _BY_LEVEL, _USUAL = 1, {"III": 2, "II": 3, "I": 4}, 3
# What a row must not be asked about: it is what the rows say.
_SAID = frozenset({"level", "severity", "urgent"})


class Classification(NamedTuple):
    """What the rows that hold make of a complaint. `priority`: 1 is worked first."""

    level: str
    severity: str | None
    urgent: bool
    priority: int
    rows: tuple[str, ...] = ()


def classify(pack: Pack, category: str, facts: Facts, of_incident: bool = False) -> Classification:
    """The gravest level and severity, any urgency and the smallest priority of all rows that hold (LOY-LVL-00, LOY-PRI-01).

    In their conditions `level` is the category's own. A pack without classification knows normal and urgent categories only.
    `of_incident`: an incident that the complaint belongs to has made all its complaints urgent.
    """
    base = category_for(pack, category).level
    if not pack.classification:
        urgent = of_incident or base == "urgent"
        return Classification(base, None, urgent, priority_of(urgent))
    given: dict[str, Fact] = {name: value for name, value in facts.items() if name not in _SAID}
    known = known_facts(pack, category, given)
    rows = [row for row in pack.classification if matches(row.when, known)]
    level = max([base, *(row.level for row in rows if row.level)], key=_LEVELS.index)
    severity = max((row.severity for row in rows if row.severity), key=_SEVERITIES.index, default=None)
    urgent = of_incident or "urgent" in (base, level) or any(row.urgent for row in rows)
    named = [row.priority for row in rows if row.priority]
    priority = min(named) if named else _FIRST if urgent else _BY_LEVEL.get(level, _USUAL)
    return Classification(level, severity, urgent, priority, tuple(row.id for row in rows))


def priority_of(urgent: bool) -> int:
    """Priority of a complaint under a pack without classification."""
    return 2 if urgent else 3
