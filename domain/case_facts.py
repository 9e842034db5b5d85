"""The facts of a case that rows of a pack may ask for: findings, what follows from them, and where the complaint stands."""

from __future__ import annotations

from domain.case import Case
from domain.journal import CallbackAttempted, Event
from domain.policy.conditions import Fact
from domain.policy.matching import known_facts
from domain.policy.pack import Pack


def facts_of(case: Case, pack: Pack, event: Event) -> dict[str, Fact]:
    """All that is known when an event has happened; `step_kind` where it is about a step."""
    facts = known_facts(pack, case.category, case.facts) | {"channel": case.intake.channel}
    if case.founded is not None:
        facts["founded"] = case.founded
    if case.satisfied is not None:
        facts["satisfied"] = case.satisfied
    if case.outcome is not None:
        facts["outcome"] = case.outcome
    if isinstance(event, CallbackAttempted):
        facts["answered"] = event.answered
    step = getattr(event, "step", None)
    state = case.step(step) if step else None
    if state is not None:
        facts["step_kind"] = state.step.kind
    return facts
