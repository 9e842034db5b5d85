"""Public holidays and make-up workdays (调休) by country: the only file that knows the `holidays` library.

A country that moves workdays announces them year by year, so the library knows them only as far as its tables reach. Where the
tables end is part of the answer; past it the statutory days are still computed, but which weekends are worked is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import holidays

# Workdays moved for New Year have been made up as early as 29 December, by the notice of the coming year (2001, 2007).
_LAST_SETTLED = (12, 28)


@dataclass(frozen=True)
class PublicHoliday:
    """One day off by law, by its two names."""

    zh: str
    en: str


@dataclass(frozen=True)
class HolidayYear:
    """The days off and the weekend days worked instead of one calendar year."""

    off: dict[date, PublicHoliday]
    made_up: dict[date, PublicHoliday]


def is_country(code: str) -> bool:
    """Whether the library knows the country by this ISO 3166 code."""
    try:
        holidays.country_holidays(code)
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=64)
def known_until(country: str) -> date | None:
    """The last day whose make-up workdays are announced in the library's tables; None for a country that moves no workdays."""
    swaps = _swaps(holidays.country_holidays(country))
    if not swaps:
        return None
    return last_known_day(max(off.year for off, _ in swaps))


def last_known_day(year: int) -> date:
    """Up to when the notices up to that year reach: the last days of December belong to the next one."""
    return date(year, *_LAST_SETTLED)


@lru_cache(maxsize=256)
def holiday_year(country: str, year: int) -> HolidayYear:
    """That country's holidays of one year, with names in Chinese and English where the library has them."""
    table = holidays.country_holidays(country, years=year)
    # Some countries move a holiday off a weekend by the same kind of row; that weekend day stays free.
    pairs = [(day, worked) for day, worked in _swaps(table) if year in (day.year, worked.year)]
    swaps = [(day, worked) for day, worked in pairs if worked not in table]
    english, chinese = _names(country, year, "en"), _names(country, year, "zh")
    off = {day: PublicHoliday(zh=chinese.get(day, name), en=name) for day, name in english.items()}
    # "Day off (substituted from 01/04/2026)" is said with an unambiguous date.
    for day, worked in swaps:
        if day.year == year:
            off[day] = PublicHoliday(zh=f"调休放假，{worked.isoformat()}补班", en=f"day off made up on {worked.isoformat()}")
    # What a day makes up for is known where the tables name the pair.
    reasons = {
        worked: PublicHoliday(zh=f"{day.isoformat()}放假的调休补班", en=f"make-up workday for {day.isoformat()}")
        for day, worked in swaps
    }
    plain = PublicHoliday(zh="调休补班", en="make-up workday")
    made_up = {day: reasons.get(day, plain) for day in table.weekend_workdays if day.year == year and day not in off}
    return HolidayYear(off=off, made_up=made_up)


def _names(country: str, year: int, language: str) -> dict[date, str]:
    spoken = holidays.country_holidays(country).supported_languages
    wanted = next((tag for tag in spoken if tag.startswith(language) and tag != "zh_TW"), None)
    english = next((tag for tag in spoken if tag.startswith("en")), None)
    return dict(holidays.country_holidays(country, years=year, language=wanted or english))


def _swaps(table: Any) -> list[tuple[date, date]]:
    """Pairs (day off, weekend day worked for it) from the library's own tables, which it does not offer by a method.

    A row is (month, day, month worked, day worked[, year worked]); rows of extra holidays carry a name instead.
    """
    pairs = []
    for year, rows in (getattr(table, "special_public_holidays", None) or {}).items():
        for row in rows if rows and isinstance(rows[0], tuple) else (rows,):
            if len(row) >= 4 and isinstance(row[2], int):
                worked_year = row[4] if len(row) > 4 else year
                pairs.append((date(year, row[0], row[1]), date(worked_year, row[2], row[3])))
    return pairs
