"""What is counted, and how Prometheus gets it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily

from adapters.counted import counted
from adapters.errors import OutcomeUnknown, PartnerRefused, PartnerUnavailable
from api.figures import figures, reviews
from domain import journal as j
from domain.actor import Role
from domain.promise_events import DeadlineMet, DeadlineMissed, Escalated
from storage.figures import Count, IncidentFigures, OpenFigures, OutsideFigures, StandingFigures
from telemetry.collected import Collected
from telemetry.journal import count_written
from telemetry.metrics import REGISTRY
from telemetry.serving import served
from tests.api.world import INTAKE, World, as_role
from tests.doubles import free_port
from tests.storage.stories import START_AT, Story


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


# At the door


async def test_metrics_stand_at_a_port_of_their_own() -> None:
    port = free_port()
    with served("127.0.0.1", port):
        async with httpx.AsyncClient(trust_env=False) as http:
            told = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
    assert "# TYPE redress_http_requests_total counter" in told
    assert 0 < value("redress_disk_free_ratio") < 1


def test_no_port_opens_none_and_a_taken_one_stops_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    with served("127.0.0.1", 0):
        pass
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with served("127.0.0.1", port):
            pass
    assert f"127.0.0.1:{port}" in capsys.readouterr().out


async def _scraped(collected: Collected) -> str:
    registry = CollectorRegistry()
    registry.register(collected)
    return await asyncio.to_thread(lambda: generate_latest(registry).decode())


async def test_figures_are_read_once_for_scrapers_that_come_together() -> None:
    asked = 0

    async def read() -> Sequence[Metric]:
        nonlocal asked
        asked += 1
        return (GaugeMetricFamily("some_figure", "A figure.", value=asked),)

    collected = Collected("some", read, (), asyncio.get_running_loop(), fresh=timedelta(minutes=1))
    first, second = await _scraped(collected), await _scraped(collected)
    assert "some_figure 1.0" in first
    assert (first, asked) == (second, 1)
    assert "some_up 1.0" in first


async def test_what_cannot_be_read_is_missing_and_said_to_be() -> None:
    async def read() -> Sequence[Metric]:
        raise OSError("the database is away")

    told = await _scraped(Collected("some", read, (), asyncio.get_running_loop()))
    assert "some_up 0.0" in told


def _told(open_ones: Sequence[OpenFigures], standing: StandingFigures) -> dict[tuple[str, ...], float]:
    """Value by the metric's name and its labels."""
    made = (*figures(["food", "home"], open_ones, OutsideFigures([], [], []), standing, START_AT), reviews(["food"], {}))
    return {
        (sample.name, *sample.labels.values()): sample.value for metric in made for sample in metric.samples
    }  # fmt: skip


def _open(level: str = "normal", severity: str | None = None, **more: int) -> OpenFigures:
    numbers = dict.fromkeys(("due_soon", "overdue", "breached", "escalated", "urgent", "opinions", "opinions_late"), 0)
    return OpenFigures(
        tenant="food", stage="handling", level=level, severity=severity, currency="CNY", first_due_at=START_AT,
        decided=Decimal(0), paid=Decimal(0), **numbers | {"open": 1} | more,
    )  # fmt: skip


def test_each_figure_is_told_once_and_a_company_without_any_has_its_zeroes() -> None:
    rows = [_open(severity="severe", urgent=1), _open(severity="general", opinions=1, opinions_late=1), _open("III", open=2)]
    told = _told(rows, StandingFigures([], [Count("food", "in_force", 3)]))
    # However finely the database counts, a series has one value.
    assert told["redress_complaints_open", "food", "handling", "normal"] == 2
    assert told["redress_complaints_open", "food", "handling", "III"] == 2
    assert [told["redress_complaints_severity", "food", each] for each in ("severe", "general", "slight")] == [1, 1, 0]
    assert told["redress_complaints_urgent", "food"] == 1
    assert (told["redress_opinions_awaited", "food"], told["redress_opinions_late", "food"]) == (1, 1)
    assert (told["redress_blacklist", "food", "in_force"], told["redress_blacklist", "food", "appealed"]) == (3, 0)
    for name in ("redress_complaints_urgent", "redress_opinions_late", "redress_incidents_undecided_seconds"):
        assert told[name, "home"] == 0
    assert told["redress_reviews_late", "food"] == 0


def test_the_oldest_incident_without_a_decision_is_told_by_its_age() -> None:
    hour = timedelta(hours=1)
    incidents = [
        IncidentFigures("food", "one_product", open=2, complaints=9, undecided=1, first_undecided_at=START_AT - 2 * hour),
        IncidentFigures("food", "one_region", open=1, complaints=3, undecided=1, first_undecided_at=START_AT - hour),
        IncidentFigures("home", "one_product", open=1, complaints=4, undecided=0, first_undecided_at=None),
    ]
    told = _told([], StandingFigures(incidents, []))
    assert told["redress_incidents_undecided_seconds", "food"] == 7200
    assert told["redress_incidents_undecided_seconds", "home"] == 0
    assert told["redress_incidents_open", "food", "one_product"] == 2
    assert told["redress_incident_complaints", "food", "one_product"] == 9


# Where things happen


def test_entries_promises_escalations_and_money_are_counted() -> None:
    story = Story("metrics-1").due(START_AT + timedelta(minutes=2), "first_response")
    [promise] = story.case.deadlines
    missed = DeadlineMissed(key=promise.key, due_at=START_AT + timedelta(seconds=1))
    story.tell(missed).tell(Escalated(key=promise.key, rung=0, to=Role.SUPERVISOR, person=None, actions=()))
    story.tell(DeadlineMet(key=promise.key, in_time=False))
    lateness = value("redress_promise_noticed_late_seconds_sum")
    entries = value("redress_journal_entries_total", kind="received")
    count_written(story.entries, story.case, story.at + timedelta(seconds=1))
    assert value("redress_journal_entries_total", kind="received") == entries + 1
    of_promise = {"tenant": "metrics-1", "deadline": promise.key.partition("/")[0]}
    assert value("redress_promises_total", result="missed", **of_promise) == 1
    assert value("redress_promises_total", result="kept_late", **of_promise) == 1
    assert value("redress_promises_total", result="kept", **of_promise) == 0
    assert value("redress_escalations_total", tenant="metrics-1", to="supervisor") == 1
    # It was due one second after the beginning and noticed two seconds after it.
    assert value("redress_promise_noticed_late_seconds_sum") == pytest.approx(lateness + 1, abs=0.01)


def test_signs_are_counted_by_kind_and_not_by_what_was_said() -> None:
    story = Story("metrics-2").tell(j.SignNoted(row="threats", sign="threat", weight=3, found=("曝光",)))
    count_written(story.entries, story.case, story.at)
    assert value("redress_signs_total", tenant="metrics-2", sign="threat") == 1
    assert "曝光" not in generate_latest(REGISTRY).decode()


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (None, "answered"),
        (PartnerRefused("payments", "over_paid", "no"), "refused"),
        (PartnerUnavailable("payments", "answered 503"), "unavailable"),
        (OutcomeUnknown("payments", "ReadTimeout"), "unknown"),
        (RuntimeError("ours"), "failed"),
    ],
)
def test_a_call_of_a_partner_is_counted_by_what_may_be_done_next(error: Exception | None, result: str) -> None:
    labels = {"partner": "payments", "kind": "write", "result": result}
    before = value("redress_partner_calls_total", **labels)
    with suppress(Exception), counted("payments", "write"):
        if error:
            raise error
    assert value("redress_partner_calls_total", **labels) == before + 1


async def test_requests_are_counted_by_route_and_whatever_callers_invent_makes_no_label(unmanned: World) -> None:
    known = {"method": "POST", "route": "/v1/complaints", "status": "201"}
    before, filed = value("redress_http_requests_total", **known), value("redress_filings_total", result="filed")
    assert (await unmanned.file()).status_code == 201
    assert value("redress_http_requests_total", **known) == before + 1
    assert value("redress_filings_total", result="filed") == filed + 1
    for path in ("/nowhere", "/elsewhere/1", "/v1/complaints/cmp_x/not-a-command"):
        await unmanned.http.request("BREW", path, headers=as_role(Role.AGENT))
    labels = [sample.labels for metric in REGISTRY.collect() for sample in metric.samples if "route" in sample.labels]
    assert {each["method"] for each in labels} <= {"GET", "POST", "DELETE", "PUT", "HEAD", "PATCH", "OPTIONS", "other"}
    routes = set(unmanned.app.openapi()["paths"])
    assert {each["route"] for each in labels} <= {*routes, "-"}


async def test_a_command_is_counted_by_what_became_of_it(unmanned: World) -> None:
    before = value("redress_commands_total", command="respond", result="no_such_complaint")
    answer = await unmanned.command("cmp_" + "a" * 26, "respond", {"message": "ok"}, as_role(Role.AGENT))
    assert answer.status_code == 404
    assert value("redress_commands_total", command="respond", result="no_such_complaint") == before + 1


def test_no_metric_has_a_label_that_could_be_a_person_or_an_id() -> None:
    names = {name for metric in REGISTRY.collect() for sample in metric.samples for name in sample.labels}
    assert not names & {"complaint", "complaint_id", "customer", "order", "order_number", "person", "agent", "key", "path", "id"}
    assert INTAKE["customer"]["name"] not in generate_latest(REGISTRY).decode()
