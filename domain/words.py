"""Dates, instants and lengths of time as people write them, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

# Written out, not taken from the process's locale, which differs from machine to machine.
_EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ZH_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Words:
    """One reader's language and time zone."""

    language: Literal["zh", "en"]
    zone: ZoneInfo

    def say(self, en: str, zh: str) -> str:
        return zh if self.language == "zh" else en

    def list(self, items: Iterable[str]) -> str:
        return self.say("; ", "；").join(items)

    def on(self, day: date, *, year: bool = False) -> str:
        """Fri 30 Jan, 1月30日（周五）; with the year where it is asked for."""
        if self.language == "zh":
            return f"{f'{day.year}年' if year else ''}{day.month}月{day.day}日（{_ZH_DAYS[day.weekday()]}）"
        return f"{_EN_DAYS[day.weekday()]} {day.day} {_EN_MONTHS[day.month - 1]}{f' {day.year}' if year else ''}"

    def at(self, instant: datetime) -> str:
        """Fri 30 Jan 2026 17:50; seconds only where there are some."""
        local = instant.astimezone(self.zone)
        return f"{self.on(local.date(), year=True)}{self.say(' ', '')}{_clock(local)}"

    def span(self, from_at: datetime, until_at: datetime) -> str:
        """Fri 30 Jan 17:50–18:00; the second day only where it is another, and midnight as the 24:00 of the first."""
        begin, end = from_at.astimezone(self.zone), until_at.astimezone(self.zone)
        first = f"{self.on(begin.date())}{self.say(' ', '')}{_clock(begin)}"
        if end.date() == begin.date():
            return f"{first}–{_clock(end)}"
        if end.date() == begin.date() + timedelta(days=1) and (end.hour, end.minute, end.second) == (0, 0, 0):
            return f"{first}–24:00"
        return f"{first} – {self.on(end.date())}{self.say(' ', '')}{_clock(end)}"

    def length(self, duration: timedelta) -> str:
        """24 hours, 1 hour 30 minutes, 3 days; 24小时, 1小时30分钟, 3天."""
        seconds, parts = int(duration.total_seconds()), []
        for size, en, zh in ((86400, "day", "天"), (3600, "hour", "小时"), (60, "minute", "分钟"), (1, "second", "秒")):
            # Procedures say "24 hours", not "1 day"; whole days are said from two on.
            if size == 86400 and (seconds < 2 * size or seconds % size):
                continue
            count, seconds = divmod(seconds, size)
            if count:
                parts.append(self.say(f"{count} {en}{'s' if count > 1 else ''}", f"{count}{zh}"))
        return self.say(" ", "").join(parts) or self.say("0 minutes", "0分钟")


def _clock(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
