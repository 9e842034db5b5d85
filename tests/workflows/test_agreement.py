"""Agreement: consent before anything is carried out, approvals by update, signal and command line, refusals, appeals."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal

import pytest

from domain import commands as c
from domain.actor import Actor, Role
from domain.case import Stage
from domain.journal import Accepted, CommandRefused
from domain.remedies import StepChoice
from stack.temporal_server import temporal_binary
from tests import walk
from tests.alike import ended
from tests.house import AGENT, CUSTOMER, MANAGER, OTHER_SUPERVISOR, SUPERVISOR, Filed, House, Refused

SEVERE = {"damage": "severe"}


async def refused(filed: Filed, by: Actor, command: c.Command) -> str | None:
    """Code of the refusal."""
    with pytest.raises(Refused) as caught:
        await filed.does(by, command)
    return caught.value.code


@pytest.mark.clause("HOM-EXE-01")
async def test_nothing_is_carried_out_before_approval_and_consent(house: House) -> None:
    filed = await walk.proposed(house, "transport_damage", SEVERE)
    assert await refused(filed, CUSTOMER, c.Accept(number=1)) == "wrong_stage"
    await filed.does(SUPERVISOR, c.Approve(number=1, note="同意"))
    assert walk.effects_of(filed) == []
    assert await refused(filed, CUSTOMER, c.Accept(number=2)) == "other_proposal"
    assert walk.effects_of(filed) == []
    await filed.does(CUSTOMER, c.Accept(number=1))
    await walk.confirming(filed)
    assert len(walk.effects_of(filed)) == 2


async def test_an_agent_may_record_the_customers_consent_and_it_shows(house: House) -> None:
    filed = await walk.offered(house, "transport_damage", {"damage": "slight"})
    await filed.does(AGENT, c.Accept(number=1))
    entries = await filed.written("accepted")
    (accepted,) = [entry for entry in entries if isinstance(entry.event, Accepted)]
    assert (accepted.by, accepted.event) == (AGENT, Accepted(number=1, reported_by_desk=True))


async def test_the_approver_sends_a_plan_back_and_another_one_is_approved(house: House) -> None:
    filed = await walk.proposed(house, "transport_damage", SEVERE)
    await filed.does(SUPERVISOR, c.SendBack(number=1, reason="请按 10% 提"))
    assert (await filed.case()).stage is Stage.PROPOSING
    assert (await filed.promise("another_proposal")).clause == "HOUSE-PROPOSE"
    await filed.does(AGENT, c.Propose(choices=(StepChoice(step="compensation", percent=Decimal("10")),)))
    assert await refused(filed, SUPERVISOR, c.Approve(number=1)) == "other_proposal"
    await filed.does(SUPERVISOR, c.Approve(number=2))
    await walk.accept(filed)
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed) == [("refund", "1000.00"), ("extra_payment", "100.00")]


async def test_who_refuses_a_plan_takes_over(house: House) -> None:
    filed = await walk.proposed(house, "transport_damage", SEVERE)
    await filed.does(SUPERVISOR, c.Refuse(number=1, reason="签收单注明完好"))
    case = await filed.case()
    assert (case.stage, case.decision_role) == (Stage.PROPOSING, Role.SUPERVISOR)
    assert await refused(filed, AGENT, c.Propose()) == "higher_level_decides"
    await filed.does(SUPERVISOR, c.Assess(facts={"damage": "slight"}, liable="carrier"))
    await filed.does(SUPERVISOR, c.Propose())
    assert (await filed.case()).stage is Stage.OFFERED, "a coupon of 50 yuan needs nobody's approval"


async def test_who_refuses_a_plan_may_end_the_matter_with_a_reason(house: House) -> None:
    filed = await walk.proposed(house, "transport_damage", SEVERE)
    await filed.does(SUPERVISOR, c.Refuse(number=1, reason="证据不足"))
    decision = c.CloseByDecision(outcome="decided", reason="客户三次拒绝提供照片，不予赔付")
    assert await refused(filed, AGENT, decision) == "wrong_role"
    await filed.does(SUPERVISOR, decision)
    entries = await ended(filed, "decided")
    assert walk.effects_of(filed) == []
    assert entries[-1].event.kind in ("closed", "deadline_dropped", "notice_sent")
    assert (await house.cases.get("home-demo", filed.id)).outcome_reason == decision.reason  # type: ignore[union-attr]


async def test_nobody_decides_on_their_own_proposal(house: House) -> None:
    filed = await walk.founded(house, "transport_damage")
    await filed.does(SUPERVISOR, c.Assess(facts=SEVERE, liable="carrier"))
    await filed.does(SUPERVISOR, c.Propose())
    for own in (c.Approve(number=1), c.SendBack(number=1, reason="再想想"), c.Refuse(number=1, reason="不妥")):
        assert await refused(filed, SUPERVISOR, own) == "own_proposal"
    await filed.does(OTHER_SUPERVISOR, c.Approve(number=1))
    assert (await filed.case()).stage is Stage.OFFERED


async def test_more_money_needs_a_higher_approver(house: House) -> None:
    filed = await walk.proposed(house, "transport_damage", SEVERE, paid="5000.00")
    assert await refused(filed, SUPERVISOR, c.Approve(number=1)) == "approver_too_low"
    await filed.does(MANAGER, c.Approve(number=1))
    dear = await walk.proposed(house, "transport_damage", SEVERE, paid="50000.00")
    assert await refused(dear, MANAGER, c.Approve(number=1)) == "approver_too_low"
    await walk.approve(dear)
    assert (await dear.case()).stage is Stage.OFFERED


async def test_an_appeal_goes_to_the_supervisor_then_to_the_manager_and_then_no_further(house: House) -> None:
    filed = await walk.offered(house, "transport_damage", {"damage": "slight"})
    await filed.does(CUSTOMER, c.Appeal(number=1, grounds="板材已断裂"))
    assert (await filed.case()).decision_role is Role.SUPERVISOR
    assert await refused(filed, AGENT, c.Propose()) == "higher_level_decides"
    await filed.does(SUPERVISOR, c.Propose())
    await filed.does(CUSTOMER, c.Appeal(number=2, grounds="仍不合理"))
    assert (await filed.case()).decision_role is Role.MANAGER
    assert await refused(filed, SUPERVISOR, c.Propose()) == "higher_level_decides"
    await filed.does(MANAGER, c.Assess(facts=SEVERE, liable="carrier"))
    await filed.does(MANAGER, c.Propose())
    await walk.approve(filed)
    assert await refused(filed, CUSTOMER, c.Appeal(number=3, grounds="还要更多")) == "appeals_exhausted"
    await walk.accept(filed)
    await walk.ends_satisfied(filed)
    assert walk.paid_out(filed)[0] == ("refund", "1000.00")


async def test_a_declined_plan_leads_to_another(house: House) -> None:
    filed = await walk.offered(house, "transport_damage", {"damage": "slight"})
    await filed.does(CUSTOMER, c.Decline(number=1, reason="想要折扣而不是优惠券"))
    await filed.does(AGENT, c.Propose(choices=(StepChoice(step="discount"),)))
    await walk.approve(filed)
    await walk.accept(filed)
    await walk.step(filed, "repair", "ordered")
    assert walk.paid_out(filed) == [("refund", "50.00"), ("repair", "")]


async def test_an_approval_comes_as_a_signal_with_the_same_payload(house: House) -> None:
    filed = await walk.proposed(house, "transport_damage", SEVERE)
    await filed.signals(SUPERVISOR, c.Approve(number=1))
    await filed.until(lambda case: case.stage is Stage.OFFERED)
    entries = await filed.written("offered")
    by = {entry.event.kind: (entry.by.id, entry.by.via) for entry in entries}
    assert by["approved"] == by["offered"] == (SUPERVISOR.id, "signal"), "nobody has checked that it was them"
    assert by["proposed"] == (AGENT.id, None)


async def test_an_approval_comes_from_the_temporal_command_line(house: House) -> None:
    filed = await walk.proposed(house, "transport_damage", SEVERE)
    payload = {"by": {"id": "zhou", "roles": ["supervisor"]}, "command": {"number": 1}}
    address = house.env.client.service_client.config.target_host
    signal = await asyncio.create_subprocess_exec(
        *(str(temporal_binary()), "workflow", "signal", "--address", address, "--workflow-id", filed.handle.id),
        *("--name", "approve", "--input", json.dumps(payload)),
    )
    assert await signal.wait() == 0
    case = await filed.until(lambda case: case.stage is Stage.OFFERED)
    assert case.proposal is not None
    assert case.proposal.decided_by == "zhou"


async def test_a_signal_that_is_refused_leaves_an_entry_and_changes_nothing(house: House) -> None:
    filed = await walk.proposed(house, "transport_damage", SEVERE)
    await filed.signals(AGENT, c.Approve(number=1))
    await filed.signals(SUPERVISOR, c.Approve(number=7))
    entries = await filed.written("command_refused", times=2)
    codes = [entry.event.code for entry in entries if isinstance(entry.event, CommandRefused)]
    assert codes == ["wrong_role", "other_proposal"]
    assert {entry.by.via for entry in entries if isinstance(entry.event, CommandRefused)} == {"signal"}
    assert (await filed.case()).stage is Stage.APPROVING
    await filed.does(SUPERVISOR, c.Approve(number=1))
