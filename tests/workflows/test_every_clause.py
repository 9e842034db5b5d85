"""Every clause of the home procedure is proven by a test, or stands in a report row of the pack."""

from __future__ import annotations

from pathlib import Path

from domain.policy.parse import parse_pack
from handbook.coverage import proofs

ROOT = Path(__file__).parent.parent.parent


def test_every_clause_of_the_procedure_is_proven_or_reported() -> None:
    file = ROOT / "policies" / "home" / "2026-11.toml"
    pack = parse_pack(file.read_text(encoding="utf-8"), str(file), None)
    procedure = {clause.id for clause in pack.clause if not clause.house}
    reported = {clause for row in pack.report for clause in (row.clause, *row.also)}
    assert len(procedure) == 28
    assert procedure - set(proofs(ROOT / "tests")) - reported == set()
    assert reported & procedure >= {"HOM-SUM-01", "HOM-SUM-02"}


def test_every_marker_names_a_clause_that_some_pack_has() -> None:
    known = set()
    for file in sorted((ROOT / "policies").glob("*/*.toml")):
        known |= {line.split('"')[1] for line in file.read_text(encoding="utf-8").splitlines() if line.startswith('id = "')}
    assert {clause for clause in proofs(ROOT / "tests") if clause.startswith(("HOM-", "HOUSE-"))} <= known
