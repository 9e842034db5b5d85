"""The goals, and what a measurement says of them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One measured figure. `most` or `least` is the budget; `bare` is what bare Temporal needed in the same run."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None
    aim: str = ""
    bare: str = ""
    note: str = ""

    @property
    def goal(self) -> str:
        if self.most is not None:
            return f"≤ {shown(self.most)}"
        return f"≥ {shown(self.least)}" if self.least is not None else ""

    @property
    def reached(self) -> bool | None:
        """None where there is no goal."""
        if self.most is not None:
            return self.value <= self.most
        return self.value >= self.least if self.least is not None else None


@dataclass(frozen=True)
class Table:
    """Details behind the figures, for the report."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass
class Findings:
    """What one measurement found."""

    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        self.figures += other.figures
        self.tables += other.tables
        self.notes += other.notes


def shown(value: float) -> str:
    """A number as people read it: three digits that say something."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies; NaN when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def median(values: Iterable[float]) -> float:
    return statistics.median(values)
