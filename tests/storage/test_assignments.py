"""Who has how many complaints, counted in the database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case import Stage
from storage.assignments import Assignments, Load
from storage.database import Database
from storage.journal import Journal
from tests.storage.stories import START_AT, Story

HOUR = timedelta(hours=1)


@pytest.mark.clause("ECO-ASG-01")
async def test_the_load_of_each_person_is_told_with_what_is_overdue_and_what_they_took(
    tenant: str, database: Database, journal: Journal
) -> None:
    closed = Story(tenant).assigned("lin")
    closed.case = closed.case.model_copy(update={"stage": Stage.CLOSED, "closed_at": START_AT})
    stories = (
        Story(tenant).assigned("lin").due(START_AT + HOUR),
        Story(tenant).assigned("lin").due(START_AT + 5 * HOUR),
        Story(tenant, at=START_AT - 40 * HOUR).assigned("lin"),
        closed,
        Story(tenant).assigned("zhao"),
        Story(tenant),
        Story(f"{tenant}-2").assigned("lin"),
    )
    for story in stories:
        await journal.record(story.entries, story.case)
    found = Assignments(database)
    loads = await found.loads(tenant, ["lin", "zhao", "chen"], START_AT + 2 * HOUR, START_AT - HOUR)
    assert loads == {"lin": Load(open=3, overdue=1, taken=3), "zhao": Load(open=1, taken=1), "chen": Load()}
    assert await found.unassigned(tenant) == 1
    assert await found.unassigned(f"{tenant}-3") == 0
