"""Erasing a customer from the database: rewritten as one, on record, and nothing of anybody else's is touched."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from domain.actor import Actor, Role
from domain.erasure import MARK
from domain.fold import replay
from domain.incident import events as e
from domain.incident import fold
from domain.incident.events import Happening, IncidentEntry
from domain.incident.extra import extra_of
from domain.incident.marks import BatchMark
from domain.journal import Closed, Withdrawn
from domain.ledger import Intent
from domain.money import Money
from domain.order import Customer
from domain.reconciliation import Finding
from storage.batches import Batches
from storage.cases import Cases
from storage.database import Database
from storage.erasures import Erasures
from storage.incidents import Incidents
from storage.journal import Journal
from storage.ledger import Ledger
from storage.reconciliation import Done, Findings
from tests.storage.stories import Story

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
CUSTOMER = Actor(id="c-secret", roles=(Role.CUSTOMER,))


async def ended(journal: Journal, tenant: str, customer_id: str | None, name: str = "李秘密") -> Story:
    """A complaint that its customer took back, as the database holds it."""
    story = Story(tenant=tenant, customer=Customer(name=name, customer_id=customer_id, email="li@secret.example"))
    story.assigned("lin").responded(f"{name}，您好。")
    story.tell(Withdrawn(reason=f"{name}已解决"), CUSTOMER).tell(Closed(outcome="withdrawn"))
    await journal.record(story.entries, story.case)
    return story


async def test_what_is_erased_adds_up_to_its_case_and_what_is_not_is_untouched(
    database: Database, journal: Journal, cases: Cases, tenant: str
) -> None:
    mine, others = await ended(journal, tenant, "c-secret"), await ended(journal, tenant, "c-2")
    records = Erasures(database)
    found = await records.complaints_of(tenant, "c-secret")
    assert [(each.complaint_id, each.open) for each in found] == [(mine.complaint_id, False)]
    done = await records.erase(tenant, "digest", [mine.complaint_id], "root", "request 7")
    assert done.entries == len(mine.entries)

    entries = await cases.journal(tenant, mine.complaint_id)
    case = await cases.get(tenant, mine.complaint_id)
    assert case is not None
    assert replay(entries) == case
    assert (case.intake.customer.name, case.revision, case.closed_at) == (MARK, mine.case.revision, mine.case.closed_at)
    assert [(e.seq, e.at, e.event.kind, e.clauses) for e in entries] == [
        (e.seq, e.at, e.event.kind, e.clauses) for e in mine.entries
    ]
    written = "".join(entry.model_dump_json() for entry in entries) + case.model_dump_json()
    assert [secret for secret in ("李秘密", "li@secret.example", "c-secret", "SO-1", "石板") if secret in written] == []
    assert await records.complaints_of(tenant, "c-secret") == []

    assert await cases.journal(tenant, others.complaint_id) == tuple(others.entries)
    assert await cases.get(tenant, others.complaint_id) == others.case


async def test_of_money_the_figures_stay_and_the_words_go(database: Database, journal: Journal, tenant: str) -> None:
    mine, others = await ended(journal, tenant, "c-secret"), await ended(journal, tenant, "c-2")
    ledger, findings = Ledger(database), Findings(database)
    for story in (mine, others):
        key, money = f"{tenant}:{story.complaint_id}/1/reship", Money.of("50.00", "CNY")
        await ledger.intend(Intent(key=key, tenant=tenant, kind="reship", partner="logistics", money=money), AT)
        await ledger.note(key, "done", AT, reference="SF-1", said="已由李秘密签收")
        finding = Finding(kind="twice", complaint_id=story.complaint_id, key=key)
        done = Done(done_at=AT, from_at=AT, to_at=AT, asked_by="zhou", effects=1, lines=1, complaints=1, found=1)
        await findings.enter(tenant, [finding], done)
        await findings.settle(tenant, finding.id(tenant), "zhou", "李秘密来电确认", AT)
    await Erasures(database).erase(tenant, "digest", [mine.complaint_id], "root", "request 7")

    (row,) = await ledger.of_complaint(tenant, mine.complaint_id)
    assert (row.state, row.reference, row.money, row.said) == ("done", "SF-1", Money.of("50.00", "CNY"), MARK)
    (untouched,) = await ledger.of_complaint(tenant, others.complaint_id)
    assert untouched.said == "已由李秘密签收"
    reasons = {each.complaint_id: each.reason for each in (await findings.page(tenant, "settled")).rows}
    assert reasons == {mine.complaint_id: MARK, others.complaint_id: "李秘密来电确认"}


async def test_what_an_incident_gave_them_after_the_end_is_reached_too(
    database: Database, journal: Journal, cases: Cases, tenant: str
) -> None:
    mine, others = await ended(journal, tenant, "c-secret"), await ended(journal, tenant, "c-2")
    ledger, findings, incidents, batches = Ledger(database), Findings(database), Incidents(database), Batches(database)
    mark = BatchMark(batch="one_product", key="milk", about={"product": "milk"}, threshold=2, window=timedelta(days=1))
    for story in (mine, others):
        await journal.record(story.entries, story.case, marks=(mark,))
        joined = await batches.count(story.case, (mark,))
    incident_id = joined[0].incident
    opened, opened_at = await incidents.opening(tenant, incident_id)
    system, lead = Actor(id="redress", roles=(Role.SYSTEM,)), Actor(id="zhou", roles=(Role.SUPERVISOR,))
    told: list[tuple[Actor, Happening]] = [(system, opened)]
    for story in (mine, others):
        effect = extra_of(1, story.complaint_id)
        told += [
            (system, e.ExtraOwed(number=1, complaint=story.complaint_id, effect=effect)),
            (system, e.EffectFailed(effect=effect, code="refused", detail="李秘密的账户已注销")),
            (lead, e.EffectSettled(effect=effect, action="retry", reason="李秘密来电更换账户")),
            (system, e.EffectDone(effect=effect, detail="李秘密已签收")),
            (system, e.EffectSettled(effect=effect, action="drop", reason="no_order")),
        ]
        for key in (f"{tenant}:{incident_id}/1/{effect}", f"{tenant}:{incident_id}/1/{effect}/r1"):
            await ledger.intend(Intent(key=key, tenant=tenant, kind="gift", partner="benefits"), AT)
            await ledger.note(key, "done", AT, said="已由李秘密签收")
            finding = Finding(kind="twice", complaint_id=incident_id, key=key)
            done = Done(
                done_at=datetime.now(UTC), from_at=AT, to_at=AT, asked_by="zhou", effects=1, lines=1, complaints=1, found=1
            )
            await findings.enter(tenant, [finding], done)
            await findings.settle(tenant, finding.id(tenant), "zhou", "李秘密来电确认", AT)
    entries = [IncidentEntry(seq=seq, at=opened_at, by=by, event=event) for seq, (by, event) in enumerate(told, 1)]
    await incidents.record(entries, fold.replay(entries))
    assert len(await ledger.of_complaint(tenant, mine.complaint_id)) == 2, "they are the complaint's, wherever they stand"
    assert await ledger.of_complaint("another", mine.complaint_id) == ()

    await Erasures(database).erase(tenant, "digest", [mine.complaint_id], "root", "request 7")
    for story, said in ((mine, MARK), (others, "已由李秘密签收")):
        assert [row.said for row in await ledger.of_complaint(tenant, story.complaint_id)] == [said, said]
    for found in (await findings.page(tenant, "settled")).rows:
        of_mine = mine.complaint_id in (found.key or "")
        assert found.reason == (MARK if of_mine else "李秘密来电确认")
    after = await incidents.journal(tenant, incident_id, 0, 100)
    assert [(each.seq, each.by, each.event.kind) for each in after] == [(each.seq, each.by, each.event.kind) for each in entries]
    words = [each.event.model_dump(include={"detail", "reason"}) for each in after[2:6]]
    assert words == [{"detail": MARK}, {"reason": MARK}, {"detail": MARK}, {"reason": "no_order"}]
    assert after[6:] == tuple(entries[6:]), "nobody else's words are touched"
    snapshot = await incidents.get(tenant, incident_id)
    assert snapshot is not None
    assert "李秘密" not in snapshot.model_dump_json()


async def test_it_is_on_record_for_the_same_customer_of_the_same_tenant(
    database: Database, journal: Journal, tenant: str
) -> None:
    story = await ended(journal, tenant, "c-1")
    records = Erasures(database)
    digest = uuid.uuid4().hex
    assert await records.latest(tenant, digest) is None
    done = await records.erase(tenant, digest, [story.complaint_id], "root", "request 7")
    assert await records.latest(tenant, digest) == done
    assert done.complaints == (story.complaint_id,)
    assert await records.latest(f"{tenant}x", digest) is None
    later = await records.erase(tenant, digest, [], "root", "request 8")
    assert await records.latest(tenant, digest) == later


async def test_complaints_without_a_customer_are_found_by_their_id_in_their_tenant_only(
    database: Database, journal: Journal, tenant: str
) -> None:
    nameless, foreign = await ended(journal, tenant, None), await ended(journal, f"{tenant}-x", None)
    found = await Erasures(database).complaints_of(tenant, "c-9", [nameless.complaint_id, foreign.complaint_id])
    assert [(each.complaint_id, each.customer_id) for each in found] == [(nameless.complaint_id, None)]
