"""The ways a complaint of the chaos run may go, and what has to come of each on an order of 1,000 yuan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from domain.journal import FactValue
from domain.remedies import StepChoice

Course = Literal["straight", "late", "declined", "dissatisfied", "unfounded", "withdrawn"]

# What a person did once is in the journal once, however often the command had to be given.
_PAID = (
    "received", "responded", "verified", "assessed", "proposed", "approved", "offered", "accepted", "carried_out", "confirmed",
    "closed",
)  # fmt: skip
_TWICE = {
    "declined": ("proposed", "approved", "offered"),
    "dissatisfied": ("assessed", "proposed", "approved", "offered", "accepted", "carried_out", "confirmed"),
}


@dataclass(frozen=True)
class Kind:
    """`effects`: what partners have to do, `cycle/step` -> amount. `by_hand`: steps that a person carries out, each handling."""

    category: str
    facts: Mapping[str, FactValue]
    effects: Mapping[str, str | None]
    course: Course = "straight"
    choices: tuple[StepChoice, ...] = ()
    by_hand: tuple[str, ...] = ()
    outcome: str = "satisfied"

    @property
    def entries(self) -> Mapping[str, int]:
        """How often each kind of entry that a person brings about has to be in the journal."""
        if self.course == "unfounded":
            return {"received": 1, "responded": 1, "verified": 1, "closed": 1, "accepted": 0}
        if self.course == "withdrawn":
            return {"received": 1, "responded": 1, "verified": 1, "assessed": 1, "withdrawn": 1, "closed": 1, "accepted": 0}
        twice = _TWICE.get(self.course, ())
        once = {"declined": {"declined": 1}}.get(self.course, {})
        return {kind: 2 if kind in twice else 1 for kind in _PAID} | once

    @property
    def commands(self) -> int:
        """How many commands people give on it."""
        fixed = {"straight": 7, "late": 7, "declined": 10, "dissatisfied": 12, "unfounded": 2, "withdrawn": 4}
        handlings = 2 if self.course == "dissatisfied" else 1
        return fixed[self.course] + handlings * len(self.by_hand)


KINDS = (
    Kind("transport_damage", {"damage": "severe"}, {"1/refund": "1000.00", "1/compensation": "150.00"}),
    # A second part-refund would still be within what was paid: the partner alone would not stop it.
    Kind(
        "transport_damage", {"damage": "slight"}, {"1/discount": "80.00", "1/repair": None},
        choices=(StepChoice(step="discount", percent=Decimal(8)),),
    ),
    Kind("transport_loss", {}, {"1/refund": "1000.00", "1/compensation": "250.00"}, by_hand=("claim",)),
    Kind("transport_delay", {"delay_days": 4}, {"1/compensation": "40.00"}, by_hand=("explanation",)),
    Kind("installation_workmanship", {"workmanship": "severe"}, {"1/reinstallation": None, "1/compensation": "75.00"}),
    Kind("transport_damage", {"damage": "severe"}, {"1/refund": "1000.00", "1/compensation": "150.00"}, course="late"),
    Kind("transport_delay", {"delay_days": 5}, {"1/compensation": "50.00"}, course="declined", by_hand=("explanation",)),
    Kind(
        "transport_delay", {"delay_days": 3}, {"1/compensation": "30.00", "2/compensation": "30.00"}, course="dissatisfied",
        by_hand=("explanation",),
    ),
    Kind("transport_damage", {}, {}, course="unfounded", outcome="unfounded"),
    Kind("transport_damage", {"damage": "moderate"}, {}, course="withdrawn", outcome="withdrawn"),
)  # fmt: skip
