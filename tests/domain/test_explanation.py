from datetime import timedelta

from domain.budget import Budget, Pause
from domain.deadline import plan
from tests.domain.hours import calendar, local, weekly

SHOP = calendar(weekly(("09:00-18:00",)))


def told(budget: Budget, start: str, *pauses: Pause, locale: str = "en") -> list[str]:
    return plan(budget, local(start), pauses, SHOP, clause="HOM-TRN-03").explanation.in_words(locale, "Asia/Shanghai")


def test_t_plus_n_names_the_days_it_counts_and_those_it_skips() -> None:
    assert told(Budget.by_workday(2), "2026-01-30 17:50") == [
        "Counted from Fri 30 Jan 2026 17:50.",
        "T+2 counts the working days after the day of receipt: Mon 2 Feb; Tue 3 Feb.",
        "Not counted: Sat 31 Jan to Sun 1 Feb (weekend).",
        "Due at close of service, Tue 3 Feb 2026 18:00 (HOM-TRN-03).",
    ]


def test_the_same_is_said_in_chinese() -> None:
    assert told(Budget.by_workday(2), "2026-01-30 17:50", locale="zh-CN") == [
        "自2026年1月30日（周五）17:50起算。",
        "T+2：自受理次日起计工作日：2月2日（周一）；2月3日（周二）。",
        "不计入：1月31日（周六）至2月1日（周日）为周末。",
        "到期时间：服务结束时，2026年2月3日（周二）18:00（HOM-TRN-03）。",
    ]


def test_holidays_and_make_up_days_are_named() -> None:
    lines = told(Budget.by_workday(3), "2026-09-30 10:00")
    assert lines[2] == (
        "Not counted: Thu 1 Oct to Sat 3 Oct (National Day); Sun 4 Oct (weekend); Mon 5 Oct (National Day (observed)); "
        "Tue 6 Oct (day off made up on 2026-09-20); Wed 7 Oct (day off made up on 2026-10-10)."
    )
    assert lines[3] == "Counted as working days: Sat 10 Oct (make-up workday for 2026-10-07)."
    assert "10月1日（周四）至10月3日（周六）为国庆节" in told(Budget.by_workday(3), "2026-09-30 10:00", locale="zh-CN")[2]


def test_service_hours_are_told_stretch_by_stretch_with_the_pause_and_its_reason() -> None:
    pause = Pause(from_at=local("2026-01-30 17:00"), until_at=local("2026-02-02 10:00"), reason="photos asked for")
    assert told(Budget.within(timedelta(hours=4), "business"), "2026-01-30 15:00", pause) == [
        "Counted from Fri 30 Jan 2026 15:00.",
        "4 hours of service time, counted: Fri 30 Jan 15:00–17:00; Mon 2 Feb 10:00–12:00.",
        "Not counted: Sat 31 Jan to Sun 1 Feb (weekend).",
        "Stood still from Fri 30 Jan 2026 17:00 to Mon 2 Feb 2026 10:00 (photos asked for).",
        "Due Mon 2 Feb 2026 12:00 (HOM-TRN-03).",
    ]


def test_an_open_pause_is_told_as_standing_still() -> None:
    budget = Budget.within(timedelta(minutes=90), "calendar")
    open_pause = Pause(from_at=local("2026-01-30 17:00"))
    assert told(budget, "2026-01-30 16:00", open_pause)[1:] == [
        "1 hour 30 minutes by the wall clock.",
        "Stands still since Fri 30 Jan 2026 17:00.",
        "No due time until it resumes (HOM-TRN-03).",
    ]
    assert told(budget, "2026-01-30 16:00", open_pause, locale="zh-CN")[1:] == [
        "限时1小时30分钟，按自然时间计。",
        "自2026年1月30日（周五）17:00起暂停。",
        "恢复计时前没有到期时间（HOM-TRN-03）。",
    ]


def test_pauses_that_overlap_are_told_as_one_with_both_reasons() -> None:
    first = Pause(from_at=local("2026-01-30 10:00"), until_at=local("2026-01-30 12:00"), reason="photos")
    second = Pause(from_at=local("2026-01-30 11:00"), until_at=local("2026-01-30 14:00"), reason="invoice")
    [pause] = plan(Budget.same_day(), local("2026-01-30 09:00"), (second, first), SHOP).explanation.pauses
    assert pause == Pause(from_at=first.from_at, until_at=second.until_at, reason="photos / invoice")


def test_an_explanation_past_the_announced_make_up_days_says_so_and_others_do_not() -> None:
    assert SHOP.known_until is not None
    year = SHOP.known_until.year
    beyond = plan(Budget.by_workday(5), local(f"{year}-12-27 10:00"), (), SHOP).explanation
    assert beyond.beyond_known_calendar
    assert any("may still move" in line for line in beyond.in_words("en", "Asia/Shanghai"))
    assert any("期限可能调整" in line for line in beyond.in_words("zh-CN", "Asia/Shanghai"))
    within = plan(Budget.by_workday(5), local("2026-03-02 10:00"), (), SHOP).explanation
    assert not within.beyond_known_calendar
    assert "known_until" not in within.model_dump_json()


def test_the_wall_clock_needs_no_calendar_and_is_never_beyond_one() -> None:
    night = plan(Budget.within(timedelta(hours=24), "calendar"), local("2090-03-01 10:00"), (), SHOP).explanation
    assert not night.beyond_known_calendar


def test_a_long_deadline_is_summarised() -> None:
    explanation = plan(Budget.within(timedelta(hours=400), "business"), local("2026-01-05 09:00"), (), SHOP).explanation
    assert len(explanation.counted) == 8
    assert explanation.counted_omitted > 30
    assert explanation.counted_time == timedelta(hours=400)
    assert len(explanation.skipped) <= 12
    assert explanation.skipped_omitted > 0
    assert len(explanation.model_dump_json()) < 2500
    assert f"{explanation.counted_omitted} more stretches" in explanation.in_words("en", "Asia/Shanghai")[1]


def test_service_round_midnight_is_one_stretch() -> None:
    night_and_day = calendar(weekly(("00:00-24:00",)), country=None)
    thirty = Budget.within(timedelta(hours=30), "business")
    [counted] = plan(thirty, local("2026-03-02 12:00"), (), night_and_day).explanation.counted
    assert (counted.from_at, counted.until_at) == (local("2026-03-02 12:00"), local("2026-03-03 18:00"))
