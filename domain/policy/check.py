"""Whether a pack makes sense as a whole: every finding has exactly one remedy, and every clause lives somewhere."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping

from domain.policy.circumstances import MOST_CIRCUMSTANCES, circumstances_of, how_many, standing
from domain.policy.conditions import Between, Condition, Fact, Facts, matches
from domain.policy.matching import bounds, known_facts, remedies_for
from domain.policy.pack import Pack
from domain.policy.rows import Category, Clause, FactRule, Ruled
from domain.policy.time_check import time_problems
from domain.policy.wording import Row

# (table, id) of the row at fault, and what is wrong in both languages.
Found = tuple[tuple[str, str], str, str]
# Beyond them nobody waits for the check, and what is not checked is not released.
_MOST_FINDINGS = 50_000


def sense_problems(pack: Pack) -> Iterator[Found]:
    """Gaps, overlaps, rows that never hold, and clauses that nothing carries."""
    yield from time_problems(pack)
    too_many = list(_too_many(pack))
    yield from too_many
    used: set[str] = set()
    for category in pack.category if not too_many else ():
        yield from _answers(pack, category, used)
    for row in pack.remedy if not too_many else ():
        if row.id not in used:
            yield ("remedy", row.id), f"remedy {row.id!r} answers no finding", f"方案“{row.id}”不对应任何核定结果"
    carried = set(clauses_of(pack))
    for clause in pack.clause:
        if clause.id not in carried and clause.carried_by is None:
            en = f"clause {clause.id} is carried by no row; name it in one, or say carried_by"
            yield ("clause", clause.id), en, f"条款 {clause.id} 没有任何条目落实，请在条目中引用或注明 carried_by"


def findings(pack: Pack, category: Category, circumstances: Facts | None = None) -> Iterator[dict[str, Fact]]:
    """Every finding a category allows, as far as the pack can tell them apart: whole numbers at their turning points.

    `circumstances` are what is known of the complaint besides, where rows ask for it.
    """
    asked = _asked_of(pack, category)
    seen: set[tuple[tuple[str, Fact], ...]] = set()
    for values in itertools.product(*(_values(pack, fact) for fact in asked)):
        finding: dict[str, Fact] = {}
        for fact, value in zip(asked, values, strict=True):
            # Facts are asked in the pack's order: a later one may hang on an earlier one, so it sees those before it.
            if matches(fact.when, known_facts(pack, category.id, standing(pack, category, finding, circumstances or {}))):
                finding[fact.name] = value
        key = tuple(sorted(finding.items()))
        if key not in seen:
            seen.add(key)
            yield finding


def _asked_of(pack: Pack, category: Category) -> list[FactRule]:
    return [fact for fact in pack.fact if fact.asked == "assess" and _may_ask(fact, category)]


def _too_many(pack: Pack) -> Iterator[Found]:
    """What cannot be checked for gaps and overlaps, because rows tell apart more than can be gone through."""
    if (circumstances := how_many(pack)) > MOST_CIRCUMSTANCES:
        most = f"more than the {MOST_CIRCUMSTANCES:,} that can be checked; ask for fewer"
        en = f"rows tell {circumstances:,} circumstances apart, {most}"
        zh = f"条目区分 {circumstances:,} 种情形，超过可检查的 {MOST_CIRCUMSTANCES:,} 种，请减少 when 中的条件"
        yield ("remedy", pack.remedy[0].id), en, zh
    for category in pack.category:
        found = math.prod(len(_values(pack, fact)) for fact in _asked_of(pack, category))
        if found > _MOST_FINDINGS:
            en = f"{category.id} allows {found:,} findings, more than the {_MOST_FINDINGS:,} that can be checked; ask fewer facts"
            zh = f"“{category.id}”的核定结果有 {found:,} 种，超过可检查的 {_MOST_FINDINGS:,} 种，请减少所核定的事实"
            yield ("category", category.id), en, zh


def _answers(pack: Pack, category: Category, used: set[str]) -> Iterator[Found]:
    gaps: list[str] = []
    overlaps: dict[tuple[str, ...], str] = {}
    for finding, known in _known_findings(pack, category):
        rows = tuple(row.id for row in remedies_for(pack, category.id, known))
        used.update(rows)
        said = ", ".join(f"{name} = {str(value).lower()}" for name, value in finding.items()) or "any finding"
        if not rows:
            gaps.append(said)
        elif len(rows) > 1:
            overlaps.setdefault(rows, said)
    if gaps:
        shown = "; ".join(gaps[:5])
        en = f"gap: no remedy for {category.id} with {shown}; add a row"
        yield ("category", category.id), en, f"有空缺：{category.id} 在 {shown} 时没有方案，请补充"
    for rows, said in overlaps.items():
        en = f"overlap: remedies {' and '.join(rows)} both answer {category.id} with {said}; narrow one"
        yield ("remedy", rows[-1]), en, f"有重叠：方案 {'、'.join(rows)} 同时对应 {category.id}（{said}），请收窄其一"


def _known_findings(pack: Pack, category: Category) -> Iterator[tuple[dict[str, Fact], Facts]]:
    """Every finding as remedies tell it apart, and with it all that they may ask for."""
    asked = {name for row in pack.remedy for name in row.when}
    seen: set[tuple[tuple[str, Fact], ...]] = set()
    for circumstances in circumstances_of(pack):
        for finding in findings(pack, category, circumstances):
            known = standing(pack, category, finding, circumstances)
            told = finding | {name: value for name, value in known.items() if name in asked}
            key = tuple(sorted(told.items()))
            # A derived fact may hang on circumstances that remedies do not ask for themselves.
            if pack.classes or key not in seen:
                seen.add(key)
                yield told, known


def _may_ask(fact: FactRule, category: Category) -> bool:
    """Whether the fact can be asked here, leaving out conditions on other facts."""
    own = {"category": category.id, "group": category.group}
    return matches({name: condition for name, condition in fact.when.items() if name in own}, own)


def _values(pack: Pack, fact: FactRule) -> list[Fact]:
    if fact.type == "choice":
        return [choice.id for choice in fact.values]
    if fact.type == "boolean":
        return [False, True]
    low, high = bounds(fact)
    points = {0, *(end for end in (low, high) if end is not None)}
    for when in _whens(pack):
        if fact.name in when:
            points.update(_turning_points(when[fact.name]))
    inside = [point for point in points if (low is None or point >= low) and (high is None or point <= high)]
    return sorted(inside)


def _turning_points(condition: Condition) -> Iterator[int]:
    for value in condition if isinstance(condition, tuple) else (condition,):
        ends = value.ends() if isinstance(value, Between) else (value, value)
        for end in ends:
            if isinstance(end, int) and not isinstance(end, bool):
                yield from (end - 1, end, end + 1)


def _whens(pack: Pack) -> Iterable[Mapping[str, Condition]]:
    return [*(row.when for row in pack.remedy), *(row.when for row in pack.classes), *(row.when for row in pack.fact)]


def clauses_of(value: object) -> Iterator[str]:
    """Every clause that the rows name, at any depth; the clauses themselves do not name each other."""
    if isinstance(value, tuple):
        for each in value:
            yield from clauses_of(each)
    elif isinstance(value, Row) and not isinstance(value, Clause):
        if isinstance(value, Ruled):
            yield from value.clauses
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if name in ("clause", "max_clause") and isinstance(inner, str):
                yield inner
            else:
                yield from clauses_of(inner)
