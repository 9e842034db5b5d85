"""The journal written as an activity: what it says when the database cannot."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError

from activities.contract import Recorded, RecordJournal
from activities.records import RecordsActivities
from domain.journal import Responded
from storage.database import Database, open_database
from storage.journal import Journal
from tests.activities.conftest import run
from tests.storage.stories import Story


def _record(story: Story) -> RecordJournal:
    return RecordJournal(entries=tuple(story.entries), case=story.case)


async def test_entries_are_recorded_once(database: Database) -> None:
    records = RecordsActivities(Journal(database))
    story = Story("shop").assigned("ann")
    for attempt in (1, 2):
        assert await run(records.record_journal, _record(story), attempt) == Recorded(revision=2)
    second = Story("shop", complaint_id=story.complaint_id, at=story.at)
    assert await run(records.record_journal, _record(second)) == Recorded(revision=2, foreign=True)


async def test_a_database_that_is_away_is_tried_again_and_tells_nothing_of_the_customer(tmp_path: Path) -> None:
    away = open_database(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    try:
        with pytest.raises(ApplicationError, match="the database is away: no such table") as told:
            await run(RecordsActivities(Journal(away)).record_journal, _record(Story("shop")))
    finally:
        await away.close()
    assert (told.value.type, told.value.non_retryable) == ("DatabaseAway", False)
    assert told.value.__cause__ is None
    assert "王小明" not in str(told.value)


async def test_a_write_goes_through_once_another_process_lets_go_of_the_file(database: Database) -> None:
    other = sqlite3.connect(str(database.writer.url.database))
    other.execute("BEGIN IMMEDIATE")
    records = RecordsActivities(Journal(database))
    story = Story("shop")
    write = asyncio.create_task(run(records.record_journal, _record(story)))
    await asyncio.sleep(0.2)
    assert not write.done()
    other.rollback()
    other.close()
    assert await write == Recorded(revision=1)


async def test_a_contradiction_stays_in_sight(database: Database) -> None:
    records = RecordsActivities(Journal(database))
    story = Story("shop").responded("甲")
    await run(records.record_journal, _record(story))
    entries = (story.entries[0], story.entries[1].model_copy(update={"event": Responded(message="乙")}))
    with pytest.raises(ApplicationError, match="entry 2 of cmp_") as told:
        await run(records.record_journal, RecordJournal(entries=entries, case=story.case))
    assert (told.value.type, told.value.non_retryable) == ("JournalConflict", False)
