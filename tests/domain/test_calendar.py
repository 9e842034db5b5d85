from datetime import UTC, date, datetime, timedelta

import pytest

from domain.calendar import CalendarError, calendar_of
from domain.public_holidays import holiday_year, known_until
from domain.tenant_file import parse_tenant
from tests.domain.hours import ALL_DAY, calendar, local, weekly
from tests.domain.shop_file import SHOP

LUNCH = weekly(("08:30-12:00", "13:30-18:00"))


def test_china_works_the_weekends_that_2026_makes_up() -> None:
    china = calendar()
    made_up = {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)}
    weekends = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    worked = {day for day in weekends if day.weekday() >= 5 and china.is_working_day(day)}
    assert worked == made_up


def test_china_rests_from_16_to_23_february_and_from_1_to_7_october_2026() -> None:
    china = calendar()
    rests = [date(2026, 2, day) for day in range(15, 24)] + [date(2026, 10, day) for day in range(1, 8)]
    assert not any(china.is_working_day(day) for day in rests)
    assert china.is_working_day(date(2026, 2, 24))
    assert china.is_working_day(date(2026, 10, 8))


def test_a_make_up_day_at_the_end_of_december_comes_from_the_next_years_notice() -> None:
    assert calendar().day(date(2011, 12, 31)).kind == "made_up"


def test_a_day_gives_its_reason_in_both_languages() -> None:
    day = calendar().day(date(2026, 10, 1))
    assert (day.kind, day.name.zh, day.name.en) == ("holiday", "国庆节", "National Day")
    assert calendar().day(date(2026, 10, 10)).name.zh == "2026-10-07放假的调休补班"
    assert calendar().day(date(2026, 10, 7)).name.en == "day off made up on 2026-10-10"


def test_a_make_up_saturday_has_the_hours_of_make_up_and_a_plain_one_its_own() -> None:
    shop = calendar(weekly(("09:00-18:00",), sat=("10:00-12:00",), make_up=("08:00-17:00",)))
    assert shop.service_intervals(date(2026, 10, 10)) == ((local("2026-10-10 08:00"), local("2026-10-10 17:00")),)
    assert shop.service_intervals(date(2026, 10, 17)) == ((local("2026-10-17 10:00"), local("2026-10-17 12:00")),)


def test_own_days_come_before_the_public_calendar() -> None:
    shop = calendar(closed=(date(2026, 10, 10),), opened=(date(2026, 10, 2),))
    assert shop.day(date(2026, 10, 10)).kind == "closing_day"
    assert shop.service_intervals(date(2026, 10, 10)) == ()
    assert shop.is_working_day(date(2026, 10, 2))


def test_intervals_are_aware_utc_and_a_lunch_break_is_no_service() -> None:
    spans = calendar(LUNCH).service_intervals(date(2026, 3, 2))
    assert spans == (
        (datetime(2026, 3, 2, 0, 30, tzinfo=UTC), datetime(2026, 3, 2, 4, tzinfo=UTC)),
        (datetime(2026, 3, 2, 5, 30, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)),
    )


def test_service_time_jumps_the_lunch_break_and_the_night() -> None:
    shop = calendar(LUNCH)
    assert shop.add_service_time(local("2026-03-02 11:30"), timedelta(hours=1)) == local("2026-03-02 14:00")
    assert shop.add_service_time(local("2026-03-02 17:00"), timedelta(hours=2)) == local("2026-03-03 09:30")
    assert shop.service_time_between(local("2026-03-02 11:30"), local("2026-03-03 09:30")) == timedelta(hours=6)
    assert shop.service_time_between(local("2026-03-03 09:30"), local("2026-03-02 11:30")) == timedelta(0)


def test_service_until_24_00_runs_on_into_the_next_morning() -> None:
    shop = calendar(weekly(ALL_DAY), country=None)
    assert shop.add_service_time(local("2026-03-02 23:00"), timedelta(hours=2)) == local("2026-03-03 01:00")


def test_t_plus_n_is_close_of_service_on_the_nth_working_day_after_receipt() -> None:
    china = calendar()
    assert china.close_of_working_day(local("2026-01-30 17:50"), 1) == local("2026-02-02 18:00")  # a Friday
    assert china.close_of_working_day(local("2026-01-31 23:59"), 1) == local("2026-02-02 18:00")  # a Saturday
    assert china.close_of_working_day(local("2026-03-02 03:00"), 2) == local("2026-03-04 18:00")  # before opening


def test_the_day_of_receipt_is_the_local_one() -> None:
    # 17:00 on Monday in UTC is already Tuesday in Shanghai.
    assert calendar().close_of_working_day(datetime(2026, 3, 2, 17, tzinfo=UTC), 1) == local("2026-03-04 18:00")


@pytest.mark.parametrize(
    ("received", "n", "due"),
    [
        ("2026-02-13 10:00", 1, "2026-02-14 18:00"),  # the make-up Saturday before Spring Festival
        ("2026-02-13 10:00", 2, "2026-02-24 18:00"),
        ("2026-02-13 10:00", 6, "2026-02-28 18:00"),  # 24, 25, 26, 27 and the make-up Saturday
        ("2026-09-30 10:00", 1, "2026-10-08 18:00"),
        ("2026-09-30 10:00", 3, "2026-10-10 18:00"),  # 8, 9 and the make-up Saturday
        ("2026-09-18 10:00", 1, "2026-09-20 18:00"),  # the make-up Sunday, past a free Saturday
    ],
)
def test_t_plus_n_crosses_spring_festival_and_national_day_2026(received: str, n: int, due: str) -> None:
    assert calendar().close_of_working_day(local(received), n) == local(due)


def test_t_plus_n_does_not_count_a_weekend_on_which_the_shop_serves() -> None:
    shop = calendar(weekly(("09:00-18:00",), sat=("10:00-16:00",)))
    assert shop.close_of_working_day(local("2026-03-06 10:00"), 1) == local("2026-03-09 18:00")


def test_same_day_is_close_of_service_today_or_of_the_next_day_with_service() -> None:
    shop = calendar(weekly(("09:00-18:00",), sat=("10:00-16:00",)))
    assert shop.same_day(local("2026-03-06 03:00")) == local("2026-03-06 18:00")
    assert shop.same_day(local("2026-03-06 17:59")) == local("2026-03-06 18:00")
    assert shop.same_day(local("2026-03-06 18:00")) == local("2026-03-07 16:00")  # closed: the shop serves on Saturday
    assert shop.same_day(local("2026-03-08 12:00")) == local("2026-03-09 18:00")


def test_t_plus_0_is_refused() -> None:
    with pytest.raises(ValueError, match="from 1"):
        calendar().close_of_working_day(local("2026-03-06 10:00"), 0)


@pytest.mark.parametrize(
    ("night", "hours"),
    [("2026-03-08", 23), ("2026-11-01", 25)],  # New York: 02:00 is skipped, 01:00 comes twice
)
def test_a_change_of_the_clocks_neither_adds_nor_loses_service_time(night: str, hours: int) -> None:
    round_the_clock = calendar(weekly(ALL_DAY, sat=ALL_DAY, sun=ALL_DAY), zone="America/New_York", country=None)
    begin, end = local(f"{night} 00:00", "America/New_York"), local(f"{night} 12:00", "America/New_York")
    spans = round_the_clock.service_intervals(date.fromisoformat(night))
    assert sum((until - start for start, until in spans), timedelta(0)) == timedelta(hours=hours)
    assert round_the_clock.service_time_between(begin, end) == end - begin


def test_hours_that_the_clocks_skip_are_no_service() -> None:
    zone = "America/New_York"
    night_shift = calendar(weekly((), sun=("01:30-02:30", "02:40-03:30")), zone=zone, country=None)
    # 01:30 to 02:00, and 03:00 to 03:30; the wall times between do not exist.
    assert night_shift.service_intervals(date(2026, 3, 8)) == (
        (local("2026-03-08 01:30", zone), datetime(2026, 3, 8, 7, tzinfo=UTC)),
        (datetime(2026, 3, 8, 7, tzinfo=UTC), local("2026-03-08 03:30", zone)),
    )


def test_a_day_may_begin_after_midnight_where_the_clocks_skip_it() -> None:
    # São Paulo moved its clocks at midnight: 4 November 2018 began at 01:00.
    spans = calendar(weekly((), sun=ALL_DAY), zone="America/Sao_Paulo", country=None).service_intervals(date(2018, 11, 4))
    assert spans == ((datetime(2018, 11, 4, 3, tzinfo=UTC), datetime(2018, 11, 5, 2, tzinfo=UTC)),)


def test_a_calendar_says_where_the_announced_make_up_days_end() -> None:
    china = calendar()
    assert china.known_until is not None
    assert china.known_until.year >= 2026
    assert not china.beyond_known(local("2026-12-20 12:00"))
    assert china.beyond_known(local(f"{china.known_until.year}-12-31 12:00"))
    assert china.beyond_known(local("2090-03-01 12:00"))


def test_a_country_that_moves_no_workdays_is_known_for_ever() -> None:
    assert known_until("BR") is None
    assert not calendar(country="BR").beyond_known(local("2090-03-01 12:00"))


def test_a_company_that_enters_a_years_days_itself_extends_what_is_known() -> None:
    assert not calendar(known_until=2091).beyond_known(local("2090-03-01 12:00"))


def test_holidays_without_a_chinese_name_are_called_by_the_english_one() -> None:
    assert holiday_year("BR", 2018).off[date(2018, 9, 7)].zh == "Independence Day"


def test_a_calendar_that_never_opens_says_so_instead_of_searching_for_ever() -> None:
    shut = calendar(weekly(()), country=None)
    with pytest.raises(CalendarError, match="service_hours"):
        shut.add_service_time(local("2026-03-02 12:00"), timedelta(hours=1))
    with pytest.raises(CalendarError, match="service_hours"):
        shut.close_of_working_day(local("2026-03-02 12:00"), 1)


def test_the_calendar_is_kept_as_long_as_the_tenants_hours_stay_the_same() -> None:
    first, again = parse_tenant(SHOP, "a.toml"), parse_tenant(SHOP, "b.toml")
    other = parse_tenant(SHOP.replace("09:00-18:00", "09:00-17:00"), "c.toml")
    assert calendar_of(first) is calendar_of(again)
    assert calendar_of(other) is not calendar_of(first)
