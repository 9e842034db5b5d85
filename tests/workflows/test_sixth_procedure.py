"""A sixth procedure out of known ideas is a file: no line of the software knows swimming schools."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain import commands as c
from domain.actor import Actor, Role
from domain.case import Stage
from domain.money import Money
from domain.order import Customer
from domain.policy import registry
from storage.packs import load_packs
from tests.house import ROOT, Filed, House, Refused, build_house
from tests.workflows.promises import mails_about

SCHOOL = """
id = "school-demo"
name = { zh = "碧波游泳学校", en = "Blue Wave swimming school" }
pack = "swimming@2026-11"
zone = "Asia/Shanghai"
currency = "CNY"
working_week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
departments = [{ id = "pool", name = { zh = "泳池部", en = "Pool" }, email = "pool@bibo.example" }]
staff = [
  { id = "ding", name = "丁一", roles = ["agent"], email = "ding@bibo.example", supervisor = "kong" },
  { id = "coach", name = "江教练", roles = ["agent"], email = "coach@bibo.example", supervisor = "kong" },
  { id = "kong", name = "孔明", roles = ["supervisor"], email = "kong@bibo.example" },
  { id = "meng", name = "孟达", roles = ["manager"], email = "meng@bibo.example" },
  { id = "chi", name = "池清", roles = ["department"], department = "pool", email = "chi@bibo.example" },
]

[service_hours]
mon = ["00:00-24:00"]
tue = ["00:00-24:00"]
wed = ["00:00-24:00"]
thu = ["00:00-24:00"]
fri = ["00:00-24:00"]
sat = ["00:00-24:00"]
sun = ["00:00-24:00"]
holiday = ["00:00-24:00"]
"""
DESK, COACH = Actor(id="ding", roles=(Role.AGENT,)), Actor(id="coach", roles=(Role.AGENT,))
SUPERVISOR, MANAGER = Actor(id="kong", roles=(Role.SUPERVISOR,)), Actor(id="meng", roles=(Role.MANAGER,))
POOL = Actor(id="chi", roles=(Role.DEPARTMENT,))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def school(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    registry.install(load_packs(ROOT / "tests" / "policies"))
    companies = tmp_path_factory.mktemp("companies")
    (companies / "school-demo.toml").write_text(SCHOOL, encoding="utf-8")
    async with build_house(temporal_env, tmp_path_factory.mktemp("school"), companies) as built:
        yield built


async def filed_under(house: House, category: str, **intake: Any) -> Filed:
    number = house.new_order("HM-2026-0001") if category == "lesson_cancelled" else None
    customer = Customer(name="水生", customer_id="cust-0001", phone="13900000009", email="swimmer@customer.example")
    intake.setdefault("channel", "hotline")
    return await house.file(category, tenant="school-demo", order_number=number, customer=customer, filed_by=DESK, **intake)


async def closed(filed: Filed, by: Actor) -> None:
    await filed.until(lambda case: case.stage is Stage.CONFIRMING)
    await filed.does(by, c.Confirm(satisfied=True, rating=5))
    await filed.passes(timedelta(days=7, minutes=1))
    await filed.does(by, c.RecordFollowUp(answered=True, satisfied=True))
    assert (await filed.ends()).outcome == "satisfied"


async def test_the_water_goes_first_and_the_pool_explains_it(school: House) -> None:
    filed = await filed_under(school, "water", content="水浑浊，孩子眼睛发红。")
    case = await filed.until(lambda case: case.assignee is not None)
    assert (case.level, case.severity, case.urgent, case.priority) == ("III", "severe", True, 1)
    due = await filed.promise("water_answer")
    assert due.due_at is not None
    await filed.passes_until(due.due_at + timedelta(seconds=1))
    await filed.written("escalated")
    assert await mails_about(filed, "kong@bibo.example", "逾期")
    await filed.does(DESK, c.Respond(message="马上检测。"))
    await filed.does(DESK, c.Verify(founded=True, findings="余氯偏低"))
    await filed.does(DESK, c.Assess(facts={}, liable="company"))
    with pytest.raises(Refused) as refused:
        await filed.does(DESK, c.Propose())
    assert refused.value.code == "opinion_outstanding"
    await filed.does(POOL, c.GiveOpinion(opinion="加药并换水", department="pool"))
    await filed.does(DESK, c.Propose())
    await filed.does(DESK, c.Accept(number=1))
    await filed.does(POOL, c.CompleteStep(step="measured", note="余氯合格"))
    await closed(filed, DESK)


async def test_a_coach_is_answered_for_by_their_own_supervisor(school: House) -> None:
    filed = await filed_under(school, "coach_attitude", against_staff=COACH.id, content="教练吼孩子。")
    case = await filed.until(lambda case: case.assignee is not None)
    assert case.assignee == SUPERVISOR.id
    with pytest.raises(Refused) as refused:
        await filed.does(COACH, c.Respond(message="没有。"))
    assert refused.value.code == "complained_of"


async def test_a_cancelled_lesson_is_paid_back_with_the_supervisors_agreement(school: House) -> None:
    filed = await filed_under(school, "lesson_cancelled", content="临时停课。")
    await filed.until(lambda case: case.order_check == "found")
    await filed.does(DESK, c.Respond(message="抱歉。"))
    await filed.does(DESK, c.Verify(founded=True, findings="排课记录相符"))
    await filed.does(DESK, c.Assess(facts={"wants": "money"}, liable="company"))
    await filed.does(DESK, c.Propose())
    await filed.does(SUPERVISOR, c.Approve(number=1))
    await filed.does(DESK, c.Accept(number=1))
    await filed.until(lambda case: case.paid == Money.of("1000.00", "CNY"))
    await closed(filed, DESK)
