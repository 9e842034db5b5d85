"""A command that comes in the same breath as the complaint: the workflow carries it out before its own first line."""

from __future__ import annotations

from datetime import UTC, datetime

from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from bench import laws
from domain import commands as c
from domain.actor import Actor
from domain.commands import Command, Receipt, name_of
from domain.intake import Opening
from domain.policy import registry
from tests import walk
from tests.alike import ended
from tests.domain.pure_desk import an_intake
from tests.house import AGENT, CUSTOMER, SHOP, Filed, House, signed_by
from workflows.arguments import Ending, Start
from workflows.complaint import ComplaintWorkflow


async def filed_with(house: House, by: Actor, command: Command) -> Filed:
    pack = registry.released("home@2026-11")
    opening = Opening(
        tenant="home-demo", complaint_id=f"cmp_with_{walk.new_order(house)}", received_at=datetime.now(UTC), filed_by=SHOP,
        intake=an_intake(order_number=walk.new_order(house)), pack=pack.ref, pack_digest=pack.digest, zone="Asia/Shanghai",
        currency="CNY",
    )  # fmt: skip
    start: WithStartWorkflowOperation[ComplaintWorkflow, Ending] = WithStartWorkflowOperation(
        ComplaintWorkflow.run,
        Start(opening=opening),
        id=f"complaint/home-demo/{opening.complaint_id}",
        task_queue=house.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
    )
    await house.env.client.execute_update_with_start_workflow(
        name_of(type(command)), signed_by(by, command), start_workflow_operation=start, result_type=Receipt
    )
    return Filed(house, await start.workflow_handle(), opening)


async def test_a_complaint_withdrawn_with_its_start_is_on_file(house: House) -> None:
    filed = await filed_with(house, CUSTOMER, c.Withdraw(reason="按错了"))
    entries = await ended(filed, "withdrawn")
    laws.check_all(registry.released("home@2026-11"), entries, await filed.case())


async def test_a_response_with_the_start_keeps_its_promise_and_starts_the_others(house: House) -> None:
    filed = await filed_with(house, AGENT, c.Respond(message="已登记。"))
    assert {deadline.name for deadline in (await filed.until(lambda case: len(case.deadlines) == 2)).deadlines} == {
        "verification",
        "proposal",
    }
    entries = await filed.written("responded")
    assert [entry.event.in_time for entry in entries if entry.event.kind == "deadline_met"] == [True]
    await filed.does(CUSTOMER, c.Withdraw(reason="不再追究"))
    await ended(filed, "withdrawn")
