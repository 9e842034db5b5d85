"""The work log: one line for each complaint, with its nature, how it was handled, when, and what came of it."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.case import Case
from domain.money import Money
from domain.policy.wording import Wording


class WorkLine(BaseModel):
    """One complaint in the log. It names staff, and nobody else; no free text is in it."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str = Field(description="Id of the complaint, for those who may open it.")
    category: str = Field(description="Nature: category id.")
    category_title: Wording = Field(description="What its procedure calls the category, in both languages.")
    level: str = Field(description="Nature: level.")
    severity: str | None = Field(description="Nature: how grave the damage is; null while not said.")
    urgent: bool = Field(description="Nature: it goes before others.")
    channel: str = Field(description="How it reached the business.")
    person: str | None = Field(description="Staff id of the person in charge.")
    worked_on_by: tuple[str, ...] = Field(description="Staff ids of everybody of the house who did something about it.")
    remedy: Wording | None = Field(description="Method: the remedy of the last plan; null where none was proposed.")
    done: tuple[Wording, ...] = Field(description="Method: steps that were carried out, in all handlings.")
    received_at: AwareDatetime = Field(description="When it was received (UTC).")
    responded_at: AwareDatetime | None = Field(description="When a person first answered or called (UTC).")
    closed_at: AwareDatetime | None = Field(description="When it ended (UTC); null while it is open.")
    missed: int = Field(description="Promises of the business that were missed.")
    handlings: int = Field(description="How often it was handled: 1 and one more for each second handling or reopening.")
    outcome: str | None = Field(description="Result: how it ended; null while it is open.")
    satisfied: bool | None = Field(description="Result: what the customer said last.")
    rating: int | None = Field(description="Result: the customer's rating.")
    paid: Money = Field(description="Result: what the customer got in money.")


class Logged(BaseModel):
    """A line's parts as they are kept."""

    model_config = ConfigDict(frozen=True)

    case: Case
    responded_at: AwareDatetime | None
    worked_on_by: tuple[str, ...]


def line(logged: Logged, title: Wording) -> WorkLine:
    """`title`: what the complaint's own procedure calls its category."""
    case = logged.case
    steps = (*case.earlier_steps, *case.steps, *case.extras)
    return WorkLine(
        complaint_id=case.complaint_id,
        category=case.category,
        category_title=title,
        level=case.level,
        severity=case.severity,
        urgent=case.urgent,
        channel=case.intake.channel,
        person=case.assignee,
        worked_on_by=logged.worked_on_by,
        remedy=case.proposal.plan.title if case.proposal else None,
        done=tuple(state.step.title for state in steps if state.status == "done"),
        received_at=case.received_at,
        responded_at=logged.responded_at,
        closed_at=case.closed_at,
        missed=case.breaches,
        handlings=case.cycle,
        outcome=case.outcome,
        satisfied=case.satisfied,
        rating=case.rating,
        paid=case.paid,
    )
