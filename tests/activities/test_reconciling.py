"""Reconciling over the real partner program, database and mail: nothing when all is well, everything when it is not."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
import pytest_asyncio
from sqlalchemy import update
from temporalio.exceptions import ApplicationError

from activities.contract import PlaceEffect, Reconcile, Reconciled
from activities.partners import PartnersActivities
from activities.reconciling import ReconcilingActivities
from activities.systems import Directory
from adapters.mail import SmtpMail
from domain.effects import AccountChange, Payment, ShipmentOrder
from domain.ledger import Intent
from domain.money import Money
from domain.summary.period import Period
from storage.database import Database
from storage.journal import Journal
from storage.ledger import Ledger
from storage.ledger_tables import ledger as table
from storage.reconciliation import Findings
from tests.activities.conftest import Shelf, person, run
from tests.doubles import MailSink, PartnerService, free_port
from tests.storage.stories import Story

FIFTY = Money.of("50.00", "CNY")
TODAY = datetime.now(UTC).date()
# Whatever the clock shows in whichever zone: yesterday to tomorrow.
PERIOD = Period(from_on=TODAY - timedelta(days=1), to_on=TODAY + timedelta(days=2), zone="Asia/Shanghai")


class Books:
    """A shop of its own in a world of its own; the partner is shared, so that keys of others lie about in its books."""

    def __init__(self, shelf: Shelf, database: Database, partner: PartnerService, mail: MailSink, tenant: str) -> None:
        self.tenant, self.partner, self.mail, self.database = tenant, partner, mail, database
        self.address = f"sue.{tenant}@shop.example"
        self.shelf = shelf
        self.write()
        self.directory = Directory(partner.url)
        self.ledger, self.findings = Ledger(database), Findings(database)
        self.effects = PartnersActivities(shelf.tenants, self.directory, self.ledger)
        self.reconciling = ReconcilingActivities(
            shelf.tenants, self.directory, self.ledger, self.findings,
            lambda _: SmtpMail("127.0.0.1", mail.smtp_port, "care@shop.example"), a_moment=timedelta(milliseconds=20),
        )  # fmt: skip

    def write(self, more: str = "") -> None:
        self.shelf.write(
            more,
            person("sue", "supervisor", f'email = "{self.address}"'),
            person("max", "manager", f'email = "max.{self.tenant}@shop.example"\nlocale = "en"'),
        )
        file = self.shelf.directory / "shop.toml"
        (self.shelf.directory / f"{self.tenant}.toml").write_text(
            file.read_text(encoding="utf-8").replace('id = "shop"', f'id = "{self.tenant}"', 1), encoding="utf-8"
        )

    async def pays(self, number: str, step: str = "refund", amount: Money = FIFTY, told: str | None = "") -> str:
        """A payment, and a case that says so; `told` is what the case says instead, None: there is no case."""
        story = Story(self.tenant)
        key = f"{self.tenant}:{story.complaint_id}/1/{step}"
        payment = Payment(kind="refund", order_number=number, money=amount)
        report = await run(self.effects.place_effect, PlaceEffect(tenant=self.tenant, key=key, payment=payment))
        if told is not None:
            said = Money.of(told, "CNY") if told else amount if report.status == "done" else Money.zero("CNY")
            await Journal(self.database).record(story.entries, story.case.model_copy(update={"paid": said}))
        return key

    async def reconciled(self, **ask: Any) -> Reconciled:
        key = ask.pop("key", uuid.uuid4().hex)
        return await run(self.reconciling.reconcile, Reconcile(tenant=self.tenant, period=PERIOD, key=key, **ask))

    async def kinds(self) -> list[str]:
        return sorted(each.kind for each in await self.findings.open_ones(self.tenant))


@pytest_asyncio.fixture(loop_scope="session")
async def books(shelf: Shelf, database: Database, partner_service: PartnerService, mail_sink: MailSink) -> AsyncIterator[Books]:
    made = Books(shelf, database, partner_service, mail_sink, f"t{uuid.uuid4().hex[:10]}")
    yield made
    await made.directory.close()


async def test_nothing_is_found_and_nobody_is_mailed_when_all_books_tell_the_same(books: Books, order_number: str) -> None:
    for number in range(3):
        await books.pays(order_number, f"refund-{number}")
    books.partner.mode(payments="pending")
    await books.pays(order_number, "late")
    shipment = PlaceEffect(
        tenant=books.tenant,
        key=f"{books.tenant}:cmp_1/1/reship",
        shipment=ShipmentOrder(kind="reship", order_number=order_number),
    )
    await run(books.effects.place_effect, shipment)
    done = await books.reconciled()
    assert done == Reconciled(effects=5, lines=5, complaints=5, found=0, open=0)
    assert books.mail.mails(books.address) == []
    last = await books.findings.last(books.tenant)
    assert last is not None
    assert (last.effects, last.found, last.asked_by) == (5, 0, "redress")


async def test_accounts_are_compared_too(books: Books) -> None:
    made, lost = (f"{books.tenant}:cmp_{number}/1/restriction" for number in (1, 2))
    for key in (made, lost):
        change = AccountChange(kind="restrict_cod", customer_id=books.tenant)
        await run(books.effects.place_effect, PlaceEffect(tenant=books.tenant, key=key, account=change))
    done = await books.reconciled()
    assert (done.effects, done.lines, done.found, done.away) == (2, 2, 0, ())
    undo = {"Idempotency-Key": f"{lost}/by-hand"}
    books.partner.client.delete(f"/accounts/effects/{quote(lost, safe='')}", headers=undo).raise_for_status()
    assert (await books.reconciled()).found == 1
    (finding,) = await books.findings.open_ones(books.tenant)
    assert (finding.kind, finding.key, finding.partner) == ("ended_differently", lost, "accounts")


async def test_money_that_nobody_entered_is_found_and_told_in_both_languages(books: Books, order_number: str) -> None:
    await books.pays(order_number)
    body = {"kind": "refund", "order_number": order_number, "money": {"amount": "7.00", "currency": "CNY"}}
    for key in (f"{books.tenant}:cmp_9/1/refund", f"by-hand-{uuid.uuid4().hex}"):
        books.partner.client.post("/payments", json=body, headers={"Idempotency-Key": key}).raise_for_status()
    done = await books.reconciled()
    assert (done.found, done.open, done.sent_to) == (1, 1, ("sue", "max"))
    (finding,) = await books.findings.open_ones(books.tenant)
    assert (finding.kind, finding.complaint_id, finding.their_money) == ("not_in_ledger", "cmp_9", Money.of("7.00", "CNY"))
    (chinese,), (english,) = books.mail.mails(books.address), books.mail.mails(f"max.{books.tenant}@shop.example")
    assert "对账发现 1 处不符" in chinese["subject"]
    assert finding.finding_id in chinese["text"]
    assert "the partner has it, our ledger has not" in english["text"]

    # Found again it is the same finding; settled by a person it is not told again.
    assert (await books.reconciled()).open == 1
    assert len(await books.findings.open_ones(books.tenant)) == 1
    assert await books.findings.settle(books.tenant, finding.finding_id, "sue", "门店手工退款", datetime.now(UTC))
    again = await books.reconciled()
    assert (again.found, again.open, again.sent_to) == (1, 0, ())


async def test_a_second_payment_under_another_key_is_twice(books: Books, order_number: str) -> None:
    key = await books.pays(order_number)
    body = {"kind": "refund", "order_number": order_number, "money": {"amount": "50.00", "currency": "CNY"}}
    books.partner.client.post("/payments", json=body, headers={"Idempotency-Key": f"{key}/r1"}).raise_for_status()
    await books.reconciled()
    assert await books.kinds() == ["not_in_ledger", "twice"]


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({"amount": Decimal("49.00")}, ["amounts_differ", "case_differs"]),
        ({"state": "refused"}, ["case_differs", "ended_differently"]),
        ({"state": "intended"}, ["case_differs"]),
    ],
)
async def test_books_that_were_changed_do_not_fit(
    books: Books, order_number: str, changed: dict[str, Any], kinds: list[str]
) -> None:
    key = await books.pays(order_number)
    async with books.database.writing() as connection:
        await connection.execute(update(table).where(table.c.effect_key == key).values(changed))
    await books.reconciled()
    assert await books.kinds() == kinds


async def test_what_nobody_has_heard_of_for_a_day_is_told_until_it_is_known(books: Books, order_number: str) -> None:
    key = f"{books.tenant}:cmp_1/1/refund"
    intent = Intent(key=key, tenant=books.tenant, kind="refund", partner="payments", money=FIFTY)
    await books.ledger.intend(intent, datetime.now(UTC) - timedelta(hours=26))
    assert (await books.reconciled()).open == 1
    assert await books.kinds() == ["stuck"]
    payment = Payment(kind="refund", order_number=order_number, money=FIFTY)
    await run(books.effects.place_effect, PlaceEffect(tenant=books.tenant, key=key, payment=payment))
    assert (await books.reconciled()).healed == 1


async def test_a_case_that_tells_another_sum_comes_right_by_itself_when_its_journal_has_followed(
    books: Books, order_number: str
) -> None:
    await books.pays(order_number, told="0.00")
    assert (await books.reconciled()).open == 1
    assert await books.kinds() == ["case_differs"]
    (finding,) = await books.findings.open_ones(books.tenant)
    row = {"state": "cancelled"}
    async with books.database.writing() as connection:
        await connection.execute(update(table).where(table.c.complaint_id == finding.complaint_id).values(row))
    done = await books.reconciled()
    assert done.healed == 1
    settled = await books.findings.get(books.tenant, finding.finding_id)
    assert settled is not None
    assert (settled.state, settled.settled_by) == ("settled", "redress")


async def test_what_the_partner_has_forgotten_is_asked_for_and_found(books: Books, order_number: str) -> None:
    """Its books begin anew: another partner program answers at the address."""
    await books.pays(order_number)
    key = await books.pays(order_number, "second")
    async with books.database.writing() as connection:
        lost = f"{books.tenant}:cmp_lost/1/refund"
        await connection.execute(update(table).where(table.c.effect_key == key).values(effect_key=lost, complaint_id="cmp_lost"))
    await books.reconciled()
    assert await books.kinds() == ["case_differs", "not_in_ledger", "unknown_to_partner"]


async def test_a_partner_that_is_away_is_waited_for_and_at_last_told_of(books: Books, order_number: str) -> None:
    await books.pays(order_number)
    books.write(f'[partners]\nbenefits = "http://127.0.0.1:{free_port()}"\n\n')
    with pytest.raises(ApplicationError) as waits:
        await books.reconciled()
    assert (waits.value.type, waits.value.non_retryable) == ("PartnerUnavailable", False)
    done = await books.reconciled(without_the_away=True)
    assert (done.away, done.found, done.sent_to) == (("benefits",), 0, ("sue", "max"))
    (chinese,) = books.mail.mails(books.address)
    assert "对账未能完成" in chinese["subject"]
    assert "权益" in chinese["text"]
