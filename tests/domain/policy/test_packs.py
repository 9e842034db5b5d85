"""What every released procedure has in common, whatever its business: looked at pack by pack, without any worker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from desk.fitting import faults
from domain import commands as c
from domain import journal as j
from domain.actor import Actor, Role
from domain.advice import advice_now
from domain.articles import articles_for
from domain.case import BEHIND_THE_SCENES
from domain.intake import Intake
from domain.order import Customer
from domain.policy.advisories import advisories
from domain.policy.conditions import matches
from domain.policy.errors import PackInvalid
from domain.policy.matching import deadlines_started_by, missing_at_intake, notices_for
from domain.policy.pack import Pack
from domain.policy.parse import parse_pack
from domain.policy.vocabulary import executor_of
from domain.promise_events import DeadlineSet
from storage.packs import load_packs
from tests.domain.packs import ROOT, TINY, home
from tests.domain.pure_desk import PureDesk

PACKS = {pack.name: pack for pack in load_packs(ROOT / "policies")}
every_pack = pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
AGENT = Actor(id="lin", roles=(Role.AGENT,))
MOVED = frozenset({"refund", "discount", "extra_payment", "reship", "exchange", "return", "collection", "new_invoice"})


# A time that was named


@every_pack
@pytest.mark.parametrize("about", ["callback", "answer", "arrival", "other"])
@pytest.mark.clause("home:HOUSE-PROMISED", "grocery:HOUSE-PROMISED", "LOY-I-04", "FOO-FBK-02", "ECO-REP-01")
def test_every_time_that_is_promised_is_kept_to_the_minute(pack: Pack, about: Any) -> None:
    desk = PureDesk(AT, pack.category[0].id, pack=pack)
    assert desk.does(AGENT, c.PromiseTime(about=about, at=AT + 3 * HOUR)) is None
    desk.plan()
    [kept] = [row for row in deadlines_started_by(pack, "time_promised", {"promised": about}) if row.at is not None]
    [running] = [deadline for deadline in desk.case.deadlines if deadline.name == kept.id]
    assert running.due_at == AT + 3 * HOUR
    assert "progress_reported" in kept.met_by, "whoever is told how it stands has been answered"


@every_pack
def test_nothing_in_a_released_pack_has_to_be_looked_at(pack: Pack) -> None:
    assert list(advisories(pack)) == []


def test_a_pack_that_forgets_what_it_lets_people_promise_is_told_so() -> None:
    variant = """\
name = "forgetful"
version = "2026-12"
extends = "home@2026-11"
title = { zh = "健忘", en = "Forgetful" }
source = "Nobody's: made for tests."
remove = { deadline = ["named_call", "named_arrival"] }
"""
    [advisory] = advisories(parse_pack(variant, "forgetful.toml", home()))
    assert "(promise_time) for callback, arrival, other, and no promise keeps it" in advisory.en
    assert "callback、arrival、other" in advisory.zh


def test_advice_that_nobody_gives_is_told_as_what_nothing_carries() -> None:
    advice = '\n[[clause]]\nid = "LIB-ADV-01"\nzh = "说话和气"\nen = "Be kind"\nby = "advice"\n'
    with pytest.raises(PackInvalid, match="clause LIB-ADV-01 is carried by no row"):
        parse_pack(TINY + advice, "tiny.toml")


# Who hears of it


@every_pack
def test_who_has_to_approve_gets_a_link_to_where_they_decide(pack: Pack) -> None:
    asked = [row for row in pack.notice if "approval_asked" in row.on]
    assert asked
    for row in asked:
        assert "{decision_link}" in row.body.zh
        assert "{decision_link}" in row.body.en


@every_pack
@pytest.mark.clause("home:HOUSE-MONTH", "grocery:HOUSE-MONTH", "food:HOUSE-MONTH", "loyalty:HOUSE-MONTH", "ECO-MON-01")
def test_monthly_reviews_reach_a_supervisor_by_the_sixth(pack: Pack) -> None:
    monthly = [row for row in pack.report if row.every == "month"]
    assert monthly
    assert {row.due_day for row in monthly} == {6}


@every_pack
@pytest.mark.clause(
    "home:HOUSE-STEP", "grocery:HOUSE-ARRIVE", "loyalty:HOUSE-ARRIVE", "marketplace:HOUSE-ARRIVE", "food:HOUSE-SHIP"
)
def test_what_a_partner_moves_is_asked_for_when_it_is_late(pack: Pack) -> None:
    moved = [step for row in pack.remedy for step in row.step if step.kind in MOVED and step.deadline]
    assert moved
    for step in moved:
        assert executor_of(step.kind, step.by) not in ("person", "none")
        ladder = pack.ladder_of(pack.deadline_of(str(step.deadline)).ladder)
        assert any("ask_partner" in rung.do and rung.place.side != "before" for rung in ladder.rung), step.id


@pytest.mark.clause("GRO-SUP-02")
def test_what_goes_up_in_the_grocery_is_told_to_the_general_manager_whoever_decides_it() -> None:
    def told(to: str) -> set[tuple[str, str]]:
        rows = notices_for(PACKS["grocery"], "escalated_by_hand", {"escalated_to": to})
        return {(row.id, row.to) for row in rows if row.to != "owner"}

    operations = ("taken_up_by_operations", "department")
    for to in ("supervisor", "manager"):
        assert told(to) == {operations, ("taken_up_told_to_the_top", "general_manager")}
    assert told("general_manager") == {operations}, "who decides it is its owner, and is told as that"


# By which channel


@pytest.mark.parametrize(
    ("name", "served", "refused"),
    [
        pytest.param("home", "hotline email online chat site app shop", "social", marks=pytest.mark.clause("HOM-TRN-01")),
        pytest.param("grocery", "hotline email online chat site app social", "shop"),
        pytest.param("food", "hotline chat email site app social shop", "online", marks=pytest.mark.clause("FOO-RSP-03")),
        pytest.param("loyalty", "hotline email", "online app shop social site chat", marks=pytest.mark.clause("LOY-FLW-01")),
        pytest.param("marketplace", "hotline email site chat social", "online app shop", marks=pytest.mark.clause("ECO-REC-01")),
    ],
)
@pytest.mark.clause("home:HOUSE-CHANNELS", "grocery:HOUSE-CHANNELS")
def test_each_procedure_takes_what_comes_by_its_own_channels(name: str, served: str, refused: str) -> None:
    pack = PACKS[name]

    def at_fault(channel: Any) -> bool:
        intake = Intake(category=pack.category[0].id, channel=channel, customer=Customer(name="何苗"), content="…")
        return any(fault.field == "channel" for fault in faults(pack, intake))

    assert not any(at_fault(channel) for channel in served.split())
    assert all(at_fault(channel) for channel in refused.split())


@pytest.mark.parametrize(
    ("name", "left_out"),
    [("food", {"use_question"}), ("marketplace", {"before_dispatch", "return_exchange", "logistics_delay"})],
)
@pytest.mark.clause("food:HOUSE-LOOKBACK", "marketplace:HOUSE-LOOKBACK", "FOO-FBK-05", "ECO-FLW-01")
def test_who_is_not_looked_back_at_is_said_in_a_house_rule(name: str, left_out: set[str]) -> None:
    pack = PACKS[name]
    visited = {row.id for row in pack.category if any(matches(rule.when, {"category": row.id}) for rule in pack.follow_up)}
    assert {row.id for row in pack.category} - visited == left_out
    [said] = [clause for clause in pack.clause if clause.id == "HOUSE-LOOKBACK"]
    assert said.reason


# What single procedures ask for


@pytest.mark.clause("ECO-REC-02")
def test_what_the_customer_wants_is_asked_of_every_complaint_of_the_shop() -> None:
    bare = {"channel": "site", "customer": Customer(name="沈悦"), "content": "请处理"}
    for category in PACKS["marketplace"].category:
        assert "expectation" in missing_at_intake(category, Intake(category=category.id, **bare)), category.id


@pytest.mark.clause("FOO-REG-01", "FOO-REG-02", "FOO-REG-03")
def test_whoever_files_about_food_is_told_what_to_ask_whatever_it_is_about() -> None:
    pack = PACKS["food"]
    for category in pack.category:
        desk = PureDesk(AT, category.id, pack=pack)
        clauses = {clause for each in advice_now(desk.journal, pack) for clause in each.clauses}
        assert {"FOO-REG-01", "FOO-REG-02", "FOO-REG-03"} <= clauses, category.id


@pytest.mark.clause("FOO-PRV-01", "FOO-PRV-04")
def test_prevention_can_be_read_where_a_delivery_went_wrong() -> None:
    texts = " ".join(article.text.en for article in articles_for(PACKS["food"], {"group": "delivery"}, ""))
    for word in ("fragile", "temperature and humidity", "own or cooled", "bad weather", "Sort", "contracts name time limits"):
        assert word in texts
    assert "reviewed every quarter" in texts
    assert "role-plays" in texts


@pytest.mark.clause("FOO-FBK-04")
@pytest.mark.parametrize(
    "said",
    [
        j.Confirmed(satisfied=False, rating=1),
        j.SurveyAnswered(answers={"solved": "no"}, dissatisfied=True),
        j.FollowedUp(answered=True, satisfied=False, recurred=True),
    ],
    ids=lambda said: said.kind,
)
def test_however_a_customer_says_it_the_desk_is_told_to_ask_why(said: Any) -> None:
    pack = PACKS["food"]
    desk = PureDesk(AT, "late", pack=pack)
    desk.file.say(said)
    assert "FOO-FBK-04" in {clause for each in advice_now(desk.journal, pack) for clause in each.clauses}


@pytest.mark.clause("GRO-LST-03")
def test_a_wrong_listing_is_corrected_behind_the_scenes_by_operations() -> None:
    pack = PACKS["grocery"]
    rows = [row for row in pack.remedy if "GRO-LST-03" in row.clauses]
    corrections = [step for row in rows for step in row.step if step.kind == "listing_correction"]
    assert len(corrections) == len(rows) == 3
    assert {step.department for step in corrections} == {"operations"}
    assert corrections[0].kind in BEHIND_THE_SCENES
    assert [row.id for row in notices_for(pack, "step_ordered", {"step_kind": "listing_correction"})] == ["task"]


@pytest.mark.clause("ECO-SOL-02")
@pytest.mark.parametrize(
    ("category", "facts"),
    [
        ("product_quality", {"cause": "desk", "remedy_wanted": "exchange"}),
        ("after_sales_support", {"cause": "desk", "remedy_wanted": "exchange"}),
        ("wrong_item", {"wrong_item_wish": "exchange"}),
        ("return_exchange", {"conditions_met": True, "return_or_exchange": "exchange"}),
        ("delivery_trouble", {"cause": "desk", "trouble": "damaged"}),
        ("delivery_trouble", {"cause": "desk", "trouble": "lost"}),
    ],
)
def test_wherever_goods_are_sent_again_the_desk_says_that_it_is_once_only(category: str, facts: dict[str, Any]) -> None:
    pack = PACKS["marketplace"]
    desk = PureDesk(AT, category, pack=pack)
    for command in (
        c.Respond(message="抱歉"),
        c.Verify(founded=True, findings="属实"),
        c.Assess(facts=facts, liable="company"),
    ):
        assert desk.does(AGENT, command) is None
    [told] = [each for each in advice_now(desk.journal, pack) if "ECO-SOL-02" in each.clauses]
    assert "neither returned nor exchanged" in told.text.en
    assert "不再退换" in told.text.zh


# A promise that was missed


@pytest.mark.clause("LOY-LVL-04", "loyalty:HOUSE-ESCALATED")
def test_what_ran_late_is_escalated_and_has_a_short_limit_from_then_on() -> None:
    pack = PACKS["loyalty"]
    desk = PureDesk(AT, "goods_quality", pack=pack)
    desk.plan()
    [first] = [deadline for deadline in desk.case.deadlines if deadline.name == "callback_level_1"]
    assert first.due_at is not None
    desk.until(first.due_at + timedelta(minutes=1))
    assert desk.case.level == "III"
    [short] = [deadline for deadline in desk.case.deadlines if deadline.name == "after_a_miss"]
    assert short.start_at == first.due_at
    assert str(pack.deadline_of("after_a_miss").budget) == "4h business"
    assert short.clause == "LOY-LVL-04"
    # Whatever is missed besides, the first miss has made it what it is.
    desk.until(first.due_at + timedelta(days=3))
    set_ = [entry.event for entry in desk.journal if isinstance(entry.event, DeadlineSet)]
    assert [event.name for event in set_].count("after_a_miss") == 1
    assert desk.does(AGENT, c.Respond(message="抱歉久等")) is None
    assert "after_a_miss" not in {deadline.name for deadline in desk.case.deadlines}


@pytest.mark.clause("LOY-LVL-04")
def test_what_was_escalated_without_running_late_has_the_limit_of_its_own_cause_only() -> None:
    pack = PACKS["loyalty"]
    desk = PureDesk(AT, "goods_quality", pack=pack)
    assert desk.does(AGENT, c.Escalate(reason="会员要求见主管")) is None
    desk.plan()
    names = [deadline.name for deadline in desk.case.deadlines]
    assert desk.case.level == "III"
    assert "taken_up" in names
    assert "after_a_miss" not in names
