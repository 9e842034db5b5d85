"""What turns out later is told to those who would have been told at receipt, and nobody is told the same thing twice."""

from __future__ import annotations

import pytest

from domain import commands as c
from domain import journal as j
from domain.actor import Actor, Role
from domain.case_facts import facts_of
from domain.classification import tells_anew
from domain.commands import Command
from domain.intake import Product
from domain.policy.matching import notices_for
from domain.policy.pack import Pack
from storage.packs import load_packs
from tests.domain.packs import ROOT
from tests.domain.policy.test_packs import AT
from tests.domain.pure_desk import PureDesk

PACKS = {pack.name: pack for pack in load_packs(ROOT / "policies")}
AGENT = Actor(id="lin", roles=(Role.AGENT,))
SAFETY = {"under_way", "severe_reported"}
SECURITY = {"security_limit", "risk_work_order"}


def told(desk: PureDesk, kind: type[j.Received | j.Reclassified | j.Classified]) -> set[str]:
    """Rows that tell of the last entry of a kind."""
    event = [entry.event for entry in desk.journal if isinstance(entry.event, kind)][-1]
    facts = facts_of(desk.case, desk.pack, event)
    return {row.id for row in notices_for(desk.pack, event.kind, facts) if tells_anew(desk.pack, row, facts, event)}


def desk_of(pack: Pack, category: str, *commands: Command) -> PureDesk:
    # All that any of these kinds asks for, so that it may turn out to be another one.
    product = Product(name="三文鱼", lot="SM20261117A")
    desk = PureDesk(AT, category, pack=pack, product=product, against="人民路店", against_staff="mei")
    for command in commands:
        assert desk.does(AGENT, command) is None
    return desk


def is_now(category: str) -> Command:
    return c.Reclassify(category=category, reason="另有发现")


@pytest.mark.clause("FOO-SEV-01", "FOO-RSP-02", "LOY-III-05", "LOY-II-01")
@pytest.mark.parametrize(
    ("pack", "filed", "turns_out", "rows"),
    [
        ("food", "spoilage", "food_safety", SAFETY),
        ("food", "late", "food_safety", SAFETY),
        ("loyalty", "account_frozen", "account_security", SECURITY),
        ("loyalty", "goods_quality", "merchant_attitude", {"merchant_acts"}),
        # Both are of level II: it is another thing all the same.
        ("loyalty", "agent_efficiency", "merchant_attitude", {"merchant_acts"}),
    ],
)
def test_what_turns_out_later_is_told_as_if_it_had_been_known_at_receipt(
    pack: str, filed: str, turns_out: str, rows: set[str]
) -> None:
    desk = desk_of(PACKS[pack], filed)
    assert not rows & told(desk, j.Received)
    assert rows <= told(desk_of(PACKS[pack], turns_out), j.Received)
    assert desk.does(AGENT, is_now(turns_out)) is None
    assert rows <= told(desk, j.Reclassified)


@pytest.mark.parametrize(
    ("pack", "category", "rows"), [("food", "food_safety", SAFETY), ("loyalty", "account_security", SECURITY)]
)
def test_other_causes_of_the_same_complaint_tell_nobody_anew(pack: str, category: str, rows: set[str]) -> None:
    desk = desk_of(PACKS[pack], category, c.Reclassify(urgent_causes=("public_harm",), reason="媒体来电"))
    assert not rows & told(desk, j.Reclassified)
    assert not rows & told(desk, j.Classified)


def test_what_it_is_at_receipt_is_told_by_the_receipt_alone() -> None:
    pack = PACKS["food"]
    row = next(row for row in pack.notice if row.id == "severe_reported")
    both = row.model_copy(update={"on": ("received", "classified")})
    desk = desk_of(pack, "food_safety")
    received, classified = (entry.event for entry in desk.journal[:2])
    assert isinstance(classified, j.Classified)
    assert [tells_anew(pack, both, facts_of(desk.case, pack, event), event) for event in (received, classified)] == [True, False]
