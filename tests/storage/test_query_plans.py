"""Every list of the API is one range of an index, by what SQLite says it will do: a large table costs no more than a small."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, text

from domain.actor import Role
from domain.incident.marks import BatchMark, UnusualRise
from storage.assignments import Assignments
from storage.batches import Batches
from storage.cases import CaseFilter, Cases, Sort
from storage.database import Database
from storage.incidents import Incidents
from storage.journal import Journal
from tests.storage.stories import START_AT, Story


class _Statements:
    """Statements that the database ran, with their parameters."""

    def __init__(self, database: Database) -> None:
        self._engine = database.reader.sync_engine
        self.seen: list[tuple[str, Any]] = []

    def __enter__(self) -> _Statements:
        event.listen(self._engine, "before_cursor_execute", self._keep)
        return self

    def __exit__(self, *error: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._keep)

    def _keep(self, connection: object, cursor: object, statement: str, parameters: Any, *rest: object) -> None:
        self.seen.append((statement, parameters))

    async def plans(self, database: Database) -> list[str]:
        async with database.reading() as connection:
            run = [await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each}", given) for each, given in self.seen]
        return [" | ".join(str(step.detail) for step in plan) for plan in run]


@pytest.fixture
def sqlite(database: Database) -> Database:
    if not database.is_sqlite:
        pytest.skip("the plans of PostgreSQL depend on what the tables hold")
    return database


_LISTS: list[tuple[CaseFilter, Sort]] = [
    (CaseFilter(), "newest"),
    (CaseFilter(), "oldest"),
    (CaseFilter(), "updated"),
    (CaseFilter(status="open"), "newest"),
    (CaseFilter(status="open"), "due"),
    (CaseFilter(status="open"), "work"),
    (CaseFilter(stage="proposing"), "newest"),
    (CaseFilter(group="transport"), "newest"),
    (CaseFilter(category="transport_damage"), "newest"),
    (CaseFilter(level="urgent"), "newest"),
    (CaseFilter(assignee="lin"), "newest"),
    (CaseFilter(offered_to="lin"), "work"),
    (CaseFilter(order_number="SO-1"), "newest"),
    (CaseFilter(customer_id="c-1"), "newest"),
    (CaseFilter(customer_name="王小明"), "newest"),
    (CaseFilter(breached=True), "newest"),
    (CaseFilter(received_from=START_AT, received_before=START_AT + timedelta(days=1)), "newest"),
]


@pytest.mark.parametrize(("filter", "sort"), _LISTS)
async def test_a_list_is_one_range_of_an_index(
    tenant: str, sqlite: Database, journal: Journal, cases: Cases, filter: CaseFilter, sort: Sort
) -> None:
    with _Statements(sqlite) as statements:
        await cases.list(tenant, filter, START_AT, sort=sort)
    # The second page asks the same with a cursor, which comes from any list in that order.
    for _ in range(2):
        story = Story(tenant)
        await journal.record(story.entries, story.case)
    cursor = (await cases.list(tenant, CaseFilter(), START_AT, sort=sort, limit=1)).next_cursor
    with statements:
        await cases.list(tenant, filter, START_AT, sort=sort, cursor=cursor)
    _check(await statements.plans(sqlite), 2)


_NARROWED: list[tuple[CaseFilter, Sort]] = [
    (CaseFilter(status="open", stage="approving", group="transport", level="urgent"), "newest"),
    (CaseFilter(assignee="lin", category="transport_delay", level="urgent", breached=True), "oldest"),
    (CaseFilter(group="transport", breached=True), "due"),
    (CaseFilter(category="transport_delay"), "updated"),
    (CaseFilter(status="open", waits_for="agent", level="normal", due_before=START_AT), "work"),
    (CaseFilter(status="closed", not_due_before=START_AT, received_from=START_AT), "newest"),
]


@pytest.mark.parametrize(("filter", "sort"), _NARROWED)
async def test_a_list_narrowed_by_several_columns_looks_through_one_narrow_index_and_reads_a_page_of_rows(
    tenant: str, sqlite: Database, journal: Journal, cases: Cases, filter: CaseFilter, sort: Sort
) -> None:
    for _ in range(2):
        story = Story(tenant)
        await journal.record(story.entries, story.case)
    cursor = (await cases.list(tenant, CaseFilter(), START_AT, sort=sort, limit=1)).next_cursor
    with _Statements(sqlite) as statements:
        await cases.list(tenant, filter, START_AT, sort=sort)
        await cases.list(tenant, filter, START_AT, sort=sort, cursor=cursor)
    for plan in await statements.plans(sqlite):
        assert "COVERING INDEX ix_complaints_any (tenant=?" in plan, plan
        assert "SCAN complaints" not in plan, plan
        others = [step for step in plan.split(" | ") if "USING INDEX" in step and "ix_complaints_any" not in step]
        assert all("complaint_id=?" in step for step in others), plan


async def test_work_lists_deadlines_and_loads_are_ranges_of_indexes(tenant: str, sqlite: Database, cases: Cases) -> None:
    with _Statements(sqlite) as statements:
        await cases.work(tenant, Role.AGENT, "lin", START_AT)
        await cases.work(tenant, Role.SUPERVISOR, "zhou", START_AT)
        await cases.deadlines(tenant, START_AT, START_AT)
        await cases.loads(tenant, ["lin", "zhao"])
        await Assignments(sqlite).loads(tenant, ["lin", "zhao"], START_AT, START_AT)
        await Assignments(sqlite).unassigned(tenant)
        await cases.journal(tenant, "cmp_1")
        await cases.get(tenant, "cmp_1")
    _check(plans := await statements.plans(sqlite), 12)
    assert sum("ix_complaints_offered (tenant=? AND offered_to=?" in plan for plan in plans) == 2


async def test_an_order_is_found_by_its_number_in_whatever_order_the_list_stands(
    tenant: str, sqlite: Database, cases: Cases
) -> None:
    with _Statements(sqlite) as statements:
        await cases.list(tenant, CaseFilter(order_number="SO-1"), START_AT, sort="updated")
    (plan,) = await statements.plans(sqlite)
    assert "ix_complaints_order (tenant=? AND order_number=?)" in plan


async def test_a_plan_without_an_index_would_be_seen(sqlite: Database) -> None:
    with _Statements(sqlite) as statements:
        async with sqlite.reading() as connection:
            await connection.execute(text("SELECT complaint_id FROM complaints WHERE tenant = 't' ORDER BY rating"))
    with pytest.raises(AssertionError):
        _check(await statements.plans(sqlite), 1)


def _check(plans: list[str], count: int) -> None:
    assert len(plans) == count
    for plan in plans:
        assert "SCAN" not in plan, plan
        assert "TEMP B-TREE" not in plan, plan


async def test_counting_and_the_lists_of_incidents_are_ranges_of_an_index(sqlite: Database, tenant: str) -> None:
    mark = BatchMark(
        batch="one_product", key="k", about={}, window=timedelta(hours=24), threshold=3,
        rise=UnusualRise(weeks=4, factor=Decimal(2), at_least=5),
    )  # fmt: skip
    story = Story(tenant)
    await Journal(sqlite).record(story.entries, story.case, marks=(mark,))
    stored = Incidents(sqlite)
    page = await stored.list(tenant, None, None, 10)
    with _Statements(sqlite) as statements:
        await Batches(sqlite).count(story.case, (mark,))
        await stored.list(tenant, None, None, 10)
        await stored.list(tenant, "open", None, 10)
        await stored.members(tenant, "inc_1")
        await stored.member_page(tenant, "inc_1", None, 10)
        await stored.journal(tenant, "inc_1", 0, 10)
    plans = await statements.plans(sqlite)
    assert page.rows == ()
    assert len(plans) > 8
    for plan in plans:
        assert "SCAN" not in plan, plan
        assert "USE TEMP B-TREE" not in plan, plan
