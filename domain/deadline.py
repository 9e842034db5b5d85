"""From what the procedure says of time to an instant: the due time of a promise, its rungs, and the reckoning behind both.

One rule serves all budgets: time is counted in stretches, the clock's stretches without the pauses, until the budget is used up.
The clock is either wall time or service hours. T+n and same day fix the due instant first; their budget is the service time from
the start to that instant, so that a pause gives back exactly the service time that it took.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from domain.budget import Budget, Clock, Pause, Rung, parse_budget, parse_duration, parse_rung
from domain.calendar import ServiceCalendar, ServiceDay, Span
from domain.day_notes import day_notes, shortened
from domain.explanation import Counted, DayNote, Explanation

__all__ = [
    "Budget", "Clock", "Counted", "DayNote", "Explanation", "Pause", "Plan", "Rung",
    "parse_budget", "parse_duration", "parse_rung", "plan", "rung_at",
]  # fmt: skip

_ZERO = timedelta(0)
_FOREVER = datetime.max.replace(tzinfo=UTC)
_MOST_STRETCHES = 8


@dataclass(frozen=True)
class Plan:
    """One planned deadline. `due_at` is None while an open pause makes it stand still; `budget_time` is all it may use."""

    budget: Budget
    start_at: datetime
    due_at: datetime | None
    budget_time: timedelta
    explanation: Explanation
    calendar: ServiceCalendar
    pauses: tuple[Pause, ...]


def plan(
    budget: Budget,
    start_at: datetime,
    pauses: Iterable[Pause],
    calendar: ServiceCalendar,
    pausable: bool = True,
    clause: str = "",
    named_at: datetime | None = None,
) -> Plan:
    """When the promise falls due, and why.

    Pauses that overlap count once; what lies before the start or begins at or after the due instant counts nothing. With
    `pausable=False` all pauses are ignored. A due instant on the business clock always lies within service hours, its closing
    instant included. A named budget ends at `named_at`, or at once when that has passed. Raises CalendarError when the calendar
    has no service in sight, ValueError for a named budget without its instant.
    """
    start_at = start_at.astimezone(UTC)
    stops = _merged(pauses, start_at) if pausable else ()
    workdays: list[ServiceDay] = []
    nominal_at: datetime | None = None
    if budget.kind == "named":
        if named_at is None:
            raise ValueError("a named deadline needs its instant")
        budget_time = max(named_at - start_at, _ZERO)
    elif budget.duration is not None:
        budget_time = budget.duration
    else:
        if budget.days is not None:
            workdays = list(islice(calendar.working_days_after(start_at), budget.days))
            nominal_at = workdays[-1].close_at
        else:
            nominal_at = calendar.same_day(start_at)
        budget_time = calendar.service_time_between(start_at, nominal_at)
    counted, due_at = _count(budget_time, _stretches(budget.clock, start_at, stops, calendar))
    explanation = _explain(budget, start_at, due_at, nominal_at, counted, workdays, stops, calendar, clause)
    return Plan(budget, start_at, due_at, budget_time, explanation, calendar, stops)


def rung_at(planned: Plan, rung: Rung) -> datetime | None:
    """The instant of a rung of the ladder, counted on the deadline's own clock; None where an open pause keeps it from coming.

    A rung before the due instant never precedes the start and stands still in pauses like the deadline. A rung after it counts
    from the due instant and heeds no pause: a promise once missed is not excused by pausing afterwards.
    """
    offset = rung.offset(planned.budget_time)
    if rung.side == "before":
        stretches = _stretches(planned.budget.clock, planned.start_at, planned.pauses, planned.calendar)
        return _count(max(planned.budget_time - offset, _ZERO), stretches)[1]
    if planned.due_at is None or not offset:
        return planned.due_at
    return _count(offset, _stretches(planned.budget.clock, planned.due_at, (), planned.calendar))[1]


def _merged(pauses: Iterable[Pause], start_at: datetime) -> tuple[Pause, ...]:
    """The pauses from the start on, in order, none empty and none touching another; an open one can only be the last."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda each: each.from_at):
        begin, end = max(pause.from_at.astimezone(UTC), start_at), pause.until_at and pause.until_at.astimezone(UTC)
        if end is not None and end <= begin:
            continue
        last = merged[-1] if merged else None
        if last is None or (last.until_at is not None and last.until_at < begin):
            merged.append(Pause(from_at=begin, until_at=end, reason=pause.reason))
            continue
        until = None if end is None or last.until_at is None else max(last.until_at, end)
        reasons = dict.fromkeys(reason for reason in (*last.reason.split(" / "), pause.reason) if reason)
        merged[-1] = Pause(from_at=last.from_at, until_at=until, reason=" / ".join(reasons))
    return tuple(merged)


def _stretches(clock: Clock, start_at: datetime, stops: tuple[Pause, ...], calendar: ServiceCalendar) -> Iterator[Span]:
    """What the clock counts from the start on, without the pauses; ends at an open pause, else never."""
    spans: Iterable[Span] = calendar.spans_from(start_at) if clock == "business" else ((start_at, _FOREVER),)
    place = 0
    for begin, end in spans:
        while place < len(stops) and stops[place].from_at < end:
            stop, until = stops[place].from_at, stops[place].until_at
            if begin < stop:
                yield begin, stop
            if until is None:
                return
            begin = max(begin, until)
            if until >= end:
                break  # the pause reaches into the next stretch as well
            place += 1
        if begin < end:
            yield begin, end


def _count(amount: timedelta, stretches: Iterator[Span]) -> tuple[list[Span], datetime | None]:
    """The stretches used for that much time, and the first instant at which it is used up; None when they end before."""
    used: list[Span] = []
    for begin, end in stretches:
        if amount <= end - begin:
            return _joined(used, begin, begin + amount), begin + amount
        used = _joined(used, begin, end)
        amount -= end - begin
    return used, None


def _joined(used: list[Span], begin: datetime, end: datetime) -> list[Span]:
    """Service round midnight is one stretch."""
    if used and used[-1][1] == begin:
        used[-1] = (used[-1][0], end)
    elif begin < end:
        used.append((begin, end))
    return used


def _explain(
    budget: Budget,
    start_at: datetime,
    due_at: datetime | None,
    nominal_at: datetime | None,
    counted: list[Span],
    workdays: list[ServiceDay],
    stops: tuple[Pause, ...],
    calendar: ServiceCalendar,
    clause: str,
) -> Explanation:
    # An unpaused T+n is told by its days; its hours would only be repeated.
    stretches = [] if workdays and not stops else counted
    shown = stretches if len(stretches) <= _MOST_STRETCHES else [*stretches[: _MOST_STRETCHES - 1], stretches[-1]]
    named = workdays if len(workdays) <= _MOST_STRETCHES else [*workdays[: _MOST_STRETCHES - 1], workdays[-1]]
    latest = max((at for at in (due_at, nominal_at) if at is not None), default=counted[-1][1] if counted else start_at)
    days: list[ServiceDay] = []
    if budget.clock == "business":
        first = calendar.local_date(start_at)
        # The close of a day that is served until 24:00 is the midnight of the next.
        last = calendar.local_date(max(latest - timedelta(microseconds=1), start_at))
        days = [calendar.day(date.fromordinal(each)) for each in range(first.toordinal(), last.toordinal() + 1)]
    beyond = budget.clock == "business" and calendar.beyond_known(latest)
    counts_days_until = workdays[-1].on if workdays else None
    if counts_days_until is not None:
        days = days[1:]  # the day of receipt is not counted, whatever it is

    def is_skipped(day: ServiceDay) -> bool:
        return not day.working if counts_days_until is not None and day.on <= counts_days_until else not day.intervals

    skipped, skipped_omitted = shortened(day_notes(day for day in days if is_skipped(day)))
    made_up, _ = shortened(day_notes(day for day in days if day.kind in ("made_up", "opened") and day.intervals))
    return Explanation(
        start_at=start_at,
        due_at=due_at,
        budget=budget,
        clause=clause,
        counted=tuple(Counted(from_at=begin, until_at=end) for begin, end in shown),
        counted_omitted=len(stretches) - len(shown),
        counted_time=sum((end - begin for begin, end in counted), _ZERO),
        workdays=tuple(day.on for day in named),
        workdays_omitted=len(workdays) - len(named),
        pauses=tuple(stop for stop in stops if due_at is None or stop.from_at < due_at),
        skipped=skipped,
        skipped_omitted=skipped_omitted,
        made_up=made_up,
        known_until=calendar.known_until if beyond else None,
        beyond_known_calendar=beyond,
    )
