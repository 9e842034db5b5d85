"""Every clause of every released procedure has a row or a place in the software, and a test; the table says so."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from domain.policy.pack import Pack
from domain.policy.vocabulary import CarriedBy
from handbook.coverage import covered, mark, proofs, table
from handbook.places import PLACES
from storage.packs import load_packs
from tests.domain.packs import tiny

ROOT = Path(__file__).parents[2]


PACKS = load_packs(ROOT / "policies")
PROOFS = proofs(ROOT / "tests", {pack.name for pack in PACKS})


def test_the_table_of_clauses_is_up_to_date() -> None:
    written = (ROOT / "docs" / "clauses.md").read_text(encoding="utf-8")
    assert written == table(PACKS, PROOFS), "run `make clauses`"


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


def test_a_house_rule_is_proven_for_the_pack_that_the_mark_or_the_file_names_and_for_no_other(tmp_path: Path) -> None:
    marked = "import pytest\n\n@pytest.mark.clause('HOUSE-DAYS', 'museum:HOUSE-FEE')\ndef test_it(): ...\n"
    (tmp_path / "test_library_days.py").write_text(marked, encoding="utf-8")
    (tmp_path / "test_all.py").write_text(marked.replace("'museum:", "'archive:"), encoding="utf-8")
    assert proofs(tmp_path, ["library", "museum"]) == {
        "library:HOUSE-DAYS": ("test_library_days.py::test_it",),
        "museum:HOUSE-FEE": ("test_library_days.py::test_it",),
        "HOUSE-DAYS": ("test_all.py::test_it",),
        "archive:HOUSE-FEE": ("test_all.py::test_it",),
    }


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.ref)
def test_every_clause_is_carried_and_proven_those_of_the_house_and_of_reports_too(pack: Pack) -> None:
    for each in covered(pack, PROOFS):
        assert each.rows or each.clause.carried_by, f"{each.clause.id} is carried by nothing"
        assert each.tests, f"{mark(pack, each.clause)} is proven by no test"


def test_every_mark_names_a_clause_of_a_pack_and_a_house_rule_says_of_which() -> None:
    assert set(PROOFS) <= {mark(pack, clause) for pack in PACKS for clause in pack.clause}


def test_where_the_software_carries_a_clause_is_a_place_that_exists() -> None:
    assert set(PLACES) == set(get_args(CarriedBy))
    assert [place for places in PLACES.values() for place in places if not (ROOT / place).exists()] == []
