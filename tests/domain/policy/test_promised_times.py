"""Every figure of every promise: whoever changes one in a pack without the procedure fails here."""

from __future__ import annotations

import pytest

from domain.policy.matching import deadlines_started_by, follow_ups_for, known_facts
from domain.policy.pack import Pack
from storage.packs import load_packs
from tests.domain.packs import ROOT
from tests.domain.policy.promised import FOOD, GROCERY, HOME, LOYALTY, MARKETPLACE, PROMISED, Facts, Line

PACKS = {pack.name: pack for pack in load_packs(ROOT / "policies")}


def _started(pack: Pack, entry: str, facts: Facts) -> dict[str, str]:
    """What is promised of the complaint when the entry is written. A visit after a satisfied call starts by its own row."""
    known = known_facts(pack, str(facts["category"]), facts)
    later = {row.deadline: row for row in pack.follow_up}
    promised = {row.id: str(row.budget) for row in deadlines_started_by(pack, entry, known) if row.id not in later}
    # Nobody is visited on what they are not satisfied with: it is handled again.
    visits = follow_ups_for(pack, entry, known) if facts.get("satisfied") else ()
    return promised | {row.deadline: str(pack.deadline_of(row.deadline).budget) for row in visits}


def _known(line: Line) -> str:
    entry, facts, _ = line
    return "-".join((entry, *(f"{name}={value}" if name != "category" else str(value) for name, value in facts.items())))


@pytest.mark.clause("HOM-TRN-03", "HOM-INS-02", "HOM-INS-05", "HOM-INS-10", "HOM-EXE-02", "home:HOUSE-VERIFY")
@pytest.mark.clause("home:HOUSE-INSPECT", "home:HOUSE-PROPOSE", "home:HOUSE-APPROVE", "home:HOUSE-REPLY", "home:HOUSE-CALLBACK")
@pytest.mark.parametrize("line", HOME, ids=_known)
def test_the_home_procedure_promises_this_and_nothing_else(line: Line) -> None:
    entry, facts, promised = line
    assert _started(PACKS["home"], entry, facts) == promised


@pytest.mark.clause("GRO-ALL-01", "GRO-ALL-06", "grocery:HOUSE-RESPOND", "grocery:HOUSE-VERIFY", "grocery:HOUSE-PROPOSE")
@pytest.mark.clause("grocery:HOUSE-APPROVE", "grocery:HOUSE-REPLY", "grocery:HOUSE-TOLD", "grocery:HOUSE-CALLBACK")
@pytest.mark.parametrize("line", GROCERY, ids=_known)
def test_the_grocery_procedure_promises_this_and_nothing_else(line: Line) -> None:
    entry, facts, promised = line
    assert _started(PACKS["grocery"], entry, facts) == promised


@pytest.mark.clause("LOY-I-02", "LOY-II-01", "LOY-II-03", "LOY-II-05", "LOY-III-01", "LOY-III-03", "LOY-III-04")
@pytest.mark.clause("loyalty:HOUSE-OPINION", "loyalty:HOUSE-VERIFY", "loyalty:HOUSE-PROPOSE", "loyalty:HOUSE-URGENT")
@pytest.mark.clause("loyalty:HOUSE-IMPORTANT", "loyalty:HOUSE-ESCALATED", "loyalty:HOUSE-FREEZE", "loyalty:HOUSE-APPROVE")
@pytest.mark.clause("loyalty:HOUSE-REPLY", "loyalty:HOUSE-CALLBACK", "loyalty:HOUSE-REVISIT")
@pytest.mark.parametrize("line", LOYALTY, ids=_known)
def test_the_loyalty_procedure_promises_this_and_nothing_else(line: Line) -> None:
    entry, facts, promised = line
    assert _started(PACKS["loyalty"], entry, facts) == promised


@pytest.mark.clause("FOO-RSP-01", "FOO-RSP-02", "FOO-EFF-01", "FOO-EFF-02", "FOO-DLV-01", "FOO-FBK-05", "food:HOUSE-ATONCE")
@pytest.mark.clause("food:HOUSE-VERIFY", "food:HOUSE-AGAIN", "food:HOUSE-APPROVE", "food:HOUSE-REPLY", "food:HOUSE-CALLBACK")
@pytest.mark.clause("food:HOUSE-PROOF")
@pytest.mark.parametrize("line", FOOD, ids=_known)
def test_the_food_procedure_promises_this_and_nothing_else(line: Line) -> None:
    entry, facts, promised = line
    assert _started(PACKS["food"], entry, facts) == promised


@pytest.mark.clause("ECO-AUT-01", "marketplace:HOUSE-RESPOND", "marketplace:HOUSE-VERIFY", "marketplace:HOUSE-OPINION")
@pytest.mark.clause("marketplace:HOUSE-PROPOSE", "marketplace:HOUSE-APPROVE", "marketplace:HOUSE-REPLY")
@pytest.mark.clause("marketplace:HOUSE-CALLBACK", "marketplace:HOUSE-VISIT")
@pytest.mark.parametrize("line", MARKETPLACE, ids=_known)
def test_the_marketplace_procedure_promises_this_and_nothing_else(line: Line) -> None:
    entry, facts, promised = line
    assert _started(PACKS["marketplace"], entry, facts) == promised


@pytest.mark.clause("home:HOUSE-STEP", "HOM-INS-05", "grocery:HOUSE-ARRIVE", "loyalty:HOUSE-BACKOFFICE", "loyalty:HOUSE-MERCHANT")
@pytest.mark.clause("loyalty:HOUSE-ARRIVE", "loyalty:HOUSE-RISK", "loyalty:HOUSE-COACH", "food:HOUSE-SHIP", "FOO-FBK-02")
@pytest.mark.clause("FOO-EFF-02", "marketplace:HOUSE-ARRIVE")
@pytest.mark.parametrize("name", PROMISED)
def test_what_is_done_or_arrives_is_promised_by_its_kind(name: str) -> None:
    pack, (_, steps) = PACKS[name], PROMISED[name]
    kinds: dict[str, set[str]] = {}
    for step in (step for remedy in pack.remedy for step in remedy.step if step.deadline is not None):
        kinds.setdefault(str(step.deadline), set()).add(step.kind)
    assert {row.id: (str(row.budget), kinds[row.id]) for row in pack.deadline if row.scope == "step"} == steps


@pytest.mark.clause("FOO-FBK-05", "loyalty:HOUSE-REVISIT", "marketplace:HOUSE-VISIT")
def test_a_satisfied_customer_is_visited_between_these_days() -> None:
    visits = {
        name: [(row.after.days, (row.after + (pack.deadline_of(row.deadline).budget.duration or row.after)).days)]
        for name, pack in PACKS.items()
        for row in pack.follow_up
    }
    assert visits == {"food": [(7, 15)], "loyalty": [(7, 9)], "marketplace": [(3, 7)]}


@pytest.mark.parametrize("name", PACKS)
def test_no_promise_is_left_out_of_the_tables(name: str) -> None:
    lines, steps = PROMISED[name]
    assert {row for _, _, promised in lines for row in promised} | set(steps) == {row.id for row in PACKS[name].deadline}
