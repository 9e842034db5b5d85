"""The facts of a case that rows of a pack may ask for: findings, what follows from them, and where the complaint stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from domain.case import Case
from domain.intake import Intake, UrgentCause
from domain.journal import CallbackAttempted, EscalatedByHand, Event, FollowedUp, SurveyAnswered, TimePromised
from domain.policy.conditions import Fact
from domain.policy.matching import known_facts
from domain.policy.pack import Pack

_CAUSES: tuple[str, ...] = get_args(UrgentCause)
# What a classification may change, and what makes it change: a promise stands or falls with these only, not with findings.
CLASSIFYING = frozenset({"category", "group", "level", "severity", "urgent", "escalated", "batch", *_CAUSES})


def filed_facts(intake: Intake, causes: Iterable[UrgentCause]) -> dict[str, Fact]:
    """What is known of a complaint the moment it is filed, beside its category."""
    said = frozenset(causes)
    facts: dict[str, Fact] = {cause: cause in said for cause in _CAUSES}
    facts |= {"escalated": False, "ran_late": False, "presumed": False, "batch": False}
    facts["complained_of_staff"] = intake.against_staff is not None
    facts["channel"] = intake.channel
    if intake.member_tier is not None:
        facts["member_tier"] = intake.member_tier
    return facts


def circumstances(case: Case) -> dict[str, Fact]:
    """What is known of the complaint beside its findings, and what its classification is made from."""
    facts = filed_facts(case.intake, case.urgent_causes)
    facts |= {"escalated": case.escalated, "presumed": case.presumed, "batch": bool(case.incidents)}
    facts["ran_late"] = case.breaches > 0
    if case.consultations:
        facts["department"] = case.consultations[-1].department
    if case.founded is not None:
        facts["founded"] = case.founded
    if case.satisfied is not None:
        facts["satisfied"] = case.satisfied
    return facts


def standing(case: Case) -> dict[str, Fact]:
    """The circumstances, with how the complaint is classified: what a finding is held against."""
    facts = {**circumstances(case), "level": case.level, "urgent": case.urgent}
    if case.severity is not None:
        facts["severity"] = case.severity
    return facts


def found_facts(case: Case) -> dict[str, Fact]:
    """What was found out, and what the complaint is: what rows about this one complaint are matched with."""
    return {**case.facts, **standing(case)}


def facts_of(case: Case, pack: Pack, event: Event) -> dict[str, Fact]:
    """All that is known when an event has happened; `step_kind` where it is about a step."""
    facts = known_facts(pack, case.category, found_facts(case))
    if case.outcome is not None:
        facts["outcome"] = case.outcome
    match event:
        case CallbackAttempted():
            facts["answered"] = event.answered
        case TimePromised():
            facts["promised"] = event.about
        case EscalatedByHand():
            facts["escalated_to"] = event.to
        case FollowedUp():
            facts["answered"] = event.answered
            if event.answered:
                facts["satisfied"] = event.all_is_well
        case SurveyAnswered():
            # In a second handling the case still holds what the customer said of the first one.
            facts["satisfied"] = not event.dissatisfied
    # Of several that are asked in one moment, each entry is about its own.
    department = getattr(event, "department", None)
    if department is not None:
        facts["department"] = department
    step = getattr(event, "step", None)
    state = case.step(step) if step else None
    if state is not None:
        facts["step_kind"] = state.step.kind
    return facts
