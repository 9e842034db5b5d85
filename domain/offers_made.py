"""What a complaint was offered and agreed to under steps whose offers rise."""

from __future__ import annotations

from domain.case import Case
from domain.money import Money
from domain.rising_offers import Climbed


def climbed(case: Case) -> dict[str, Climbed]:
    """By step: how far its offers have come in all handlings of the complaint."""
    agreed = _agreed(case)
    nothing = Money.zero(case.currency)
    # Sorted, for workflow code walks through it.
    return {step: Climbed(case.offers.get(step), agreed.get(step, nothing)) for step in sorted({*case.offers, *agreed})}


def risen(case: Case) -> dict[str, Money]:
    """The highest offers once the proposal on the table was offered too."""
    offers, agreed = dict(case.offers), _agreed(case)
    for step in case.proposal.plan.steps if case.proposal else ():
        if step.progressive and step.money is not None:
            total = agreed.get(step.id, Money.zero(case.currency)) + step.money
            before = offers.get(step.id)
            offers[step.id] = total if before is None or before < total else before
    return offers


def _agreed(case: Case) -> dict[str, Money]:
    agreed: dict[str, Money] = {}
    for state in case.earlier_steps:
        if state.step.progressive and state.step.money is not None and state.status != "dropped":
            agreed[state.step.id] = agreed.get(state.step.id, Money.zero(case.currency)) + state.step.money
    return agreed
