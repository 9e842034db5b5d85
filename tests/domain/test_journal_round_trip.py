"""What is written reads back equal: every kind of entry, with every field filled and with none that may be left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from domain import commands as c
from domain import journal as j
from domain import promise_events as p
from domain.actor import Role
from domain.budget import Pause
from domain.case import Case
from domain.entry_kinds import ENTRY_KINDS
from domain.intake import Details, Product
from domain.journal import Entry, Event
from domain.money import Money
from domain.policy.wording import Wording
from domain.promise_plan import plan_promise
from domain.remedies import StepChoice, draft
from domain.route import Route, RouteEvent
from tests.domain.packs import an_order, home
from tests.domain.pure_desk import PureDesk, an_intake, home_calendar, sample_order
from tests.moves import AGENT, CUSTOMER, PHOTO

AT = datetime(2026, 9, 28, 8, 15, 0, 123456, tzinfo=UTC)
PLAN = draft(
    home(),
    "transport_damage",
    {"damage": "slight"},
    an_order("999.99"),
    "CNY",
    (StepChoice(step="coupon", percent=Decimal("9.75")),),
)
PLANNED = plan_promise(
    home(), "verification", AT, (Pause(from_at=AT, until_at=AT + timedelta(days=2), reason="照片"),), home_calendar()
)
STILL = plan_promise(home(), "verification", AT, (Pause(from_at=AT, reason="照片"),), home_calendar())

ROUTE = Route(
    order_number="SO-1", carrier="顺丰", status="lost", promised_at=AT, events=(RouteEvent(at=AT, event="lost", place="广东"),)
)

SAMPLES: tuple[Any, ...] = (
    j.Received(
        tenant="home-demo", complaint_id="cmp_1", pack="home@2026-11", pack_digest="0" * 64, zone="Asia/Shanghai", currency="CNY",
        group="transport", level="urgent", urgent=True, intake=an_intake(evidence=(PHOTO,)),
    ),
    j.OrderChecked(result="found", order=sample_order("0.01", AT)),
    j.OrderChecked(result="found", order=sample_order("0.01", AT), route=ROUTE),
    j.OrderChecked(result="not_needed"),
    j.Assigned(assignee="lin", why="least_loaded"),
    j.Classified(
        category="a", group="b", level="III", severity="severe", urgent=True, priority=1, rows=("late_again", "harm"),
        before={"level": "I", "urgent": False},
    ),
    j.Classified(category="a", group="b", level="normal", urgent=False, priority=3),
    j.Reclassified(
        category="a", group="b", before="c", urgent_causes=("superior_asks",), answer_by_at=AT, reason="监管部门来函"
    ),
    j.Reclassified(category="a", group="b", before="a", reason="x"),
    j.Reclassified(
        category="a", group="b", before="c", reason="录音证实", rests_on=(PHOTO.sha256,),
        details=Details(
            against_staff="lin", against="客服小林", order_number="SO-2", customer_id="cust-2", phone="138", email="a@b.example",
            expectation="道歉", product=Product(lot="L-1"), occurred_at=AT, bought_through="门店", address="上海",
            installation_address="徐汇", region="华东",
        ),
    ),
    j.Assigned(assignee="lin", why="least_loaded", route="desk", loads={"lin": 0, "zhao": 3}),
    j.Consulted(department="warehouse", route="warehouse", awaited=True),
    j.Consulted(department="warehouse", route="warehouse"),
    j.OpinionGiven(department="warehouse", opinion="漏检", responsible="三班", asked=7),
    j.OpinionGiven(department="warehouse", opinion="漏检", asked=7, on_behalf=True),
    j.OpinionDropped(department="warehouse", asked=7),
    j.HandOverOffered(to="zhao", reason="交班", route="desk"),
    j.HandOverDeclined(reason="不当班"),
    j.HandOverOffered(to="zhao", route="desk", until_at=AT),
    j.HandOverDeclined(reason="no answer in time", unanswered="zhao"),
    j.Responded(message="已登记\n请放心 🪨"),
    j.InspectionOrdered(step="inspection-4", address="上海", note="缝隙"),
    j.VisitReported(step="inspection-4", findings="属实", corrected=True, evidence=(PHOTO,)),
    j.Verified(founded=True, findings="属实", sources=("承运商",)),
    # True, 1 and "1" are three different facts.
    j.Assessed(facts={"a": True, "b": 1, "c": "1", "d": False, "e": 0, "f": "true"}, liable="carrier", note="x"),
    j.Proposed(number=1, plan=PLAN, reason="客户情况特殊"),
    j.ApprovalAsked(number=1, role=Role.GENERAL_MANAGER),
    j.Approved(number=1, note="同意"),
    j.SentBack(number=1, reason="太多"),
    j.Refused(number=1, reason="不同意"),
    j.Offered(number=1),
    j.Accepted(number=1, reported_by_desk=True),
    j.Declined(number=1, reason="太少"),
    j.Appealed(number=1, grounds="不服", decided_by_role=Role.MANAGER),
    j.StepOrdered(step="refund", reference="PY-1", detail="pending"),
    j.StepDone(step="refund", detail="succeeded", paid=Money.of("1000.00", "CNY")),
    j.StepFailed(step="refund", code="over_paid", detail="x"),
    j.StepSettled(step="refund", action="drop", reason="人工"),
    j.CallOffAsked(step="refund", reason="客户改变主意"),
    j.CallOffRefused(step="refund", code="too_late", detail="已支付"),
    j.ProgressReported(message="已发货"),
    j.CarriedOut(),
    j.CallbackAttempted(answered=False, note="忙", next_at=AT),
    j.Confirmed(satisfied=True, rating=5, comment="好"),
    j.EvidenceAttached(evidence=(PHOTO, PHOTO)),
    j.EvidenceAttached(evidence=(PHOTO,), ours=True),
    j.Paused(reason="照片", until_at=AT),
    j.Resumed(reason="到了"),
    j.HandedOver(assignee="zhao", reason="换班"),
    j.EscalatedByHand(to=Role.MANAGER, assignee="qian", reason="激动"),
    j.Withdrawn(reason="算了"),
    j.Reopened(reason="又坏了"),
    j.Closed(outcome="decided", reason="主管决定"),
    j.CommandRefused(command="approve", code="wrong_role", reason="x"),
    p.DeadlineSet(key="verification/1", name="verification", clause="HOUSE-VERIFY", start_at=AT, **PLANNED._asdict()),
    p.DeadlineSet(key="verification/1", name="verification", clause="HOUSE-VERIFY", start_at=AT, **STILL._asdict()),
    p.DeadlineMoved(
        key="verification/1", due_at=PLANNED.due_at, rungs=PLANNED.rungs, explanation=PLANNED.explanation, why="resumed"
    ),
    p.DeadlineMet(key="verification/1", in_time=False),
    p.DeadlineMet(key="opinion/7", in_time=True, by="he"),
    p.DeadlineMissed(key="verification/1", due_at=AT),
    p.DeadlineDropped(key="verification/1"),
    p.Escalated(key="verification/1", rung=2, to=Role.MANAGER, person=None, actions=("notify", "hand_over")),
    p.Acknowledged(key="verification/1", note="知悉"),
    p.NoticeSent(notice="received", to="customer", channels=("mail", "chat")),
    p.NoticeFailed(notice="received", to="customer", detail="no address"),
    j.SignNoted(row="threat_words", sign="threat", weight=3, note="录音", found=("曝光",), count=2),
    j.EvidenceDemanded(what="购买凭证"),
    j.MalicePresumed(reason="前后矛盾", score=5, unanswered=True),
    j.ReferredToLegal(to=Role.LEGAL, reason="勒索"),
    j.TimePromised(about="callback", at=AT, note="下午"),
    j.FollowUpPlanned(row="visit", from_at=AT, owner=Role.AGENT),
    j.FollowUpDue(row="visit", owner=Role.AGENT),
    j.FollowedUp(answered=True, satisfied=False, recurred=True, new_demand=True, note="又裂了"),
    j.SurveyAnswered(answers={"solved": "no"}, dissatisfied=True, comment="没有"),
    j.IncidentJoined(incident="inc_1", batch="one_product", urgent=True),
    j.IncidentJoined(incident="inc_1", batch="one_product"),
    j.ExtraGranted(incident="inc_1", step="inc_1-1", planned=PLAN.steps[0], decided_by="lu"),
    j.IncidentTold(incident="inc_1", number=1, text=Wording(zh="正在调查", en="We are looking into it")),
    j.LotSuspended(incident="inc_1", lot="SM20261117A"),
    j.LotReleased(incident="inc_1", lot="SM20261117A"),
)  # fmt: skip


def test_there_is_a_sample_of_every_kind_that_packs_may_name() -> None:
    kinds = {event.model_fields["kind"].default for event in get_args(get_args(Event)[0])}
    assert {sample.kind for sample in SAMPLES} == kinds == ENTRY_KINDS


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: event.kind)
def test_an_entry_reads_back_equal(event: Any) -> None:
    entry = Entry(seq=7, at=AT, by=AGENT, clauses=("HOM-TRN-03", "HOUSE-STEP"), event=event)
    back = Entry.model_validate_json(entry.model_dump_json())
    assert back == entry
    # True == 1 and Decimal("1") == Decimal("1.00"), but they are not written alike.
    assert back.model_dump_json() == entry.model_dump_json()


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: event.kind)
def test_what_says_nothing_may_be_missing_from_an_old_entry(event: Any) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(Event)
    required = {name for name, field in type(event).model_fields.items() if field.is_required()}
    bare = event.model_dump(mode="json", include=required | {"kind"})
    assert adapter.validate_python(bare).kind == event.kind


def test_a_case_reads_back_equal_as_written_and_as_python() -> None:
    desk = PureDesk(AT, "transport_damage", sample_order("999.99", AT))
    desk.plan()
    for by, command in (
        (AGENT, c.Respond(message="已登记")),
        (AGENT, c.Verify(founded=True, findings="属实")),
        (AGENT, c.Assess(facts={"damage": "slight"}, liable="carrier")),
        (AGENT, c.Propose()),
        (CUSTOMER, c.Accept(number=1)),
        (AGENT, c.Pause(reason="等待")),
    ):
        assert desk.does(by, command) is None
    desk.carry_out(lambda state: "done")
    desk.plan()
    assert desk.case.steps
    assert desk.case.deadlines
    assert Case.model_validate_json(desk.case.model_dump_json()) == desk.case
    assert Case.model_validate(desk.case.model_dump()) == desk.case
