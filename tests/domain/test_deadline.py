"""Deadlines on days one can check by hand; `test_deadline_laws.py` says the same of all days."""

from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import pytest

from domain.budget import Budget, Pause, Rung
from domain.deadline import plan, rung_at
from tests.domain.hours import calendar, local, weekly

SHOP = calendar(weekly(("09:00-18:00",)))
DAY_CLOCK = Budget.within(timedelta(hours=24), "calendar")
FOUR_HOURS = Budget.within(timedelta(hours=4), "business")


def paused(begin: str, end: str | None = None, reason: str = "") -> Pause:
    return Pause(from_at=local(begin), until_at=local(end) if end else None, reason=reason)


@pytest.mark.clause("HOM-TRN-03")
def test_ten_minutes_by_the_wall_clock_count_at_night_too() -> None:
    ten = Budget.within(timedelta(minutes=10), "calendar")
    assert plan(ten, local("2026-01-31 23:55"), (), SHOP).due_at == local("2026-02-01 00:05")


@pytest.mark.clause("HOM-INS-05")
def test_24_hours_by_the_wall_clock_end_24_hours_later_even_over_a_weekend() -> None:
    assert plan(DAY_CLOCK, local("2026-01-30 17:50"), (), SHOP).due_at == local("2026-01-31 17:50")


def test_a_business_deadline_jumps_the_weekend() -> None:
    assert plan(FOUR_HOURS, local("2026-01-30 17:00"), (), SHOP).due_at == local("2026-02-02 12:00")


def test_due_instants_are_utc() -> None:
    due_at = plan(FOUR_HOURS, local("2026-01-30 17:00"), (), SHOP).due_at
    assert due_at is not None
    assert due_at.tzinfo is UTC


def test_a_pause_in_wall_time_gives_back_wall_time() -> None:
    planned = plan(DAY_CLOCK, local("2026-01-30 17:50"), (paused("2026-01-30 18:00", "2026-02-02 09:00"),), SHOP)
    assert planned.due_at == local("2026-02-03 08:50")


def test_a_pause_in_service_hours_gives_back_only_the_service_time_it_took() -> None:
    # Of Friday 17:00 to Monday 09:00 one hour is service.
    planned = plan(FOUR_HOURS, local("2026-01-30 15:00"), (paused("2026-01-30 17:00", "2026-02-02 09:00"),), SHOP)
    assert planned.due_at == local("2026-02-02 11:00")


def test_a_paused_t_plus_n_resumes_inside_service_hours() -> None:
    planned = plan(Budget.by_workday(1), local("2026-01-29 17:00"), (paused("2026-01-30 17:00", "2026-02-02 09:00"),), SHOP)
    assert planned.due_at == local("2026-02-02 10:00")


def test_a_paused_same_day_resumes_inside_service_hours() -> None:
    planned = plan(Budget.same_day(), local("2026-01-30 15:00"), (paused("2026-01-30 16:00", "2026-02-01 03:00"),), SHOP)
    assert planned.due_at == local("2026-02-02 11:00")


@pytest.mark.parametrize("budget", [DAY_CLOCK, FOUR_HOURS, Budget.by_workday(1), Budget.same_day()])
def test_an_open_pause_makes_a_deadline_stand_still(budget: Budget) -> None:
    planned = plan(budget, local("2026-01-30 15:00"), (paused("2026-01-30 15:30"),), SHOP)
    assert planned.due_at is None
    assert planned.explanation.due_at is None
    assert rung_at(planned, Rung()) is None
    assert rung_at(planned, Rung(by=timedelta(hours=1))) is None


@pytest.mark.parametrize("budget", [DAY_CLOCK, FOUR_HOURS, Budget.by_workday(1), Budget.same_day()])
def test_a_deadline_that_cannot_be_paused_ignores_pauses(budget: Budget) -> None:
    free = plan(budget, local("2026-01-30 15:00"), (), SHOP)
    assert plan(budget, local("2026-01-30 15:00"), (paused("2026-01-30 15:30"),), SHOP, pausable=False) == free


def test_a_pause_that_begins_after_the_due_instant_excuses_nothing() -> None:
    planned = plan(FOUR_HOURS, local("2026-01-30 09:00"), (paused("2026-01-30 13:00"),), SHOP)
    assert planned.due_at == local("2026-01-30 13:00")
    assert planned.explanation.pauses == ()
    assert rung_at(planned, Rung(by=timedelta(hours=1))) == local("2026-01-30 14:00")


def test_a_rung_before_is_counted_on_the_deadlines_own_clock() -> None:
    planned = plan(FOUR_HOURS, local("2026-01-30 17:00"), (), SHOP)  # due Monday 12:00
    assert rung_at(planned, Rung(side="before", by=timedelta(hours=2))) == local("2026-02-02 10:00")
    assert rung_at(planned, Rung(side="before", percent=75)) == local("2026-01-30 18:00")
    assert rung_at(planned, Rung()) == local("2026-02-02 12:00")


def test_a_rung_before_never_precedes_the_start_nor_the_opening() -> None:
    assert rung_at(plan(DAY_CLOCK, local("2026-01-30 15:00"), (), SHOP), Rung(side="before", by=timedelta(days=9))) == local(
        "2026-01-30 15:00"
    )
    at_night = plan(FOUR_HOURS, local("2026-01-30 22:00"), (), SHOP)
    assert rung_at(at_night, Rung(side="before", percent=100)) == local("2026-02-02 09:00")


def test_a_rung_after_a_business_deadline_waits_for_service_hours() -> None:
    planned = plan(Budget.by_workday(1), local("2026-01-29 10:00"), (), SHOP)  # due Friday 18:00
    assert rung_at(planned, Rung(by=timedelta(minutes=30))) == local("2026-02-02 09:30")
    assert rung_at(plan(DAY_CLOCK, local("2026-01-30 15:00"), (), SHOP), Rung(by=timedelta(hours=2))) == local("2026-01-31 17:00")


def test_a_rung_that_was_reached_before_an_open_pause_keeps_its_instant() -> None:
    planned = plan(FOUR_HOURS, local("2026-01-30 09:00"), (paused("2026-01-30 12:00"),), SHOP)
    assert rung_at(planned, Rung(side="before", by=timedelta(hours=2))) == local("2026-01-30 11:00")
    assert rung_at(planned, Rung(side="before", by=timedelta(minutes=30))) is None


def test_a_paused_t_plus_n_gets_the_service_time_it_had_left_not_whole_days() -> None:
    """Known and meant: with a pause, the promise is the service time it had, so closing a day inside the pause gives no more."""
    pause = paused("2026-03-02 10:00", "2026-03-04 09:00")
    assert plan(Budget.by_workday(1), local("2026-03-02 10:00"), (pause,), SHOP).due_at == local("2026-03-05 17:00")
    closed = calendar(weekly(("09:00-18:00",)), closed=(date(2026, 3, 2),))
    assert plan(Budget.by_workday(1), local("2026-03-02 10:00"), (pause,), closed).due_at == local("2026-03-04 18:00")


def test_planning_a_deadline_walks_over_no_day_one_by_one_for_long() -> None:
    pause = paused("2026-02-12 10:00", "2026-02-25 10:00")
    plan(Budget.by_workday(15), local("2026-02-10 10:00"), (pause,), SHOP)
    took = []
    for _ in range(50):
        begin = perf_counter()
        plan(Budget.by_workday(15), local("2026-02-10 10:00"), (pause,), SHOP)
        took.append(perf_counter() - begin)
    # A fifth of a millisecond on a machine of 2026; the bound only tells another order of work from a slow machine.
    assert min(took) < 0.02


def test_a_start_in_any_zone_is_the_same_instant() -> None:
    start_at = datetime.fromisoformat("2026-01-30T17:00:00+08:00")
    assert plan(FOUR_HOURS, start_at, (), SHOP) == plan(FOUR_HOURS, start_at.astimezone(UTC), (), SHOP)
