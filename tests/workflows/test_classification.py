"""How grave and how urgent a complaint is, on the real house: it follows by itself, may be corrected, and orders the work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.worker import Replayer

from domain import commands as c
from domain.actor import Role
from domain.case import Stage
from domain.intake import UrgentCause
from domain.order import Customer
from domain.policy import registry
from storage.cases import CaseFilter
from tests.alike import adds_up
from tests.domain.ranked import ranked
from tests.house import AGENT, CUSTOMER, Filed, House, Refused
from worker.composition import STRICT
from workflows.complaint import ComplaintWorkflow

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True, scope="module")
def the_procedure() -> None:
    registry.install([ranked()])


async def filed_as(house: House, category: str = "wrong_fee", **intake: Any) -> Filed:
    filed = await house.file(category, order_number=None, under=ranked().ref, **intake)
    await filed.until(lambda case: case.order_check != "pending" and case.assignee is not None)
    return filed


async def level_of(filed: Filed) -> tuple[str, bool, int]:
    case = await filed.case()
    return case.level, case.urgent, case.priority


async def replays(filed: Filed) -> None:
    """The history so far gives the same commands again."""
    history = await filed.handle.fetch_history()
    replayer = Replayer(
        workflows=[ComplaintWorkflow], data_converter=filed.house.env.client.data_converter, workflow_runner=STRICT
    )
    assert (await replayer.replay_workflow(history)).replay_failure is None


async def test_what_runs_late_becomes_grave_and_its_short_limit_counts_from_receipt(house: House) -> None:
    filed = await filed_as(house)
    assert await level_of(filed) == ("I", False, 4)
    received = await filed.written("classified")
    assert [entry.event.kind for entry in received[:2]] == ["received", "classified"]
    answer = await filed.promise("call_soon")
    assert answer.due_at == filed.opening.received_at + 24 * HOUR

    await filed.passes_until(answer.due_at + HOUR)
    now = await filed.until(lambda case: case.level == "III")
    assert now.breaches >= 1
    entries = await filed.written("classified", times=2)
    kinds = [entry.event.kind for entry in entries]
    assert kinds.index("deadline_missed") + 1 == len(kinds) - 1 - kinds[::-1].index("classified")
    again = [entry for entry in entries if entry.event.kind == "classified"][-1]
    assert again.clauses == ("LIB-LVL-02",)
    assert again.by.roles == (Role.SYSTEM,)
    # Late already when it came to hold: missed at once, and the longer limit is no more.
    short = await filed.promise("call_now")
    assert short.start_at == filed.opening.received_at
    await filed.until(lambda case: any(d.name == "call_now" and d.missed for d in case.deadlines))
    assert all(d.name != "call_soon" for d in (await filed.case()).deadlines)
    await replays(filed)


async def test_a_person_says_on_evidence_what_it_is_and_promises_follow(house: House) -> None:
    filed = await filed_as(house)
    before = await filed.promise("call_soon")
    with pytest.raises(Refused) as refused:
        await filed.does(AGENT, c.Reclassify(answer_by_at=await filed.now() + HOUR, reason="来函"))
    assert (refused.value.code, refused.value.detail["field"]) == ("not_with_these_causes", "answer_by_at")
    wanted_at = await filed.now() + 30 * HOUR
    command = c.Reclassify(
        category="stolen_card", urgent_causes=("superior_asks",), answer_by_at=wanted_at, reason="监控录像显示证件被盗用"
    )
    with pytest.raises(Refused) as refused:
        await filed.does(CUSTOMER, command)
    assert refused.value.code == "wrong_role"
    await filed.does(AGENT, command)

    now = await filed.promise("call_now")
    assert (now.start_at, now.due_at) == (filed.opening.received_at, filed.opening.received_at + 2 * HOUR)
    assert (await filed.promise("superior")).due_at == wanted_at
    case = await filed.case()
    assert (case.category, case.level, case.urgent, case.priority) == ("stolen_card", "III", True, 1)
    assert case.deadline(before.key) is None
    entries = await filed.journal()
    kinds = [entry.event.kind for entry in entries]
    assert kinds[kinds.index("reclassified") : kinds.index("reclassified") + 3] == [
        "reclassified", "classified", "deadline_dropped",
    ]  # fmt: skip
    await adds_up(filed)
    # The other category's finding, and what is done by it.
    await filed.does(AGENT, c.Respond(message="已冻结，请放心"))
    await filed.does(AGENT, c.Verify(founded=True, findings="属实"))
    await filed.does(AGENT, c.Assess(facts={"harm": "small"}, liable="company"))
    await filed.does(AGENT, c.Propose())
    offered = await filed.until(lambda case: case.stage is Stage.OFFERED)
    assert offered.severity == "slight"
    assert offered.proposal is not None
    assert [step.kind for step in offered.proposal.plan.steps] == ["explain"]
    await replays(filed)


async def test_the_work_list_is_in_the_order_of_work(house: House) -> None:
    whose = Customer(name="周舟", customer_id=f"ranked-{house.task_queue}", email="zhou@customer.example")
    filed = {
        "plain": await filed_as(house, customer=whose),
        "staff": await filed_as(house, "rude_clerk", customer=whose),
        "theft": await filed_as(house, "stolen_card", customer=whose),
        "press": await filed_as(house, customer=whose, urgent_causes=("public_harm",)),
    }
    for each in filed.values():
        await each.journal()

    async def listed() -> list[str]:
        names = {each.id: name for name, each in filed.items()}
        found = CaseFilter(customer_id=whose.customer_id)
        page = await house.cases.list("home-demo", found, await filed["plain"].now(), sort="work")
        return [names[row.complaint_id] for row in page.rows]

    assert await listed() == ["press", "theft", "staff", "plain"]
    assert [(await each.case()).priority for each in filed.values()] == [4, 3, 2, 1]
    # What is reclassified changes its place.
    await filed["plain"].does(AGENT, c.Reclassify(category="stolen_card", urgent_causes=("public_harm",), reason="媒体来电"))
    await filed["plain"].journal()
    assert (await listed())[:2] in (["press", "plain"], ["plain", "press"])


@pytest.mark.parametrize(("causes", "turn"), [((), 2), (("public_harm",), 1)])
async def test_what_is_done_for_a_complaint_has_its_turn(house: House, causes: tuple[UrgentCause, ...], turn: int) -> None:
    filed = await filed_as(house, "stolen_card", urgent_causes=causes)
    await filed.does(AGENT, c.Respond(message="已冻结，请放心"))
    await filed.does(AGENT, c.Verify(founded=True, findings="属实"))
    await filed.does(AGENT, c.Assess(facts={"harm": "big"}, liable="company"))
    await filed.does(AGENT, c.Propose())
    await filed.does(CUSTOMER, c.Accept(number=1))
    await filed.until(lambda case: case.steps[0].status != "planned")
    history = await filed.handle.fetch_history()
    scheduled = [event for event in history.events if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED]
    assert {event.activity_task_scheduled_event_attributes.priority.priority_key for event in scheduled} == {turn}
