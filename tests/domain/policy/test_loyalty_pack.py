"""The loyalty pack by itself: how grave and urgent a complaint is, what is asked, and what the findings lead to."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.actor import Role
from domain.approvals import approver_for
from domain.case_facts import filed_facts
from domain.intake import Intake
from domain.money import Money
from domain.order import Customer, Item, Order, OrderLine
from domain.policy.classifying import Classification, classify
from domain.policy.conditions import Fact
from domain.policy.matching import asked_facts, check_facts, known_facts, remedy_for
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from domain.remedies import StepChoice, draft
from domain.routing import Concerned, considered
from domain.tenant import Absence
from domain.tenant_file import parse_tenant

ROOT = Path(__file__).parents[3]
FILE = ROOT / "policies" / "loyalty" / "2026-11.toml"
COMPANY = ROOT / "tenants" / "loyalty-demo.toml"
LEVELS = {
    "I": [
        "goods_quality", "after_sales", "price_difference", "pushy_selling", "account_frozen", "points_not_usable",
        "points_expired", "campaign", "announced_rule",
    ],
    "II": ["merchant_attitude", "agent_attitude", "agent_efficiency"],
    "III": ["merchant_infringement", "account_security"],
}  # fmt: skip


@pytest.fixture(scope="module")
def pack() -> Pack:
    return parse_pack(FILE.read_text(encoding="utf-8"), str(FILE), None)


def test_the_38_clauses_of_the_source_stand_in_the_pack_and_house_rules_say_why(pack: Pack) -> None:
    counts = {"FLW": range(1, 9), "LVL": range(8), "URG": range(1, 7), "PRI": range(1, 3), "I": range(1, 5)}
    counts |= {"II": range(1, 6), "III": range(1, 6)}
    wanted = {f"LOY-{part}-{number:02}" for part, numbers in counts.items() for number in numbers}
    assert len(wanted) == 38
    assert {clause.id for clause in pack.clause if not clause.house} == wanted
    assert all(clause.reason for clause in pack.clause if clause.house)


def at_intake(pack: Pack, category: str, **intake: Any) -> Classification:
    filed = Intake(category=category, channel="hotline", customer=Customer(name="周宁", phone="1"), content="…", **intake)
    return classify(pack, category, filed_facts(filed, filed.urgent_causes))


@pytest.mark.clause("LOY-LVL-00", "LOY-LVL-01", "LOY-LVL-02", "LOY-LVL-03", "LOY-PRI-01")
def test_every_kind_has_its_level_and_the_gravest_are_worked_first(pack: Pack) -> None:
    assert {category.id for category in pack.category} == {each for level in LEVELS.values() for each in level}
    for level, priority in (("I", 4), ("II", 3), ("III", 2)):
        for category in LEVELS[level]:
            found = at_intake(pack, category)
            assert (found.level, found.urgent, found.priority) == (level, False, priority), category


@pytest.mark.clause("LOY-URG-02", "LOY-URG-03", "LOY-URG-04", "LOY-URG-06", "LOY-PRI-01")
@pytest.mark.parametrize("cause", ["public_harm", "passed_down", "special_identity", "superior_asks"])
def test_each_cause_of_urgency_goes_before_every_normal_complaint(pack: Pack, cause: str) -> None:
    found = at_intake(pack, "points_expired", urgent_causes=(cause,))
    assert (found.level, found.urgent, found.priority) == ("I", True, 1)


@pytest.mark.clause("LOY-URG-05")
def test_a_complaint_of_a_batch_is_urgent(pack: Pack) -> None:
    assert classify(pack, "campaign", {"batch": True}).urgent
    assert {row.threshold for row in pack.batch} == {11}
    assert {row.window for row in pack.batch} == {"same_day"}
    counted = {group for row in pack.batch for group in _groups(row.when["group"])}
    assert counted == {category.group for category in pack.category}


def _groups(condition: Any) -> tuple[str, ...]:
    return (condition,) if isinstance(condition, str) else condition


@pytest.mark.clause("LOY-LVL-04", "LOY-LVL-05", "LOY-PRI-01")
def test_escalated_complaints_and_those_of_important_members_rank_with_level_3(pack: Pack) -> None:
    for facts in ({"escalated": True}, {"member_tier": "black_diamond"}, {"member_tier": "diamond_steady"}):
        found = classify(pack, "points_expired", facts)
        assert (found.level, found.priority) == ("III", 2)
    assert at_intake(pack, "points_expired", member_tier="gold").level == "I"


@pytest.mark.clause("LOY-LVL-06", "LOY-I-03")
def test_whatever_is_decided_names_the_written_rule_and_what_goes_beyond_it_is_declined(pack: Pack) -> None:
    for row in pack.category:
        assert asked_facts(pack, row.id, {})[0].name == "written_rule"
    said: dict[str, Fact] = {
        "written_rule": "site_announcement", "entitled": False, "service_fault": "invoice", "campaign_matter": "reward_late",
    }  # fmt: skip
    for category in sorted(set(LEVELS["I"]) - {"pushy_selling", "account_frozen"}):
        asked = {fact.name for fact in asked_facts(pack, category, said)}
        known = {name: value for name, value in said.items() if name in asked}
        assert remedy_for(pack, category, known).id == "declined_by_the_terms"


@pytest.mark.clause("LOY-LVL-07")
@pytest.mark.parametrize(
    ("wrong", "suspected", "why"), [(0, False, "no_cause"), (4, False, "no_cause"), (5, False, "security"), (9, True, "risk")]
)
def test_a_frozen_account_is_told_apart_by_security_and_risk(pack: Pack, wrong: int, suspected: bool, why: str) -> None:
    said: dict[str, Fact] = {"written_rule": "company_rules", "wrong_passwords": wrong, "cash_out_suspected": suspected}
    excluded: dict[str, Fact] = {"risk_excluded": False} if suspected else {}
    facts = check_facts(pack, "account_frozen", {**said, "identity_confirmed": True, **excluded})
    assert facts["frozen_for"] == why
    assert remedy_for(pack, "account_frozen", facts).id == ("stays_frozen" if why == "risk" else "released")


@pytest.mark.clause("LOY-III-04", "LOY-FLW-05", "HOUSE-FREEZE", "HOUSE-BEYOND")
def test_every_solution_is_approved_but_the_freeze_that_cannot_wait(pack: Pack) -> None:
    confirmed = {"written_rule": "company_rules", "security_event": "data_tampered", "identity_confirmed": True}
    assert _approver(pack, "account_security", {**confirmed, "cleared": False}) is None
    assert _approver(pack, "account_security", {**confirmed, "cleared": True}) is Role.SUPERVISOR
    nobody = {"written_rule": "company_rules", "security_event": "data_tampered", "identity_confirmed": False}
    assert _approver(pack, "account_security", nobody) is Role.SUPERVISOR
    owed = {"written_rule": "cooperation_terms", "infringement": "accrual_refused", "owed": "points"}
    assert _approver(pack, "merchant_infringement", owed, StepChoice(step="points", points=20000)) is Role.SUPERVISOR
    assert _approver(pack, "merchant_infringement", owed, StepChoice(step="points", points=20001)) is Role.MANAGER
    dear = {"written_rule": "cooperation_terms", "entitled": True, "wants": "return"}
    watch = (Item(sku="WT-02"),)
    returned = [StepChoice(step=step, items=watch) for step in ("return", "refund")]
    assert _approver(pack, "goods_quality", dear, *returned) is Role.MANAGER


def _approver(pack: Pack, category: str, facts: dict[str, Any], *choices: StepChoice) -> Role | None:
    price = Money.of("1800.00", "CNY")
    order = Order(
        number="1", status="delivered", placed_at="2026-11-09T10:00:00+08:00", goods=price, freight=Money.zero("CNY"), paid=price,
        lines=(OrderLine(sku="WT-02", name="智能手表", quantity=1, price=price),),
    )  # fmt: skip
    plan = draft(pack, category, facts, order, "CNY", choices)
    asked = approver_for(pack, plan, category, known_facts(pack, category, facts))
    return asked.role if asked else None


@pytest.mark.clause("LOY-II-02", "LOY-PRI-02")
@pytest.mark.parametrize(
    ("away", "people", "why"), [((), "qiu", "own_supervisor"), (("qiu",), "rong", None), (("qiu", "rong"), "qiu", "absent")]
)
def test_the_own_supervisor_comes_first_then_another_and_with_nobody_there_the_own_one_calls_back(
    pack: Pack, away: tuple[str, ...], people: str, why: str | None
) -> None:
    on = date(2026, 11, 23)
    company = parse_tenant(COMPANY.read_text(encoding="utf-8"), str(COMPANY))
    gone = (Absence(from_on=on, to_on=on),)
    staff = tuple(each.model_copy(update={"absent": gone}) if each.id in away else each for each in company.staff)
    [row] = [row for row in pack.route if row.id == "own_supervisor"]
    about = Concerned(first_contact="lan", complained_of="mei", assignee="lan")
    found = considered(company.model_copy(update={"staff": staff}), row.to, about, on)
    assert found is not None
    assert found.people == (people,)
    assert found.why == why
