"""The outbox: written with the journal, taken under a lease, never twice at once."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from domain.journal import Closed, Responded
from domain.promise_events import DeadlineMissed
from domain.webhooks import Subscription, announcements
from storage.database import Database
from storage.deliveries import Deliveries, Delivery, Taken
from storage.journal import Journal, JournalConflict
from storage.pages import BadCursor
from tests.storage.stories import START_AT, Story

SECRET = "whsec_" + "A" * 32
LEASE = timedelta(minutes=1)


def subscribed(*events: str, id: str = "erp") -> Subscription:
    return Subscription(id=id, url="https://erp.example/hook?key=private", secrets=(SECRET,), events=events)


def journal_telling(database: Database, *subscriptions: Subscription) -> Journal:
    return Journal(database, lambda entries, case: announcements(subscriptions, entries, case))


@pytest.fixture
def deliveries(database: Database) -> Deliveries:
    return Deliveries(database)


async def listed(deliveries: Deliveries, tenant: str) -> list[Delivery]:
    return list((await deliveries.page(tenant, None, None, None, 200)).rows)


async def written(database: Database, tenant: str, answers: int = 1) -> Story:
    """A complaint with so many responses, each of which is told to one subscriber."""
    story = Story(tenant)
    for number in range(answers):
        story.responded(f"第 {number} 次")
    await journal_telling(database, subscribed("complaint.responded")).record(story.entries, story.case)
    return story


async def test_news_is_written_with_the_entries_and_once(database: Database, deliveries: Deliveries, tenant: str) -> None:
    story = Story(tenant).responded().tell(Closed(outcome="satisfied"))
    journal = journal_telling(database, subscribed(), subscribed("complaint.closed", id="crm"))
    for _ in range(2):
        await journal.record(story.entries, story.case)
    told = {(each.endpoint, each.type, each.sequence) for each in await listed(deliveries, tenant)}
    assert told == {
        ("erp", "complaint.received", 1), ("erp", "complaint.responded", 2), ("erp", "complaint.closed", 3),
        ("crm", "complaint.closed", 3),
    }  # fmt: skip
    assert len(await listed(deliveries, tenant)) == 4


async def test_news_holds_ids_and_nothing_of_a_person(database: Database, deliveries: Deliveries, tenant: str) -> None:
    story = Story(tenant).responded("王小明您好").tell(DeadlineMissed(key="first_response/7", due_at=START_AT))
    await journal_telling(database, subscribed()).record(story.entries, story.case)
    taken = await deliveries.take(tenant, "erp", datetime.now(UTC), LEASE, 10)
    assert [json.loads(each.body)["data"] for each in taken] == [
        {"tenant": tenant, "complaint_id": story.complaint_id, "sequence": 1},
        {"tenant": tenant, "complaint_id": story.complaint_id, "sequence": 2},
        {"tenant": tenant, "complaint_id": story.complaint_id, "sequence": 3, "deadline": "first_response"},
    ]
    for private in ("王小明", "wang@example.com", "石板", "c-1", "SO-1"):
        assert not any(private in each.body for each in taken)


async def test_without_the_journal_there_is_no_news(database: Database, deliveries: Deliveries, tenant: str) -> None:
    story = await written(database, tenant)
    other = Story(tenant, complaint_id=story.complaint_id).tell(Responded(message="another"))
    with pytest.raises(JournalConflict):
        await journal_telling(database, subscribed()).record(other.entries, other.case)
    assert len(await listed(deliveries, tenant)) == 1


async def test_what_never_happened_is_taken_back_where_nobody_heard_it(
    database: Database, deliveries: Deliveries, tenant: str
) -> None:
    story = await written(database, tenant, 2)
    first, _ = await deliveries.take(tenant, "erp", datetime.now(UTC), LEASE, 10)
    await deliveries.delivered(first, datetime.now(UTC), 200)
    other = Story(tenant, complaint_id=story.complaint_id).tell(Closed(outcome="withdrawn"), after=timedelta(seconds=9))
    journal = journal_telling(database, subscribed("complaint.closed"))
    await journal.record(other.entries, other.case, committed=True)
    left = {(each.type, each.sequence, each.status) for each in await listed(deliveries, tenant)}
    assert left == {("complaint.responded", 2, "delivered"), ("complaint.closed", 2, "pending")}


async def test_what_one_courier_took_no_other_gets_before_its_lease_ends(
    database: Database, deliveries: Deliveries, tenant: str
) -> None:
    await written(database, tenant, 3)
    now = datetime.now(UTC)
    assert (tenant, "erp") in await deliveries.due(now)
    first = await deliveries.take(tenant, "erp", now, LEASE, 2)
    second = await deliveries.take(tenant, "erp", now, LEASE, 2)
    assert [len(first), len(second)] == [2, 1]
    assert await deliveries.take(tenant, "erp", now, LEASE, 2) == []
    assert (tenant, "erp") not in await deliveries.due(now)
    again = await deliveries.take(tenant, "erp", now + LEASE, LEASE, 9)
    assert {each.id for each in again} == {each.id for each in (*first, *second)}
    assert {each.attempts for each in again} == {2}
    # The first courier comes back from the dead and says that it failed: another has it in hand now.
    await deliveries.failed(first[0], now, None, 500, "answered 500")
    assert {each.status for each in await listed(deliveries, tenant)} == {"pending"}


async def test_couriers_at_once_share_the_work(database: Database, deliveries: Deliveries, tenant: str) -> None:
    await written(database, tenant, 40)
    now = datetime.now(UTC)
    taken: list[list[Taken]] = await asyncio.gather(*(deliveries.take(tenant, "erp", now, LEASE, 5) for _ in range(8)))
    rest = await deliveries.take(tenant, "erp", now, LEASE, 50)
    ids = [each.id for several in (*taken, rest) for each in several]
    assert len(ids) == len(set(ids)) == 40


async def test_a_dead_one_is_seen_and_can_be_sent_again(database: Database, deliveries: Deliveries, tenant: str) -> None:
    await written(database, tenant, 2)
    now = datetime.now(UTC)
    gone, kept = await deliveries.take(tenant, "erp", now, LEASE, 2)
    await deliveries.failed(gone, now, None, 503, "answered 503")
    await deliveries.failed(kept, now, timedelta(hours=1), None, "ConnectTimeout")
    (dead,) = (await deliveries.page(tenant, "dead", "erp", None, 10)).rows
    assert (dead.id, dead.answered, dead.error, dead.next_at) == (gone.id, 503, "answered 503", None)
    assert await deliveries.resend("another", dead.id, now) is None, "tenants are walls"
    assert await deliveries.resend(tenant, "msg_unknown", now) is None
    sent = await deliveries.resend(tenant, dead.id, now)
    assert sent is not None
    assert (sent.status, sent.attempts, sent.settled_at) == ("pending", 0, None)
    assert [each.id for each in await deliveries.take(tenant, "erp", now, LEASE, 9)] == [dead.id], "the other one waits its hour"
    assert (await deliveries.page("another", None, None, None, 10)).rows == ()
    assert await deliveries.resend(tenant, dead.id, now) is None, "it is under way again"
    assert await deliveries.get("another", dead.id) is None


async def test_lists_are_paged_newest_first(database: Database, deliveries: Deliveries, tenant: str) -> None:
    for _ in range(5):
        await written(database, tenant)
    seen: list[Delivery] = []
    cursor = None
    while True:
        page = await deliveries.page(tenant, "pending", None, cursor, 2)
        seen += page.rows
        if (cursor := page.next_cursor) is None:
            break
    assert [each.created_at for each in seen] == sorted((each.created_at for each in seen), reverse=True)
    assert len({each.id for each in seen}) == 5
    with pytest.raises(BadCursor):
        await deliveries.page(tenant, None, None, "bm9uc2Vuc2U", 2)


async def test_what_is_old_is_forgotten_and_what_waits_is_not(database: Database, deliveries: Deliveries, tenant: str) -> None:
    await written(database, tenant, 2)
    now = datetime.now(UTC)
    taken, _ = await deliveries.take(tenant, "erp", now, LEASE, 2)
    await deliveries.delivered(taken, now, 204)
    assert await deliveries.sweep(tenant, "delivered", now - timedelta(days=1)) == 0
    assert await deliveries.sweep(tenant, "delivered", now + timedelta(days=1)) == 1
    assert [each.status for each in await listed(deliveries, tenant)] == ["pending"]
