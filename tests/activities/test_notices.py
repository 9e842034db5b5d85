"""Notices in the reader's language on every channel, each channel once."""

from __future__ import annotations

import uuid
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.contract import Notice, NoticeReceipt, NoticeReceipts, Notices, SendNotices
from activities.notices import NoticesActivities
from adapters.chat import AppriseChat
from adapters.errors import PartnerUnavailable
from adapters.mail import Letter, Mail, SmtpMail
from domain.actor import Role
from domain.order import Customer
from domain.policy.pack import Pack
from domain.policy.wording import Wording
from tests.activities.conftest import Shelf, person, run
from tests.doubles import MailSink, free_port

_CHAT = AppriseChat()


@pytest.fixture
def name() -> str:
    """A name of this test alone, for addresses and chat channels."""
    return f"n{uuid.uuid4().hex[:10]}"


def _activities(shelf: Shelf, sink: MailSink | SimpleNamespace) -> NoticesActivities:
    return NoticesActivities(shelf.tenants, lambda tenant: SmtpMail("127.0.0.1", sink.smtp_port, "care@redress.example"), _CHAT)


def _notice(to: Role = Role.CUSTOMER, **changes: object) -> Notice:
    given: dict[str, object] = {
        "notice": "registered",
        "key": f"cmp_{uuid.uuid4().hex[:26]}/registered/1",
        "to": to,
        "fields": {"complaint_id": "cmp_1", "order_number": "SO-1", "customer_name": "王小明"},
        "worded": {"category": Wording(zh="运输破损", en="Damage in transit")},
    }
    return Notice.model_validate(given | changes)


def _batch(pack: Pack, *notices: Notice) -> SendNotices:
    return SendNotices(tenant="shop", pack=pack.ref, pack_digest=pack.digest, notices=notices)


async def _sent(activities: NoticesActivities, pack: Pack, notice: Notice, **given: Any) -> NoticeReceipt:
    (receipt,) = (await run(activities.send_notices, _batch(pack, notice), **given)).receipts
    return receipt


@pytest.mark.clause("HOM-TRN-02")
@pytest.mark.parametrize(
    ("locale", "subject", "body"),
    [("zh-CN", "已登记您的投诉 cmp_1", "“运输破损”"), ("en", "Your complaint cmp_1 is recorded", '"Damage in transit"')],
)
async def test_a_customer_reads_the_notice_in_their_language(
    shelf: Shelf, pack: Pack, mail_sink: MailSink, name: str, locale: str, subject: str, body: str
) -> None:
    shelf.write(person("ann", "agent"))
    customer = Customer.model_validate({"name": "王小明", "email": f"{name}@example.com", "locale": locale})
    receipt = await _sent(_activities(shelf, mail_sink), pack, _notice(customer=customer))
    assert receipt == NoticeReceipt(channels=("email",))
    (mail,) = mail_sink.mails(f"{name}@example.com")
    assert mail["subject"] == subject
    assert body in mail["text"]


async def test_a_notice_sent_twice_is_recognised_by_its_message_id(
    shelf: Shelf, pack: Pack, mail_sink: MailSink, name: str
) -> None:
    shelf.write(person("ann", "agent"))
    notice = _notice(customer=Customer(name="王小明", email=f"{name}@example.com"))
    for attempt in (1, 2):
        await _sent(_activities(shelf, mail_sink), pack, notice, attempt=attempt)
    one, two = mail_sink.mails(f"{name}@example.com")
    assert one["message_id"] == two["message_id"]


async def test_staff_are_written_to_by_mail_and_chat_in_their_own_language(
    shelf: Shelf, pack: Pack, mail_sink: MailSink, name: str
) -> None:
    ways = f'email = "{name}@shop.example"\nchat = "{mail_sink.chat_url(name)}"\nlocale = "en"'
    shelf.write(person("ann", "agent", ways), person("bob", "agent", f'email = "{name}-bob@shop.example"'))
    receipt = await _sent(_activities(shelf, mail_sink), pack, _notice(Role.AGENT, person="ann"))
    assert receipt == NoticeReceipt(channels=("email", "chat"))
    assert mail_sink.mails(f"{name}@shop.example")[0]["subject"] == "Your complaint cmp_1 is recorded"
    assert "Your complaint cmp_1 is recorded" in str(mail_sink.chat(name))
    assert mail_sink.mails(f"{name}-bob@shop.example") == []


async def test_without_a_person_everybody_of_the_role_is_written_to(
    shelf: Shelf, pack: Pack, mail_sink: MailSink, name: str
) -> None:
    people = [person(id, "supervisor", f'email = "{name}-{id}@shop.example"') for id in ("ann", "bob")]
    shelf.write(*people, person("cem", "agent", f'email = "{name}-cem@shop.example"'))
    await _sent(_activities(shelf, mail_sink), pack, _notice(Role.SUPERVISOR))
    assert [len(mail_sink.mails(f"{name}-{id}@shop.example")) for id in ("ann", "bob", "cem")] == [1, 1, 0]


async def test_the_stand_in_of_an_absent_reader_is_written_to(shelf: Shelf, pack: Pack, mail_sink: MailSink, name: str) -> None:
    away = f'email = "{name}@shop.example"\nstand_in = "bob"\nabsent = [{{ from = 2020-01-01, to = 2099-12-31 }}]'
    shelf.write(person("ann", "agent", away), person("bob", "agent", f'email = "{name}-bob@shop.example"'))
    await _sent(_activities(shelf, mail_sink), pack, _notice(Role.AGENT, person="ann"))
    assert mail_sink.mails(f"{name}@shop.example") == []
    assert len(mail_sink.mails(f"{name}-bob@shop.example")) == 1


async def test_a_channel_that_fails_for_good_does_not_stop_the_other(
    shelf: Shelf, pack: Pack, mail_sink: MailSink, name: str
) -> None:
    shelf.write(person("ann", "agent", f'email = "{name}@shop.example"\nchat = "nosuchkind://x"'))
    receipt = await _sent(_activities(shelf, mail_sink), pack, _notice(Role.AGENT, person="ann"))
    assert receipt == NoticeReceipt(channels=("email",))


@pytest.mark.parametrize(("chat", "why"), [("", "没有可用的邮箱"), ('chat = "nosuchkind://x"', "chat:ann: bad_channel")])
async def test_a_notice_that_reaches_nobody_says_why_and_names_no_address(
    shelf: Shelf, pack: Pack, mail_sink: MailSink, chat: str, why: str
) -> None:
    shelf.write(person("ann", "agent", chat))
    receipt = await _sent(_activities(shelf, mail_sink), pack, _notice(Role.AGENT, person="ann"))
    assert receipt.channels == ()
    assert receipt.failed is not None
    assert why in receipt.failed
    assert "nosuchkind://" not in receipt.failed
    assert (await _sent(_activities(shelf, mail_sink), pack, _notice(customer=Customer(name="王小明")))).failed


async def test_one_notice_that_reaches_nobody_does_not_hold_up_the_others(
    shelf: Shelf, pack: Pack, mail_sink: MailSink, name: str
) -> None:
    shelf.write(person("ann", "agent", f'email = "{name}@shop.example"'))
    batch = _batch(pack, _notice(customer=Customer(name="王小明")), _notice(Role.AGENT, person="ann"))
    nobody, ann = (await run(_activities(shelf, mail_sink).send_notices, batch)).receipts
    assert nobody.failed
    assert ann == NoticeReceipt(channels=("email",))
    assert len(mail_sink.mails(f"{name}@shop.example")) == 1


async def test_a_mail_server_that_is_away_is_tried_again_until_the_last_attempt_says_so(
    shelf: Shelf, pack: Pack, name: str
) -> None:
    shelf.write(person("ann", "agent"))
    away = _activities(shelf, SimpleNamespace(smtp_port=free_port()))
    notice = _notice(customer=Customer(name="王小明", email=f"{name}@example.com"))
    with pytest.raises(ApplicationError) as told:
        await _sent(away, pack, notice)
    assert (told.value.type, told.value.non_retryable) == ("PartnerUnavailable", False)
    receipt = await _sent(away, pack, notice, attempt=300, waited=timedelta(hours=23, minutes=55))
    assert receipt.failed
    assert name not in receipt.failed


async def test_a_field_that_was_not_given_fails_that_notice(shelf: Shelf, pack: Pack, mail_sink: MailSink, name: str) -> None:
    shelf.write(person("ann", "agent"))
    notice = _notice(customer=Customer(name="王小明", email=f"{name}@example.com"), worded={})
    receipt = await _sent(_activities(shelf, mail_sink), pack, notice)
    assert receipt.failed == "email:customer: incomplete"
    assert mail_sink.mails(f"{name}@example.com") == []


async def test_what_a_customer_wrote_is_never_read_as_a_field(shelf: Shelf, pack: Pack, mail_sink: MailSink, name: str) -> None:
    shelf.write(person("ann", "agent"))
    fields = {"complaint_id": "cmp_1\r\nBcc: all@example.com", "order_number": "{0.__class__}", "customer_name": "{complaint_id}"}
    notice = _notice(customer=Customer(name="王小明", email=f"{name}@example.com"), fields=fields)
    await _sent(_activities(shelf, mail_sink), pack, notice)
    (mail,) = mail_sink.mails(f"{name}@example.com")
    assert mail["subject"] == "已登记您的投诉 cmp_1 Bcc: all@example.com"
    assert "{0.__class__}" in mail["text"]
    assert mail["text"].startswith("{complaint_id}")


@pytest.mark.clause("LOY-II-02")
async def test_whoever_is_complained_of_is_told_nothing_of_it(shelf: Shelf, pack: Pack, mail_sink: MailSink, name: str) -> None:
    ann, bob = f"{name}-a@shop.example", f"{name}-b@shop.example"
    shelf.write(person("ann", "supervisor", f'email = "{ann}"'), person("bob", "supervisor", f'email = "{bob}"'))
    activities = _activities(shelf, mail_sink)
    for told in (_notice(Role.SUPERVISOR, without="ann"), _notice(Role.SUPERVISOR, person="ann", without="ann")):
        await _sent(activities, pack, told)
    assert len(mail_sink.mails(bob)) == 1
    assert mail_sink.mails(ann) == []


class _AwayOnce(Mail):
    """A mail system that is away for the first letter."""

    def __init__(self, mail: Mail) -> None:
        self._mail, self.asked = mail, 0

    async def send(self, letter: Letter) -> None:
        self.asked += 1
        if self.asked == 1:
            raise PartnerUnavailable("mail", "away", retry_after=timedelta(milliseconds=50))
        await self._mail.send(letter)


@workflow.defn
class SendOne:
    @workflow.run
    async def run(self, batch: SendNotices) -> NoticeReceipts:
        return await workflow.execute_activity_method(
            Notices.send_notices,
            batch,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=50), maximum_attempts=3),
        )


async def test_a_chat_that_got_the_notice_is_not_told_again_when_the_mail_is_tried_again(
    temporal_env: WorkflowEnvironment, shelf: Shelf, pack: Pack, mail_sink: MailSink, name: str
) -> None:
    shelf.write(person("ann", "agent", f'email = "{name}@shop.example"\nchat = "{mail_sink.chat_url(name)}"'))
    mail = _AwayOnce(SmtpMail("127.0.0.1", mail_sink.smtp_port, "care@redress.example"))
    activities = NoticesActivities(shelf.tenants, lambda tenant: mail, _CHAT)
    worker = Worker(
        temporal_env.client,
        task_queue=name,
        workflows=[SendOne],
        activities=[activities.send_notices],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    async with worker:
        batch = _batch(pack, _notice(Role.AGENT, person="ann"))
        sent = await temporal_env.client.execute_workflow(SendOne.run, batch, id=name, task_queue=name)
    assert mail.asked == 2
    assert set(sent.receipts[0].channels) == {"email", "chat"}
    assert len(mail_sink.chat(name)) == 1
    assert len(mail_sink.mails(f"{name}@shop.example")) == 1
