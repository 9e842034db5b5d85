"""Incidents as the domain knows them: who may decide what, how far it goes, and how it is told."""

from __future__ import annotations

import typing
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.actor import Actor, Role
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident import fold
from domain.incident.details import details
from domain.incident.events import Happening, IncidentEntry, Terms
from domain.incident.extra import step_of
from domain.incident.incident import Incident, key_of, lot_change
from domain.incident.story import tell
from domain.incident.tidings import tidings
from domain.incident.withheld import check_lot
from domain.intake import Product
from domain.money import Money
from domain.policy.errors import RemedyRefused
from domain.policy.wording import Wording
from domain.remedies import PlannedStep, RemedyPlan
from tests.domain.incidents import AT, GENERAL_MANAGER, LEAD, MANAGER, OTHER, TEXT, Told, led, library, received
from tests.domain.packs import an_order


@pytest.mark.clause("FOO-BAT-02")
def test_the_lead_decides_the_team_finds_and_nobody_else_does() -> None:
    told = led()
    told.does(LEAD, c.RecordFinding(cause="系统升级", lots=("A1",), final=False))
    told.does(Actor(id="lin", roles=(Role.AGENT,)), c.RecordFinding(cause="计费程序有误", lots=("A1", "B2")))
    assert (told.incident.cause, told.incident.found, told.incident.lots) == ("计费程序有误", True, ("A1", "B2"))
    assert told.refuses(Actor(id="x", roles=(Role.AGENT,)), c.RecordFinding(cause="不知")) == "not_of_the_team"
    assert told.refuses(OTHER, c.SuspendLot(lot="A1", reason="等待")) == "not_the_lead"
    assert told.refuses(OTHER, c.NameTeam(lead="wu")) == "wrong_role"
    assert told.refuses(Actor(id="shop", roles=(Role.INTAKE,)), c.Close(reason="x")) == "wrong_role"
    told.does(MANAGER, c.SuspendLot(lot="A1", reason="等待"))


@pytest.mark.clause("FOO-BAT-03", "FOO-BAT-06")
def test_what_is_decided_on_a_lot_is_decided_once_and_a_recall_is_final() -> None:
    told = led().does(LEAD, c.SuspendLot(lot="A1", reason="等待"))
    assert told.refuses(LEAD, c.SuspendLot(lot="A1", reason="等待")) == "lot_suspended_already"
    assert told.refuses(LEAD, c.ReleaseLot(lot="B2", reason="合格")) == "lot_not_suspended"
    [effect] = told.incident.effects
    assert key_of(told.incident, effect) == "library:inc_1/1/suspend-1"
    assert lot_change(told.incident, effect).reason == "LIB-RSP-01"
    told.says(e.EffectOrdered(effect="suspend-1", reference="LT-1"), e.EffectDone(effect="suspend-1"))
    told.does(LEAD, c.ReleaseLot(lot="A1", reason="合格"))
    assert told.incident.suspended == ("A1",), "only when the shop sells it again"
    told.says(e.EffectFailed(effect="release-2", code="refused"))
    assert told.refuses(MANAGER, c.Close(reason="了结")) == "effect_under_way"
    told.does(MANAGER, c.Settle(effect="release-2", action="retry", reason="再试"))
    assert key_of(told.incident, told.incident.effects[1]).endswith("/release-2/r1")
    told.says(e.EffectDone(effect="release-2"))
    assert not told.incident.suspended
    told.does(LEAD, c.Recall(lot="A1", reason="有害", announcement=TEXT))
    assert (told.incident.suspended, told.incident.recalled) == (("A1",), ("A1",))
    assert told.refuses(LEAD, c.ReleaseLot(lot="A1", reason="合格")) == "lot_recalled"
    assert told.refuses(LEAD, c.Recall(lot="A1", reason="有害", announcement=TEXT)) == "lot_recalled_already"
    assert [news.what for news in tidings(told.incident, told.row)] == [
        "joined", "lot_suspended", "lot_released", "lot_suspended", "message",
    ]  # fmt: skip


@pytest.mark.clause("FOO-BAT-05")
def test_extra_compensation_stays_under_its_caps_and_nobody_approves_their_own() -> None:
    told = led()
    half = c.GrantExtra(kind="extra_payment", percent=Decimal(60), amount=Money.of(20, "EUR"), reason="补偿")
    told.does(LEAD, half)
    assert told.refuses(LEAD, half) == "over_the_cap", "what is asked for already counts"
    assert told.refuses(LEAD, c.GrantExtra(kind="points", points=51, reason="x")) == "over_the_cap"
    assert told.refuses(LEAD, c.GrantExtra(kind="coupon", amount=Money.of(1, "EUR"), reason="x")) == "extra_not_allowed"
    assert told.refuses(LEAD, c.GrantExtra(kind="extra_payment", amount=Money.of(1, "CNY"), reason="x")) == "other_currency"
    assert told.refuses(MANAGER, c.ApproveExtra(number=1)) == "wrong_role"
    assert told.refuses(GENERAL_MANAGER, c.ApproveExtra(number=2)) == "no_such_request"
    assert told.refuses(LEAD, c.Close(reason="了结")) == "request_waits"
    stand_in = Actor(id="feng", roles=(Role.GENERAL_MANAGER,), acting_for="zhou")
    assert told.refuses(stand_in, c.ApproveExtra(number=1)) == "own_proposal"
    told.does(GENERAL_MANAGER, c.ApproveExtra(number=1))
    told.does(GENERAL_MANAGER, c.GrantExtra(kind="points", points=50, reason="x"))
    assert told.refuses(GENERAL_MANAGER, c.ApproveExtra(number=2)) == "own_proposal"
    told.does(GENERAL_MANAGER, c.RefuseExtra(number=2, reason="收回"))
    told.does(LEAD, c.GrantExtra(kind="points", points=50, reason="改由牵头人提出"))
    assert [grant.state for grant in told.incident.grants] == ["approved", "refused", "asked"]


def owed() -> Told:
    """Points for everybody, one of them owed to a closed complaint."""
    told = led().does(LEAD, c.GrantExtra(kind="points", points=20, reason="补偿"))
    told.does(GENERAL_MANAGER, c.ApproveExtra(number=1))
    return told.says(e.ExtraOwed(number=1, complaint="cmp_2", effect="extra-1-cmp_2"))


def test_an_extra_that_may_have_been_paid_is_never_asked_for_under_another_key() -> None:
    told = owed().says(e.EffectFailed(effect="extra-1-cmp_2", code="ledger_conflict", detail="another amount"))
    again = c.Settle(effect="extra-1-cmp_2", action="retry", reason="再试")
    assert told.refuses(GENERAL_MANAGER, again) == "may_have_happened"
    [before] = told.incident.effects
    assert (before.status, before.attempt) == ("failed", 0)
    told.does(LEAD, c.Settle(effect="extra-1-cmp_2", action="drop", reason="已与合作方核对"))
    assert told.incident.effects[0].status == "dropped"


def test_neither_is_a_decision_on_a_lot() -> None:
    told = led().does(LEAD, c.SuspendLot(lot="A1", reason="等待"))
    told.says(e.EffectFailed(effect="suspend-1", code="ledger_conflict"))
    assert told.refuses(MANAGER, c.Settle(effect="suspend-1", action="retry", reason="再试")) == "may_have_happened"


def test_whoever_approves_money_decides_that_it_is_asked_for_once_more() -> None:
    told = owed().says(e.EffectFailed(effect="extra-1-cmp_2", code="refused", detail="账户已冻结"))
    again = c.Settle(effect="extra-1-cmp_2", action="retry", reason="账户已恢复")
    for nobody in (LEAD, MANAGER):
        assert told.refuses(nobody, again) == "wrong_role"
    told.does(GENERAL_MANAGER, again)
    [effect] = told.incident.effects
    assert (effect.status, key_of(told.incident, effect)) == ("planned", "library:inc_1/1/extra-1-cmp_2/r1")
    told.says(e.EffectFailed(effect="extra-1-cmp_2", code="refused"))
    told.does(LEAD, c.Settle(effect="extra-1-cmp_2", action="drop", reason="不再支付"))


def test_an_extra_is_a_share_of_the_order_rounded_down_or_the_amount_beside_it() -> None:
    case, _ = received()
    terms = Terms(kind="extra_payment", percent=Decimal("33.3"), amount=Money.of(5, "EUR"))
    found = case.model_copy(update={"order": an_order("99.99", "EUR"), "order_check": "found"})
    step = step_of(found, terms, "inc_1-1", "LIB-FEE-01")
    assert step is not None
    assert (step.money, step.executor, step.percent) == (Money.of("33.29", "EUR"), "payments", Decimal("33.3"))
    for unknown in (case, found.model_copy(update={"order_check": "not_theirs"})):
        beside = step_of(unknown, terms, "inc_1-1", "LIB-FEE-01")
        assert beside is not None
        assert beside.money == Money.of(5, "EUR")
        assert step_of(unknown, terms.model_copy(update={"amount": None}), "inc_1-1", "LIB-FEE-01") is None


@pytest.mark.clause("FOO-QLT-02")
@pytest.mark.parametrize("kind", ["reship", "exchange"])
def test_nothing_is_sent_again_of_a_stopped_lot(kind: Any) -> None:
    case, _ = received(product=Product(lot="A1"))
    title = Wording(zh="补发", en="Sent again")
    step = PlannedStep(id="again", kind=kind, clause="LIB-FEE-01", title=title, by="partner", executor="logistics")
    zero = Money.zero("EUR")
    plan = RemedyPlan(row_id="fresh", clause="LIB-FEE-01", title=title, steps=(step,), total=zero, cash=zero)
    check_lot(case, plan)
    stopped = case.model_copy(update={"suspended_lots": ("A1",)})
    with pytest.raises(RemedyRefused) as refused:
        check_lot(stopped, plan)
    assert refused.value.field == "choices.again"
    check_lot(stopped, plan.model_copy(update={"steps": (step.model_copy(update={"kind": "return"}),)}))
    check_lot(case.model_copy(update={"suspended_lots": ("B2",)}), plan)


def whole_life() -> Told:
    """Every kind of entry there is."""
    told = led().says(e.ComplaintsJoined(complaints=tuple(f"cmp_{n}" for n in range(7))))
    told.does(LEAD, c.RecordFinding(cause="计费程序有误", lots=("A1",)))
    told.does(LEAD, c.SuspendLot(lot="A1", product="SKU-1", reason="等待"))
    told.says(e.EffectOrdered(effect="suspend-1", reference="LT-1"), e.EffectDone(effect="suspend-1"))
    told.does(LEAD, c.PublishStatement(text=TEXT, expected_at=AT + timedelta(days=3)))
    told.does(LEAD, c.TellMembers(text=TEXT)).says(e.NewsPassedOn(number=1, complaints=7, closed=2))
    told.does(LEAD, c.GrantExtra(kind="extra_payment", percent=Decimal(50), reason="补偿"))
    told.does(GENERAL_MANAGER, c.RefuseExtra(number=1, reason="太多"))
    told.does(LEAD, c.GrantExtra(kind="points", points=20, reason="补偿"))
    told.does(GENERAL_MANAGER, c.ApproveExtra(number=2, note="同意"))
    told.says(e.ExtraPassedOn(number=2, complaints=("cmp_1",)), e.ExtraOwed(number=2, complaint="cmp_2", effect="extra-2-cmp_2"))
    told.says(e.EffectFailed(effect="extra-2-cmp_2", code="refused", detail="账户已注销"))
    told.does(LEAD, c.Settle(effect="extra-2-cmp_2", action="drop", reason="客户已注销"))
    return told.does(LEAD, c.Close(reason="已了结"))


def test_every_entry_is_told_in_both_languages() -> None:
    told = whole_life()
    kinds = {event.model_fields["kind"].default for event in typing.get_args(typing.get_args(Happening)[0])}
    assert {entry.event.kind for entry in told.entries} == kinds
    for entry in told.entries:
        for pack in (library(), None):
            chinese, english = (tell(entry, told.incident, pack, locale) for locale in ("zh-CN", "en"))
            assert chinese.startswith("2026年11月21日（周六）09:00：")
            assert english.startswith("Sat 21 Nov 2026 09:00: ")
            for line in (chinese, english):
                assert "None" not in line
                assert entry.event.kind not in line
                assert "  " not in line
                assert ".." not in line
                assert "。。" not in line
            assert entry.clauses == () or english.endswith(f"[{', '.join(entry.clauses)}]")


def test_the_journal_adds_up_to_the_incident_and_reads_back() -> None:
    told = whole_life()
    back = [IncidentEntry.model_validate_json(entry.model_dump_json()) for entry in told.entries]
    assert back == told.entries
    assert fold.replay(back) == told.incident
    assert Incident.model_validate_json(told.incident.model_dump_json()) == told.incident
    assert told.refuses(MANAGER, c.TellMembers(text=TEXT)) == "incident_closed"


def test_what_operators_see_names_no_place() -> None:
    shown = details(whole_life().incident, library().batch_of("one_fee"))
    assert "wrong_fee" in shown
    assert "徐汇" not in shown


def test_operators_see_who_is_waited_for() -> None:
    row = library().batch_of("one_fee")
    assert "the manager has to name who leads it" in details(Told().incident, row)
    told = led()
    assert "has to name" not in details(told.incident, row)
    told.does(LEAD, c.GrantExtra(kind="points", points=20, reason="补偿"))
    asked = details(told.incident, row)
    assert "- extra 1, points, asked for by zhou: waits for the decision of the general_manager" in asked
    assert "补偿" not in asked
