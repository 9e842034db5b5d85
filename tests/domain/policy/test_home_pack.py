"""The home pack against the written procedure: every clause, every promise, and what is asked of whom."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from domain.actor import Role
from domain.intake import Intake
from domain.order import Customer
from domain.policy.errors import FactRefused, PolicyRefused
from domain.policy.matching import (
    asked_facts,
    category_for,
    check_facts,
    deadlines_started_by,
    known_facts,
    missing_at_intake,
    notices_for,
)
from tests.domain.packs import ROOT, home

CLAUSES = ROOT.parent / "shared" / "spec" / "clauses" / "home.yaml"


def _written() -> str:
    if not CLAUSES.exists():
        pytest.skip(f"{CLAUSES} is not here")
    return CLAUSES.read_text(encoding="utf-8")


def test_every_clause_of_the_procedure_is_in_the_pack_and_no_other() -> None:
    written = set(re.findall(r"\{id: ([A-Z0-9-]+)", _written()))
    assert len(written) == 28
    assert {clause.id for clause in home().clause if not clause.house} == written


def test_what_the_source_cuts_off_is_marked_inferred() -> None:
    rows = re.findall(r"\{id: ([A-Z0-9-]+),(.*)", _written())
    inferred = {id for id, rest in rows if "inferred: true" in rest}
    assert inferred == {"HOM-INS-08", "HOM-INS-09", "HOM-INS-10"}
    assert {clause.id for clause in home().clause if clause.inferred and not clause.house} == inferred


def test_who_does_a_clause_is_as_written() -> None:
    written = dict(re.findall(r"\{id: ([A-Z0-9-]+),.*? by: (\w+),", _written()))
    assert {clause.id: clause.by for clause in home().clause if not clause.house} == written


def test_the_pack_stays_off_the_words_of_the_source() -> None:
    seeds = list(Path(ROOT.parent / "shared" / "seeds").glob("001_*.txt"))
    if not seeds:
        pytest.skip("the source is not here")
    source = re.sub(r"\W", "", seeds[0].read_text(encoding="utf-8"))
    for clause in home().clause:
        said = re.sub(r"\W", "", clause.zh)
        shared = max((n for n in range(len(said)) for k in range(len(said) - n) if said[k : k + n + 1] in source), default=0)
        assert shared < 20, clause.zh


def _started(category: str, entry: str, **facts: bool | int | str) -> dict[str, str]:
    pack = home()
    known = {**known_facts(pack, category, facts)}
    return {row.id: str(row.budget) for row in deadlines_started_by(pack, entry, known)}


@pytest.mark.clause("HOM-TRN-03", "HOM-INS-02")
def test_the_first_word_is_due_in_ten_minutes_or_fifteen() -> None:
    assert _started("transport_loss", "received")["first_response"] == "10m calendar"
    assert "first_contact" not in _started("transport_loss", "received")
    assert _started("installation_delay", "received")["first_contact"] == "15m calendar"
    assert "first_response" not in _started("installation_delay", "received")


@pytest.mark.clause("HOM-EXE-02", "HOM-INS-10")
def test_word_on_progress_is_due_every_24_hours_by_the_wall_clock() -> None:
    for category in ("transport_damage", "installation_workmanship"):
        assert _started(category, "accepted") == {"daily_progress": "24h calendar"}
        assert _started(category, "progress_reported") == {"daily_progress": "24h calendar"}
    row = home().deadline_of("daily_progress")
    assert row.repeat
    assert "carried_out" in row.dropped_by


@pytest.mark.clause("HOM-INS-05")
def test_an_installer_comes_within_24_hours_of_the_order() -> None:
    row = home().deadline_of("rectification")
    assert (row.budget.duration, row.budget.clock, row.scope) == (timedelta(hours=24), "calendar", "step")
    assert home().remedy_of("workmanship_minor").step[0].deadline == "rectification"


@pytest.mark.clause("HOM-CLS-01")
def test_only_a_dissatisfied_customer_starts_a_second_handling() -> None:
    assert "second_handling" in _started("transport_loss", "confirmed", satisfied=False)
    assert _started("transport_loss", "confirmed", satisfied=True) == {}


def test_a_missed_promise_climbs_from_owner_to_general_manager() -> None:
    rungs = home().ladder_of("minutes").rung
    owner = home().deadline_of("first_response").owner
    assert [rung.role(owner) for rung in rungs] == [Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER]
    offsets = [(rung.place.side, rung.place.offset(timedelta(minutes=10))) for rung in rungs]
    assert offsets[0] == ("before", timedelta(minutes=3))
    assert [minutes.total_seconds() / 60 for _, minutes in offsets[1:]] == [0, 30, 120]
    assert "raise" in rungs[1].do
    assert "hand_over" in rungs[2].do


@pytest.mark.clause("HOM-TRN-02", "HOM-INS-01")
def test_what_an_intake_lacks_is_named() -> None:
    bare = Intake(category="installation_delay", channel="hotline", customer=Customer(name="王芳"), content="安装晚了")
    missing = missing_at_intake(category_for(home(), "installation_delay"), bare)
    assert missing == ("contact", "order_number", "expectation", "installation_address")
    whole = bare.model_copy(
        update={
            "customer": Customer(name="王芳", phone="13800000000"),
            "order_number": "SO-1",
            "expectation": "尽快安装",
            "installation_address": "上海市",
        }
    )
    assert missing_at_intake(category_for(home(), "installation_delay"), whole) == ()
    assert "installation_address" not in missing_at_intake(category_for(home(), "transport_loss"), bare)


def test_an_unknown_category_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(PolicyRefused, match="transport_damage") as caught:
        category_for(home(), "transport_smell")
    assert caught.value.field == "category"
    assert "transport_loss" in caught.value.zh


@pytest.mark.clause("HOM-TRN-05", "HOM-INS-08")
@pytest.mark.parametrize(
    ("category", "days", "word"),
    [
        ("transport_delay", 1, "short"),
        ("transport_delay", 2, "short"),
        ("transport_delay", 3, "longer"),
        ("transport_delay", 5, "longer"),
        ("transport_delay", 6, "long"),
        ("installation_delay", 2, "short"),
        ("installation_delay", 3, "long"),
    ],
)
def test_a_delay_is_classed_by_its_days(category: str, days: int, word: str) -> None:
    assert known_facts(home(), category, {"delay_days": days})["delay"] == word


@pytest.mark.clause("HOM-DLY-03")
def test_whether_the_customer_cancels_is_asked_only_of_a_long_delay() -> None:
    assert [fact.name for fact in asked_facts(home(), "transport_delay", {"delay_days": 5})] == ["delay_days"]
    assert [fact.name for fact in asked_facts(home(), "transport_delay", {"delay_days": 6})] == ["delay_days", "customer_cancels"]


@pytest.mark.parametrize(
    ("category", "facts", "field"),
    [
        ("transport_damage", {}, "facts.damage"),
        ("transport_damage", {"damage": "terrible"}, "facts.damage"),
        ("transport_damage", {"damage": "slight", "delay_days": 3}, "facts.delay_days"),
        ("transport_delay", {"delay_days": 0}, "facts.delay_days"),
        ("transport_delay", {"delay_days": 366}, "facts.delay_days"),
        ("transport_delay", {"delay_days": True}, "facts.delay_days"),
        ("transport_delay", {"delay_days": "3"}, "facts.delay_days"),
        ("transport_delay", {"delay_days": 9}, "facts.customer_cancels"),
        ("transport_delay", {"delay_days": 9, "customer_cancels": "yes"}, "facts.customer_cancels"),
        ("transport_delay", {"delay_days": 3, "delay": "long"}, "facts.delay"),
    ],
)
def test_a_finding_that_is_not_whole_or_not_allowed_names_its_field(
    category: str, facts: dict[str, bool | int | str], field: str
) -> None:
    with pytest.raises(FactRefused) as caught:
        check_facts(home(), category, facts)
    assert caught.value.field == field
    assert caught.value.zh
    assert caught.value.en


def test_the_customer_is_told_at_the_end_once_and_in_the_right_words() -> None:
    def told(outcome: str) -> list[str]:
        return [row.id for row in notices_for(home(), "closed", {"outcome": outcome})]

    assert told("unfounded") == ["closed_unfounded"]
    assert all(told(outcome) == ["closed"] for outcome in home().closing.outcomes if outcome != "unfounded")


@pytest.mark.clause("HOM-SUM-01", "HOM-SUM-02", "HOM-INS-10", "HOUSE-ROUTE")
def test_reports_are_monthly_and_late_routes_are_flagged() -> None:
    reports = {row.clause: row for row in home().report}
    assert reports["HOM-SUM-01"].group == "transport"
    assert (reports["HOM-SUM-02"].by_route, reports["HOM-SUM-02"].flag_at_least) == (True, 3)
    assert reports["HOM-INS-10"].group == "installation"


def test_every_house_rule_gives_its_reason_in_both_languages() -> None:
    house = [clause for clause in home().clause if clause.house]
    assert len(house) >= 10
    assert all(clause.reason and clause.reason.zh and clause.reason.en for clause in house)
