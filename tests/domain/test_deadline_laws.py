"""What must hold of every deadline, whatever the shop, the zone and the pauses."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.budget import Budget, Clock, Pause, Rung
from domain.calendar import ServiceCalendar
from domain.deadline import Explanation, plan, rung_at
from domain.service_hours import WeeklyHours, minutes_of
from tests.domain import times
from tests.domain.hours import calendar

law = settings(deadline=None, max_examples=150)
ZERO = timedelta(0)


def unpaused(from_at: datetime, until_at: datetime, pauses: tuple[Pause, ...]) -> list[tuple[datetime, datetime]]:
    """What is left of a stretch of wall time without the pauses: an oracle that knows no calendar."""
    left = [(from_at, until_at)]
    for pause in pauses:
        assert pause.until_at is not None
        cut = [(begin, min(end, pause.from_at)) for begin, end in left]
        cut += [(max(begin, pause.until_at), end) for begin, end in left]
        left = [(begin, end) for begin, end in cut if begin < end]
    return left


def used(budget: Budget, shop: ServiceCalendar, from_at: datetime, until_at: datetime, pauses: tuple[Pause, ...]) -> timedelta:
    """The time used between two instants, outside the pauses, on the budget's clock."""
    left = unpaused(from_at, until_at, pauses)
    if budget.clock == "calendar":
        return sum((end - begin for begin, end in left), ZERO)
    return sum((shop.service_time_between(begin, end) for begin, end in left), ZERO)


def due(budget: Budget, start_at: datetime, pauses: tuple[Pause, ...], shop: ServiceCalendar) -> datetime:
    due_at = plan(budget, start_at, pauses, shop).due_at
    assert due_at is not None
    return due_at


@law
@given(st.data(), times.calendars(), times.budgets, times.instants())
def test_the_time_used_before_and_after_pauses_is_the_budget(
    data: st.DataObject, shop: ServiceCalendar, budget: Budget, start_at: datetime
) -> None:
    pauses = data.draw(times.pauses_after(start_at))
    planned = plan(budget, start_at, pauses, shop)
    assert planned.due_at is not None
    assert used(budget, shop, start_at, planned.due_at, pauses) == planned.budget_time
    # The first instant at which it is used up, not a later one.
    assert used(budget, shop, start_at, planned.due_at - timedelta(seconds=1), pauses) < planned.budget_time
    assert planned.explanation.counted_time == planned.budget_time


@law
@given(st.data(), times.calendars(), times.service_budgets, times.instants())
def test_a_deadline_in_service_time_is_due_inside_service_hours(
    data: st.DataObject, shop: ServiceCalendar, budget: Budget, start_at: datetime
) -> None:
    pauses = data.draw(times.pauses_after(start_at))
    due_at = due(budget, start_at, pauses, shop)
    # Its last second was service: the closing instant itself still belongs to the day that closes.
    assert shop.service_time_between(due_at - timedelta(seconds=1), due_at) > ZERO


@law
@given(st.data(), times.calendars(), times.budgets, times.instants())
def test_a_pause_never_makes_a_deadline_earlier(
    data: st.DataObject, shop: ServiceCalendar, budget: Budget, start_at: datetime
) -> None:
    pauses = data.draw(times.pauses_after(start_at))
    more = pauses + data.draw(times.pauses_after(start_at))
    free, less_free, least = (due(budget, start_at, each, shop) for each in ((), pauses, more))
    assert free <= less_free <= least


@law
@given(st.data(), times.calendars(), times.budgets, times.instants())
def test_pausing_and_resuming_at_the_same_instant_changes_nothing(
    data: st.DataObject, shop: ServiceCalendar, budget: Budget, start_at: datetime
) -> None:
    pauses = data.draw(times.pauses_after(start_at))
    at = start_at + data.draw(times.durations(100))
    assert plan(budget, start_at, (*pauses, Pause(from_at=at, until_at=at)), shop) == plan(budget, start_at, pauses, shop)


@law
@given(st.data(), times.calendars(), times.budgets, times.instants())
def test_pauses_that_overlap_count_once_in_any_order(
    data: st.DataObject, shop: ServiceCalendar, budget: Budget, start_at: datetime
) -> None:
    begin, length = start_at + data.draw(times.durations(40)), data.draw(times.durations(90))
    whole = Pause(from_at=begin, until_at=begin + length)
    first = Pause(from_at=begin, until_at=begin + length * 2 // 3)
    second = Pause(from_at=begin + length // 3, until_at=begin + length)
    assert due(budget, start_at, (second, first, whole), shop) == due(budget, start_at, (whole,), shop)


@law
@given(times.calendars(), times.budgets, times.instants(), times.durations(200))
def test_who_files_later_is_never_due_earlier(
    shop: ServiceCalendar, budget: Budget, start_at: datetime, later: timedelta
) -> None:
    assert due(budget, start_at, (), shop) <= due(budget, start_at + later, (), shop)


@law
@given(st.data(), times.calendars(), times.instants(), times.durations(60), times.durations(60))
def test_more_budget_is_never_due_earlier(
    data: st.DataObject, shop: ServiceCalendar, start_at: datetime, some: timedelta, more: timedelta
) -> None:
    pauses, clock = data.draw(times.pauses_after(start_at)), data.draw(st.sampled_from(get_args(Clock)))
    less = due(Budget.within(some, clock), start_at, pauses, shop)
    assert less < due(Budget.within(some + more, clock), start_at, pauses, shop)
    days = data.draw(st.integers(1, 10))
    one_less = due(Budget.by_workday(days), start_at, pauses, shop)
    assert one_less < due(Budget.by_workday(days + 1), start_at, pauses, shop)


@law
@given(st.data(), times.calendars(), times.budgets, times.instants())
def test_rungs_come_in_their_order_and_none_before_the_start(
    data: st.DataObject, shop: ServiceCalendar, budget: Budget, start_at: datetime
) -> None:
    planned = plan(budget, start_at, data.draw(times.pauses_after(start_at)), shop)
    ladder = [Rung(side="before", percent=percent) for percent in (100, 50, 10)]
    ladder += [Rung(), *(Rung(by=by) for by in (timedelta(minutes=1), timedelta(hours=3)))]
    instants = [rung_at(planned, rung) for rung in ladder]
    told = [at for at in instants if at is not None]
    assert len(told) == len(ladder)
    assert start_at <= told[0]
    assert told == sorted(told)
    assert told[3] == planned.due_at


@law
@given(st.data(), times.calendars(), times.budgets, times.instants())
def test_an_explanation_is_small_and_survives_its_storing(
    data: st.DataObject, shop: ServiceCalendar, budget: Budget, start_at: datetime
) -> None:
    explanation = plan(budget, start_at, data.draw(times.pauses_after(start_at)), shop, clause="HOM-TRN-03").explanation
    stored = explanation.model_dump_json()
    assert Explanation.model_validate_json(stored) == explanation
    assert len(stored) < 4000
    assert len(explanation.in_words("zh-CN", shop.zone.key)) == len(explanation.in_words("en", shop.zone.key)) >= 3


@settings(deadline=None, max_examples=25)
@given(times.tables(), st.sampled_from(("Asia/Shanghai", "Asia/Kolkata")), times.instants(), st.integers(0, 5000))
def test_service_time_is_the_count_of_the_minutes_that_are_served(
    table: WeeklyHours, zone: str, start_at: datetime, length: int
) -> None:
    """Minute by minute on the wall, in zones whose clocks stand still: an oracle without intervals."""
    shop = calendar(table, zone=zone, country=None)
    start_at = start_at.replace(second=0)
    served = 0
    for minute in range(length):
        wall = (start_at + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))
        weekday = wall.strftime("%a").lower()
        at = wall.hour * 60 + wall.minute
        served += any(begin <= at < end for begin, end in map(minutes_of, getattr(table, weekday)))
    assert shop.service_time_between(start_at, start_at + timedelta(minutes=length)) == timedelta(minutes=served)
    assert start_at.tzinfo is UTC
