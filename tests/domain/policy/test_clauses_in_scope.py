"""The grocery and shop packs against their written procedures: every clause in scope stands in the pack, and no other."""

from __future__ import annotations

import re

import pytest

from domain.policy.pack import Pack
from storage.packs import load_packs
from tests.domain.packs import ROOT

PACKS = {pack.name: pack for pack in load_packs(ROOT / "policies")}
WRITTEN = ROOT.parent / "shared" / "spec" / "clauses"
GROCERY = {
    "GRO-ALL-01", "GRO-ALL-02", "GRO-ALL-03", "GRO-ALL-04", "GRO-ALL-05", "GRO-ALL-06", "GRO-ALL-07", "GRO-MIS-01", "GRO-MIS-02",
    "GRO-MIS-03", "GRO-QTY-01", "GRO-QTY-02", "GRO-COD-01", "GRO-COD-02", "GRO-COD-03", "GRO-LST-01", "GRO-LST-02", "GRO-LST-03",
    "GRO-LST-04", "GRO-PRC-01", "GRO-INV-01", "GRO-INV-02", "GRO-SUP-01", "GRO-SUP-02", "GRO-SUP-03",
}  # fmt: skip
# Disputes before a platform, its evidence and rules, penalties and listings are no complaints of a customer.
MARKETPLACE = {
    "ECO-REC-01", "ECO-REC-02", "ECO-SLF-01", "ECO-CLS-01", "ECO-ASG-01", "ECO-ASG-02", "ECO-JDG-01", "ECO-INV-01", "ECO-RSP-01",
    "ECO-RSP-02", "ECO-SOL-01", "ECO-SOL-02", "ECO-SOL-03", "ECO-CNF-01", "ECO-APL-01", "ECO-AUT-01", "ECO-REP-01", "ECO-FLW-01",
    "ECO-NTF-01", "ECO-LOG-01", "ECO-CRM-01", "ECO-HND-01", "ECO-WRG-01", "ECO-RMK-01", "ECO-PRE-01", "ECO-PRE-02", "ECO-RMA-01",
    "ECO-MON-01", "ECO-STA-01", "ECO-IMP-01", "ECO-STF-01",
}  # fmt: skip
OUTSIDE = ("ECO-DSP-", "ECO-EVD-", "ECO-RUL-", "ECO-ADV-", "ECO-PEN-", "ECO-LST-")


def _written(name: str) -> dict[str, str]:
    """Ids of the written clauses with who does them."""
    file = WRITTEN / f"{name}.yaml"
    if not file.exists():
        pytest.skip(f"{file} is not here")
    return dict(re.findall(r"\{id: ([A-Z0-9-]+),.*? by: (\w+),", file.read_text(encoding="utf-8")))


def _own(pack: Pack) -> dict[str, str]:
    return {clause.id: clause.by for clause in pack.clause if not clause.house}


def test_the_25_clauses_of_the_grocery_and_the_31_of_the_shop_stand_in_their_packs() -> None:
    assert (len(GROCERY), len(MARKETPLACE)) == (25, 31)
    assert set(_own(PACKS["grocery"])) == GROCERY
    assert set(_own(PACKS["marketplace"])) == MARKETPLACE


@pytest.mark.parametrize("name", ["grocery", "marketplace", "loyalty", "food"])
def test_a_pack_has_what_is_written_and_by_whom_it_is_done(name: str) -> None:
    written = {clause: by for clause, by in _written(name).items() if not clause.startswith(OUTSIDE)}
    assert _own(PACKS[name]) == written
