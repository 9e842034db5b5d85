"""The journal written as an activity: what it says when the database cannot."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy.exc import IntegrityError
from temporalio.exceptions import ApplicationError

from activities.contract import Recorded, RecordJournal
from activities.errors import database_away
from activities.records import RecordsActivities
from storage.cases import Cases
from storage.database import Database, open_database
from storage.journal import Journal
from telemetry.metrics import REGISTRY
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


@pytest.mark.parametrize(("other", "said"), [(False, 0), (True, 1)])
async def test_another_complaint_under_an_old_key_is_never_dropped_in_silence(database: Database, other: bool, said: int) -> None:
    records, counter = RecordsActivities(Journal(database)), "redress_filings_lost_total"
    first = Story("shop")
    await run(records.record_journal, _record(first))
    words = "又送来一块裂的。" if other else "石板送到时碎了两块。\nTwo slabs arrived broken."
    again = Story("shop", complaint_id=first.complaint_id, at=first.at + timedelta(days=40), content=words)
    before = REGISTRY.get_sample_value(counter) or 0.0
    with structlog.testing.capture_logs() as lines:
        assert await run(records.record_journal, _record(again)) == Recorded(revision=1, foreign=True)
    assert (REGISTRY.get_sample_value(counter) or 0.0) - before == said
    assert [(line["log_level"], line["complaint"], line["tenant"]) for line in lines] == [
        ("error", first.complaint_id, "shop")
    ] * said
    assert words not in str(lines)


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


def test_a_database_that_refuses_is_not_said_to_be_away_and_the_row_that_it_shows_is_not_told() -> None:
    reason = Exception('null value in column "channel" violates not-null constraint\nDETAIL:  Failing row contains (王小明).')
    told = database_away(IntegrityError("INSERT", {}, reason))
    assert str(told).endswith('the database refuses it: null value in column "channel" violates not-null constraint')
    assert (told.type, told.non_retryable) == ("DatabaseRefused", False), "it waits for a version that writes what fits"


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


async def test_what_a_dead_worker_wrote_too_early_is_refused_at_first_and_replaced_once_it_is_certain(database: Database) -> None:
    records = RecordsActivities(Journal(database))
    early = Story("shop").responded("甲").assigned("lin")
    await run(records.record_journal, _record(early), local=True)
    certain = Story("shop", complaint_id=early.complaint_id).responded("乙")
    with pytest.raises(ApplicationError, match="entry 2 of cmp_") as told:
        await run(records.record_journal, _record(certain), local=True)
    assert (told.value.type, told.value.non_retryable) == ("JournalConflict", True)

    assert await run(records.record_journal, _record(certain)) == Recorded(revision=2)
    cases = Cases(database)
    assert await cases.journal("shop", early.complaint_id) == tuple(certain.entries)
    assert await cases.get("shop", early.complaint_id) == certain.case


async def test_a_contradiction_that_is_certain_stays_in_sight(database: Database) -> None:
    records = RecordsActivities(Journal(database))
    story = Story("shop")
    await run(records.record_journal, _record(story))
    theirs = Story("another-shop", complaint_id=story.complaint_id)
    with pytest.raises(ApplicationError, match="belongs to another tenant") as told:
        await run(records.record_journal, _record(theirs))
    assert (told.value.type, told.value.non_retryable) == ("JournalConflict", False)
