"""Every entry can be told, in both languages, and tells what an outsider needs."""

from __future__ import annotations

import typing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from domain import journal as j
from domain import promise_events as p
from domain.actor import SYSTEM, Actor, Role
from domain.budget import Budget
from domain.case import Case
from domain.entry_kinds import ENTRY_KINDS
from domain.explanation import Explanation
from domain.fold import begin
from domain.intake import Evidence, Intake
from domain.journal import Entry, Event
from domain.money import Money
from domain.order import Customer
from domain.policy.pack import Pack
from domain.policy.vocabulary import Sign
from domain.policy.wording import Wording
from domain.remedies import PlannedStep, RemedyPlan
from domain.route import Route, RouteEvent
from domain.story.follow_up import ABOUT
from domain.story.tell import tell
from storage.packs import load_packs

AT = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
DUE = AT + timedelta(hours=1)
LIN = Actor(id="lin", roles=(Role.AGENT,))
WHY = Explanation(start_at=AT, due_at=DUE, budget=Budget.within(timedelta(hours=1), "calendar"))
PHOTO = Evidence(uri="s3://x/1.jpg", sha256="0" * 64, media_type="image/jpeg", size=1)
STEP = PlannedStep(
    id="refund", kind="refund", clause="HOM-DMG-03", title=Wording(zh="全额退款", en="Full refund"), by="software",
    executor="payments", money=Money.of("1000.00", "CNY"), percent=Decimal(100),
)  # fmt: skip
PLAN = RemedyPlan(
    row_id="damage_severe", clause="HOM-DMG-03", title=Wording(zh="严重损坏", en="Severe damage"), steps=(STEP,),
    total=Money.of("1000.00", "CNY"), cash=Money.of("1000.00", "CNY"),
)  # fmt: skip
RECEIVED = j.Received(
    tenant="home-demo", complaint_id="cmp_x", pack="home@2026-11", pack_digest="0" * 64, zone="Asia/Shanghai", currency="CNY",
    group="transport", level="normal", urgent=False,
    intake=Intake(category="transport_damage", channel="hotline", customer=Customer(name="王小明", phone="1"), content="碎了",
                  expectation="退款", order_number="SO-1"),
)  # fmt: skip
KEY = "first_response_transport/1"

EVENTS: list[Event] = [
    RECEIVED,
    *(j.OrderChecked(result=result) for result in typing.get_args(j.OrderChecked.model_fields["result"].annotation)),
    j.Assigned(assignee="lin", why="least_loaded"),
    j.Classified(category="transport_damage", group="transport", level="III", severity="severe", urgent=True, priority=1),
    j.Classified(category="transport_damage", group="transport", level="normal", urgent=False, priority=3, rows=("usual",)),
    j.Reclassified(
        category="transport_loss",
        group="transport",
        before="transport_damage",
        urgent_causes=("superior_asks", "public_harm"),
        answer_by_at=DUE,
        reason="承运商确认丢失",
    ),
    j.Reclassified(category="transport_loss", group="transport", before="transport_loss", reason="无需加急"),
    *(
        j.Assigned(assignee="lin", why=why, route="desk", loads={"lin": 0})
        for why in ("first_contact", "own_supervisor", "absent")
    ),
    j.Consulted(department="warehouse", route="x", awaited=True),
    j.Consulted(department="warehouse", route="x"),
    j.OpinionGiven(department="warehouse", opinion="漏检", responsible="三班", asked=7),
    j.OpinionGiven(department="warehouse", opinion="漏检", asked=7),
    j.OpinionGiven(department="warehouse", opinion="漏检", asked=7, on_behalf=True),
    j.OpinionDropped(department="warehouse", asked=7),
    j.HandOverOffered(to="zhao", reason="交班"),
    j.HandOverOffered(to="zhao", route="desk"),
    j.HandOverDeclined(reason="不当班"),
    j.Responded(message="已记录"),
    j.InspectionOrdered(step="inspection-3", address="人民路 1 号", note="看裂缝"),
    j.VisitReported(step="inspection-3", findings="有裂缝", corrected=False, evidence=(PHOTO,)),
    j.Verified(founded=True, findings="属实", sources=("carrier", "warehouse")),
    j.Verified(founded=False, findings="不属实"),
    j.Assessed(facts={"damage": "severe", "customer_cancels": True, "delay_days": 7}, liable="carrier", note="包装完好"),
    j.Assessed(facts={"damage": "severe"}, liable="customer", rests_on=("0" * 64,)),
    j.Verified(founded=False, findings="照片是旧的", rests_on=("0" * 64, "1" * 64)),
    j.Proposed(number=1, plan=PLAN, reason="老客户"),
    j.ApprovalAsked(number=1, role=Role.SUPERVISOR),
    j.Approved(number=1, note="同意"),
    j.SentBack(number=1, reason="再核实"),
    j.Refused(number=1, reason="证据不足"),
    j.Offered(number=1),
    j.Accepted(number=1),
    j.Accepted(number=1, reported_by_desk=True),
    j.Declined(number=1, reason="要换货"),
    j.Appealed(number=1, grounds="应按严重损坏", decided_by_role=Role.MANAGER),
    j.StepOrdered(step="refund", reference="PY-1"),
    j.StepDone(step="refund", detail="succeeded", paid=Money.of("1000.00", "CNY")),
    j.StepFailed(step="refund", code="account_closed", detail="账户已注销"),
    j.StepSettled(step="refund", action="retry", reason="换账户"),
    j.CallOffAsked(step="refund", reason="客户改变主意"),
    j.CallOffRefused(step="refund", code="too_late", detail="已支付"),
    j.ProgressReported(message="已提交银行"),
    j.CarriedOut(),
    j.CallbackAttempted(answered=False, note="无人接听", next_at=DUE),
    j.Confirmed(satisfied=True, rating=5, comment="很好"),
    j.Confirmed(satisfied=False),
    j.EvidenceAttached(evidence=(PHOTO,)),
    j.EvidenceAttached(evidence=(PHOTO,), ours=True),
    j.Paused(reason="等照片", until_at=DUE),
    j.Resumed(reason="已补充"),
    j.HandedOver(assignee="zhao", reason="熟悉"),
    j.EscalatedByHand(to=Role.SUPERVISOR, assignee=None, reason="客户要求"),
    j.Withdrawn(reason="自行解决"),
    j.Reopened(reason="又坏了"),
    *(j.Closed(outcome=outcome, reason="原因") for outcome in typing.get_args(j.Outcome)),
    j.Closed(outcome="unfounded", reason="order_not_found"),
    j.CommandRefused(command="approve", code="own_proposal", reason="nobody decides on their own proposal"),
    p.DeadlineSet(key=KEY, name="first_response_transport", clause="HOM-TRN-03", start_at=AT, due_at=DUE, explanation=WHY),
    p.DeadlineSet(key=KEY, name="first_response_transport", clause="HOM-TRN-03", start_at=AT, due_at=None, explanation=WHY),
    p.DeadlineMoved(key=KEY, due_at=DUE, explanation=WHY, why="resumed"),
    p.DeadlineMet(key=KEY, in_time=True),
    p.DeadlineMet(key=KEY, in_time=False),
    p.DeadlineMissed(key=KEY, due_at=DUE),
    p.DeadlineDropped(key=KEY),
    p.Escalated(key=KEY, rung=0, to=Role.SUPERVISOR, person="boss", actions=("notify", "raise", "hand_over")),
    p.Acknowledged(key=KEY, note="知悉"),
    p.NoticeSent(notice="offered", to="customer", channels=("email",)),
    p.NoticeFailed(notice="offered", to="customer", detail="no address"),
    *(j.TimePromised(about=about, at=DUE, note="下午方便") for about in ABOUT),
    j.FollowUpPlanned(row="visit", from_at=DUE, owner=Role.AGENT),
    j.FollowUpDue(row="visit", owner=Role.AGENT),
    j.FollowedUp(answered=False, note="无人接听"),
    j.FollowedUp(answered=True, satisfied=True),
    j.FollowedUp(answered=True, satisfied=False, recurred=True, new_demand=True, note="又裂了"),
    j.SurveyAnswered(answers={"solved": "no"}, dissatisfied=True, comment="没解决"),
    *(j.SignNoted(row="sign", sign=sign, weight=2, note="见通话录音") for sign in typing.get_args(Sign)),
    j.SignNoted(row="threat_words", sign="threat", weight=3, found=("曝光", "不赔就")),
    j.SignNoted(row="many", sign="repetition", weight=2, count=4),
    j.EvidenceDemanded(what="购买凭证"),
    j.MalicePresumed(reason="前后矛盾", score=5),
    j.MalicePresumed(reason="没有凭证", score=1, unanswered=True),
    j.ReferredToLegal(to=Role.LEGAL, reason="勒索"),
    j.IncidentJoined(incident="inc_1", batch="one_product", urgent=True),
    j.IncidentJoined(incident="inc_1", batch="one_product"),
    j.ExtraGranted(incident="inc_1", step="inc_1-1", planned=PLAN.steps[0], decided_by="lu"),
    j.IncidentTold(incident="inc_1", number=1, text=Wording(zh="正在调查", en="We are looking into it")),
    j.LotSuspended(incident="inc_1", lot="SM20261117A"),
    j.LotReleased(incident="inc_1", lot="SM20261117A"),
]


@lru_cache
def home() -> Pack:
    return next(pack for pack in load_packs(Path("policies")) if pack.name == "home")


def told(event: Any, locale: Any, by: Actor = LIN, pack: Pack | None = None, clauses: tuple[str, ...] = ()) -> str:
    return tell(Entry(seq=2, at=AT, by=by, clauses=clauses, event=event), case(), pack, locale)


def case() -> Case:
    return begin(Entry(seq=1, at=AT, by=LIN, event=RECEIVED))


def test_every_kind_of_entry_is_among_these() -> None:
    assert {event.kind for event in EVENTS} == ENTRY_KINDS


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
@pytest.mark.parametrize("known", [True, False], ids=["with the pack", "without it"])
def test_an_entry_is_told_in_both_languages(event: Event, known: bool) -> None:
    pack = home() if known else None
    chinese, english = told(event, "zh-CN", pack=pack), told(event, "en", pack=pack)
    assert chinese.startswith("2026年11月21日（周六）09:00：")
    assert english.startswith("Sat 21 Nov 2026 09:00: ")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese.removeprefix("2026年11月21日（周六）09:00：")), chinese
    for line in (chinese, english):
        assert "None" not in line
        assert "{" not in line
        assert not line.endswith(event.kind)
        assert "  " not in line
        assert ".." not in line
        assert "。。" not in line


def test_a_proposal_is_told_with_every_figure() -> None:
    line = told(EVENTS[[event.kind for event in EVENTS].index("proposed")], "en", clauses=("HOM-DMG-03",))
    assert "Full refund (1000.00 CNY, 100 %)" in line
    assert line.endswith("[HOM-DMG-03]")


def test_a_notice_is_called_by_its_title_and_without_the_pack_by_its_id() -> None:
    sent = p.NoticeSent(notice="offered", to="customer", channels=("email",))
    assert "The notice “Plan offered” went to the customer by e-mail." in told(sent, "en", pack=home())
    assert "通知“处理方案请客户确认”已发送给客户（邮件）。" in told(sent, "zh-CN", pack=home())
    assert "“offered”" in told(sent, "en")


def test_every_notice_of_the_home_pack_has_a_title_in_both_languages() -> None:
    assert [rule.id for rule in home().notice if rule.title is None] == []


def test_what_the_carrier_said_of_the_parcel_is_told_with_the_order() -> None:
    at = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
    events = (RouteEvent(at=AT, event="ordered"), RouteEvent(at=at, event="arrived_at_hub", place="广东"))
    route = Route(order_number="SO-1", carrier="顺丰", status="in_transit", events=events)
    checked = j.OrderChecked(result="unclear", route=route)
    assert told(checked, "en").endswith(
        "The carrier 顺丰 says: the parcel is on its way; last entry: arrived at the hub, 广东, Fri 20 Nov 2026 10:30."
    )
    assert told(checked, "zh-CN").endswith("承运商 顺丰 答复：运输途中；最近一条：2026年11月20日（周五）10:30 广东 到达中转站。")


def test_findings_are_told_in_the_packs_words() -> None:
    line = told(j.Assessed(facts={"damage": "severe"}, liable="carrier"), "zh-CN", pack=home())
    assert "损坏程度 = 严重：无法使用" in line
    assert "承运商" in line


def test_people_are_called_by_their_role_and_id() -> None:
    assert "客服 lin 批准" in told(j.Approved(number=1), "zh-CN")
    assert ": The customer agreed" in told(j.Accepted(number=1), "en", by=Actor(id="wang", roles=(Role.CUSTOMER,)))
    assert ": Redress paused" in told(j.Paused(reason="x"), "en", by=SYSTEM)


def test_what_somebody_said_stays_on_one_line() -> None:
    assert "“a b c”" in told(j.Responded(message="a\nb\t\tc"), "en")
