"""What a summary reads: its own tenant, group and period, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from domain.fold import begin
from domain.intake import Product
from domain.journal import Assessed, Assigned, OrderChecked, Verified
from domain.money import Money
from domain.order import Order
from domain.promise_events import DeadlineMissed
from domain.summary.compose import report_of
from domain.summary.figures import Summary
from domain.summary.period import Period
from storage.database import Database
from storage.journal import Journal
from storage.summaries import Summaries
from tests.domain.packs import home
from tests.storage.stories import Story

NOVEMBER = Period(from_on=date(2026, 11, 1), to_on=date(2026, 12, 1), zone="Asia/Shanghai")
FIRST_MOMENT, LAST_MOMENT = NOVEMBER.from_at, NOVEMBER.to_at - timedelta(microseconds=1)
MIDDLE = datetime(2026, 11, 21, 1, tzinfo=UTC)


def late(tenant: str, at: datetime = MIDDLE, founded: bool = True) -> Story:
    """A complaint about a delay, assessed within the minute."""
    story = Story(tenant, at=at, category="transport_delay")
    price = Money.of("1000.00", "CNY")
    order = Order(
        number="SO-1",
        status="delivered",
        placed_at=at,
        goods=price,
        freight=Money.zero("CNY"),
        paid=price,
        origin="浙江",
        destination="广东",
        carrier="顺丰",
    )
    story.tell(OrderChecked(result="found", order=order)).assigned("lin").due(at + timedelta(minutes=10))
    key = story.case.deadlines[0].key
    story.tell(DeadlineMissed(key=key, due_at=at)).tell(Verified(founded=founded, findings="-"))
    if founded:
        story.tell(Assessed(facts={"delay_days": 4, "delay": "longer"}, liable="carrier"))
    return story


async def write(journal: Journal, *stories: Story) -> None:
    for story in stories:
        await journal.record(story.entries, story.case)


async def made(database: Database, tenant: str, report: str = "transport_summary", period: Period = NOVEMBER) -> Summary:
    return await Summaries(database).make(tenant, home(), report_of(home(), report), period)


@pytest.mark.clause("HOM-SUM-01", "HOM-SUM-02")
async def test_the_findings_are_read_from_the_case(tenant: str, database: Database, journal: Journal) -> None:
    await write(journal, late(tenant), late(tenant), late(tenant), late(tenant, founded=False), Story(tenant))
    summary = await made(database, tenant, "late_routes")
    assert (summary.received, summary.assessed, summary.unfounded) == (5, 3, 1)
    assert [(each.id, each.count) for each in summary.by_finding] == [("longer", 3)]
    assert [(each.id, each.count) for each in summary.by_cause] == [("carrier", 3)]
    (route,) = summary.routes
    assert (route.origin, route.destination, route.carriers[0].carrier, route.late, route.flagged) == (
        "浙江",
        "广东",
        "顺丰",
        3,
        True,
    )
    assert [(each.missed, each.name) for each in summary.promises] == [(4, "first_response#3")]


async def test_the_period_holds_its_first_moment_and_not_its_end(tenant: str, database: Database, journal: Journal) -> None:
    inside = (Story(tenant, at=FIRST_MOMENT), Story(tenant, at=LAST_MOMENT))
    outside = (Story(tenant, at=FIRST_MOMENT - timedelta(microseconds=1)), Story(tenant, at=NOVEMBER.to_at))
    await write(journal, *inside, *outside)
    assert (await made(database, tenant)).received == 2


async def test_a_promise_of_an_older_complaint_counts_when_it_is_missed(
    tenant: str, database: Database, journal: Journal
) -> None:
    story = Story(tenant, at=FIRST_MOMENT - timedelta(days=20)).assigned("lin").due(MIDDLE)
    story.tell(DeadlineMissed(key="verification/7", due_at=MIDDLE), after=timedelta(days=21))
    # What came after the end of the month belongs to the next one.
    story.tell(Assigned(assignee="zhao", why="least_loaded"), after=timedelta(days=30))
    story.tell(DeadlineMissed(key="callback/9", due_at=MIDDLE))
    await write(journal, story)
    summary = await made(database, tenant)
    assert summary.received == 0
    assert [(each.name, each.missed) for each in summary.promises] == [("verification", 1)]
    assert [(each.person, each.missed) for each in summary.people] == [("lin", 1)]
    december = Period(from_on=date(2026, 12, 1), to_on=date(2027, 1, 1), zone="Asia/Shanghai")
    assert [(each.person, each.missed) for each in (await made(database, tenant, period=december)).people] == [("zhao", 1)]


@pytest.mark.clause("HOM-INS-10")
async def test_groups_and_tenants_are_kept_apart(tenant: str, database: Database, journal: Journal) -> None:
    fitted = Story(tenant)
    received = fitted.entries[0].event
    fitted.entries[0] = fitted.entries[0].model_copy(update={"event": received.model_copy(update={"group": "installation"})})
    fitted.case = begin(fitted.entries[0])
    await write(journal, fitted, late(tenant), late(f"{tenant}-other"))
    assert (await made(database, tenant, "installation_summary")).received == 1
    transport = await made(database, tenant)
    assert (transport.received, sum(each.missed for each in transport.promises)) == (1, 1)
    everything = report_of(home(), "transport_summary").model_copy(update={"group": None})
    assert (await Summaries(database).make(tenant, home(), everything, NOVEMBER)).received == 2


async def test_more_complaints_than_are_asked_for_at_a_time_are_all_counted(
    tenant: str, database: Database, journal: Journal
) -> None:
    await write(journal, *(late(tenant) for _ in range(203)))
    summary = await made(database, tenant)
    assert (summary.received, sum(each.missed for each in summary.promises)) == (203, 203)


@pytest.mark.clause("ECO-STA-01", "FOO-FBK-06")
async def test_products_customers_and_the_period_before_are_read_too(tenant: str, database: Database, journal: Journal) -> None:
    def about(story: Story, **intake: Any) -> Story:
        event = story.entries[0].event
        filed = event.model_copy(update={"intake": event.intake.model_copy(update=intake)})  # type: ignore[union-attr]
        story.entries[0] = story.entries[0].model_copy(update={"event": filed})
        story.case = begin(story.entries[0])
        return story.tell(Verified(founded=True, findings="-"))

    cup = Product(name="保温杯", lot="L1")
    stories = [about(Story(tenant, at=MIDDLE), product=cup, against_staff="lin") for _ in range(2)]
    before = Story(tenant, at=FIRST_MOMENT - timedelta(microseconds=1))
    await write(journal, *stories, before, Story(tenant, at=FIRST_MOMENT - timedelta(days=31, microseconds=1)))
    row = report_of(home(), "transport_summary").model_copy(update={"recurring_at_least": 2, "trend": True})
    summary = await Summaries(database).make(tenant, home(), row, NOVEMBER)
    assert [(each.kind, each.name.en, each.count) for each in summary.recurring][:2] == [
        ("lot", "L1", 2),
        ("product", "保温杯", 2),
    ]
    assert [(each.person, each.found_true) for each in summary.staff] == [("lin", 2)]
    assert [(each.customer_id, each.complaints) for each in summary.repeating] == [("c-1", 2)]
    assert summary.trend is not None
    assert [(each.id, each.count) for each in summary.trend.by_category] == [("transport_damage", 1)]


async def test_every_read_is_a_range_of_an_index(tenant: str, database: Database, journal: Journal) -> None:
    if not database.is_sqlite:
        pytest.skip("the plans of PostgreSQL depend on what the tables hold")
    await write(journal, late(tenant))
    seen: list[tuple[str, Any]] = []

    def keep(connection: object, cursor: object, statement: str, parameters: Any, *rest: object) -> None:
        seen.append((statement, parameters))

    event.listen(database.reader.sync_engine, "before_cursor_execute", keep)
    with_trend = report_of(home(), "transport_summary").model_copy(update={"trend": True})
    await Summaries(database).make(tenant, home(), with_trend, NOVEMBER)
    event.remove(database.reader.sync_engine, "before_cursor_execute", keep)
    assert len(seen) == 4
    async with database.reading() as connection:
        for statement, parameters in seen:
            steps = [row.detail for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            ranges = [step for step in steps if step != "USE TEMP B-TREE FOR GROUP BY"]
            assert all(step.startswith("SEARCH") for step in ranges), steps
