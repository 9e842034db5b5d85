"""Counting complaints of one thing: exactly one incident a window, whoever comes at once, and nobody left out."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import TimeoutError

from domain.incident.marks import BatchMark, UnusualRise
from domain.journal import Responded
from storage.batches import Batches
from storage.database import Database
from storage.incident_tables import batch_marks, incidents
from storage.journal import Journal
from tests.storage.stories import Story, new_id

Answer = TypeVar("Answer")
AT = datetime(2026, 11, 21, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def mark(key: str = "milk", **more: Any) -> BatchMark:
    rules: dict[str, Any] = {"batch": "same_product", "key": key, "about": {"product": key}, "window": timedelta(hours=24)}
    return BatchMark(**rules | {"threshold": 3} | more)


async def _persistently(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """As the activity does: on a busy machine two hundred wait longer for a connection than one of them may."""
    while True:
        with contextlib.suppress(TimeoutError):
            return await ask()


@dataclass
class Shop:
    """Registers complaints as the activity does: the mark goes in with the complaint, and only then is counted."""

    database: Database
    tenant: str

    def __post_init__(self) -> None:
        self.journal, self.batches = Journal(self.database), Batches(self.database)

    async def registers(self, at: datetime, *marks: BatchMark) -> list[str]:
        return await self.files(Story(self.tenant, at=at), *marks)

    async def files(self, story: Story, *marks: BatchMark) -> list[str]:
        marks = marks or (mark(),)
        await _persistently(lambda: self.journal.record(story.entries, story.case, marks=marks))
        return [each.incident for each in await _persistently(lambda: self.batches.count(story.case, marks))]

    async def becomes(self, story: Story, *marks: BatchMark, withdrawn: tuple[str, ...] = ()) -> list[str]:
        """What was filed is found to be something else, days after its receipt."""
        story.tell(Responded(message="另有原因"), after=timedelta(days=3))
        last = story.entries[-1:]
        await _persistently(lambda: self.journal.record(last, story.case, marks=marks, withdrawn=withdrawn))
        return [each.incident for each in await _persistently(lambda: self.batches.count(story.case, marks))]

    async def filed_as(self, key: str, at: datetime) -> Story:
        """A complaint about something that nobody else complains of."""
        story = Story(self.tenant, at=at)
        assert await self.files(story, mark(key)) == []
        return story

    async def had(self, instants: Iterable[datetime]) -> None:
        """Complaints of long ago."""
        rows = [
            {"complaint_id": new_id(), "batch": "same_product", "tenant": self.tenant, "batch_key": "milk", "received_at": at}
            for at in instants
        ]
        async with self.database.writing() as connection:
            await connection.execute(insert(batch_marks), rows)

    async def members(self) -> dict[str | None, int]:
        m = batch_marks.c
        async with self.database.reading() as connection:
            rows = await connection.execute(
                select(m.incident_id, func.count()).where(m.tenant == self.tenant).group_by(m.incident_id)
            )
            return {row[0]: row[1] for row in rows}

    async def ends(self, incident: str) -> None:
        async with self.database.writing() as connection:
            await connection.execute(update(incidents).where(incidents.c.incident_id == incident).values(status="closed"))


@pytest.fixture
def shop(database: Database, tenant: str) -> Shop:
    return Shop(database, tenant)


@pytest.mark.clause("FOO-BAT-01")
@pytest.mark.parametrize("threshold", [3, 200])
async def test_two_hundred_at_once_make_exactly_one_incident_that_has_them_all(shop: Shop, threshold: int) -> None:
    instants = [AT + timedelta(seconds=n) for n in range(200)]
    found = await asyncio.gather(*(shop.registers(at, mark(threshold=threshold)) for at in instants))
    named = {incident for each in found for incident in each}
    assert len(named) == 1
    assert await shop.members() == {named.pop(): 200}


async def test_several_things_at_once_make_one_incident_each(shop: Shop) -> None:
    things = ["milk", "rice", "eggs"]
    await asyncio.gather(*(shop.registers(AT + timedelta(seconds=n), mark(things[n % 3])) for n in range(45)))
    assert sorted((await shop.members()).values()) == [15, 15, 15]
    assert None not in await shop.members()


@pytest.mark.clause("FOO-BAT-01")
async def test_the_third_within_24_hours_begins_it_and_takes_the_earlier_ones_along(shop: Shop) -> None:
    assert await shop.registers(AT) == []
    assert await shop.registers(AT + 23 * HOUR) == []
    [incident] = await shop.registers(AT + 24 * HOUR - timedelta(seconds=1))
    assert await shop.members() == {incident: 3}
    assert await shop.registers(AT + 47 * HOUR) == [incident], "who comes within a day of the last belongs to it"


async def test_three_within_more_than_24_hours_are_no_incident(shop: Shop) -> None:
    for hours in (0, 23, 24, 47, 48):
        assert await shop.registers(AT + hours * HOUR) == []


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 2, 0), (0, 2, 1)])
async def test_the_order_in_which_they_are_registered_does_not_matter(shop: Shop, order: tuple[int, ...]) -> None:
    found = [await shop.registers(AT + hour * HOUR) for hour in order]
    assert Counter(map(len, found)) == {0: 2, 1: 1}
    assert list((await shop.members()).values()) == [3]


async def test_counting_again_finds_what_it_found(shop: Shop) -> None:
    story = Story(shop.tenant, at=AT)
    for at in (AT - HOUR, AT - 2 * HOUR):
        await shop.registers(at)
    await shop.journal.record(story.entries, story.case, marks=(mark(),))
    first = await shop.batches.count(story.case, (mark(),))
    await shop.journal.record(story.entries, story.case, marks=(mark(),))
    assert await shop.batches.count(story.case, (mark(),)) == first
    assert [each.batch for each in first] == ["same_product"]


async def test_after_it_has_ended_it_takes_as_many_new_ones_for_another(shop: Shop) -> None:
    first = [await shop.registers(AT + n * HOUR) for n in range(3)][-1]
    await shop.ends(first[0])
    assert await shop.registers(AT + 4 * HOUR) == []
    assert await shop.registers(AT + 5 * HOUR) == []
    second = await shop.registers(AT + 6 * HOUR)
    assert second != first
    assert await shop.members() == {first[0]: 3, second[0]: 3}


async def test_a_day_after_the_last_of_them_another_begins(shop: Shop) -> None:
    first = [await shop.registers(AT + n * HOUR) for n in range(3)][-1]
    later = AT + 26 * HOUR
    found = [await shop.registers(later + n * HOUR) for n in range(3)]
    assert found[:2] == [[], []]
    assert found[2] != first


@pytest.mark.clause("LOY-URG-05")
async def test_more_than_ten_on_one_day_of_the_company_are_an_incident(shop: Shop) -> None:
    day = mark("signal", window=None, threshold=11)
    # 16:00 in London is midnight in Shanghai, where the company is.
    midnight = datetime(2026, 11, 21, 16, tzinfo=UTC)
    for n in range(10):
        assert await shop.registers(midnight - timedelta(minutes=n + 1), day) == []
    assert await shop.registers(midnight, day) == [], "another day"
    [incident] = await shop.registers(midnight - 20 * HOUR, day)
    assert await shop.members() == {incident: 11, None: 1}
    assert await shop.registers(midnight - timedelta(seconds=1), day) == [incident]


@pytest.mark.clause("FOO-BAT-01")
async def test_an_unusual_rise_against_four_weeks_is_an_incident(shop: Shop) -> None:
    rise = mark(threshold=None, rise=UnusualRise(weeks=4, factor=Decimal(2), at_least=5))
    # Four a day, which is usual here: 112 in four weeks.
    await shop.had(AT - timedelta(days=day) - n * 6 * HOUR for day in range(1, 29) for n in range(1, 5))
    for n in range(7):
        assert await shop.registers(AT + timedelta(minutes=n), rise) == [], "fewer than twice as many"
    assert len(await shop.registers(AT + timedelta(minutes=7), rise)) == 1


async def test_a_rise_needs_a_past_in_which_something_else_was_usual(shop: Shop) -> None:
    rise = UnusualRise(weeks=4, factor=Decimal(2), at_least=5)
    milk, rice = mark(threshold=None, rise=rise), mark("rice", threshold=None, rise=rise)
    for n in range(6):
        assert await shop.registers(AT + timedelta(minutes=n), milk) == [], "a new company has nothing to compare with"
    later = AT + timedelta(days=7)
    found = [await shop.registers(later + timedelta(minutes=n), rice) for n in range(5)]
    assert list(map(len, found)) == [0, 0, 0, 0, 1]


async def test_a_complaint_may_belong_to_two(shop: Shop) -> None:
    both = (mark("milk"), mark("hangzhou", batch="same_region"))
    found = [await shop.registers(AT + n * HOUR, *both) for n in range(3)]
    assert len(set(found[2])) == 2


@pytest.mark.clause("FOO-BAT-01")
async def test_one_that_becomes_another_thing_fills_the_window_of_its_receipt(shop: Shop) -> None:
    story = await shop.filed_as("rice", AT + HOUR)
    assert await shop.registers(AT) == []
    assert await shop.registers(AT + 2 * HOUR) == []
    [incident] = await shop.becomes(story, mark())
    assert await shop.members() == {incident: 3}
    assert await shop.becomes(story, mark()) == [incident], "once"
    too_early = await shop.filed_as("rice", AT - 30 * HOUR)
    assert await shop.becomes(too_early, mark()) == [], "its window is that of its receipt"
    in_time = await shop.filed_as("rice", AT - HOUR)
    assert await shop.becomes(in_time, mark()) == [incident]
    assert await shop.members() == {incident: 4, None: 1}


async def test_what_has_become_another_thing_counts_no_longer_as_what_it_was(shop: Shop) -> None:
    moved, gone = Story(shop.tenant, at=AT), Story(shop.tenant, at=AT + HOUR)
    for story in (moved, gone):
        assert await shop.files(story) == []
    assert await shop.becomes(moved, mark("rice")) == []
    assert await shop.becomes(gone, withdrawn=("same_product",)) == []
    assert await shop.registers(AT + 2 * HOUR) == []
    assert await shop.registers(AT + 3 * HOUR) == [], "two are left"
    assert await shop.members() == {None: 3}
    assert await shop.becomes(gone, mark()) != [], "and three are an incident"


async def test_what_an_incident_has_counted_stays_its_own(shop: Shop) -> None:
    first = Story(shop.tenant, at=AT)
    assert await shop.files(first) == []
    assert await shop.registers(AT + HOUR) == []
    [incident] = await shop.registers(AT + 2 * HOUR)
    for key in ("rice", "rice", "eggs"):
        await shop.registers(AT + 3 * HOUR, mark(key))
    assert await shop.becomes(first, mark("rice")) == [incident], "and is no third about rice"
    assert await shop.becomes(first, withdrawn=("same_product",)) == []
    assert await shop.members() == {incident: 3, None: 3}


async def test_one_that_is_counted_late_belongs_to_the_incident_of_its_days_and_not_to_the_last(shop: Shop) -> None:
    story = await shop.filed_as("rice", AT + 3 * HOUR)
    first = [await shop.registers(AT + n * HOUR) for n in range(3)][-1]
    later = [await shop.registers(AT + timedelta(days=5) + n * HOUR) for n in range(3)][-1]
    assert first != later
    assert await shop.becomes(story, mark()) == first
    assert await shop.registers(AT + timedelta(days=5) + 4 * HOUR) == later


async def test_many_that_become_the_same_at_once_make_exactly_one_incident(shop: Shop) -> None:
    stories = [await shop.filed_as(f"thing-{n}", AT + timedelta(seconds=n)) for n in range(20)]
    found = await asyncio.gather(*(shop.becomes(story, mark(threshold=20)) for story in stories))
    named = {incident for each in found for incident in each}
    assert len(named) == 1
    assert await shop.members() == {named.pop(): 20}


async def test_a_write_that_comes_late_does_not_make_it_what_it_was(shop: Shop) -> None:
    story = Story(shop.tenant, at=AT)
    first, as_filed = tuple(story.entries), story.case
    then = (mark("rice", threshold=1), mark("hangzhou", batch="same_region", threshold=1))
    await shop.journal.record(first, as_filed, marks=then)
    assert await shop.becomes(story, mark(), withdrawn=("same_region",)) == []
    await shop.journal.record(first, as_filed, marks=then)
    assert await shop.batches.count(as_filed, then) == ()
    assert await shop.registers(AT + HOUR) == []
    [incident] = await shop.registers(AT + 2 * HOUR)
    assert await shop.members() == {incident: 3}


async def test_companies_do_not_count_each_others(shop: Shop, database: Database) -> None:
    other = Shop(database, f"{shop.tenant}-2")
    for n in range(2):
        assert await shop.registers(AT + n * HOUR) == []
        assert await other.registers(AT + n * HOUR) == []
