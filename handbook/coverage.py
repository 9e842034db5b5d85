"""From clause to row to test: what carries every clause of a procedure, and what proves it.

House rules of several packs bear the same id with different figures, so the proof of one is of one pack:
`clause("grocery:HOUSE-VERIFY")`, or the bare id in a test file that has the pack in its name (test_grocery.py).
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.policy.check import clauses_of
from domain.policy.pack import SINGLE_TABLES, Pack, Rows, id_of
from domain.policy.rows import Clause
from handbook import names
from handbook.places import PLACES

# Ids of house rules begin so, in every pack.
HOUSE = "HOUSE-"


@dataclass(frozen=True)
class Covered:
    """One clause: the rows of the pack that name it, or where in the software it lives, and the tests that carry its id."""

    clause: Clause
    rows: tuple[str, ...]
    tests: tuple[str, ...]


def covered(pack: Pack, proofs: dict[str, tuple[str, ...]]) -> list[Covered]:
    """Every clause of the pack, in its order."""
    carriers: dict[str, list[str]] = {}
    for name, field in Rows.model_fields.items():
        for row in getattr(pack, name):
            if not isinstance(row, Clause):
                for clause in dict.fromkeys(clauses_of(row)):
                    carriers.setdefault(clause, []).append(f"{field.alias or name} {id_of(row)}")
    for single in SINGLE_TABLES:
        for clause in dict.fromkeys(clauses_of(getattr(pack, single))):
            carriers.setdefault(clause, []).append(single)
    return [Covered(each, tuple(carriers.get(each.id, ())), proofs.get(mark(pack, each), ())) for each in pack.clause]


def mark(pack: Pack, clause: Clause) -> str:
    """What a test bears that proves the clause: its id, with the pack before that of a house rule."""
    return f"{pack.name}:{clause.id}" if clause.house else clause.id


def proofs(tests: Path, packs: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """Tests by the clauses in their `pytest.mark.clause(...)`, as `folder/file.py::name`; a file's own mark names the file.

    A bare house rule in a file that is named after one of the packs is that pack's; in any other file it is nobody's.
    """
    found: dict[str, list[str]] = {}
    for file in sorted(tests.rglob("test_*.py")):
        where = file.relative_to(tests).as_posix()
        about = next((name for name in packs if name in file.stem.split("_")), None)
        for holder, clauses in _marks(ast.parse(file.read_text(encoding="utf-8"))):
            for clause in clauses:
                named = f"{about}:{clause}" if about and clause.startswith(HOUSE) else clause
                found.setdefault(named, []).append(f"{where}::{holder}" if holder else where)
    return {clause: tuple(dict.fromkeys(places)) for clause, places in found.items()}


def _marks(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            named = [clause for each in (node, *ast.walk(node)) for clause in _named_in(each)]
            yield node.name, list(dict.fromkeys(named))
        else:
            yield "", list(dict.fromkeys(clause for each in ast.walk(node) for clause in _named_in(each)))


def _named_in(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.clause":
        return [str(each.value) for each in node.args if isinstance(each, ast.Constant)]
    return []


def table(packs: list[Pack], proofs: dict[str, tuple[str, ...]]) -> str:
    """docs/clauses.md: one table a procedure."""
    lines = [
        "# Clauses: what carries each, and what proves it · 条款对照表",
        "",
        "Made by `make clauses` from the packs and the tests; a test fails when it is not up to date.",
        "由 `make clauses` 根据制度包与测试生成；内容过期时测试不通过。",
    ]
    for pack in packs:
        lines += ["", f"## {pack.title.en} · {pack.title.zh} (`{pack.ref}`)", ""]
        lines += ["| clause 条款 | rule 规则 | carried by 落实 | proven by 验证 |", "| --- | --- | --- | --- |"]
        lines += [_line(each) for each in covered(pack, proofs)]
    return "\n".join(lines) + "\n"


def _line(each: Covered) -> str:
    clause = each.clause
    rule = f"{clause.en}<br>{clause.zh}" + (" *(inferred 推定)*" if clause.inferred else "")
    carried = [f"`{row}`" for row in each.rows]
    if clause.carried_by:
        word = names.CARRIERS[clause.carried_by]
        carried += [f"{word.en} {word.zh}: {', '.join(f'`{place}`' for place in PLACES[clause.carried_by])}"]
    tests = [f"`{test}`" for test in each.tests]
    shown = tests if len(tests) <= 4 else [*tests[:3], f"+{len(tests) - 3}"]
    return f"| {clause.id} | {rule.replace('|', '/')} | {'<br>'.join(carried) or '-'} | {'<br>'.join(shown) or '-'} |"
