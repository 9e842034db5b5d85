"""A summary as tables in one language: what HTML and workbook are both made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from domain.order import Locale
from domain.policy.wording import Wording
from domain.summary.figures import Count, FindingCount, Summary
from domain.summary.names import RECURRING, ROLES, named
from domain.summary.telling_more import changes, spell

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
        waiting = s.received - s.assessed - s.unfounded
        rows = (
            (self.say("Received", "收到"), s.received),
            (self.say("Assessed", "已认定"), s.assessed),
            (self.say("Found untrue", "不成立"), s.unfounded),
            (self.say("Not decided yet", "尚未认定"), waiting),
            (self.say("Ended", "结案"), s.closed),
        )
        return Section(self.say("Complaints", "投诉"), ("", self.say("Number", "件数")), rows)

    def by_route(self) -> Iterator[Section]:
        rows = tuple(
            (
                f"{route.origin} → {route.destination}",
                route.late,
                self.say("; ", "；").join(
                    f"{each.carrier or self.say('carrier not known', '承运商不详')} {each.late}" for each in route.carriers
                ),
                self.say("often late", "经常延迟") if route.flagged else "",
            )
            for route in self.summary.routes
        )
        if self.summary.late_elsewhere:
            rows = (*rows, (self.say("Route not known", "线路不详"), self.summary.late_elsewhere, "", ""))
        columns = (self.say("Route", "线路"), self.say("Late", "延迟"), self.say("Carriers", "承运商"), "")
        yield Section(self.say("Complaints of lateness by route", "延迟投诉（按线路）"), columns, rows, bars=(1,))

    def by_count(self) -> Iterator[Section]:
        s = self.summary
        number = self.say("Number", "件数")
        for title, counts in (
            (self.say("Kinds", "类别"), s.by_category),
            (self.say("Levels", "等级"), s.by_level),
            (self.say("Severity", "严重程度"), s.by_severity),
            (self.say("Findings", "核定结果"), s.by_finding),
            (self.say("Causes: who is liable", "根源：责任方"), s.by_cause),
            (self.say("How they ended", "结案方式"), s.by_outcome),
            (self.say("Departments asked or told", "参与处理的部门"), s.by_department),
        ):
            yield Section(title, ("", number), tuple((self.kind(each), each.count) for each in counts), bars=(1,))
        kept, missed = self.say("Kept in time", "按时"), self.say("Missed", "错过")
        yield Section(
            self.say("Promises, the weakest first", "时限（薄弱环节在前）"),
            (self.say("Promise", "承诺"), kept, missed, self.say("Whose", "责任人"), self.say("Clause", "条款")),
            tuple((self.word(p.title), p.kept, p.missed, self.word(named(p.owner, ROLES)), p.clause) for p in s.promises),
            bars=(1, 2),
        )
        late = (self.say("Late in all (h:min)", "共迟（时:分）"),) if any(p.late for p in s.people) else ()
        yield Section(
            self.say("Promises of agents by team", "客服时限（按团队）"),
            (self.say("Team", "团队"), kept, missed, *late),
            tuple((self.word(t.title), t.kept, t.missed, *(spell(t.late) if t.late else "" for _ in late)) for t in s.teams),
            bars=(1, 2),
        )
        yield Section(
            self.say("Promises of agents by person in charge", "客服时限（按负责人）"),
            (self.say("Person", "人员"), kept, missed, *late),
            tuple((p.person, p.kept, p.missed, *(spell(p.late) if p.late else "" for _ in late)) for p in s.people),
            bars=(1, 2),
        )
        yield from self.more()
        yield Section(
            self.say("Money", "金额"),
            (self.say("Currency", "币种"), self.say("Agreed", "商定"), self.say("Paid", "已付"), self.say("Given up", "取消")),
            tuple((m.agreed.currency, m.agreed.amount, m.paid.amount, m.given_up.amount) for m in s.money),
        )
        yield self.satisfaction()
        yield Section(
            self.say("Survey", "满意度问卷"),
            (self.say("Question", "问题"), self.say("Answer", "回答"), number),
            tuple((self.word(each.question_title), self.word(each.title), each.count) for each in s.by_answer),
            bars=(2,),
        )

    def more(self) -> Iterator[Section]:
        """What appears only where there is something."""
        s, number = self.summary, self.say("Number", "件数")
        yield Section(
            self.say("Employees complained of", "对员工的投诉"),
            (
                self.say("Person", "人员"), self.say("Found true", "属实"), self.say("Recorded", "计入考核"),
                self.say("Coached", "辅导"),
            ),
            tuple((each.person, each.found_true, each.recorded, each.coached) for each in s.staff),
        )  # fmt: skip
        yield Section(
            self.say("What keeps recurring", "反复出现"),
            ("", number, self.say("Kind", "种类")),
            tuple((self.word(each.name), each.count, self.word(RECURRING[each.kind])) for each in s.recurring),
            bars=(1,),
        )
        in_all = ((self.say("In all", "合计"), s.repeat_complainants),) if s.repeat_complainants else ()
        yield Section(
            self.say("Customers who complained again", "重复投诉的客户"),
            (self.say("Customer", "客户"), number),
            (*in_all, *((each.customer_id, each.complaints) for each in s.repeating)),
        )
        if s.incidents is not None:
            rows = (
                (self.say("Incidents", "事件"), s.incidents.incidents),
                (self.say("Complaints in them", "涉及投诉"), s.incidents.complaints),
            )
            yield Section(self.say("Incidents", "集中事件"), ("", number), rows)
        if s.trend is not None:
            all_of_it = (self.say("Received", "收到"), s.received, s.trend.received)
            yield Section(
                self.say("Against the period before", "与上期比较"),
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
        return Section(self.say("Satisfaction", "满意度"), ("", self.say("Number", "数值")), tuple(rows))

    def improvements(self) -> Section:
        rows = tuple((self.word(each.text), ", ".join(each.clauses)) for each in self.summary.improvements)
        if not rows:
            rows = ((self.say("The figures ask for none.", "本期数据未提示需要改进之处。"), ""),)
        return Section(
            self.say("Proposed improvements", "改进建议"), (self.say("Proposal", "建议"), self.say("Clauses", "条款")), rows
        )

    def kind(self, each: Count) -> str:
        title = self.word(each.title)
        return f"{self.word(each.fact_title)} / {title}" if isinstance(each, FindingCount) else title
