"""Reading a pack for one complaint: which facts are asked, what follows from them, and which rows hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.intake import Intake
from domain.policy.conditions import Fact, Facts, matches
from domain.policy.errors import FactRefused, NoRemedy, PolicyRefused
from domain.policy.pack import Pack
from domain.policy.remedy_rows import RemedyRule
from domain.policy.rows import Category, DeadlineRule, FactRule
from domain.policy.talk_rows import AdviceRule, FollowUpRule, NoticeRule


def category_for(pack: Pack, id: str) -> Category:
    """The category; raises PolicyRefused naming the ones there are."""
    for category in pack.category:
        if category.id == id:
            return category
    known = ", ".join(category.id for category in pack.category)
    raise PolicyRefused(
        "category",
        zh=f"没有“{id}”这一类别，请从以下类别中选择：{known}",
        en=f"no category {id!r}; choose one of {known}",
    )


def missing_at_intake(category: Category, intake: Intake) -> tuple[str, ...]:
    """Names of the fields that this category requires and the intake lacks."""

    def given(field: str) -> bool:
        if field == "contact":
            return bool(intake.customer.phone or intake.customer.email)
        of, _, part = field.partition(".")
        value = getattr(intake, of)
        return bool(_part(value, part) if part else value)

    return tuple(field for field in category.required if not given(field))


def _part(value: object, name: str) -> object:
    # A draft that is not well formed is asked as well: there it is what was sent.
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def known_facts(pack: Pack, category: str, facts: Facts) -> dict[str, Fact]:
    """The facts with the category's own (category, group, level) and what `[[class]]` rows derive from them."""
    row = category_for(pack, category)
    known: dict[str, Fact] = {"level": row.level, **facts, "category": row.id, "group": row.group}
    for rule in pack.classes:
        if matches(rule.when, known):
            known[rule.name] = rule.value
    return known


def asked_facts(pack: Pack, category: str, facts: Facts) -> tuple[FactRule, ...]:
    """What a person has to find out for this category, given what is known already, in the pack's order."""
    known = known_facts(pack, category, facts)
    return tuple(fact for fact in pack.fact if fact.asked == "assess" and matches(fact.when, known))


def check_facts(pack: Pack, category: str, facts: Facts, standing: Facts | None = None) -> dict[str, Fact]:
    """All known facts of a whole finding; raises FactRefused for one that is missing, not asked, or not allowed.

    `standing` is what is known of the complaint besides: it decides what is asked and what follows, and is no finding.
    """
    besides = standing or {}
    asked = {fact.name: fact for fact in asked_facts(pack, category, {**facts, **besides})}
    for name, value in facts.items():
        if name not in asked:
            names = ", ".join(asked) or "-"
            raise FactRefused(
                f"facts.{name}", zh=f"此类投诉不需要“{name}”，可填写：{names}", en=f"{name} is not asked for here; say {names}"
            )
        _check_value(asked[name], value)
    for fact in asked.values():
        if fact.name not in facts:
            raise FactRefused(f"facts.{fact.name}", zh=f"请填写“{fact.title.zh}”", en=f"{fact.title.en} is missing; say it")
    known = known_facts(pack, category, {**facts, **besides})
    return {name: value for name, value in known.items() if name not in besides or name in ("level", "category", "group")}


def _check_value(fact: FactRule, value: Fact) -> None:
    field = f"facts.{fact.name}"
    if fact.type == "choice":
        allowed = [choice.id for choice in fact.values]
        if value not in allowed or isinstance(value, bool):
            raise FactRefused(
                field,
                zh=f"“{value}”不是可选值，请选择：{', '.join(allowed)}",
                en=f"{value!r} is not allowed; choose one of {', '.join(allowed)}",
            )
    elif fact.type == "boolean":
        if not isinstance(value, bool):
            raise FactRefused(field, zh="请填写是（true）或否（false）", en="say true or false")
    elif isinstance(value, bool) or not isinstance(value, int):
        raise FactRefused(field, zh="请填写整数", en="give a whole number")
    else:
        low, high = bounds(fact)
        if (low is not None and value < low) or (high is not None and value > high):
            least, most = "…" if low is None else low, "…" if high is None else high
            raise FactRefused(field, zh=f"请填写 {least} 至 {most} 之间的整数", en=f"give a whole number from {least} to {most}")


def bounds(fact: FactRule) -> tuple[int | None, int | None]:
    """Lowest and highest value of a whole-number fact; a percent runs from 0 to 100 unless the pack says less."""
    if fact.type == "percent":
        return fact.min if fact.min is not None else 0, fact.max if fact.max is not None else 100
    return fact.min, fact.max


def remedies_for(pack: Pack, category: str, facts: Facts) -> tuple[RemedyRule, ...]:
    """All rows that hold: one for every whole finding of a checked pack."""
    known = known_facts(pack, category, facts)
    return tuple(row for row in pack.remedy if matches(row.when, known))


def remedy_for(pack: Pack, category: str, facts: Facts) -> RemedyRule:
    """The one row that holds; raises NoRemedy when the finding is not whole."""
    rows = remedies_for(pack, category, facts)
    if len(rows) != 1:
        found = {fact.name for fact in pack.fact}
        said = ", ".join(f"{name} = {value}" for name, value in sorted(facts.items()) if name in found) or "-"
        raise NoRemedy("facts", zh=f"没有与核定结果对应的处理方案（{said}）", en=f"no one remedy answers this finding ({said})")
    return rows[0]


def may_start(pack: Pack, entry: str) -> bool:
    """Whether any promise of the whole complaint is opened by an entry of this kind."""
    return any(row.scope == "complaint" and entry in row.starts for row in pack.deadline)


def deadlines_started_by(pack: Pack, entry: str, facts: Facts) -> Iterator[DeadlineRule]:
    """Promises of the whole complaint that an entry of this kind opens. `facts` are known facts, with category and group."""
    return (row for row in pack.deadline if row.scope == "complaint" and entry in row.starts and matches(row.when, facts))


def may_tell(pack: Pack, entry: str) -> bool:
    """Whether any message goes out when an entry of this kind is written."""
    return any(entry in row.on for row in pack.notice)


def notices_for(pack: Pack, entry: str, facts: Facts) -> Iterator[NoticeRule]:
    return (row for row in pack.notice if entry in row.on and matches(row.when, facts))


def advice_for(pack: Pack, entry: str, facts: Facts) -> Iterator[AdviceRule]:
    return (row for row in pack.advice if row.on == entry and matches(row.when, facts))


def follow_ups_for(pack: Pack, entry: str, facts: Facts) -> Iterator[FollowUpRule]:
    return (row for row in pack.follow_up if row.starts == entry and matches(row.when, facts))
