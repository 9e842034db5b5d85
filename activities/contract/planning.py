"""Instants of promises and who takes a complaint."""

from __future__ import annotations

from pydantic import AwareDatetime, Field
from temporalio import activity

from activities.contract.message import Message
from domain.actor import Role
from domain.budget import Pause
from domain.explanation import Explanation
from domain.policy.route_rows import Candidate
from domain.stored import absent, empty


class DeadlineAsk(Message):
    """One promise to plan: a row of the pinned pack and the instant it counts from."""

    key: str
    name: str
    start_at: AwareDatetime


class PlanDeadlines(Message):
    tenant: str
    pack: str
    pack_digest: str
    asks: tuple[DeadlineAsk, ...]
    pauses: tuple[Pause, ...] = ()


class PlannedDeadline(Message):
    """`due_at` is None, and there are no rungs, while an open pause makes the promise stand still."""

    key: str
    due_at: AwareDatetime | None
    rungs: tuple[AwareDatetime, ...]
    pausable: bool
    explanation: Explanation


class PlannedDeadlines(Message):
    planned: tuple[PlannedDeadline, ...]


class Assign(Message):
    """Find a person of a role: the stand-in of whoever is absent at `at`, the least loaded when several are there.

    Staff ids are those whom candidates are relative to; absent where they play no part.
    """

    tenant: str
    role: Role
    at: AwareDatetime
    candidates: tuple[Candidate, ...] = Field(
        default=(), exclude_if=empty, description="Instead of the role alone: the first of these who is there."
    )
    first_contact: str | None = Field(default=None, exclude_if=absent)
    complained_of: str | None = Field(default=None, exclude_if=absent, description="Is never chosen.")
    assignee: str | None = Field(default=None, exclude_if=absent)
    passed_over: tuple[str, ...] = Field(
        default=(), exclude_if=empty, description="Have declined, or not answered: chosen only where nobody else is left."
    )


class Assignment(Message):
    """`loads`: open complaints of those who were considered, where there were several and the database told."""

    person: str | None
    why: str
    loads: dict[str, int] = Field(default={}, exclude_if=empty)
    first_contact: str | None = Field(
        default=None, exclude_if=absent, description="Whoever filed it, where candidates were asked for and they are staff."
    )


class Planning:
    """Local: reads the tenant's calendar as it is now. No database."""

    @activity.defn
    async def plan_deadlines(self, ask: PlanDeadlines) -> PlannedDeadlines:
        """Instants of promises in the tenant's calendar, with their explanation."""
        raise NotImplementedError

    @activity.defn
    async def assign(self, ask: Assign) -> Assignment:
        """Who of a role takes it. With the database down the choice ignores loads and says so in `why`."""
        raise NotImplementedError
