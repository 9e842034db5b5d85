"""A summary as tables in one language: what HTML and workbook are both made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from domain.order import Locale
from domain.policy.wording import Wording
from domain.summary import headings
from domain.summary.figures import Summary
from domain.summary.names import RECURRING, ROLES, named
from domain.summary.telling_more import carriers, changes, spell

Cell = str | int | Decimal


@dataclass(frozen=True)
class Section:
    """One table. `bars`: the columns, counted from 0, that a chart shows for each row; none: no chart."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bars: tuple[int, ...] = ()


def sections(summary: Summary, locale: Locale) -> tuple[Section, ...]:
    """Every table of the summary that has rows."""
    return tuple(section for section in _Sections(summary, locale).all() if section.rows)


@dataclass(frozen=True)
class _Sections:
    summary: Summary
    locale: Locale

    def say(self, en: str, zh: str) -> str:
        return zh if self.locale == "zh-CN" else en

    def word(self, wording: Wording) -> str:
        return wording.in_language(self.locale)

    def all(self) -> Iterator[Section]:
        yield self.received()
        yield from self.by_route() if self.summary.by_route else self.by_count()
        yield self.improvements()

    def received(self) -> Section:
        s = self.summary
        rows = (
            (self.say("Received", "收到"), s.received),
            (self.say("Assessed", "已认定"), s.assessed),
            (self.say("Found untrue", "不成立"), s.unfounded),
            (self.say("Not decided yet", "尚未认定"), s.undecided),
            (self.say("Ended", "结案"), s.closed),
        )
        return Section(self.say("Complaints", "投诉"), ("", self.say("Number", "件数")), rows)

    def by_route(self) -> Iterator[Section]:
        rows = tuple(
            (
                f"{route.origin} → {route.destination}",
                route.late,
                carriers(route, self.locale),
                self.say("often late", "经常延迟") if route.flagged else "",
            )
            for route in self.summary.routes
        )
        if self.summary.late_elsewhere:
            rows = (*rows, (self.say("Route not known", "线路不详"), self.summary.late_elsewhere, "", ""))
        columns = (self.say("Route", "线路"), self.say("Late", "延迟"), self.say("Carriers", "承运商"), "")
        yield Section(self.word(headings.ROUTES), columns, rows, bars=(1,))

    def by_count(self) -> Iterator[Section]:
        s = self.summary
        number = self.say("Number", "件数")
        for title, counts in (
            (self.word(headings.KINDS), s.by_category),
            (self.word(headings.LEVELS), s.by_level),
            (self.word(headings.SEVERITY), s.by_severity),
            (self.word(headings.FINDINGS), s.by_finding),
            (self.word(headings.CAUSES), s.by_cause),
            (self.say("How they ended", "结案方式"), s.by_outcome),
            (self.word(headings.DEPARTMENTS), s.by_department),
        ):
            yield Section(title, ("", number), tuple((each.in_language(self.locale), each.count) for each in counts), bars=(1,))
        kept, missed = self.say("Kept in time", "按时"), self.say("Missed", "错过")
        yield Section(
            self.word(headings.PROMISES),
            (self.say("Promise", "承诺"), kept, missed, self.say("Whose", "责任人"), self.say("Clause", "条款")),
            tuple((self.word(p.title), p.kept, p.missed, self.word(named(p.owner, ROLES)), p.clause) for p in s.promises),
            bars=(1, 2),
        )
        late = (self.say("Late in all (h:min)", "共迟（时:分）"),) if any(p.late for p in s.people) else ()
        yield Section(
            self.word(headings.TEAMS),
            (self.say("Team", "团队"), kept, missed, *late),
            tuple((self.word(t.title), t.kept, t.missed, *(spell(t.late) if t.late else "" for _ in late)) for t in s.teams),
            bars=(1, 2),
        )
        yield Section(
            self.word(headings.PEOPLE),
            (self.say("Person", "人员"), kept, missed, *late),
            tuple((p.person, p.kept, p.missed, *(spell(p.late) if p.late else "" for _ in late)) for p in s.people),
            bars=(1, 2),
        )
        yield from self.more()
        yield Section(
            self.word(headings.MONEY),
            (self.say("Currency", "币种"), self.say("Agreed", "商定"), self.say("Paid", "已付"), self.say("Given up", "取消")),
            tuple((m.agreed.currency, m.agreed.amount, m.paid.amount, m.given_up.amount) for m in s.money),
        )
        yield self.satisfaction()
        yield Section(
            self.word(headings.SURVEY),
            (self.say("Question", "问题"), self.say("Answer", "回答"), number),
            tuple((self.word(each.question_title), self.word(each.title), each.count) for each in s.by_answer),
            bars=(2,),
        )

    def more(self) -> Iterator[Section]:
        """What appears only where there is something."""
        s, number = self.summary, self.say("Number", "件数")
        yield Section(
            self.word(headings.STAFF),
            (
                self.say("Person", "人员"), self.say("Found true", "属实"), self.say("Recorded", "计入考核"),
                self.say("Coached", "辅导"),
            ),
            tuple((each.person, each.found_true, each.recorded, each.coached) for each in s.staff),
        )  # fmt: skip
        yield Section(
            self.word(headings.RECURRING),
            ("", number, self.say("Kind", "种类")),
            tuple((self.word(each.name), each.count, self.word(RECURRING[each.kind])) for each in s.recurring),
            bars=(1,),
        )
        in_all = ((self.say("In all", "合计"), s.repeat_complainants),) if s.repeat_complainants else ()
        yield Section(
            self.word(headings.REPEATING),
            (self.say("Customer", "客户"), number),
            (*in_all, *((each.customer_id, each.complaints) for each in s.repeating)),
        )
        if s.incidents is not None:
            rows = (
                (self.say("Incidents", "事件"), s.incidents.incidents),
                (self.say("Complaints in them", "涉及投诉"), s.incidents.complaints),
            )
            yield Section(self.word(headings.INCIDENTS), ("", number), rows)
        if s.trend is not None:
            all_of_it = (self.say("Received", "收到"), s.received, s.trend.received)
            yield Section(
                self.word(headings.TREND),
                ("", self.say("This period", "本期"), str(s.trend.period)),
                (all_of_it, *changes(s, self.locale)),
                bars=(1, 2),
            )

    def satisfaction(self) -> Section:
        told = self.summary.satisfaction
        rows: list[tuple[Cell, ...]] = []
        if told.satisfied or told.dissatisfied:
            rows += [(self.say("Satisfied", "满意"), told.satisfied), (self.say("Dissatisfied", "不满意"), told.dissatisfied)]
        if told.rating is not None:
            rows += [(self.say("Mean rating", "平均评分"), told.rating), (self.say("Ratings", "评分份数"), told.rated)]
        if told.handled_again:
            rows += [
                (self.say("Handled again", "二次处理"), told.handled_again),
                (self.say("Reopened", "重新开启"), told.reopened),
            ]
        return Section(self.word(headings.SATISFACTION), ("", self.say("Number", "数值")), tuple(rows))

    def improvements(self) -> Section:
        rows = tuple((self.word(each.text), ", ".join(each.clauses)) for each in self.summary.improvements)
        if not rows:
            rows = ((self.word(headings.NO_IMPROVEMENT), ""),)
        return Section(self.word(headings.IMPROVEMENTS), (self.say("Proposal", "建议"), self.say("Clauses", "条款")), rows)
