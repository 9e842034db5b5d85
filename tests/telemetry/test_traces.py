"""One trace from the request that files a complaint through its workflow to the partner's door."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import Client, WorkflowHistory
from temporalio.contrib.opentelemetry import TracingInterceptor
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from desk.door import Desk
from desk.ids import ComplaintName
from domain.actor import Actor, Role
from domain.intake import Intake
from settings import Settings
from telemetry.tracing import spans_of
from tests.api.world import INTAKE, TENANT, World, world
from tests.telemetry.listeners import Listener, listening
from worker.composition import STRICT, assemble, worker_of
from workflows.complaint import ComplaintWorkflow

ROOT = Path(__file__).parents[2]
# No such order: the complaint asks the order system once and ends.
NO_SUCH = b'{"code": "unknown_order", "detail": "no such order"}'
UPSTREAM = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass
class Traced:
    """An API and a worker that send their spans to a collector, and an order system that tells what it was sent."""

    door: World
    client: Client
    collector: Listener
    orders: Listener


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def traced(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Traced]:
    folder = tmp_path_factory.mktemp("traced")
    with listening() as collector, listening(404, NO_SUCH) as orders, pytest.MonkeyPatch.context() as environment:
        environment.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        environment.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        settings = Settings(
            database_url=f"sqlite+aiosqlite:///{folder}/redress.db", policies_dir=ROOT / "policies",
            tenants_dir=ROOT / "tenants", partners_url=orders.url, smtp_port=9,
        )  # fmt: skip
        of_api, of_worker = spans_of("otlp", "redress-api"), spans_of("otlp", "redress-worker")
        assert of_api is not None
        assert of_worker is not None
        of_worker.watch_calls()
        client = _with(temporal_env.client, of_worker.of_temporal)
        async with (
            world(_with(temporal_env.client, of_api.of_temporal), folder) as door,
            assemble(settings) as parts,
            worker_of(client, door.desk.task_queue, parts, runner=STRICT),
        ):
            of_api.watch_app(door.app)
            yield Traced(door, client, collector, orders)
        await of_api.close()
        await of_worker.close()


def _with(client: Client, interceptor: TracingInterceptor) -> Client:
    return Client(
        client.service_client, namespace=client.namespace, data_converter=client.data_converter, interceptors=[interceptor]
    )


async def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


async def _filed(traced: Traced, **headers: str) -> str:
    answer = await traced.door.file(headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["complaint_id"])


async def test_one_trace_leads_from_the_request_to_the_partners_door(traced: Traced) -> None:
    before = len(traced.orders.headers)
    complaint = await _filed(traced, traceparent=UPSTREAM)
    trace = UPSTREAM.split("-")[1]
    await _until(lambda: len(traced.orders.headers) > before)
    # The partner hears of the trace that its caller's caller had begun.
    assert traced.orders.headers[-1]["traceparent"].split("-")[1] == trace

    wanted = {
        ("redress-api", "POST /v1/complaints"),
        ("redress-api", "StartWorkflow:ComplaintWorkflow"),
        ("redress-worker", "RunWorkflow:ComplaintWorkflow"),
        ("redress-worker", "RunActivity:find_order"),
        ("redress-worker", "GET"),
    }

    def told() -> set[tuple[str, str]]:
        return {(service, span.name) for service, span in traced.collector.spans() if span.trace_id.hex() == trace}

    await _until(lambda: wanted <= told())
    workflow = ComplaintName(TENANT, complaint).workflow_id
    named = [
        each.value.string_value
        for _, span in traced.collector.spans()
        if span.name == "RunActivity:find_order"
        for each in span.attributes
    ]
    assert workflow in named


async def test_spans_name_no_person_order_or_word(traced: Traced) -> None:
    await _filed(traced)
    await _until(lambda: any(span.name == "GET" for _, span in traced.collector.spans()))
    sent = b"".join(traced.collector.bodies).decode("utf-8", errors="replace")
    person = INTAKE["customer"]
    for secret in (person["name"], person["phone"], person["email"], INTAKE["order_number"], INTAKE["expectation"], "Bearer"):
        assert secret not in sent


async def test_a_partners_news_leads_from_its_request_to_the_complaint(traced: Traced) -> None:
    complaint = await _filed(traced)  # stays open: there is no mail server to tell the customer
    news = {
        "event_id": str(uuid.uuid4()), "kind": "payments", "key": f"{TENANT}:{complaint}/1/refund", "reference": "P-1",
        "status": "done", "at": "2026-11-21T01:00:00Z",
    }  # fmt: skip
    answer = await traced.door.news(news)
    assert answer.json() == {"result": "taken"}, answer.text

    def linked() -> bool:
        spans = [span for _, span in traced.collector.spans()]
        requests = {span.trace_id for span in spans if span.name == "POST /v1/webhooks/partners"}
        return any(
            link.trace_id in requests for span in spans if span.name == "HandleSignal:effect_reported" for link in span.links
        )

    await _until(linked)


@pytest.mark.parametrize("filed_with_traces", [True, False])
async def test_with_and_without_traces_the_same_history_replays(
    traced: Traced, temporal_env: WorkflowEnvironment, filed_with_traces: bool
) -> None:
    """Traces are switched on and off while complaints are open."""
    complaint = await (_filed(traced) if filed_with_traces else _filed_plainly(traced, temporal_env.client))
    handle = traced.client.get_workflow_handle(ComplaintName(TENANT, complaint).workflow_id)

    async def asked_and_answered() -> WorkflowHistory | None:
        found = await handle.fetch_history()
        return found if any(event.HasField("activity_task_completed_event_attributes") for event in found.events) else None

    end = time.monotonic() + 30
    while (history := await asked_and_answered()) is None:
        assert time.monotonic() < end
        await asyncio.sleep(0.1)
    started = history.events[0].workflow_execution_started_event_attributes
    assert ("_tracer-data" in started.header.fields) is filed_with_traces
    for interceptors in ([], [TracingInterceptor()]):
        replayer = Replayer(
            workflows=[ComplaintWorkflow],
            workflow_runner=STRICT,
            data_converter=traced.client.data_converter,
            interceptors=interceptors,
        )
        await replayer.replay_workflow(history)


async def _filed_plainly(traced: Traced, client: Client) -> str:
    terms = traced.door.app.state.parts.shelf.terms(TENANT)
    shop = Actor(id="shop", roles=(Role.INTAKE,))
    desk = Desk(client, traced.door.desk.task_queue)
    return (await desk.open(terms, Intake.model_validate(INTAKE), str(uuid.uuid4()), shop)).complaint_id


def test_off_makes_nothing() -> None:
    assert spans_of("off", "redress-api") is None
