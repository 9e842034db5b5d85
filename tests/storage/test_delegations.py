"""Delegations on every database, and the journal that names in whose place somebody decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.actor import Actor, Role
from domain.journal import Responded
from storage.cases import Cases
from storage.database import Database
from storage.delegations import Delegations
from storage.journal import Journal
from tests.storage.stories import Story

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
WEEK = timedelta(days=7)


async def test_a_delegation_holds_from_its_first_instant_to_before_its_last(tenant: str, database: Database) -> None:
    kept = Delegations(database)
    made = await kept.make(tenant, "zhou", "zhao", NOW, NOW + WEEK, "年假", "qian", NOW - WEEK)
    assert (made.from_person, made.to_person, made.reason, made.made_by) == ("zhou", "zhao", "年假", "qian")
    second = timedelta(seconds=1)
    holds = {at: await kept.holding(tenant, at) for at in (NOW - second, NOW, NOW + WEEK - second, NOW + WEEK)}
    assert list(holds.values()) == [(), (made,), (made,), ()]
    assert await kept.holding(f"{tenant}-other", NOW) == ()
    assert await kept.find(tenant, made.delegation_id) == made
    assert await kept.find(f"{tenant}-other", made.delegation_id) is None


async def test_a_revoked_delegation_holds_no_more_and_stays_on_record(tenant: str, database: Database) -> None:
    kept = Delegations(database)
    made = await kept.make(tenant, "zhou", "zhao", NOW, NOW + WEEK, "年假", "zhou", NOW)
    await kept.revoke(f"{tenant}-other", made.delegation_id, "stranger", NOW)
    assert await kept.holding(tenant, NOW) == (made,)
    await kept.revoke(tenant, made.delegation_id, "zhou", NOW)
    await kept.revoke(tenant, made.delegation_id, "late", NOW + WEEK)
    assert await kept.holding(tenant, NOW) == ()
    found = await kept.find(tenant, made.delegation_id)
    assert found is not None
    assert (found.revoked_at, found.revoked_by) == (NOW, "zhou")


async def test_delegations_are_listed_newest_first_and_by_person(tenant: str, database: Database) -> None:
    kept = Delegations(database)
    for minute, (giver, delegate) in enumerate((("zhou", "zhao"), ("qian", "zhou"), ("qian", "wu"))):
        await kept.make(tenant, giver, delegate, NOW, NOW + WEEK, "x", giver, NOW + timedelta(minutes=minute))
    pages: list[list[tuple[str, str]]] = []
    cursor = None
    while not pages or cursor is not None:
        page = await kept.list(tenant, cursor=cursor, limit=2)
        pages.append([(row.from_person, row.to_person) for row in page.rows])
        cursor = page.next_cursor
    assert pages == [[("qian", "wu"), ("qian", "zhou")], [("zhou", "zhao")]]
    assert [row.made_by for row in (await kept.list(tenant, "zhou")).rows] == ["qian", "zhou"]


async def test_the_journal_keeps_in_whose_place_somebody_acted(tenant: str, journal: Journal, cases: Cases) -> None:
    story = Story(tenant)
    story.tell(Responded(message="x"), by=Actor(id="zhao", roles=(Role.SUPERVISOR,), acting_for="zhou"))
    story.tell(Responded(message="y"), by=Actor(id="zhao", roles=(Role.AGENT,)))
    story.tell(Responded(message="z"), by=Actor(id="rdk_1", roles=(Role.AGENT,), made_by="zhao", via="signal"))
    await journal.record(story.entries, story.case)
    told = await cases.journal(tenant, story.complaint_id)
    assert told == tuple(story.entries)
    assert [entry.by.acting_for for entry in told[1:]] == ["zhou", None, None]
    assert [(entry.by.made_by, entry.by.via) for entry in told[2:]] == [(None, None), ("zhao", "signal")]
