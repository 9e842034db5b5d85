"""Mistakes that other systems made with deadlines, each with the test that would have caught it."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.budget import Budget, Pause, Rung
from domain.calendar import ServiceCalendar
from domain.deadline import plan, rung_at
from domain.service_hours import WeeklyHours
from tests.domain import times
from tests.domain.hours import calendar, local, weekly

law = settings(deadline=None, max_examples=150)
SHOP = calendar(weekly(("09:00-18:00",)))
COUNTRIES = st.sampled_from(("CN", "BR", None))
LADDER = (Rung(side="before", percent=50), Rung(side="before", percent=10), Rung(), Rung(by=timedelta(hours=1)))


@law
@given(st.integers(0, 3), times.service_budgets, times.instants(), times.durations(100))
def test_trap_1_a_pause_just_before_a_threshold_swallows_none(
    which: int, budget: Budget, start_at: datetime, length: timedelta
) -> None:
    before = [rung_at(plan(budget, start_at, (), SHOP), rung) for rung in LADDER]
    threshold = before[which]
    assert threshold is not None
    pause = Pause(from_at=threshold - timedelta(seconds=1), until_at=threshold + length)
    after = [rung_at(plan(budget, start_at, (pause,), SHOP), rung) for rung in LADDER]
    # The same thresholds are still there, in order, none earlier than it was; those before the pause have not moved.
    assert all(new is not None and old is not None and new >= old for new, old in zip(after, before, strict=True))
    passed = [(new, old) for new, old in zip(after, before, strict=True) if old is not None and old < pause.from_at]
    assert all(new == old for new, old in passed)


def test_trap_2_a_pause_over_the_weekend_does_not_move_a_deadline_by_64_hours() -> None:
    four_hours = Budget.within(timedelta(hours=4), "business")
    pause = Pause(from_at=local("2026-03-06 17:00"), until_at=local("2026-03-09 09:00"))
    planned = plan(four_hours, local("2026-03-06 14:00"), (pause,), SHOP)
    assert planned.due_at == local("2026-03-09 10:00")  # three hours before, one after


@law
@given(st.data(), times.calendars(), times.service_budgets, times.instants())
def test_trap_2_service_time_before_and_after_a_pause_is_the_budget_and_never_ends_at_night(
    data: st.DataObject, shop: ServiceCalendar, budget: Budget, start_at: datetime
) -> None:
    begin = start_at + data.draw(times.durations(30))
    pause = Pause(from_at=begin, until_at=begin + data.draw(times.durations(200)))
    assert pause.until_at is not None
    planned = plan(budget, start_at, (pause,), shop)
    assert planned.due_at is not None
    before = shop.service_time_between(start_at, min(pause.from_at, planned.due_at))
    after = shop.service_time_between(pause.until_at, planned.due_at)
    assert before + after == planned.budget_time
    assert shop.service_time_between(planned.due_at - timedelta(seconds=1), planned.due_at) > timedelta(0)


def test_trap_5_a_holiday_added_while_a_deadline_runs_moves_it() -> None:
    received_at, later = local("2026-03-06 10:00"), calendar(weekly(("09:00-18:00",)), closed=(date(2026, 3, 9),))
    assert plan(Budget.by_workday(1), received_at, (), SHOP).due_at == local("2026-03-09 18:00")
    assert plan(Budget.by_workday(1), received_at, (), later).due_at == local("2026-03-10 18:00")


@law
@given(st.data(), times.tables(), st.sampled_from(times.ZONES), COUNTRIES, times.budgets, times.instants())
def test_trap_9_a_closing_day_never_makes_a_deadline_earlier(
    data: st.DataObject, table: WeeklyHours, zone: str, country: str | None, budget: Budget, start_at: datetime
) -> None:
    closed = tuple(sorted(data.draw(st.sets(times.days_near(start_at), min_size=1, max_size=4))))
    # A pause gives a T+n back the service time it took, which a closing day inside the pause lessens: only free ones here.
    pauses = data.draw(times.pauses_after(start_at)) if budget.kind == "within" else ()
    usual = plan(budget, start_at, pauses, calendar(table, zone=zone, country=country)).due_at
    fewer = plan(budget, start_at, pauses, calendar(table, zone=zone, country=country, closed=closed)).due_at
    assert usual is not None
    assert fewer is not None
    assert fewer >= usual


@law
@given(st.data(), times.tables(), st.sampled_from(times.ZONES), COUNTRIES, times.budgets, times.instants())
def test_trap_9_a_make_up_day_never_makes_a_deadline_later(
    data: st.DataObject, table: WeeklyHours, zone: str, country: str | None, budget: Budget, start_at: datetime
) -> None:
    opened = tuple(sorted(data.draw(st.sets(times.days_near(start_at), min_size=1, max_size=4))))
    pauses = data.draw(times.pauses_after(start_at)) if budget.kind == "within" else ()
    usual = plan(budget, start_at, pauses, calendar(table, zone=zone, country=country)).due_at
    more = plan(budget, start_at, pauses, calendar(table, zone=zone, country=country, opened=opened)).due_at
    assert usual is not None
    assert more is not None
    assert more <= usual
