"""An incident's journal in the database: written once, its row never older, its lots and the ledger brought along."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from domain.actor import SYSTEM
from domain.incident import events as e
from domain.incident import fold
from domain.incident.events import Happening, IncidentEntry
from domain.incident.incident import Incident
from domain.incident.marks import BatchMark
from domain.ledger import Intent
from domain.money import Money
from domain.reconciliation import compare_cases
from storage.batches import Batches
from storage.database import Database
from storage.incidents import Incidents
from storage.journal import Journal
from storage.ledger import Ledger
from tests.storage.stories import Story

AT = datetime(2026, 11, 21, 1, tzinfo=UTC)


class Kept:
    """One incident and its way into the database."""

    def __init__(self, database: Database, tenant: str) -> None:
        self.database, self.tenant, self.stored = database, tenant, Incidents(database)
        self.entries: list[IncidentEntry] = []

    async def begins(self) -> Kept:
        mark = BatchMark(batch="one_product", key="milk", about={"product": "milk"}, threshold=2, window=timedelta(hours=24))
        for minute in range(2):
            story = Story(self.tenant, at=AT + timedelta(minutes=minute))
            await Journal(self.database).record(story.entries, story.case, marks=(mark,))
            joined = await Batches(self.database).count(story.case, (mark,))
        self.id = joined[0].incident
        opened, opened_at = await self.stored.opening(self.tenant, self.id)
        self.entries = [IncidentEntry(seq=1, at=opened_at, by=SYSTEM, event=opened)]
        return self

    def says(self, *events: Happening) -> Incident:
        for event in events:
            at = self.entries[-1].at + timedelta(seconds=1)
            self.entries.append(IncidentEntry(seq=len(self.entries) + 1, at=at, by=SYSTEM, event=event))
        return fold.replay(self.entries)


@pytest.fixture
async def kept(database: Database, tenant: str) -> Kept:
    return await Kept(database, tenant).begins()


async def test_writing_twice_is_writing_once_and_an_older_row_never_wins(kept: Kept) -> None:
    older = kept.says(e.TeamNamed(lead="pan", members=()))
    newer = kept.says(e.IncidentClosed(reason="了结"))
    for entries, incident in ((kept.entries, newer), (kept.entries[:2], older), (kept.entries, newer)):
        await kept.stored.record(entries, incident)
    assert await kept.stored.get(kept.tenant, kept.id) == newer
    assert list(await kept.stored.journal(kept.tenant, kept.id, 0, 100)) == kept.entries
    assert (await kept.stored.list(kept.tenant, "closed", None, 10)).rows[0].incident_id == kept.id
    assert await kept.stored.get("another", kept.id) is None
    assert await kept.stored.journal("another", kept.id, 0, 100) == ()


async def test_a_stopped_lot_is_known_to_whoever_registers_and_forgotten_with_its_release(kept: Kept) -> None:
    batches = Batches(kept.database)
    stopped = kept.says(e.LotDecided(effect="suspend-1", action="suspend", lot="A1", reason="等待"))
    await kept.stored.record(kept.entries, stopped)
    assert await batches.suspension_of(kept.tenant, "A1") == kept.id
    assert await batches.suspension_of("another", "A1") is None
    decided = kept.says(e.LotDecided(effect="release-2", action="release", lot="A1", reason="合格"))
    await kept.stored.record(kept.entries, decided)
    assert await batches.suspension_of(kept.tenant, "A1") == kept.id
    released = kept.says(e.EffectDone(effect="release-2"))
    await kept.stored.record(kept.entries, released)
    assert await batches.suspension_of(kept.tenant, "A1") is None


async def test_the_journal_brings_the_ledger_along_also_past_a_retry(kept: Kept) -> None:
    ledger, name = Ledger(kept.database), f"{kept.tenant}:{kept.id}/1"
    keys = [f"{name}/recall-1", f"{name}/recall-1/r1"]
    for key in keys:
        await ledger.intend(Intent(key=key, tenant=kept.tenant, kind="recall", partner="lots"), AT)
    kept.says(
        e.LotDecided(effect="recall-1", action="recall", lot="A1", reason="有害"),
        e.EffectFailed(effect="recall-1", code="refused", detail="no such lot"),
        e.EffectSettled(effect="recall-1", action="retry", reason="再试"),
    )
    incident = kept.says(e.EffectOrdered(effect="recall-1", reference="LT-1"))
    await kept.stored.record(kept.entries, incident)
    rows = await ledger.by_key(kept.tenant, keys)
    assert [(rows[key].state, rows[key].reference) for key in keys] == [("refused", None), ("placed", "LT-1")]
    done = kept.says(e.EffectDone(effect="recall-1", detail="executed"))
    await kept.stored.record(kept.entries[-1:], done)
    assert (await ledger.by_key(kept.tenant, keys))[keys[1]].state == "done"


async def test_what_an_incident_has_paid_is_compared_with_the_ledger(kept: Kept) -> None:
    ledger, key, fifty = Ledger(kept.database), f"{kept.tenant}:{kept.id}/1/extra-1-cmp_1", Money.of("50.00", "CNY")
    await ledger.intend(Intent(key=key, tenant=kept.tenant, kind="extra_payment", partner="payments", money=fifty), AT)
    kept.says(
        e.ExtraAsked(number=1, terms=e.Terms(kind="extra_payment", percent=Decimal(100)), reason="补偿"),
        e.ExtraApproved(number=1),
        e.ExtraAsked(number=2, terms=e.Terms(kind="coupon", amount=fifty), reason="补偿"),
        e.ExtraApproved(number=2),
        e.ExtraOwed(number=1, complaint="cmp_1", effect="extra-1-cmp_1"),
        e.ExtraOwed(number=2, complaint="cmp_1", effect="extra-2-cmp_1"),
        e.EffectOrdered(effect="extra-2-cmp_1", reference="B-1", money=fifty),
        e.EffectDone(effect="extra-2-cmp_1", money=fifty),
        e.EffectOrdered(effect="extra-1-cmp_1", reference="P-1", money=fifty),
    )
    written = kept.says()
    await kept.stored.record(kept.entries, written)
    assert (await ledger.told_paid(kept.tenant, [kept.id]))[kept.id] == (Decimal(0), "CNY")
    assert kept.id not in await ledger.paid_cases(kept.tenant, AT, datetime.now(UTC) + timedelta(days=1))

    # Done by a webhook, which names no sum.
    paid = kept.says(e.EffectDone(effect="extra-1-cmp_1"))
    await kept.stored.record(kept.entries[-1:], paid)
    told = await ledger.told_paid(kept.tenant, [kept.id])
    assert told == {kept.id: (Decimal(50), "CNY")}
    assert kept.id in await ledger.paid_cases(kept.tenant, AT, datetime.now(UTC) + timedelta(days=1))
    assert kept.id not in await ledger.paid_cases("another", AT, datetime.now(UTC) + timedelta(days=1))
    in_ledger = await ledger.paid(kept.tenant, [kept.id])
    assert list(compare_cases(in_ledger, told, [kept.id])) == []
    (finding,) = compare_cases({}, told, [kept.id])
    assert (finding.kind, finding.complaint_id, finding.their_money) == ("case_differs", kept.id, fifty)
