"""Every clause of every released procedure has a row or a place in the software, and a test; the table says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.policy.pack import Pack
from handbook.coverage import covered, proofs, table
from storage.packs import load_packs
from tests.domain.packs import tiny

ROOT = Path(__file__).parents[2]


def test_the_table_of_clauses_is_up_to_date() -> None:
    written = (ROOT / "docs" / "clauses.md").read_text(encoding="utf-8")
    assert written == table(load_packs(ROOT / "policies"), proofs(ROOT / "tests")), "run `make clauses`"


def test_a_clause_names_the_rows_that_carry_it_and_the_tests_that_prove_it(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "test_fees.py").write_text(
        "import pytest\n\n@pytest.mark.clause('LIB-FEE-01')\ndef test_a_wrong_fee_is_given_back(): ...\n\n"
        "class TestFees:\n    @pytest.mark.clause('LIB-FEE-01', 'LIB-RSP-01')\n    def test_both(self): ...\n",
        encoding="utf-8",
    )
    found = {each.clause.id: each for each in covered(tiny(), proofs(tmp_path))}
    assert found["LIB-FEE-01"].tests == ("api/test_fees.py::test_a_wrong_fee_is_given_back", "api/test_fees.py::TestFees")
    assert found["LIB-RSP-01"].tests == ("api/test_fees.py::TestFees",)
    assert "category wrong_fee" in found["LIB-FEE-01"].rows
    assert "deadline answer" in found["LIB-RSP-01"].rows


def test_a_mark_of_a_whole_file_counts_for_the_file(tmp_path: Path) -> None:
    (tmp_path / "test_all.py").write_text("import pytest\npytestmark = pytest.mark.clause('LIB-RSP-01')\n", encoding="utf-8")
    assert proofs(tmp_path) == {"LIB-RSP-01": ("test_all.py",)}


@pytest.mark.parametrize("pack", load_packs(ROOT / "policies"), ids=lambda pack: pack.ref)
def test_every_clause_that_runs_is_carried_and_proven(pack: Pack) -> None:
    reported = {clause for row in pack.report for clause in row.clauses}
    for each in covered(pack, proofs(ROOT / "tests")):
        assert each.rows or each.clause.carried_by, f"{each.clause.id} is carried by nothing"
        if not each.clause.house:
            assert each.tests or each.clause.id in reported, f"{each.clause.id} is proven by no test"
