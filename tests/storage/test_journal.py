"""The write side: whatever is repeated, late, at once or broken off, the journal tells each thing once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import SQLAlchemyError

from domain.fold import replay
from domain.journal import Responded
from storage.cases import Cases
from storage.database import Database
from storage.journal import Journal, JournalConflict, Written
from storage.tables import complaints
from storage.tables import journal as entries_table
from tests.storage.stories import AGENT, Story


async def _counts(database: Database, complaint_id: str) -> tuple[int, int]:
    """Case rows and entries under an id."""
    async with database.reading() as connection:
        found = []
        for table in (complaints, entries_table):
            statement = select(func.count()).select_from(table).where(table.c.complaint_id == complaint_id)
            found.append(int(await connection.scalar(statement) or 0))
    return found[0], found[1]


@pytest.mark.clause("HOM-TRN-02")
async def test_the_stored_journal_adds_up_to_the_stored_case(tenant: str, journal: Journal, cases: Cases) -> None:
    story = Story(tenant).assigned("lin").responded()
    assert await journal.record(story.entries, story.case) == Written(3, new=tuple(story.entries))
    told = await cases.journal(tenant, story.complaint_id)
    assert told == tuple(story.entries)
    assert replay(told) == await cases.get(tenant, story.complaint_id) == story.case


async def test_writing_twice_is_writing_once(tenant: str, database: Database, journal: Journal) -> None:
    story = Story(tenant).assigned("lin")
    first = await journal.record(story.entries, story.case)
    assert first == Written(2, new=tuple(story.entries))
    assert await journal.record(story.entries, story.case) == Written(2)
    assert await _counts(database, story.complaint_id) == (1, 2)


async def test_entries_that_overlap_with_stored_ones_are_added_behind_them(tenant: str, cases: Cases, journal: Journal) -> None:
    story = Story(tenant)
    await journal.record(story.entries, story.case)
    story.assigned("lin").responded()
    assert await journal.record(story.entries, story.case) == Written(3, new=tuple(story.entries[1:]))
    assert await cases.journal(tenant, story.complaint_id) == tuple(story.entries)


async def test_a_late_older_revision_adds_its_entries_and_leaves_the_newer_case(
    tenant: str, cases: Cases, journal: Journal
) -> None:
    story = Story(tenant)
    await journal.record(story.entries, story.case)
    older = story.assigned("lin").case
    newer = story.responded().case
    assert await journal.record(story.entries[2:], newer) == Written(3, new=tuple(story.entries[2:]))
    assert await journal.record(story.entries[1:2], older) == Written(3, new=tuple(story.entries[1:2]))
    assert await cases.get(tenant, story.complaint_id) == newer
    assert [entry.seq for entry in await cases.journal(tenant, story.complaint_id)] == [1, 2, 3]


async def test_another_content_under_a_stored_number_is_an_error_that_says_so(
    tenant: str, database: Database, cases: Cases, journal: Journal
) -> None:
    story = Story(tenant)
    await journal.record(story.entries, story.case)
    right = story.responded("甲").entries[1:]
    await journal.record(right, story.case)
    wrong = right[0].model_copy(update={"event": Responded(message="乙")})
    story.assigned("lin")
    with pytest.raises(JournalConflict, match=f"entry 2 of {story.complaint_id} is stored as responded"):
        await journal.record([wrong, story.entries[2]], story.case)
    # Nothing of the refused write stays behind, the newer case row included.
    assert await _counts(database, story.complaint_id) == (1, 2)
    stored = await cases.get(tenant, story.complaint_id)
    assert stored is not None
    assert stored.revision == 2


async def test_what_is_certain_takes_the_place_of_a_longer_story_and_what_is_late_of_that_one_is_refused(
    tenant: str, cases: Cases, journal: Journal
) -> None:
    early = Story(tenant).responded("甲").assigned("lin")
    await journal.record(early.entries, early.case)
    early.responded("丙")
    certain = Story(tenant, complaint_id=early.complaint_id).tell(Responded(message="乙"), AGENT, after=timedelta(seconds=9))
    assert (await journal.record(certain.entries[1:], certain.case, committed=True)).revision == 2
    for late in (early.entries[1:], early.entries):
        with pytest.raises(JournalConflict):
            await journal.record(late, early.case)
    # What goes on from an entry that no longer stands overlaps with nothing, and is known by the instant of that entry.
    with pytest.raises(JournalConflict, match=f"entry 2 of {early.complaint_id} is another"):
        await journal.record(early.entries[2:3], early.case.model_copy(update={"revision": 3}), after_at=early.entries[1].at)
    assert await cases.get(tenant, early.complaint_id) == certain.case
    assert await cases.journal(tenant, early.complaint_id) == tuple(certain.entries)
    after_at = certain.entries[-1].at
    certain.assigned("zhao")
    assert (await journal.record(certain.entries[2:], certain.case, after_at=after_at)).revision == 3


async def test_another_complaint_under_a_used_id_is_foreign_and_changes_nothing(
    tenant: str, cases: Cases, journal: Journal
) -> None:
    first = Story(tenant).assigned("lin")
    await journal.record(first.entries, first.case)
    second = Story(tenant, complaint_id=first.complaint_id, at=first.at + timedelta(days=40)).assigned("zhao").responded()
    assert await journal.record(second.entries, second.case) == Written(2, foreign=True)
    other = Story(tenant, complaint_id=first.complaint_id, at=second.at, content="又送来一块裂的。")
    assert await journal.record(other.entries, other.case) == Written(2, foreign=True, lost=True)
    assert await cases.get(tenant, first.complaint_id) == first.case
    assert await cases.journal(tenant, first.complaint_id) == tuple(first.entries)


async def test_an_id_of_another_tenant_is_refused(tenant: str, cases: Cases, journal: Journal) -> None:
    mine = Story(tenant)
    await journal.record(mine.entries, mine.case)
    theirs = Story(f"{tenant}-2", complaint_id=mine.complaint_id).assigned("lin")
    with pytest.raises(JournalConflict, match="another tenant"):
        await journal.record(theirs.entries, theirs.case)
    assert await cases.get(tenant, mine.complaint_id) == mine.case


async def test_entries_that_do_not_lead_to_the_case_are_refused(tenant: str, journal: Journal) -> None:
    story = Story(tenant).assigned("lin").responded()
    for entries in ([], story.entries[:2], [story.entries[0], story.entries[2]]):
        with pytest.raises(ValueError, match="do not lead to revision 3"):
            await journal.record(entries, story.case)


async def test_two_hundred_writers_at_once_lose_nothing(tenant: str, database: Database, journal: Journal) -> None:
    stories = [Story(tenant).assigned("lin").responded() for _ in range(200)]
    written = await asyncio.gather(*(journal.record(story.entries, story.case) for story in stories))
    assert written == [Written(3, new=tuple(story.entries)) for story in stories]
    counts = await asyncio.gather(*(_counts(database, story.complaint_id) for story in stories))
    assert counts == [(1, 3)] * 200


async def test_many_writers_of_one_complaint_write_it_once(tenant: str, cases: Cases, journal: Journal) -> None:
    story = Story(tenant)
    writes = [(list(story.entries), story.case)]
    for number in range(19):
        story.tell(Responded(message=f"第{number}次"), AGENT)
        writes.append((list(story.entries), story.case))
    await asyncio.gather(*(journal.record(entries, case) for entries, case in [*writes, *reversed(writes)]))
    assert await cases.journal(tenant, story.complaint_id) == tuple(story.entries)
    assert await cases.get(tenant, story.complaint_id) == story.case


async def test_a_write_that_breaks_half_way_leaves_nothing(tenant: str, database: Database, journal: Journal) -> None:
    story = Story(tenant)

    def break_off(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO journal"):
            raise SQLAlchemyError("the connection broke")

    engine = database.writer.sync_engine
    event.listen(engine, "before_cursor_execute", break_off)
    try:
        with pytest.raises(SQLAlchemyError):
            await journal.record(story.entries, story.case)
    finally:
        event.remove(engine, "before_cursor_execute", break_off)
    assert await _counts(database, story.complaint_id) == (0, 0)
    assert await journal.record(story.entries, story.case) == Written(1, new=tuple(story.entries))


@pytest.mark.parametrize("milliseconds", [0, 1, 2, 5])
async def test_a_write_that_is_cancelled_keeps_no_later_one_out(
    tenant: str, database: Database, journal: Journal, milliseconds: int
) -> None:
    story = Story(tenant).assigned("lin")
    write = asyncio.create_task(journal.record(story.entries, story.case))
    await asyncio.sleep(milliseconds / 1000)
    write.cancel()
    await asyncio.gather(write, return_exceptions=True)
    assert (await journal.record(story.entries, story.case)).revision == 2
    assert await _counts(database, story.complaint_id) == (1, 2)
