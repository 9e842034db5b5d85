"""A summary in words: Markdown that also reads well as plain text, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.order import Locale
from domain.policy.wording import Wording
from domain.summary import headings
from domain.summary.figures import Count, Summary
from domain.summary.names import ROLES, named
from domain.summary.telling_more import carriers, late_by, more_sections


def heading(summary: Summary, locale: Locale) -> str:
    """Summary of transport complaints, 2026-11-01 – 2026-11-30."""
    return _Telling(summary, locale).heading()


def in_words(summary: Summary, locale: Locale) -> str:
    """The whole summary. Sections without figures are left out."""
    return _Telling(summary, locale).whole()


@dataclass(frozen=True)
class _Telling:
    summary: Summary
    locale: Locale

    def say(self, en: str, zh: str) -> str:
        return zh if self.locale == "zh-CN" else en

    def word(self, wording: Wording) -> str:
        return wording.in_language(self.locale)

    def heading(self) -> str:
        return f"{self.word(self.summary.title)}{self.say(', ', '：')}{self.summary.period}"

    def whole(self) -> str:
        s = self.summary
        parts = [
            f"# {self.heading()}",
            f"{self.say('Clauses', '条款')}{self.say(': ', '：')}{', '.join(s.clauses)}",
            self.received(),
        ]
        sections = self.by_route() if s.by_route else self.by_count()
        parts += [f"## {title}\n\n" + "\n".join(f"- {line}" for line in lines) for title, lines in sections if lines]
        return "\n\n".join([*parts, self.improvements()]) + "\n"

    def received(self) -> str:
        s = self.summary
        if not s.received:
            return self.say("No complaint was received.", "本期没有收到投诉。")
        return self.say(
            f"Received: {s.received}. Of these assessed: {s.assessed}, found untrue: {s.unfounded}, "
            f"not decided yet: {s.undecided}.",
            f"收到投诉 {s.received} 起，其中已认定 {s.assessed} 起，不成立 {s.unfounded} 起，尚未认定 {s.undecided} 起。",
        )

    def by_route(self) -> Iterator[tuple[str, list[str]]]:
        s = self.summary
        lines = []
        for route in s.routes:
            often = self.say(" [often late]", "【经常延迟】") if route.flagged else ""
            way = f"{route.origin} → {route.destination}"
            by = carriers(route, self.locale)
            lines.append(self.say(f"{way}: {route.late} ({by}){often}", f"{way}：{route.late} 起（{by}）{often}"))
        if s.late_elsewhere:
            lines.append(self.say(f"Route not known: {s.late_elsewhere}", f"线路不详：{s.late_elsewhere} 起"))
        title = self.word(headings.ROUTES)
        if s.flag_at_least is not None:
            title += self.say(f" (often late: {s.flag_at_least} or more)", f"（{s.flag_at_least} 起及以上为经常延迟）")
        yield title, lines

    def by_count(self) -> Iterator[tuple[str, list[str]]]:
        s = self.summary
        yield self.word(headings.KINDS), self.counts(s.by_category)
        yield self.word(headings.LEVELS), self.counts(s.by_level)
        yield self.word(headings.SEVERITY), self.counts(s.by_severity)
        yield self.word(headings.FINDINGS), self.counts(s.by_finding)
        yield self.word(headings.CAUSES), self.counts(s.by_cause)
        yield self.say(f"Ended: {s.closed}", f"结案 {s.closed} 起"), self.counts(s.by_outcome)
        yield self.word(headings.PROMISES), self.promises()
        yield self.word(headings.TEAMS), self.teams()
        yield self.word(headings.PEOPLE), self.people()
        yield from more_sections(s, self.locale)
        yield self.word(headings.MONEY), self.money()
        yield self.word(headings.SATISFACTION), self.satisfaction()
        yield self.word(headings.SURVEY), self.survey()

    def counts(self, counts: tuple[Count, ...]) -> list[str]:
        return [f"{each.in_language(self.locale)}{self.say(': ', '：')}{each.count}" for each in counts]

    def promises(self) -> list[str]:
        return [
            self.say(
                f"{each.title.en} ({named(each.owner, ROLES).en}): kept {each.kept}, missed {each.missed}"
                + (f" [{each.clause}]" if each.clause else ""),
                f"{each.title.zh}（{named(each.owner, ROLES).zh}）：按时 {each.kept}，错过 {each.missed}"
                + (f" [{each.clause}]" if each.clause else ""),
            )
            for each in self.summary.promises
        ]

    def people(self) -> list[str]:
        return [
            self.say(
                f"{each.person}: kept {each.kept}, missed {each.missed}", f"{each.person}：按时 {each.kept}，错过 {each.missed}"
            )
            + late_by(each.late, self.locale)
            for each in self.summary.people
        ]

    def teams(self) -> list[str]:
        return [
            self.say(
                f"{each.title.en}: kept {each.kept}, missed {each.missed}",
                f"{each.title.zh}：按时 {each.kept}，错过 {each.missed}",
            )
            + late_by(each.late, self.locale)
            for each in self.summary.teams
        ]

    def money(self) -> list[str]:
        return [
            self.say(
                f"Agreed {each.agreed}, paid {each.paid}" + (f", given up {each.given_up}" if each.given_up else ""),
                f"商定 {each.agreed}，已付 {each.paid}" + (f"，取消 {each.given_up}" if each.given_up else ""),
            )
            for each in self.summary.money
        ]

    def satisfaction(self) -> list[str]:
        told = self.summary.satisfaction
        lines = []
        if told.satisfied or told.dissatisfied:
            lines.append(
                self.say(
                    f"Satisfied {told.satisfied}, dissatisfied {told.dissatisfied}",
                    f"满意 {told.satisfied} 起，不满意 {told.dissatisfied} 起",
                )
            )
        if told.rating is not None:
            lines.append(
                self.say(f"Mean rating {told.rating} ({told.rated} ratings)", f"平均评分 {told.rating}（{told.rated} 份）")
            )
        if told.handled_again:
            lines.append(
                self.say(
                    f"Handled again: {told.handled_again} (reopened: {told.reopened})",
                    f"二次处理 {told.handled_again} 起（其中重新开启 {told.reopened} 起）",
                )
            )
        return lines

    def survey(self) -> list[str]:
        return [
            f"{self.word(each.question_title)} {self.word(each.title)}{self.say(': ', '：')}{each.count}"
            for each in self.summary.by_answer
        ]

    def improvements(self) -> str:
        title = f"## {self.word(headings.IMPROVEMENTS)}"
        if not self.summary.improvements:
            return f"{title}\n\n{self.word(headings.NO_IMPROVEMENT)}"
        stop = self.say(".", "。")
        lines = [f"- {self.word(each.text)}{stop} [{', '.join(each.clauses)}]" for each in self.summary.improvements]
        return "\n".join([title, "", *lines])
