"""Commands through the desk: concurrent ones with one key, and no RPC too many at filing."""

import asyncio
import uuid
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, Interceptor, OutboundInterceptor, StartWorkflowInput
from temporalio.testing import WorkflowEnvironment

from desk.door import Desk
from desk.errors import KeyReused, NoSuchComplaint, NotFileable
from desk.opening import Terms
from domain.actor import Actor, Role
from domain.commands import Respond, Signed
from domain.intake import Intake
from domain.order import Customer
from storage.packs import install_packs
from storage.tenants import TenantShelf

BY = Actor(id="shop", roles=(Role.INTAKE,))
INTAKE = Intake(
    category="transport_damage", channel="app", customer=Customer(name="王小明", phone="1"), content="碎了", expectation="退款",
    order_number="SO-1",
)  # fmt: skip


class Counting(Interceptor):
    """Counts what is asked of Temporal."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        calls = self.calls

        class Outbound(OutboundInterceptor):
            async def start_workflow(self, input: StartWorkflowInput) -> Any:
                calls.append("start")
                return await super().start_workflow(input)

            async def describe_workflow(self, input: Any) -> Any:
                calls.append("describe")
                return await super().describe_workflow(input)

        return Outbound(next)


@pytest.fixture(scope="module")
def terms() -> Terms:
    tenant = TenantShelf(Path("tenants")).get("home-demo")
    return Terms(tenant, next(pack for pack in install_packs(Path("policies")) if pack.ref == tenant.pack))


def desk_of(env: WorkflowEnvironment, *interceptors: Interceptor) -> Desk:
    config = {**env.client.config(), "interceptors": list(interceptors)}
    return Desk(Client(**config), task_queue=f"desk-{uuid.uuid4()}")  # type: ignore[arg-type]


async def test_filing_is_one_call_and_only_a_repeated_key_needs_a_second(temporal_env: WorkflowEnvironment, terms: Terms) -> None:
    counting = Counting()
    desk, key = desk_of(temporal_env, counting), str(uuid.uuid4())
    assert (await desk.open(terms, INTAKE, key, BY)).created
    assert counting.calls == ["start"]
    assert not (await desk.open(terms, INTAKE, key, BY)).created
    assert counting.calls == ["start", "start", "describe"]


async def test_of_two_complaints_with_one_key_at_once_one_is_filed(temporal_env: WorkflowEnvironment, terms: Terms) -> None:
    desk, key = desk_of(temporal_env), str(uuid.uuid4())
    other = INTAKE.model_copy(update={"content": "丢了"})
    answers = await asyncio.gather(*(desk.open(terms, intake, key, BY) for intake in (INTAKE, other)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["KeyReused", "Opened"]
    with pytest.raises(KeyReused):
        await desk.open(terms, INTAKE.model_copy(update={"content": "第三件"}), key, BY)


async def test_what_does_not_fit_the_procedure_never_reaches_temporal(temporal_env: WorkflowEnvironment, terms: Terms) -> None:
    counting = Counting()
    desk = desk_of(temporal_env, counting)
    with pytest.raises(NotFileable) as caught:
        await desk.open(terms, INTAKE.model_copy(update={"expectation": None, "order_number": None}), "k", BY)
    assert {fault[0] for fault in caught.value.faults} == {"expectation", "order_number"}
    assert counting.calls == []


async def test_what_is_no_id_of_ours_is_not_asked_for(temporal_env: WorkflowEnvironment) -> None:
    signed = Signed[Respond](by=BY, command=Respond(message="x"))
    with pytest.raises(NoSuchComplaint):
        await desk_of(temporal_env).command("home-demo", "x" * 2000, "respond", signed)
