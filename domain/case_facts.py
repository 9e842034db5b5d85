"""The facts of a case that rows of a pack may ask for: findings, what follows from them, and where the complaint stands."""

from __future__ import annotations

from typing import get_args

from domain.case import Case
from domain.intake import UrgentCause
from domain.journal import CallbackAttempted, Event, TimePromised
from domain.policy.conditions import Fact
from domain.policy.matching import known_facts
from domain.policy.pack import Pack


def circumstances(case: Case) -> dict[str, Fact]:
    """What is known of the complaint beside its findings, and what its classification is made from."""
    facts: dict[str, Fact] = {cause: cause in case.urgent_causes for cause in get_args(UrgentCause)}
    facts["escalated"] = case.escalated
    facts["batch"] = bool(case.incidents)
    facts["complained_of_staff"] = case.intake.against_staff is not None
    facts["channel"] = case.intake.channel
    if case.consultations:
        facts["department"] = case.consultations[-1].department
    if case.intake.member_tier is not None:
        facts["member_tier"] = case.intake.member_tier
    if case.founded is not None:
        facts["founded"] = case.founded
    if case.satisfied is not None:
        facts["satisfied"] = case.satisfied
    return facts


def found_facts(case: Case) -> dict[str, Fact]:
    """What was found out, with how the complaint is classified: what rows about this one complaint are matched with."""
    facts = {**case.facts, **circumstances(case), "level": case.level, "urgent": case.urgent}
    if case.severity is not None:
        facts["severity"] = case.severity
    return facts


def facts_of(case: Case, pack: Pack, event: Event) -> dict[str, Fact]:
    """All that is known when an event has happened; `step_kind` where it is about a step."""
    facts = known_facts(pack, case.category, found_facts(case))
    if case.outcome is not None:
        facts["outcome"] = case.outcome
    if isinstance(event, CallbackAttempted):
        facts["answered"] = event.answered
    if isinstance(event, TimePromised):
        facts["promised"] = event.about
    step = getattr(event, "step", None)
    state = case.step(step) if step else None
    if state is not None:
        facts["step_kind"] = state.step.kind
    return facts
