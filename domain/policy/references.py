"""Everything in a pack that names something else: clauses, facts, entries, ladders, deadlines, fields. Unknown is wrong.

It works on the raw tables, so that a slip in one row does not hide a slip in another.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from typing import Any

from domain.entry_kinds import ENTRY_KINDS, INCIDENT_KINDS
from domain.policy.abuse_check import abuse_problems
from domain.policy.pack import Pack, Rows, id_of
from domain.policy.raw import Found, Index, Located, Path
from domain.policy.vocabulary import BUILT_IN_BOOLEANS, BUILT_IN_FACTS, BUILT_IN_WORDS, INTAKE_FIELDS, NOTICE_FIELDS

_ENTRY_KEYS = ("starts", "met_by", "dropped_by", "on")


def reference_problems(data: Mapping[str, Any], rows: list[Located], base: Pack | None) -> Iterator[Found]:
    """What the rows name that does not exist, and ids that exist twice."""
    index = Index(rows)
    yield from _twice(rows)
    yield from _removed(data, base)
    singles = [Located(name, row, (name,)) for name, row in data.items() if isinstance(row, dict) and name != "remove"]
    clauses, ladders, deadlines = index.ids("clause"), index.ids("ladder"), index.ids("deadline")
    for row in [*rows, *singles]:
        for path, key, value in _leaves(row.row, row.path):
            if key in ("clause", "also", "max_clause"):
                yield from _known(path, value, clauses, "clause", "条款")
            elif key in _ENTRY_KEYS:
                kinds = ENTRY_KINDS | INCIDENT_KINDS if row.table == "notice" else ENTRY_KINDS
                if key == "dropped_by":
                    kinds |= {f"consulted:{department}" for department in index.departments}
                yield from _known(path, value, kinds, "journal entry", "日志条目")
            elif key == "ladder":
                yield from _known(path, value, ladders, "ladder", "升级阶梯")
            elif key in ("deadline", "evidence_within"):
                yield from _known(path, value, deadlines, "deadline", "时限")
            elif key == "required":
                yield from _known(path, value, INTAKE_FIELDS, "field of the intake", "受理字段")
            elif key == "outcomes":
                yield from _known(path, value, BUILT_IN_FACTS["outcome"], "outcome", "结案方式")
        yield from _conditions(row, index)
        yield from _own_rules(row, index)
        yield from abuse_problems(row, index)


def _leaves(value: Any, path: Path, key: str = "") -> Iterator[tuple[Path, str, str]]:
    """Every text with its path and the key it stands under; `when` has its own rules."""
    if isinstance(value, dict):
        for inner_key, inner in value.items():
            if inner_key != "when":
                yield from _leaves(inner, (*path, inner_key), inner_key)
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _leaves(inner, (*path, place), key)
    elif isinstance(value, str):
        yield path, key, value


def _known(path: Path, value: Any, known: Any, en: str, zh: str) -> Iterator[Found]:
    if value not in known:
        yield path, f"unknown {en} {value!r}; correct it or declare it", f"未知的{zh}“{value}”，请更正或先声明"


def _twice(rows: list[Located]) -> Iterator[Found]:
    seen: set[tuple[str, Any]] = set()
    for row in rows:
        if row.id is not None and (row.table, row.id) in seen:
            yield row.path, f"[[{row.table}]] {row.id!r} stands here twice; rename one", f"[[{row.table}]] “{row.id}”重复，请改名"
        seen.add((row.table, row.id))
        for key in ("step", "rung"):
            ids = [each.get("id") for each in row.row.get(key, ()) if isinstance(each, dict)]
            for place, id in enumerate(ids):
                if id in ids[:place]:
                    yield (*row.path, key, place), f"{key} {id!r} stands here twice; rename one", f"{key} “{id}”重复，请改名"


def _removed(data: Mapping[str, Any], base: Pack | None) -> Iterator[Found]:
    removed = data.get("remove")
    if not isinstance(removed, dict):
        return
    if base is None:
        yield ("remove",), "only a variant (`extends`) can remove rows", "只有变体（extends）才能删除条目"
        return
    for name, field in Rows.model_fields.items():
        table = field.alias or name
        ids = {id_of(row) for row in getattr(base, name)}
        for place, id in enumerate(removed.get(table, ())):
            yield from _known(("remove", table, place), id, ids, f"[[{table}]] of {base.ref}", f" {base.ref} [[{table}]] ")


def _conditions(row: Located, index: Index) -> Iterator[Found]:
    when = row.row.get("when")
    for name, condition in when.items() if isinstance(when, dict) else ():
        path = (*row.path, "when", name)
        if name in BUILT_IN_FACTS:
            allowed: Any = BUILT_IN_FACTS[name]
            if name == "category":
                allowed = index.ids("category")
            elif name == "group":
                allowed = index.groups
            kind = "choice"
        elif name in BUILT_IN_BOOLEANS:
            kind, allowed = "boolean", ()
        elif name in BUILT_IN_WORDS:
            kind, allowed = "word", ()
        elif name in index.facts:
            fact = index.facts[name]
            kind = fact.get("type", "")
            allowed = [each.get("id") for each in fact.get("values", ()) if isinstance(each, dict)]
        else:
            yield path, f"unknown fact {name!r}; declare it as [[fact]]", f"未知的事实“{name}”，请先以 [[fact]] 声明"
            continue
        for value in condition if isinstance(condition, list | tuple) else [condition]:
            if not _fits(value, kind, allowed):
                said = repr(value) if isinstance(value, str) else str(value).lower()
                yield (
                    path,
                    f"{name} is never {said}; it is {_says(kind, allowed)}",
                    f"“{name}”不可能为 {said}，请更正",
                )


def _fits(value: Any, kind: str, allowed: Any) -> bool:
    if kind == "choice":
        return isinstance(value, str) and value in allowed
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "word":
        return isinstance(value, str)
    return isinstance(value, dict) or (isinstance(value, int) and not isinstance(value, bool))


def _says(kind: str, allowed: Any) -> str:
    if kind == "choice":
        return f"one of {', '.join(sorted(str(each) for each in allowed))}"
    if kind == "word":
        return "a word"
    return "true or false" if kind == "boolean" else "a whole number"


def _own_rules(row: Located, index: Index) -> Iterator[Found]:
    """What only one kind of row can get wrong."""
    deadlines = index.ids("deadline")
    if row.table == "class":
        fact = index.facts.get(row.row.get("name", ""), {})
        if fact.get("asked") != "derived":
            yield (
                (*row.path, "name"),
                "a class gives a value to a derived fact; declare it",
                "[[class]] 只能给派生事实赋值，请先声明",
            )
        elif row.row.get("value") not in [each.get("id") for each in fact.get("values", ())]:
            yield (*row.path, "value"), f"unknown value {row.row.get('value')!r}", f"未知的取值“{row.row.get('value')}”"
    steps = [step for step in row.row.get("step", ()) if isinstance(step, dict)] if row.table == "remedy" else []
    groups = [step.get("one_of") for step in steps]
    for place, step in enumerate(steps):
        path = (*row.path, "step", place)
        yield from _step_rules(step, path, index, deadlines)
        if groups[place] is not None and groups.count(groups[place]) == 1:
            en = f"one_of {groups[place]!r} stands alone; a choice needs another step with the same word"
            yield (*path, "one_of"), en, f"one_of “{groups[place]}”只有一个步骤，至少需要两个"
    if row.table == "notice":
        for key in ("subject", "body"):
            for language, text in (row.row.get(key) or {}).items() if isinstance(row.row.get(key), dict) else ():
                yield from _fields(text, (*row.path, key, language))
    if row.table == "hint":
        yield from _known((*row.path, "category"), row.row.get("category"), index.ids("category"), "category", "类别")
    if row.table == "report" and row.row.get("group") is not None:
        yield from _known((*row.path, "group"), row.row["group"], index.groups, "group of categories", "类别组")


def _step_rules(step: dict[str, Any], path: Path, index: Index, deadlines: dict[str, dict[str, Any]]) -> Iterator[Found]:
    named = step.get("deadline")
    if named in deadlines and deadlines[named].get("scope") != "step":
        yield (*path, "deadline"), f"deadline {named!r} is not of scope step", f"时限“{named}”的 scope 不是 step"
    per_day = step.get("per_day")
    if isinstance(per_day, dict) and index.facts.get(per_day.get("fact", ""), {}).get("type") != "integer":
        name = per_day.get("fact")
        yield (*path, "per_day"), f"{name!r} is not a fact of type integer", f"“{name}”不是整数类型的事实"


def _fields(text: Any, path: Path) -> Iterator[Found]:
    try:
        named = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
    except (ValueError, TypeError) as error:
        yield path, f"not a template: {error}", f"不是有效的模板：{error}"
        return
    for field in named:
        yield from _known(path, field, NOTICE_FIELDS, "field of a notice", "通知字段")
