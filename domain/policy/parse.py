"""From a pack's text to a checked Pack, or to everything that is wrong with it, each with file and line."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from domain.policy.check import sense_problems
from domain.policy.errors import PackInvalid, Problem
from domain.policy.lines import Lines
from domain.policy.pack import OPTIONAL_TABLES, SINGLE_TABLES, Pack, PackFile, Rows, id_of
from domain.policy.raw import Located
from domain.policy.references import reference_problems
from domain.policy.shape import shape_problems

_AT_LINE = re.compile(r"at line (\d+)")


def parse_pack(text: str, source: str, base: Pack | None = None) -> Pack:
    """The pack that a text describes; `source` is how messages name the file, `base` the pack that a variant extends.

    Raises PackInvalid. Shape and references are reported together; gaps and overlaps once those are right.
    """
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError) as error:  # nested too deeply; a number of thousands of digits
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else max(len(text.splitlines()), 1)
        raise PackInvalid([Problem(source, line, f"not valid TOML: {error}", f"不是有效的 TOML：{error}")]) from error
    lines = Lines(text)

    def problem(path: tuple[str | int, ...], en: str, zh: str) -> Problem:
        return Problem(source, lines.of(path), en, zh)

    problems: list[Problem] = []
    file: PackFile | None = None
    try:
        file = PackFile.model_validate(data)
    except ValidationError as error:
        problems += [problem(*each) for each in shape_problems(error)]
    extends = data.get("extends")
    if extends is not None and (base is None or base.ref != extends):
        en = f"extends {extends}, which was not found beside it; add that file"
        raise PackInvalid([*problems, problem(("extends",), en, f"extends 指向 {extends}，但未找到；请补充该文件")])
    if extends is None:
        base = None
        for name in SINGLE_TABLES:
            if name not in data and name not in OPTIONAL_TABLES:
                problems.append(problem((), f"the table [{name}] is missing; add it", f"缺少 [{name}] 表，请补充"))
    rows: list[Located] = []
    try:
        rows = _merged_rows(data, base)
        for each in reference_problems(data, rows, base):
            problems.append(problem(*each))
    except (TypeError, AttributeError, ValueError):
        # A list where a name belongs and the like: told by then, and what else refers to what can be told once it is right.
        if file is not None:
            raise
    if problems or file is None:
        raise PackInvalid(problems)
    pack = _build(file, base, text)
    places = {(row.table, row.id): row.path for row in rows}
    problems = [problem(places.get(where, ()), en, zh) for where, en, zh in sense_problems(pack)]
    if problems:
        raise PackInvalid(problems)
    return pack


def _key(row: Any) -> Any:
    return row.get("id", row.get("name")) if isinstance(row, dict) else None


def _merged_rows(data: dict[str, Any], base: Pack | None) -> list[Located]:
    """All rows of the pack as raw tables: the file's own at their place, and what remains of the base at `extends`."""
    rows: list[Located] = []
    removed = data.get("remove") if isinstance(data.get("remove"), dict) else {}
    for name, field in Rows.model_fields.items():
        table = field.alias or name
        listed = data.get(table, [])
        own = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
        replaced = {_key(row) for row in own} | set((removed or {}).get(table, ()))
        rows += [Located(table, row, (table, place)) for place, row in enumerate(own)]
        if base is not None:
            for model in getattr(base, name):
                raw = model.model_dump(by_alias=True, exclude_none=True)
                if _key(raw) not in replaced:
                    rows.append(Located(table, raw, ("extends",)))
    return rows


def _build(file: PackFile, base: Pack | None, text: str) -> Pack:
    digest = hashlib.sha256(text.encode()).hexdigest()
    said: dict[str, Any] = {name: getattr(file, name) for name in ("name", "version", "title", "source", "extends")}
    said["channels"] = file.channels or (base.channels if base is not None else ())
    for name, field in Rows.model_fields.items():
        own = getattr(file, name)
        inherited = getattr(base, name) if base is not None else ()
        said[field.alias or name] = _merge(own, inherited, getattr(file.remove, name))
    for name in SINGLE_TABLES:
        said[name] = getattr(file, name) or (getattr(base, name) if base is not None else None)
    if base is not None:
        digest = hashlib.sha256(f"{base.digest}\n{digest}".encode()).hexdigest()
    return Pack(digest=digest, **said)


def _merge(own: Iterable[Any], inherited: Iterable[Any], removed: Iterable[str]) -> tuple[Any, ...]:
    """The base's rows in their order, each replaced by the variant's row of the same id, then the variant's new rows."""
    mine = {id_of(row): row for row in own}
    gone = set(removed)
    kept = [mine.pop(id_of(row), row) for row in inherited if id_of(row) not in gone]
    return (*kept, *mine.values())
