"""How an event changes the case: one rule an event, found by its type, and what several rules share."""

from __future__ import annotations

from datetime import datetime
from functools import singledispatch
from typing import Any

from domain.budget import Pause
from domain.case import Case, Proposal
from domain.journal import Entry

Changes = dict[str, Any]


@singledispatch
def changes_of(event: Any, case: Case, entry: Entry) -> Changes:
    """What an event changes beyond the revision. Notices, refused commands and progress change nothing: they are told."""
    return {}


def ended(pauses: tuple[Pause, ...], at: datetime) -> tuple[Pause, ...]:
    """The pauses with the open one ended, if there is one: left open, it would stop every promise made after it."""
    return tuple(pause if pause.until_at else pause.model_copy(update={"until_at": max(at, pause.from_at)}) for pause in pauses)


def next_cycle(case: Case) -> Changes:
    # A claim against the carrier goes on, whatever the customer is offered next.
    going_on = tuple(s for s in case.steps if s.behind_the_scenes and s.status not in ("done", "dropped"))
    return {
        "cycle": case.cycle + 1,
        "proposal": None,
        "steps": going_on,
        "earlier_steps": case.earlier_steps + tuple(s for s in case.steps if s not in going_on),
        "callback_at": None,
        "follow_up": None,
        "survey": {},
    }


def with_proposal(case: Case, **changes: Any) -> Proposal | None:
    return case.proposal.model_copy(update=changes) if case.proposal else None


def with_step(case: Case, step: str, **changes: Any) -> Changes:
    if case.inspection is not None and case.inspection.step.id == step:
        return {"inspection": case.inspection.model_copy(update=changes)}
    if any(state.step.id == step for state in case.extras):
        return {"extras": tuple(s.model_copy(update=changes) if s.step.id == step else s for s in case.extras)}
    return {"steps": tuple(s.model_copy(update=changes) if s.step.id == step else s for s in case.steps)}
