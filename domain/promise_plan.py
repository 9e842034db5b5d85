"""A promise of the pack with its instants: when it falls due, when each rung of its ladder stands, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from domain.budget import Pause
from domain.calendar import ServiceCalendar
from domain.deadline import plan, rung_at
from domain.explanation import Explanation
from domain.policy.pack import Pack
from domain.service_hours import ServiceHours, WeeklyHours

# For promises that count wall-clock time: no company's calendar has a say in them.
WALL_CLOCK = ServiceCalendar(
    ServiceHours(
        zone="UTC", weekly=WeeklyHours(), working_week=("mon",), country=None, known_until=None, closing_days=(), opening_days=()
    )
)


class PromisePlan(NamedTuple):
    """`due_at` is None, and there are no rungs, while an open pause makes the promise stand still."""

    due_at: datetime | None
    rungs: tuple[datetime, ...]
    pausable: bool
    explanation: Explanation


def plan_promise(
    pack: Pack,
    name: str,
    start_at: datetime,
    pauses: Iterable[Pause],
    calendar: ServiceCalendar,
    named_at: datetime | None = None,
) -> PromisePlan:
    """The instants of a row of the pack; `named_at` for one that says `at = "named"`.

    Raises KeyError for a row that the pack does not have, ValueError and CalendarError as `plan` does.
    """
    row = pack.deadline_of(name)
    ladder = pack.ladder_of(row.ladder)
    planned = plan(row.budget, start_at, pauses, calendar, pausable=row.pausable, clause=row.clause, named_at=named_at)
    rungs = [at for rung in ladder.rung if (at := rung_at(planned, rung.place)) is not None]
    # While it stands still a rung has no instant that would hold; the ladder is planned again when it goes on.
    return PromisePlan(planned.due_at, tuple(rungs) if planned.due_at is not None else (), row.pausable, planned.explanation)
