"""What a customer sees of their complaint, and what stays in the house."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain import commands as c
from domain import journal as j
from domain.actor import UNNAMED, Actor, Role
from domain.case import Case, Stage
from domain.customer_view import case_for_customer, entry_for_customer, explained
from domain.entry_kinds import ENTRY_KINDS
from domain.journal import Entry
from domain.story.tell import tell
from tests.domain.pure_desk import PureDesk, sample_order
from tests.domain.test_journal_round_trip import SAMPLES
from tests.moves import AGENT, CUSTOMER, DEPARTMENT, MANAGER, PHOTO
from tests.moves import GENERAL_MANAGER as CHIEF

NOON = datetime(2026, 9, 28, 4, tzinfo=UTC)
STAFF = (AGENT, MANAGER, CHIEF, DEPARTMENT, Actor(id="zhao-er", roles=(Role.SUPERVISOR,)))
REMARK = "内部备注"

SHOWN = {
    "received", "order_checked", "responded", "inspection_ordered", "visit_reported", "verified", "offered", "accepted",
    "declined", "appealed", "step_ordered", "step_done", "progress_reported", "carried_out", "callback_attempted", "confirmed",
    "evidence_attached", "evidence_demanded", "paused", "resumed", "withdrawn", "reopened", "closed",
    "time_promised", "follow_up_planned", "followed_up", "survey_answered",
    "extra_granted", "incident_told",
}  # fmt: skip


def lived() -> PureDesk:
    """A complaint with a remark of the house in every place that has room for one, up to the plan under way."""
    desk = PureDesk(NOON, "transport_loss", sample_order(received_at=NOON))
    desk.plan()
    steps: tuple[tuple[Actor, c.Command], ...] = (
        (AGENT, c.Respond(message="已登记，今天答复您")),
        (AGENT, c.Pause(reason=f"{REMARK}：客户很难缠")),
        (AGENT, c.Resume(reason=REMARK)),
        (AGENT, c.AttachEvidence(evidence=(PHOTO.model_copy(update={"note": REMARK}),))),
        (CUSTOMER, c.AttachEvidence(evidence=(PHOTO.model_copy(update={"note": "我家客厅"}),))),
        (AGENT, c.OrderInspection(note=REMARK)),
        (DEPARTMENT, c.ReportVisit(step="inspection", findings=REMARK, evidence=(PHOTO,))),
        (AGENT, c.Verify(founded=True, findings=REMARK, sources=(REMARK,))),
        (AGENT, c.Assess(facts={}, liable="carrier", note=REMARK)),
        (AGENT, c.HandOver(to="zhao-er", reason=REMARK)),
        (AGENT, c.Escalate(reason=REMARK)),
        (AGENT, c.Propose(reason=REMARK)),
        (CHIEF, c.Approve(number=1, note=REMARK)),
        (CUSTOMER, c.Accept(number=1)),
    )
    for by, command in steps:
        assert desk.does(by, command) is None, command
        desk.now += timedelta(minutes=1)
        desk.plan()
    desk.carry_out(lambda state: "done")
    desk.plan()
    return desk


@pytest.fixture(scope="module")
def desk() -> PureDesk:
    return lived()


def seen(desk: PureDesk) -> list[Entry]:
    return [shown for entry in desk.journal if (shown := entry_for_customer(entry, desk.case)) is not None]


def named_in(text: str) -> list[str]:
    """Who and what of the house a text betrays. Short ids are looked for as JSON or a sentence would hold them."""
    people = [each.id for each in STAFF if f'"{each.id}"' in text or f" {each.id} " in text]
    return people + [word for word in (REMARK,) if word in text]


def test_the_house_does_leave_remarks_and_names_in_this_life(desk: PureDesk) -> None:
    told = [tell(entry, desk.case, desk.pack, "zh-CN") for entry in desk.journal]
    assert named_in(desk.case.model_dump_json()) != []
    assert sum(1 for line in told if REMARK in line) >= 10
    assert sum(1 for entry in desk.journal if entry.by in STAFF) >= 10


def test_the_case_holds_no_name_and_no_remark_of_the_house(desk: PureDesk) -> None:
    shown = case_for_customer(desk.case)
    assert named_in(shown.model_dump_json()) == []
    assert (shown.assignee, shown.liable, shown.facts, shown.escalations) == (None, None, {}, 0)
    assert {state.step.id for state in desk.case.steps} - {state.step.id for state in shown.steps} == {"claim"}
    assert {each.name for each in desk.case.deadlines} - {each.name for each in shown.deadlines} >= {"claim_settled"}
    assert "carrier_claim" not in shown.model_dump_json()
    assert {each.owner for each in shown.deadlines} <= {Role.AGENT, Role.SENIOR_AGENT, Role.DEPARTMENT, Role.CUSTOMER}


def test_the_case_keeps_what_concerns_the_customer(desk: PureDesk) -> None:
    shown = case_for_customer(desk.case)
    same = ("complaint_id", "intake", "stage", "order", "founded", "paid", "decided", "revision", "received_at")
    assert [getattr(shown, name) for name in same] == [getattr(desk.case, name) for name in same]
    assert shown.proposal is not None
    assert desk.case.proposal is not None
    assert (shown.proposal.number, shown.proposal.plan.total) == (1, desk.case.proposal.plan.total)
    assert shown.proposal.proposed_by == UNNAMED


def test_the_story_holds_no_name_and_no_remark_of_the_house(desk: PureDesk) -> None:
    for entry in seen(desk):
        assert named_in(entry.model_dump_json()) == [], entry
        for locale in ("zh-CN", "en"):
            line = tell(entry, case_for_customer(desk.case), desk.pack, locale)
            assert named_in(line) == [], line
    first = next(entry for entry in seen(desk) if entry.event.kind == "responded")
    assert "The agent gave the customer a first response: “已登记，今天答复您”" in tell(first, desk.case, desk.pack, "en")
    assert "：客服向客户作出首次回应" in tell(first, desk.case, desk.pack, "zh-CN")


def test_the_customers_own_words_are_theirs_to_read(desk: PureDesk) -> None:
    evidence = [entry for entry in seen(desk) if entry.event.kind == "evidence_attached"]
    assert [entry.by for entry in evidence] == [CUSTOMER]
    assert "我家客厅" in evidence[0].model_dump_json()


def test_a_kind_of_entry_is_shown_only_where_that_was_decided(desk: PureDesk) -> None:
    shown = {
        sample.kind
        for sample in SAMPLES
        if entry_for_customer(Entry(seq=1, at=NOON, by=CUSTOMER, event=sample), desk.case) is not None
    }
    assert shown == SHOWN < ENTRY_KINDS


def test_a_proposal_is_seen_from_its_offer_on() -> None:
    desk = PureDesk(NOON, order=sample_order(received_at=NOON))
    given: tuple[tuple[Actor, c.Command, bool], ...] = (
        (AGENT, c.Respond(message="x"), False),
        (AGENT, c.Verify(founded=True, findings="x"), False),
        (AGENT, c.Assess(facts={"damage": "severe"}, liable="carrier"), False),
        (AGENT, c.Propose(), False),
        (MANAGER, c.Approve(number=1), True),
        (CUSTOMER, c.Decline(number=1, reason="x"), False),
        (AGENT, c.Propose(), False),
        (MANAGER, c.CloseByDecision(outcome="decided", reason="x"), False),
    )
    for by, command, visible in given:
        assert desk.does(by, command) is None, command
        assert (case_for_customer(desk.case).proposal is not None) is visible, desk.case.stage
    assert desk.case.stage is Stage.CLOSED


def test_whose_order_it_is_stays_untold() -> None:
    desk = PureDesk(NOON)
    order = sample_order(received_at=NOON)
    desk.file.say(j.OrderChecked(result="not_theirs", order=order), j.Closed(outcome="unfounded", reason="order_not_theirs"))
    shown: Case = case_for_customer(desk.case)
    assert (shown.order, shown.outcome_reason) == (None, None)
    assert {entry.event.kind for entry in seen(desk)} == {"received", "closed"}
    assert "not_theirs" not in "".join(entry.model_dump_json() for entry in seen(desk))


def test_a_reckoning_tells_its_pauses_without_their_reasons(desk: PureDesk) -> None:
    moved = [entry.event.explanation for entry in desk.journal if hasattr(entry.event, "explanation")]
    assert any(REMARK in each.model_dump_json() for each in moved)
    assert not any(REMARK in " ".join(explained(each).in_words("zh-CN", "Asia/Shanghai")) for each in moved)
