"""Who decides in somebody's place decides on proposals, with that person's rank, and never on either's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain import commands as c
from domain.actor import Actor, Role
from domain.commands import COMMANDS
from domain.customer_view import entry_for_customer
from domain.delegation import Delegation, decides, in_place_of
from domain.refusal import Refusal
from domain.rights import DELEGATED, may
from domain.story.tell import tell
from tests.domain.pure_desk import PureDesk
from tests.domain.shop import shop, shop_order

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
LIN, WU = Actor(id="lin", roles=(Role.AGENT,)), Actor(id="wu", roles=(Role.SUPERVISOR,))
GIVEN = Delegation(
    delegation_id="dlg_1", from_person="zhou", to_person="zhao", from_at=NOON, until_at=NOON + timedelta(days=7), reason="休假",
    made_by="zhou", made_at=NOON,
)  # fmt: skip


def in_place(giver: str = "zhou", delegate: str = "zhao") -> Actor:
    actor = in_place_of(GIVEN.model_copy(update={"from_person": giver, "to_person": delegate}), ("agent", "supervisor"))
    assert actor is not None
    return actor


def waiting_for_the_supervisor(by: Actor = LIN, **intake: str) -> PureDesk:
    """A waybill is to be voided, which the supervisor signs."""
    desk = PureDesk(NOON, "before_dispatch", shop_order("200.00"), shop(), **intake)
    for command in (
        c.Respond(message="已登记"),
        c.Verify(founded=True, findings="未发货"),
        c.Assess(facts={}, liable="nobody"),
        c.Propose(),
    ):
        refusal = desk.does(by, command)
        assert refusal is None, refusal
    return desk


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_delegate_decides_on_proposals_and_does_nothing_else(command: str) -> None:
    assert may(in_place(), command) == (command in DELEGATED)


def test_only_what_decides_is_delegated() -> None:
    assert decides(("agent", "manager", "legal")) == (Role.MANAGER,)
    assert in_place_of(GIVEN, ("senior_agent", "department")) is None
    assert in_place_of(GIVEN, ()) is None


def test_the_journal_says_for_whom_in_both_languages() -> None:
    desk = waiting_for_the_supervisor()
    assert desk.does(in_place(), c.Approve(number=1)) is None
    entry = next(each for each in desk.journal if each.event.kind == "approved")
    assert (entry.by.id, entry.by.acting_for) == ("zhao", "zhou")
    assert "For supervisor zhou, zhao approved proposal 1." in tell(entry, desk.case, shop(), "en")
    assert "主管 zhou 的代理人 zhao 批准第 1 号方案。" in tell(entry, desk.case, shop(), "zh-CN")


@pytest.mark.parametrize(("giver", "delegate"), [("zhou", "lin"), ("lin", "zhao")])
def test_nobody_decides_on_their_own_by_way_of_somebody_else(giver: str, delegate: str) -> None:
    refusal = waiting_for_the_supervisor().does(in_place(giver, delegate), c.Approve(number=1))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "own_proposal"


@pytest.mark.parametrize(("decides_as", "code"), [("zhou", "own_proposal"), ("zhao", None)])
def test_what_somebodys_key_proposed_is_their_own(decides_as: str, code: str | None) -> None:
    desk = waiting_for_the_supervisor(Actor(id="rdk_k5x2", roles=(Role.AGENT,), made_by="zhou"))
    refusal = desk.does(Actor(id=decides_as, roles=(Role.SUPERVISOR,)), c.Approve(number=1))
    assert (refusal.code if refusal else None) == code


def test_what_came_past_the_doors_is_told_as_that_in_both_languages() -> None:
    desk = waiting_for_the_supervisor()
    assert desk.does(Actor(id="zhao", roles=(Role.SUPERVISOR,), via="signal"), c.Approve(number=1)) is None
    entry = next(each for each in desk.journal if each.event.kind == "approved")
    assert "Supervisor zhao approved proposal 1. (By Signal: nobody checked who it was.)" in tell(entry, desk.case, shop(), "en")
    assert "主管 zhao 批准第 1 号方案。（经 Signal，未核实身份。）" in tell(entry, desk.case, shop(), "zh-CN")


def test_whose_link_it_was_is_told_to_staff_and_not_to_the_customer() -> None:
    desk = waiting_for_the_supervisor()
    by_link = Actor(id="link-1", roles=(Role.CUSTOMER,), made_by="lin")
    assert desk.does(by_link, c.Withdraw(reason="已解决")) is None
    entry = next(each for each in desk.journal if each.event.kind == "withdrawn")
    assert "(By a link that lin made.)" in tell(entry, desk.case, shop(), "en")
    assert "（经 lin 生成的链接。）" in tell(entry, desk.case, shop(), "zh-CN")
    shown = entry_for_customer(entry, desk.case)
    assert shown is not None
    assert "lin" not in shown.by.model_dump_json().replace("link", "")


def test_an_actor_who_acts_for_nobody_is_written_as_before() -> None:
    assert LIN.model_dump_json() == '{"id":"lin","roles":["agent"]}'
    assert Actor.model_validate_json(in_place().model_dump_json()) == in_place()


@pytest.mark.clause("ECO-PRE-01")
def test_a_waybill_is_voided_only_with_the_supervisors_signature() -> None:
    desk = waiting_for_the_supervisor()
    assert desk.case.stage == "approving"
    refusal = desk.does(LIN, c.Approve(number=1))
    assert refusal is not None
    assert refusal.code == "wrong_role"
    assert desk.does(WU, c.Approve(number=1, note="同意作废")) is None
    assert desk.case.stage == "offered"


@pytest.mark.clause("ECO-PRE-02")
def test_a_voided_waybill_is_filed_with_both_numbers_checked() -> None:
    desk = waiting_for_the_supervisor()
    assert desk.does(WU, c.Approve(number=1)) is None
    assert desk.does(LIN, c.Accept(number=1)) is None
    desk.carry_out(lambda state: "done")
    for given, field in (
        ({}, "waybill"),
        ({"waybill": "SF100200"}, "order_number"),
        ({"waybill": "SF100200", "order_number": "HM-2026-0002"}, "order_number"),
    ):
        refusal = desk.does(LIN, c.CompleteStep(step="void", note="已作废", **given))
        assert refusal is not None
        assert (refusal.field, bool(refusal.zh)) == (field, True)
    filed = c.CompleteStep(step="void", note="已签字归档", waybill="SF100200", order_number="HM-2026-0001")
    assert desk.does(LIN, filed) is None
    entry = next(each for each in desk.journal if each.event.kind == "step_done")
    assert "SF100200 / HM-2026-0001: 已签字归档" in tell(entry, desk.case, shop(), "en")


def test_other_steps_need_no_numbers() -> None:
    assert c.CompleteStep(step="void", note="x").model_dump_json() == '{"step":"void","note":"x"}'


@pytest.mark.clause("LOY-II-02")
def test_nobody_decides_in_the_place_of_whom_the_complaint_is_about() -> None:
    desk = waiting_for_the_supervisor(against_staff="zhou")
    refusal = desk.does(in_place(), c.Approve(number=1))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "complained_of"
    assert desk.does(in_place("wu"), c.Approve(number=1)) is None
