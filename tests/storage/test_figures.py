"""What operators see of the read model: open complaints and what is under way, counted where an index leads."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import Select

from domain import journal as j
from domain.actor import Role
from domain.budget import Budget
from domain.explanation import Explanation
from domain.promise_events import DeadlineMissed, DeadlineSet, Escalated
from storage.blacklist import Blacklist
from storage.database import Database
from storage.delivery_tables import deliveries
from storage.figures import (
    blacklist_statement,
    incidents_statement,
    open_figures,
    outside_figures,
    outside_statements,
    standing_figures,
    statement,
)
from storage.incident_tables import batch_marks, incident_journal, incidents
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


async def test_open_complaints_are_counted_by_how_grave_and_urgent_they_are(
    tenant: str, database: Database, journal: Journal
) -> None:
    for severity, urgent in (("severe", True), ("severe", False), (None, False)):
        story = Story(tenant)
        if severity is not None:
            story.tell(
                j.Classified(
                    category="transport_damage", group="transport", level="normal", severity=severity, urgent=urgent, priority=1,
                    rows=("hurt",),
                )
            )  # fmt: skip
        await journal.record(story.entries, story.case)
    found = {row.severity: row for row in await open_figures(database, [tenant], START_AT, START_AT)}
    assert {severity: (row.open, row.urgent) for severity, row in found.items()} == {"severe": (2, 1), None: (1, 0)}


async def test_an_opinion_is_awaited_until_it_is_given_and_late_once_its_promise_is_missed(
    tenant: str, database: Database, journal: Journal
) -> None:
    async def awaited_and_late() -> tuple[int, int]:
        await journal.record(story.entries, story.case)
        [row] = await open_figures(database, [tenant], START_AT, START_AT)
        return row.opinions, row.opinions_late

    story = Story(tenant)
    assert await awaited_and_late() == (0, 0)
    story.tell(j.Consulted(department="merchant", route="theirs", awaited=True))
    asked, due_at = story.case.revision, START_AT + HOUR
    explanation = Explanation(start_at=story.at, due_at=due_at, budget=Budget.within(HOUR, "calendar"))
    story.tell(
        DeadlineSet(
            key="opinion/1", name="opinion", clause="HOM-TRN-01", start_at=story.at, due_at=due_at, owner=Role.DEPARTMENT,
            explanation=explanation,
        )
    )  # fmt: skip
    assert await awaited_and_late() == (1, 0)
    story.tell(DeadlineMissed(key="opinion/1", due_at=due_at), after=2 * HOUR)
    assert await awaited_and_late() == (1, 1)
    story.tell(j.OpinionGiven(department="merchant", opinion="ours", asked=asked))
    assert await awaited_and_late() == (0, 0)


async def test_an_incident_without_a_decision_of_its_lead_is_counted_from_when_it_was_opened(
    tenant: str, database: Database
) -> None:
    names = [f"inc_{uuid.uuid4().hex}" for _ in range(3)]
    async with database.writing() as connection:
        for number, name in enumerate(names, 1):
            opened = {
                "incident_id": name, "tenant": tenant, "batch": "same_product", "batch_key": "milk", "number": number,
                "about": "{}", "pack": "food@2026-11", "pack_digest": "0" * 64, "zone": "Asia/Shanghai", "currency": "CNY",
                "opened_at": START_AT + number * HOUR, "from_at": START_AT, "until_at": START_AT, "status": "open",
                "revision": 1, "updated_at": START_AT,
            }  # fmt: skip
            await connection.execute(insert(incidents).values(opened))
            marks = [
                {
                    "complaint_id": f"{name}-{each}", "batch": "same_product", "tenant": tenant, "batch_key": "milk",
                    "received_at": START_AT, "incident_id": name,
                }
                for each in range(3)
            ]  # fmt: skip
            await connection.execute(insert(batch_marks), marks)
        await connection.execute(update(incidents).where(incidents.c.incident_id == names[2]).values(status="closed"))

    async def writes(incident: str, seq: int, kind: str) -> None:
        entry = {
            "incident_id": incident, "seq": seq, "at": START_AT, "kind": kind, "actor_id": "su", "actor_roles": "[]",
            "clauses": "[]", "event": "{}",
        }  # fmt: skip
        async with database.writing() as connection:
            await connection.execute(insert(incident_journal).values(entry))

    # What its team found is no decision of the lead.
    await writes(names[0], 2, "finding_recorded")
    [found] = (await standing_figures(database, [tenant], START_AT)).incidents
    assert (found.batch, found.open, found.complaints, found.undecided) == ("same_product", 2, 6, 2)
    assert found.first_undecided_at == START_AT + HOUR
    await writes(names[0], 3, "lot_decided")
    [found] = (await standing_figures(database, [tenant], START_AT)).incidents
    assert (found.undecided, found.first_undecided_at) == (1, START_AT + 2 * HOUR)
    await writes(names[1], 2, "team_named")
    [found] = (await standing_figures(database, [tenant], START_AT)).incidents
    assert (found.open, found.undecided, found.first_undecided_at) == (2, 0, None)


async def test_who_is_limited_is_counted_while_the_entry_is_in_force(tenant: str, database: Database) -> None:
    blacklist = Blacklist(database)
    ends_at = START_AT + 24 * HOUR
    entries = [
        await blacklist.enter(
            tenant, f"cmp_{number}", f"c-{number}", limits=("complaints",), reason="threats", clause="FOO-ABU-04", by="su",
            at=START_AT, expires_at=ends_at,
        )
        for number in range(3)
    ]  # fmt: skip
    await blacklist.object(tenant, entries[0].entry_id, "it was not me", START_AT)
    await blacklist.object(tenant, entries[1].entry_id, "it was not me", START_AT)
    await blacklist.decide(tenant, entries[1].entry_id, keep=False, by="pan", reason="it was not", at=START_AT)

    async def counted(tenants: list[str], at: datetime) -> dict[str, int]:
        return {each.what: each.rows for each in (await standing_figures(database, tenants, at)).blacklist}

    assert await counted([tenant], START_AT) == {"in_force": 2, "appealed": 1}
    assert await counted([tenant], ends_at) == {}
    assert await counted([f"{tenant}-other"], START_AT) == {}


async def test_no_question_looks_at_what_is_closed_or_done(tenant: str, database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("the plans of PostgreSQL depend on what the tables hold")
    for question in (statement([tenant], START_AT, START_AT), *outside_statements([tenant])):
        plan = await _plan(database, question)
        assert "SCAN" not in plan, plan
        assert "tenant=? AND st" in plan, plan  # status or state: the tenant alone would lead to all that ever was
    # A tenant has few of these, ended ones included: the tenant alone leads to them.
    for question in (incidents_statement([tenant]), blacklist_statement([tenant], START_AT)):
        assert "SCAN" not in await _plan(database, question)


async def _plan(database: Database, question: Select[tuple[object, ...]]) -> str:
    written = question.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": False, "render_postcompile": True})
    values = tuple(written.params[name] for name in written.positiontup or ())
    given = tuple(value if isinstance(value, str | int) else str(value) for value in values)
    async with database.reading() as connection:
        steps = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}", given)
        return " | ".join(str(step.detail) for step in steps)
