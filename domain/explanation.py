"""Why a deadline is when it is: what was counted, what was skipped, and by which clause. Small, for it is stored each time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.budget import Budget, Pause
from domain.stored import empty
from domain.words import Words

DayKind = Literal["workday", "made_up", "opened", "weekend", "holiday", "closing_day"]

_KIND_NAMES: dict[DayKind, tuple[str, str]] = {
    "workday": ("working day", "工作日"),
    "made_up": ("make-up workday", "调休补班"),
    "opened": ("opening day", "安排营业日"),
    "weekend": ("weekend", "周末"),
    "holiday": ("public holiday", "法定节假日"),
    "closing_day": ("closing day", "停业日"),
}


# What is empty is left out of the stored text: an explanation travels in every history and every journal.
_SPARE = Field(exclude_if=empty)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Counted(_Part):
    """A stretch of time that was counted, end excluded."""

    from_at: AwareDatetime
    until_at: AwareDatetime


class DayNote(_Part):
    """A run of days of one kind, such as a Golden Week; both ends belong to it. The names are empty for a plain weekend."""

    from_on: date
    to_on: date
    kind: DayKind
    zh: Annotated[str, _SPARE] = ""
    en: Annotated[str, _SPARE] = ""


class Explanation(_Part):
    """The whole reckoning of one deadline. `due_at` is None while an open pause makes it stand still."""

    start_at: AwareDatetime
    due_at: AwareDatetime | None
    budget: Budget
    clause: Annotated[str, _SPARE] = ""
    counted: Annotated[tuple[Counted, ...], _SPARE] = Field(
        default=(), description="At most 8 stretches, the first ones and the last; for a T+n only where a pause moved it."
    )
    counted_omitted: Annotated[int, _SPARE] = Field(default=0, description="How many stretches stand before the last one.")
    counted_time: Annotated[timedelta, _SPARE] = Field(
        default=timedelta(0), description="All counted time, omitted stretches included."
    )
    workdays: Annotated[tuple[date, ...], _SPARE] = Field(
        default=(), description="T+n: at most 8 working days counted, the first ones and the last."
    )
    workdays_omitted: Annotated[int, _SPARE] = Field(default=0, description="How many working days stand before the last one.")
    pauses: Annotated[tuple[Pause, ...], _SPARE] = Field(default=(), description="Those that moved it, overlapping ones merged.")
    skipped: Annotated[tuple[DayNote, ...], _SPARE] = Field(
        default=(), description="Days on which nothing was counted, at most 12 runs."
    )
    skipped_omitted: Annotated[int, _SPARE] = Field(default=0, description="How many such days are not in `skipped`.")
    made_up: Annotated[tuple[DayNote, ...], _SPARE] = Field(
        default=(), description="Make-up workdays and own opening days that were counted."
    )
    known_until: Annotated[date | None, _SPARE] = Field(
        default=None, description="Last day whose make-up workdays are announced, where the deadline runs past it."
    )
    beyond_known_calendar: Annotated[bool, _SPARE] = Field(
        default=False, description="The deadline runs past `known_until`: it may still move."
    )

    def in_words(self, locale: str, zone: str) -> list[str]:
        """The reckoning as sentences for people: Chinese for `zh-CN`, English for everything else; instants in `zone`."""
        words = Words("zh" if locale.startswith("zh") else "en", ZoneInfo(zone))
        lines = self._beginning(words)
        if self.skipped:
            skipped = [self._days(note, words) for note in self.skipped]
            if more := self.skipped_omitted:
                skipped.append(words.say(f"{more} more days", f"另{more}天"))
            days = words.list(skipped)
            lines.append(words.say(f"Not counted: {days}.", f"不计入：{days}。"))
        if self.made_up:
            days = words.list(self._days(note, words) for note in self.made_up)
            lines.append(words.say(f"Counted as working days: {days}.", f"按工作日计入：{days}。"))
        lines += [self._stood_still(pause, words) for pause in self.pauses]
        lines.append(self._end(words))
        if self.beyond_known_calendar and self.known_until is not None:
            last = words.on(self.known_until, year=True)
            lines.append(
                words.say(
                    f"Make-up workdays after {last} are not known to this calendar; the deadline may still move.",
                    f"{last}之后的调休安排本日历尚未收录，期限可能调整。",
                )
            )
        return lines

    def _beginning(self, words: Words) -> list[str]:
        start = words.at(self.start_at)
        if self.budget.kind == "named":
            return [words.say(f"Named {start} as an instant; nothing is counted.", f"{start}约定具体时刻，不另行计时。")]
        return [words.say(f"Counted from {start}.", f"自{start}起算。"), self._rule(words)]

    def _rule(self, words: Words) -> str:
        budget = self.budget
        if budget.kind == "same_day":
            return words.say("Same day: until close of service.", "当日：至当日服务结束时为止。")
        if budget.days is not None:
            days = [words.on(day) for day in self.workdays]
            if self.workdays_omitted:
                more = self.workdays_omitted
                days.insert(-1, words.say(f"{more} more", f"另{more}天"))
            counted = words.list(days)
            return words.say(
                f"T+{budget.days} counts the working days after the day of receipt: {counted}.",
                f"T+{budget.days}：自受理次日起计工作日：{counted}。",
            )
        assert budget.duration is not None
        length = words.length(budget.duration)
        if budget.clock == "calendar":
            return words.say(f"{length} by the wall clock.", f"限时{length}，按自然时间计。")
        spans = [words.span(part.from_at, part.until_at) for part in self.counted]
        if self.counted_omitted:
            more = self.counted_omitted
            spans.insert(-1, words.say(f"{more} more stretches", f"另{more}段"))
        counted = words.list(spans) or words.say("none yet", "暂无")
        return words.say(f"{length} of service time, counted: {counted}.", f"限时{length}，按服务时间计，已计入：{counted}。")

    @staticmethod
    def _days(note: DayNote, words: Words) -> str:
        days = words.on(note.from_on)
        if note.to_on != note.from_on:
            days = words.say(f"{days} to {words.on(note.to_on)}", f"{days}至{words.on(note.to_on)}")
        name = words.say(note.en, note.zh) or words.say(*_KIND_NAMES[note.kind])
        return words.say(f"{days} ({name})", f"{days}为{name}")

    @staticmethod
    def _stood_still(pause: Pause, words: Words) -> str:
        reason = pause.reason and words.say(f" ({pause.reason})", f"（{pause.reason}）")
        begin = words.at(pause.from_at)
        if pause.until_at is None:
            return words.say(f"Stands still since {begin}{reason}.", f"自{begin}起暂停{reason}。")
        end = words.at(pause.until_at)
        return words.say(f"Stood still from {begin} to {end}{reason}.", f"{begin}至{end}暂停{reason}。")

    def _end(self, words: Words) -> str:
        clause = self.clause and words.say(f" ({self.clause})", f"（{self.clause}）")
        if self.due_at is None:
            return words.say(f"No due time until it resumes{clause}.", f"恢复计时前没有到期时间{clause}。")
        due = words.at(self.due_at)
        if self.pauses or self.budget.kind in ("within", "named"):
            return words.say(f"Due {due}{clause}.", f"到期时间：{due}{clause}。")
        return words.say(f"Due at close of service, {due}{clause}.", f"到期时间：服务结束时，{due}{clause}。")
