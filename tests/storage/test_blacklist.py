"""The blacklist as it is kept: in force while it lasts, ended by removal, expiry or erasure."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.blacklist import Listed
from domain.erasure import MARK
from domain.journal import Closed
from domain.order import Customer
from storage.blacklist import Blacklist
from storage.database import Database
from storage.erasures import Erasures
from storage.journal import Journal
from tests.storage.stories import START_AT, Story

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
UNTIL = AT + timedelta(days=30)


async def entered(database: Database, tenant: str, customer: str = "c-1", complaint: str = "cmp_1", at: datetime = AT) -> Listed:
    return await Blacklist(database).enter(
        tenant, complaint, customer, limits=("purchases",), reason="索要十倍赔偿", clause="FOO-ABU-04", by="zhou", at=at,
        expires_at=UNTIL,
    )  # fmt: skip


@pytest.mark.clause("FOO-ABU-04")
async def test_an_entry_limits_its_customer_in_its_tenant_until_it_expires(database: Database, tenant: str) -> None:
    blacklist = Blacklist(database)
    listed = await entered(database, tenant)
    assert await blacklist.in_force(tenant, "c-1", AT) == (listed,)
    assert await blacklist.in_force(tenant, "c-1", UNTIL - timedelta(microseconds=1)) == (listed,)
    assert await blacklist.in_force(tenant, "c-1", UNTIL) == ()
    assert await blacklist.in_force(tenant, "c-2", AT) == ()
    assert await blacklist.in_force(f"{tenant}-x", "c-1", AT) == ()
    assert await blacklist.get(f"{tenant}-x", listed.entry_id) is None


@pytest.mark.clause("FOO-ABU-04")
async def test_an_appeal_waits_until_somebody_decides_and_a_removal_is_for_good(database: Database, tenant: str) -> None:
    blacklist = Blacklist(database)
    id = (await entered(database, tenant)).entry_id
    assert (objected := await blacklist.object(tenant, id, "我没有威胁任何人", AT)) is not None
    assert objected.awaits_decision
    kept = await blacklist.decide(tenant, id, keep=True, by="wu", reason="录音属实", at=AT + timedelta(hours=1))
    assert kept is not None
    assert (kept.awaits_decision, kept.in_force(AT)) == (False, True)
    again = await blacklist.object(tenant, id, "请再看一次", AT + timedelta(hours=2))
    assert again is not None
    assert again.awaits_decision
    removed = await blacklist.decide(tenant, id, keep=False, by="wu", reason="误会", at=AT + timedelta(hours=3))
    assert removed is not None
    assert (removed.decision, removed.in_force(AT)) == ("removed", False)
    late = AT + timedelta(hours=4)
    assert await blacklist.decide(tenant, id, keep=True, by="zhou", reason="x", at=late) is None, "somebody else was quicker"
    assert await blacklist.decide(tenant, id, keep=False, by="zhou", reason="x", at=late) is None
    assert await blacklist.object(tenant, id, "还有", late) is None
    assert await blacklist.get(tenant, id) == removed
    assert await blacklist.in_force(tenant, "c-1", AT) == ()
    assert await blacklist.of_complaint(tenant, "cmp_1") == (removed,)


async def test_of_two_who_answer_one_appeal_at_once_one_does(database: Database, tenant: str) -> None:
    blacklist = Blacklist(database)
    id = (await entered(database, tenant)).entry_id
    assert await blacklist.decide(tenant, id, keep=True, by="wu", reason="x", at=AT) is None, "nobody has appealed"
    await blacklist.object(tenant, id, "我没有威胁任何人", AT)
    later = AT + timedelta(hours=1)
    answered = await asyncio.gather(
        *(blacklist.decide(tenant, id, keep=True, by=by, reason=by, at=later) for by in ("wu", "qian"))
    )
    [ruling] = [each for each in answered if each is not None]
    assert await blacklist.get(tenant, id) == ruling


async def test_the_list_is_read_page_by_page_the_latest_first(database: Database, tenant: str) -> None:
    blacklist = Blacklist(database)
    ids = [(await entered(database, tenant, f"c-{n}", at=AT + timedelta(minutes=n))).entry_id for n in range(3)]
    await blacklist.decide(tenant, ids[1], keep=False, by="wu", reason="误会", at=AT)
    page = await blacklist.all(tenant, AT, in_force=False, limit=2)
    assert [each.entry_id for each in page.rows] == [ids[2], ids[1]]
    rest = await blacklist.all(tenant, AT, in_force=False, cursor=page.next_cursor, limit=2)
    assert ([each.entry_id for each in rest.rows], rest.next_cursor) == ([ids[0]], None)
    assert [each.entry_id for each in (await blacklist.all(tenant, AT, in_force=True)).rows] == [ids[2], ids[0]]


async def test_who_is_erased_is_limited_no_more_and_no_word_about_them_is_left(
    database: Database, journal: Journal, tenant: str
) -> None:
    story = Story(tenant=tenant, customer=Customer(name="李秘密", customer_id="c-secret")).tell(Closed(outcome="decided"))
    await journal.record(story.entries, story.case)
    blacklist = Blacklist(database)
    mine = await entered(database, tenant, "c-secret", story.complaint_id)
    others = await entered(database, tenant, "c-2", "cmp_other")
    await blacklist.object(tenant, mine.entry_id, "我是李秘密", AT)
    await blacklist.decide(tenant, mine.entry_id, keep=True, by="wu", reason="李秘密的录音", at=AT)
    await Erasures(database).erase(tenant, "digest", [story.complaint_id], "root", "request 7")
    left = await blacklist.get(tenant, mine.entry_id)
    assert left is not None
    assert (left.customer_id, left.reason, left.appeal, left.decision_reason) == (None, MARK, MARK, MARK)
    assert not left.in_force(AT)
    assert (left.entered_by, left.entered_at, left.limits) == ("zhou", AT, ("purchases",))
    assert await blacklist.get(tenant, others.entry_id) == others


@pytest.mark.clause("FOO-ABU-05")
async def test_complaints_of_one_customer_are_counted_by_their_time_of_receipt(
    database: Database, journal: Journal, tenant: str
) -> None:
    for hours, customer in ((0, "c-1"), (1, "c-1"), (2, "c-2"), (3, "c-1"), (9, "c-1")):
        other = Story(tenant=tenant, at=START_AT + timedelta(hours=hours), customer=Customer(name="王", customer_id=customer))
        await journal.record(other.entries, other.case)
    mine = Story(tenant=tenant, at=START_AT + timedelta(hours=4))
    await journal.record(mine.entries, mine.case)
    a_day, three_hours = START_AT - timedelta(days=1), START_AT + timedelta(hours=1)
    assert await journal.repeats(mine.case, (a_day, three_hours, mine.case.received_at)) == (4, 3, 1)
    nameless = Story(tenant=tenant, at=START_AT + timedelta(hours=4), customer=Customer(name="王", email="w@example.com"))
    assert await journal.repeats(nameless.case, (a_day,)) == (1,)
