"""One reader of one pack: how rows, conditions and figures read in their language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.order import Locale
from domain.policy.conditions import Between, Condition, Fact
from domain.policy.figures import Amounts, Counted
from domain.policy.pack import Pack
from domain.policy.rows import Rung
from domain.policy.wording import Wording
from domain.words import Words
from handbook import names


@dataclass(frozen=True)
class Reader:
    """The words of one language for one pack."""

    pack: Pack
    locale: Locale

    def say(self, en: str, zh: str) -> str:
        return zh if self.locale == "zh-CN" else en

    def word(self, wording: Wording) -> str:
        return wording.in_language(self.locale)

    def named(self, id: str, known: Mapping[str, Wording]) -> str:
        """The reader's word, or the id where there is none."""
        return self.word(known[id]) if id in known else id

    def list(self, items: Iterable[str]) -> str:
        return self.say(", ", "、").join(items)

    def clauses(self, ids: Iterable[str]) -> str:
        return ", ".join(ids)

    def length(self, duration: timedelta) -> str:
        # No instant is told here, so any zone does.
        return Words("zh" if self.locale == "zh-CN" else "en", ZoneInfo("UTC")).length(duration)

    def entries(self, kinds: Iterable[str]) -> str:
        return self.list(self.named(kind, names.ENTRIES | names.INCIDENT_ENTRIES) for kind in kinds)

    def when(self, conditions: Mapping[str, Condition]) -> str:
        """Every condition; empty where the row always applies."""
        return self.say("; ", "；").join(self._condition(name, condition) for name, condition in conditions.items())

    def _condition(self, name: str, condition: Condition) -> str:
        fact = self.fact(name)
        if isinstance(condition, Between):
            return f"{fact} {self._between(name, condition)}"
        values = condition if isinstance(condition, tuple) else (condition,)
        said = self.say(" or ", " 或 ").join(self.value(name, value) for value in values)
        return f"{fact}{self.say(': ', '：')}{said}"

    def _between(self, name: str, range: Between) -> str:
        low, high = range.ends()
        unit = next((self.word(fact.unit) for fact in self.pack.fact if fact.name == name and fact.unit), "")
        unit = self.say(f" {unit}" if unit else "", unit)
        if low is not None and high is not None:
            return self.say(f"{low} to {high}{unit}", f"{low} 至 {high}{unit}") if low != high else f"{low}{unit}"
        if low is not None:
            return self.say(f"{low}{unit} or more", f"{low}{unit}及以上")
        return self.say(f"{high}{unit} or less", f"{high}{unit}及以下")

    def fact(self, name: str) -> str:
        for fact in self.pack.fact:
            if fact.name == name:
                return self.word(fact.title)
        return self.named(name, names.FACTS)

    def value(self, fact: str, value: Fact) -> str:
        if isinstance(value, bool):
            return self.say("yes" if value else "no", "是" if value else "否")
        if isinstance(value, int):
            return str(value)
        if fact == "category":
            return next((self.word(row.title) for row in self.pack.category if row.id == value), value)
        for row in self.pack.fact:
            for choice in row.values if row.name == fact else ():
                if choice.id == value:
                    return self.say(choice.en, choice.zh)
        return self.named(value, names.VALUES)

    def time(self, counted: Counted) -> str:
        """within 10 minutes; by T+1; on the same day."""
        budget = counted.budget
        if budget.kind == "same_day":
            return self.say("on the day of receipt, by close of service", "受理当日服务结束前")
        if budget.kind == "named":
            return self.say("at the instant named", "约定的时刻")
        if budget.duration is None:
            return self.say(f"by close of service on T+{budget.days}", f"T+{budget.days} 服务结束前")
        clock = self.say("wall clock", "自然时间") if budget.clock == "calendar" else self.say("service hours", "服务时间")
        return self.say(f"within {self.length(budget.duration)} ({clock})", f"{self.length(budget.duration)}内（{clock}）")

    def rung(self, rung: Rung) -> str:
        """3 minutes before: the owner is told."""
        place = rung.place
        before = place.side == "before"
        if place.percent is not None:
            en = f"{'at' if before else 'after another'} {place.percent} % of the time{' left' if before else ''}"
            at = self.say(en, f"{'剩余' if before else '逾期达'}时限的 {place.percent}%{' 时' if before else ''}")
        elif not place.by:
            at = self.say("when due", "到期时")
        else:
            length = self.length(place.by)
            at = self.say(f"{length} {'before' if before else 'after'}", f"{'到期前' if before else '逾期'}{length}")
        done = self.list(self.named(action, names.ACTIONS) for action in rung.do)
        return f"{at}{self.say(': ', '：')}{self.named(rung.to, names.READERS)}{self.say(' ', '')}{done}"

    def amounts(self, amounts: Amounts) -> str:
        return self.list(
            f"{number(a.default)} {currency}" + (f" ({number(a.min)}–{number(a.max)})" if a.min != a.max else "")
            for currency, a in amounts.items()
        )


def number(figure: Decimal) -> str:
    """7.5, 100, 5000: no zeros behind the point, no exponent."""
    return format(figure.normalize(), "f")
