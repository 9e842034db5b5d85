"""Summaries over HTTP: for supervisors, in either language, over any days."""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.actor import Actor, Role
from domain.fold import begin, evolve
from domain.intake import Intake
from domain.journal import Entry, OrderChecked, Received
from domain.money import Money
from domain.order import Customer, Order
from storage.journal import Journal
from tests.api.world import World, as_role

# A tenant of these tests alone: its database rows come from nowhere else.
TENANT = "olist-demo"
SUPERVISOR = as_role(Role.SUPERVISOR, tenant=TENANT)
NOVEMBER = {"from": "2024-11-01", "to": "2024-12-01"}
# A month in which no other test files anything; in São Paulo it is still October.
BEFORE = datetime(2024, 11, 1, 2, 59, tzinfo=UTC)
SHOP = Actor(id="shop", roles=(Role.INTAKE,))


async def late(world: World, at: datetime) -> None:
    """A complaint about a delay from SP to RJ, received at an instant."""
    intake = Intake(
        category="transport_delay", channel="app", customer=Customer(name="Ana", phone="1"), content="late", order_number="SO-1"
    )
    received = Received(
        tenant=TENANT, complaint_id=f"cmp_{uuid.uuid4().hex[:26]}", pack="home@2026-11", pack_digest="0" * 64,
        zone="America/Sao_Paulo", currency="BRL", group="transport", level="normal", urgent=False, intake=intake,
    )  # fmt: skip
    price = Money.of("10.00", "BRL")
    order = Order(
        number="SO-1", status="shipped", placed_at=at, goods=price, freight=price, paid=price, origin="SP", destination="RJ"
    )
    first = Entry(seq=1, at=at, by=SHOP, event=received)
    second = Entry(seq=2, at=at + timedelta(seconds=1), by=SHOP, event=OrderChecked(result="found", order=order))
    await Journal(world.database).record([first, second], evolve(begin(first), second))


@pytest.mark.clause("HOM-SUM-01", "HOM-SUM-02", "HOM-INS-10")
async def test_the_summaries_of_the_procedure_are_listed(unmanned: World) -> None:
    answer = await unmanned.get("/v1/reports", SUPERVISOR)
    assert answer.status_code == 200
    listed = {row["id"]: (row["clause"], row["every"], row["flag_at_least"]) for row in answer.json()}
    assert listed == {
        "transport_summary": ("HOM-SUM-01", "month", None),
        "late_routes": ("HOM-SUM-02", "month", 3),
        "installation_summary": ("HOM-INS-10", "month", None),
    }


@pytest.mark.clause("HOM-SUM-01", "HOM-SUM-02")
async def test_a_summary_is_read_as_figures_and_in_the_readers_language(unmanned: World) -> None:
    for hours in (1, 2, 3):
        await late(unmanned, BEFORE + timedelta(hours=hours))
    await late(unmanned, BEFORE)
    path = "/v1/reports/late_routes"
    english = (await unmanned.get(path, {**SUPERVISOR, "Accept-Language": "en"}, **NOVEMBER)).json()
    assert english["pack"] == "home@2026-11"
    assert english["summary"]["received"] == 3
    (route,) = english["summary"]["routes"]
    assert route == {
        "origin": "SP", "destination": "RJ", "late": 3, "carriers": [{"carrier": None, "late": 3}], "flagged": True,
    }  # fmt: skip
    assert english["summary"]["period"] == {"from_on": "2024-11-01", "to_on": "2024-12-01", "zone": "America/Sao_Paulo"}
    assert english["text"].startswith("# Routes that are often late, 2024-11-01 – 2024-11-30\n")
    chinese = (await unmanned.get(path, {**SUPERVISOR, "Accept-Language": "zh-CN"}, **NOVEMBER)).json()
    assert "- SP → RJ：3 起（承运商不详 3）【经常延迟】" in chinese["text"]
    assert chinese["summary"] == english["summary"]
    october = (await unmanned.get(path, SUPERVISOR, **{"from": "2024-10-01", "to": "2024-11-01"})).json()
    assert (october["summary"]["received"], october["summary"]["routes"][0]["flagged"]) == (1, False)


async def test_without_days_it_is_the_month_under_way(unmanned: World) -> None:
    asked_at = datetime.now(UTC)
    period = (await unmanned.get("/v1/reports/transport_summary", SUPERVISOR)).json()["summary"]["period"]
    assert period["from_on"].endswith("-01")
    # The month of the company's zone, which may have turned while it was asked.
    before, after = (at.astimezone(ZoneInfo(period["zone"])).date().isoformat() for at in (asked_at, datetime.now(UTC)))
    assert period["from_on"] <= after
    assert before <= period["to_on"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from": "2026-11-01"}, "to"),
        ({"to": "2026-11-01"}, "from"),
        ({"from": "2026-11-01", "to": "2026-11-01"}, "to"),
        ({"from": "2025-11-01", "to": "2026-11-03"}, "to"),
        ({"from": "0001-01-01", "to": "0001-02-01"}, "from"),
        ({"from": "November", "to": "2026-12-01"}, "from"),
    ],
)
async def test_days_that_make_no_period_are_named(unmanned: World, asked: dict[str, Any], field: str) -> None:
    answer = await unmanned.get("/v1/reports/transport_summary", SUPERVISOR, **asked)
    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert error["field"] == field
    assert "instant" not in error["en"]


async def test_a_year_with_a_leap_day_is_one_summary(unmanned: World) -> None:
    year = {"from": "2028-01-01", "to": "2029-01-01"}
    assert (await unmanned.get("/v1/reports/transport_summary", SUPERVISOR, **year)).status_code == 200


async def test_only_supervisors_and_those_above_them_read_summaries(unmanned: World) -> None:
    for path in ("/v1/reports", "/v1/reports/late_routes"):
        assert (await unmanned.get(path, as_role(Role.AGENT, tenant=TENANT))).status_code == 403
        assert (await unmanned.get(path, as_role(Role.CUSTOMER, tenant=TENANT, complaint="cmp_1"))).status_code == 403
        assert (await unmanned.get(path, as_role(Role.MANAGER, tenant=TENANT))).status_code == 200


async def test_a_summary_that_there_is_not_is_told_with_those_there_are(unmanned: World) -> None:
    answer = await unmanned.get("/v1/reports/weekly", SUPERVISOR)
    assert answer.status_code == 404
    assert "transport_summary, late_routes, installation_summary" in answer.json()["detail"]


@pytest.mark.clause("HOM-SUM-01")
async def test_a_summary_is_had_as_a_page_and_as_a_workbook(unmanned: World) -> None:
    chinese = {**SUPERVISOR, "Accept-Language": "zh-CN"}
    page = await unmanned.http.get("/v1/reports/transport_summary", params={**NOVEMBER, "form": "html"}, headers=chinese)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.text.startswith("<!doctype html>")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "运输投诉总结" in page.text
    book = await unmanned.http.get("/v1/reports/late_routes", params={**NOVEMBER, "form": "xlsx"}, headers=SUPERVISOR)
    assert (book.status_code, book.headers["content-disposition"]) == (200, 'attachment; filename="late_routes-2024-11-01.xlsx"')
    with zipfile.ZipFile(io.BytesIO(book.content)) as parts:
        assert "xl/workbook.xml" in parts.namelist()
    odd = await unmanned.http.get("/v1/reports/late_routes", params={**NOVEMBER, "form": "pdf"}, headers=SUPERVISOR)
    assert (odd.status_code, [each["field"] for each in odd.json()["errors"]]) == (422, ["form"])
