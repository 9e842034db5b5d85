"""Counts by kind, with what the kinds are called."""

from __future__ import annotations

from collections.abc import Mapping

from domain.policy.wording import Wording
from domain.summary.figures import Count
from domain.summary.names import named


def counts(counted: Mapping[str, int], names: Mapping[str, Wording]) -> tuple[Count, ...]:
    """The most first; equals in the order of the names."""
    order = [*names, *sorted(set(counted) - set(names))]
    present = [Count(id=id, title=named(id, names), count=counted[id]) for id in order if counted.get(id)]
    return tuple(sorted(present, key=lambda each: -each.count))
