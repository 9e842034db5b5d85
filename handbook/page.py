"""A pack as a document that a manager can read: Markdown, in Chinese or in English."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from domain.order import Locale
from domain.policy.pack import Pack
from domain.policy.remedy_rows import RemedyRule, StepRule
from domain.policy.rows import Category, DeadlineRule, FactRule
from domain.policy.talk_rows import NoticeRule
from handbook import names
from handbook.abuse import abuse, articles
from handbook.batches import batches
from handbook.classification import channels, classification
from handbook.looking_back import looking_back
from handbook.reader import Reader, number
from handbook.reports import reports
from handbook.routing import routing


def page(pack: Pack, locale: Locale) -> str:
    """The whole procedure. Sections without rows are left out."""
    return "\n".join(_Page(Reader(pack, locale)).lines())


# What a percentage is taken of.
_BASES = {
    "order": ("what was paid, freight included", "实付金额（含运费）"),
    "goods": ("the goods", "货款"),
    "items": ("the goods chosen", "所选商品价值"),
}


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


class _Page:
    def __init__(self, reader: Reader) -> None:
        self._r = reader
        self._pack = reader.pack

    def lines(self) -> Iterator[str]:
        r, pack = self._r, self._pack
        yield f"# {r.word(pack.title)} `{pack.ref}`"
        yield ""
        yield pack.source
        if pack.extends:
            yield ""
            yield r.say(f"A variant of `{pack.extends}`.", f"基于 `{pack.extends}` 的变体。")
        yield ""
        yield f"SHA-256 `{pack.digest}`"
        sections: tuple[tuple[str, str, Callable[[], Iterator[str]]], ...] = (
            ("What is complained of", "投诉类别", self._categories),
            ("How it may be filed", "受理渠道", lambda: channels(r)),
            ("How grave and how urgent it is", "定级与紧急程度", lambda: classification(r)),
            ("What is found out", "需要查明的事实", self._facts),
            ("What is promised by when", "时限", self._deadlines),
            ("Whom a promise is taken to", "升级阶梯", self._ladders),
            ("How each finding is answered", "处理方案", self._remedies),
            ("Who must approve", "审批", self._approvals),
            ("Agreement, call back and end", "商定、回访与结案", self._ends),
            ("After the remedy", "处理之后", lambda: looking_back(r)),
            ("Who is told", "通知", self._notices),
            ("What people at work are told", "工作提示", self._advice),
            ("Summaries", "报表", lambda: reports(r)),
            ("Many complaints of one thing", "批量投诉", lambda: batches(r)),
            ("Who takes it", "由谁处理", lambda: routing(r)),
            ("When a complaint may not be honest", "恶意投诉与举证", lambda: abuse(r)),
            ("Knowledge base", "知识库", lambda: articles(r)),
            ("Clauses", "条款", self._clauses),
        )
        for en, zh, section in sections:
            if rows := list(section()):
                yield ""
                yield f"## {r.say(en, zh)}"
                yield ""
                yield from rows
        yield ""

    def _table(self, *heads: tuple[str, str]) -> Iterator[str]:
        yield self._row(*(self._r.say(en, zh) for en, zh in heads))
        yield self._row(*("---" for _ in heads))

    def _row(self, *cells: str) -> str:
        return f"| {' | '.join(_cell(cell) for cell in cells)} |"

    def _categories(self) -> Iterator[str]:
        r = self._r
        yield from self._table(("category", "类别"), ("id", "编号"), ("has to be given", "必填"), ("clause", "条款"))

        def row(each: Category) -> str:
            title = r.word(each.title)
            if each.level != "normal":
                title += f" ({r.named(each.level, names.VALUES)})"
            required = r.list(r.named(field, names.FIELDS) for field in each.required) or "-"
            return self._row(title, f"`{each.id}`", required, r.clauses(each.clauses))

        yield from map(row, self._pack.category)

    def _facts(self) -> Iterator[str]:
        if not self._pack.fact:
            return
        r = self._r
        yield from self._table(("finding", "事实"), ("values", "取值"), ("asked where", "适用范围"), ("clause", "条款"))
        for fact in self._pack.fact:
            where = r.when(fact.when) if fact.asked == "assess" else self._classes(fact)
            yield self._row(r.word(fact.title), self._values(fact), where or r.say("always", "始终"), r.clauses(fact.clauses))

    def _values(self, fact: FactRule) -> str:
        r = self._r
        if fact.type == "choice":
            return r.say("; ", "；").join(r.say(choice.en, choice.zh) for choice in fact.values)
        if fact.type == "boolean":
            return r.say("yes or no", "是或否")
        low = "…" if fact.min is None else fact.min
        high = "…" if fact.max is None else fact.max
        unit = r.word(fact.unit) if fact.unit else "%" if fact.type == "percent" else ""
        return f"{low}–{high} {unit}".rstrip()

    def _classes(self, fact: FactRule) -> str:
        r = self._r
        rows = (row for row in self._pack.classes if row.name == fact.name)
        return r.say(" / ", " / ").join(f"{r.value(fact.name, row.value)} ← {r.when(row.when)}" for row in rows)

    def _deadlines(self) -> Iterator[str]:
        r = self._r
        yield from self._table(
            ("promise", "承诺"), ("time", "时间"), ("from", "起点"), ("kept by", "履行"), ("whose", "责任人"),
            ("ladder", "阶梯"), ("clause", "条款"),
        )  # fmt: skip

        def row(each: DeadlineRule) -> str:
            marks = [r.when(each.when)] if each.when else []
            if each.scope == "step":
                marks.append(r.say("for each step that names it", "按步骤计"))
            if each.repeat:
                marks.append(r.say("again and again", "循环"))
            if each.pausable:
                marks.append(r.say("stops while the customer is waited for", "等待客户时暂停"))
            title = r.word(each.title) + (f" ({r.say('; ', '；').join(marks)})" if marks else "")
            return self._row(
                title, r.time(each), r.entries(each.starts), r.entries(each.met_by),
                r.named(each.owner, names.ROLES), f"`{each.ladder}`", r.clauses(each.clauses),
            )  # fmt: skip

        yield from map(row, self._pack.deadline)

    def _ladders(self) -> Iterator[str]:
        for ladder in self._pack.ladder:
            yield f"- `{ladder.id}` ({self._r.clauses(ladder.clauses)})"
            yield from (f"  - {self._r.rung(rung)}" for rung in ladder.rung)

    def _remedies(self) -> Iterator[str]:
        r = self._r
        for remedy in self._pack.remedy:
            yield f"### {r.word(remedy.title)} ({r.clauses(remedy.clauses)})"
            yield ""
            yield r.say("When ", "条件：") + r.when(remedy.when)
            yield ""
            if remedy.advice:
                yield f"> {r.word(remedy.advice)}"
                yield ""
            yield from (f"- {self._step(step, remedy)}" for step in remedy.step)
            yield ""

    def _step(self, step: StepRule, remedy: RemedyRule) -> str:
        r = self._r
        parts = [r.named(step.kind, names.KINDS), r.named(step.by, names.EXECUTORS), *self._figures(step)]
        if step.optional:
            chosen = ("only where the agent chooses it", "仅在客服选择时给予")
            parts.append(r.say(*chosen if step.if_chosen else ("may be left out", "可省略")))
        if step.one_of:
            others = [other for other in remedy.step if other.one_of == step.one_of and other is not step]
            parts.append(r.say("or instead: ", "或改为：") + r.list(r.word(other.title) for other in others))
        if step.deadline:
            parts.append(r.word(self._pack.deadline_of(step.deadline).title))
        if step.clause:
            parts.append(step.clause)
        return f"**{r.word(step.title)}**{r.say(': ', '：')}{r.say('; ', '；').join(parts)}"

    def _figures(self, step: StepRule) -> Iterator[str]:
        r = self._r
        base = r.say(*_BASES[step.of or "goods"])
        if step.percent:
            low, high, default = (number(each) for each in (step.percent.min, step.percent.max, step.percent.default))
            share = (
                f"{default} %"
                if low == high
                else r.say(f"{low}–{high} % ({default} % proposed)", f"{low}–{high}%（默认 {default}%）")
            )
            hard = r.say(", never outside", "，不得超出") if step.percent.hard else ""
            yield r.say(f"{share} of {base}{hard}", f"{base}的 {share}{hard}")
        if step.offers:
            rising = [number(each) for each in step.offers]
            yield r.say(f"offered step by step: {', '.join(rising)} %", f"逐步提高：{'、'.join(rising)}%")
        if step.per_day:
            each = step.per_day
            counted = r.fact(each.fact)
            yield r.say(
                f"{number(each.percent)} % of {base} for each of {counted}, at most {number(each.max_percent)} %",
                f"按{counted}每单位{base}的 {number(each.percent)}%，最多 {number(each.max_percent)}%",
            )
        if step.amount:
            yield r.amounts(step.amount)
        if step.points:
            low, high, default = str(step.points.min), str(step.points.max), str(step.points.default)
            yield r.say(f"{low}–{high} points ({default} proposed)", f"{low}–{high} 分（默认 {default}）")
        if step.item:
            yield r.word(step.item)

    def _approvals(self) -> Iterator[str]:
        if not self._pack.approval:
            return
        r = self._r
        yield from self._table(("plan", "方案"), ("approved by", "审批人"), ("clause", "条款"))
        for row in self._pack.approval:
            about = [r.list(r.named(kind, names.KINDS) for kind in row.kinds)] if row.kinds else []
            if row.when:
                about.append(r.when(row.when))
            if row.over:
                sums = r.list(f"{number(amount)} {currency}" for currency, amount in row.over.items())
                about.append(r.say(f"over {sums}", f"超过 {sums}"))
            if row.outside_range:
                about.append(r.say("outside the procedure's range", "超出规定幅度"))
            if row.outside_order:
                about.append(r.say("something that the order does not hold", "订单以外的物品"))
            yield self._row(
                r.say("; ", "；").join(about) or r.say("every plan", "所有方案"),
                r.named(row.role, names.ROLES),
                r.clauses(row.clauses),
            )

    def _ends(self) -> Iterator[str]:
        r, pack = self._r, self._pack
        judges = r.say(", then ", "，其后").join(r.named(role, names.ROLES) for role in pack.appeal.heard_by)
        yield r.say(
            f"- Appeals are heard by: {judges} ({r.clauses(pack.appeal.clauses)}).",
            f"- 申诉由{judges}审理（{r.clauses(pack.appeal.clauses)}）。",
        )
        c, by_clause = pack.confirm, r.clauses(pack.confirm.clauses)
        scale = f"{c.rating_min}–{c.rating_max}"
        yield r.say(
            f"- Call back: {scale}, satisfied from {c.satisfied_from}; {c.attempts} attempts ({by_clause}).",
            f"- 回访评分 {scale}，{c.satisfied_from} 分起为满意；最多 {c.attempts} 次（{by_clause}）。",
        )
        yield r.say(
            f"- On top of refunds at most {number(pack.cap.extra_percent)} % of the order ({r.clauses(pack.cap.clauses)}).",
            f"- 退款以外的补偿不超过订单金额的 {number(pack.cap.extra_percent)}%（{r.clauses(pack.cap.clauses)}）。",
        )
        outcomes = r.list(r.named(outcome, names.OUTCOMES) for outcome in pack.closing.outcomes)
        by = r.named(pack.closing.decided_by, names.ROLES)
        yield r.say(
            f"- A complaint ends by: {outcomes}. Against the customer's word: {by} ({r.clauses(pack.closing.clauses)}).",
            f"- 结案方式：{outcomes}。客户不同意时由{by}决定（{r.clauses(pack.closing.clauses)}）。",
        )

    def _notices(self) -> Iterator[str]:
        if not self._pack.notice:
            return
        r = self._r
        yield from self._table(("after", "时机"), ("to", "收件人"), ("subject", "主题"), ("text", "内容"), ("clause", "条款"))

        def row(each: NoticeRule) -> str:
            when = f" ({r.when(each.when)})" if each.when else ""
            to = r.named(each.to, names.READERS)
            return self._row(r.entries(each.on) + when, to, r.word(each.subject), r.word(each.body), r.clauses(each.clauses))

        yield from map(row, self._pack.notice)

    def _advice(self) -> Iterator[str]:
        r = self._r
        for row in self._pack.advice:
            after = r.entries((row.on,)) + (f" ({r.when(row.when)})" if row.when else "")
            told = f"{r.word(row.text)} ({r.clauses(row.clauses)})"
            yield r.say(f"- After {after}: {told}", f"- 在{after}后：{told}")

    def _clauses(self) -> Iterator[str]:
        r = self._r
        yield from self._table(("clause", "条款"), ("rule", "规则"), ("how", "方式"))
        for clause in self._pack.clause:
            marks = [r.named(clause.by, names.EXECUTORS)]
            if clause.inferred:
                marks.append(r.say("inferred", "推定"))
            if clause.house and clause.reason:
                marks.append(r.say(f"house rule: {r.word(clause.reason)}", f"内部规定：{r.word(clause.reason)}"))
            yield self._row(clause.id, r.say(clause.en, clause.zh), r.say("; ", "；").join(marks))
