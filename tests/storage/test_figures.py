"""What operators see of the read model: open complaints and what is under way, counted where an index leads."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import Select

from domain.actor import Role
from domain.promise_events import DeadlineMissed, Escalated
from storage.database import Database
from storage.delivery_tables import deliveries
from storage.figures import open_figures, outside_figures, outside_statements, statement
from storage.journal import Journal
from tests.storage.stories import START_AT, Story

HOUR = timedelta(hours=1)


async def test_open_complaints_are_counted_by_stage_level_and_how_their_promises_stand(
    tenant: str, database: Database, journal: Journal
) -> None:
    soon = Story(tenant).due(START_AT + timedelta(minutes=50))
    late = Story(tenant).due(START_AT + timedelta(minutes=2))
    urgent = Story(tenant, urgent=True).due(START_AT + 5 * HOUR)
    [missed] = late.case.deadlines
    broken = Story(tenant).due(START_AT + timedelta(minutes=1))
    [promise] = broken.case.deadlines
    broken.tell(DeadlineMissed(key=promise.key, due_at=START_AT + timedelta(minutes=1)))
    broken.tell(Escalated(key=promise.key, rung=0, to=Role.SUPERVISOR, person=None, actions=("notify",)))
    for story in (soon, late, urgent, broken):
        await journal.record(story.entries, story.case)

    at = START_AT + timedelta(minutes=10)
    found = {row.level: row for row in await open_figures(database, [tenant], at, at + HOUR)}
    normal = found["normal"]
    assert (normal.tenant, normal.stage, normal.currency) == (tenant, "received", "CNY")
    assert (normal.open, normal.due_soon, normal.overdue, normal.breached, normal.escalated) == (3, 1, 1, 1, 1)
    assert normal.first_due_at == missed.due_at
    assert (normal.decided, normal.paid) == (Decimal(0), Decimal(0))
    assert (found["urgent"].open, found["urgent"].due_soon, found["urgent"].overdue) == (1, 0, 0)


async def test_tenants_are_counted_apart_and_a_stranger_has_nothing(tenant: str, database: Database, journal: Journal) -> None:
    story = Story(tenant)
    await journal.record(story.entries, story.case)
    assert await open_figures(database, [f"{tenant}-other"], START_AT, START_AT) == []
    assert await open_figures(database, [], START_AT, START_AT) == []
    assert sum(row.open for row in await open_figures(database, [tenant], START_AT, START_AT)) == 1


async def test_news_that_was_given_up_is_counted_and_delivered_news_is_not(tenant: str, database: Database) -> None:
    rows = [
        {
            "id": uuid.uuid4().hex, "tenant": tenant, "endpoint": "shop", "type": "complaint.closed", "complaint_id": "cmp_1",
            "seq": 1, "body": "{}", "status": status, "attempts": 1, "created_at": START_AT, "next_at": START_AT,
        }
        for status in ("dead", "dead", "pending", "delivered")
    ]  # fmt: skip
    async with database.writing() as connection:
        await connection.execute(insert(deliveries), rows)
    found = await outside_figures(database, [tenant])
    assert {(each.what, each.rows) for each in found.webhooks} == {("dead", 2), ("pending", 1)}
    assert (found.effects, found.findings) == ([], [])


async def test_no_question_looks_at_what_is_closed_or_done(tenant: str, database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("the plans of PostgreSQL depend on what the tables hold")
    for question in (statement([tenant], START_AT, START_AT), *outside_statements([tenant])):
        plan = await _plan(database, question)
        assert "SCAN" not in plan, plan
        assert "tenant=? AND st" in plan, plan  # status or state: the tenant alone would lead to all that ever was


async def _plan(database: Database, question: Select[tuple[object, ...]]) -> str:
    written = question.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": False, "render_postcompile": True})
    values = tuple(written.params[name] for name in written.positiontup or ())
    given = tuple(value if isinstance(value, str | int) else str(value) for value in values)
    async with database.reading() as connection:
        steps = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}", given)
        return " | ".join(str(step.detail) for step in steps)
