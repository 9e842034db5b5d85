"""Customers who gave only a telephone number are texted, and the number goes nowhere else."""

from __future__ import annotations

import random
import traceback
from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError

from activities.contract import NoticeReceipt
from domain.order import Customer
from domain.policy.pack import Pack
from domain.tenant_file import TenantInvalid
from tests.activities.conftest import Shelf, person
from tests.activities.test_notices import _activities, _notice, _sent
from tests.doubles import MailSink, free_port


def _texts(sink: MailSink) -> str:
    return f'[notifications]\nsms = "{sink.chat_url("{phone}")}"\n\n'


@pytest.fixture
def phone() -> str:
    """A number of this test alone."""
    return f"+86{random.randrange(10**10, 10**11)}"


@pytest.mark.clause("HOM-TRN-02")
async def test_a_customer_who_gave_only_a_telephone_number_is_texted(
    shelf: Shelf, pack: Pack, mail_sink: MailSink, phone: str
) -> None:
    shelf.write(_texts(mail_sink), person("ann", "agent"))
    customer = Customer(name="王小明", phone=f"{phone[:3]} {phone[3:6]}-{phone[6:]}", locale="en")
    receipt = await _sent(_activities(shelf, mail_sink), pack, _notice(customer=customer))
    assert receipt == NoticeReceipt(channels=("sms",))
    (text,) = mail_sink.chat(phone)
    assert text["body"]["title"] == "Your complaint cmp_1 is recorded"


async def test_a_customer_with_an_e_mail_address_is_not_texted(shelf: Shelf, pack: Pack, mail_sink: MailSink, phone: str) -> None:
    shelf.write(_texts(mail_sink), person("ann", "agent"))
    customer = Customer(name="王小明", phone=phone, email=f"n{phone[1:]}@example.com")
    assert (await _sent(_activities(shelf, mail_sink), pack, _notice(customer=customer))).channels == ("email",)
    assert mail_sink.chat(phone) == []


async def test_without_a_channel_for_texts_a_telephone_number_reaches_nobody(
    shelf: Shelf, pack: Pack, mail_sink: MailSink, phone: str
) -> None:
    shelf.write(person("ann", "agent"))
    receipt = await _sent(_activities(shelf, mail_sink), pack, _notice(customer=Customer(name="王小明", phone=phone)))
    assert receipt.failed
    assert phone not in receipt.failed
    assert mail_sink.chat(phone) == []


@pytest.mark.parametrize(
    "typed", ["ask my wife", "1380000/../x", "13800001111?to=all", "13800001111,13900002222", "+", "１３８００００１１１１"]
)
async def test_what_is_no_telephone_number_leads_nowhere(shelf: Shelf, pack: Pack, mail_sink: MailSink, typed: str) -> None:
    shelf.write(_texts(mail_sink), person("ann", "agent"))
    receipt = await _sent(_activities(shelf, mail_sink), pack, _notice(customer=Customer(name="王小明", phone=typed)))
    assert receipt.failed == "sms:customer: bad_phone"


async def test_a_text_that_is_not_taken_is_tried_again_and_names_no_number(
    shelf: Shelf, pack: Pack, mail_sink: MailSink, phone: str, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.write(f'[notifications]\nsms = "json://127.0.0.1:{free_port()}/{{phone}}"\n\n', person("ann", "agent"))
    notice = _notice(customer=Customer(name="王小明", phone=phone))
    with pytest.raises(ApplicationError) as told:
        await _sent(_activities(shelf, mail_sink), pack, notice)
    assert (told.value.type, told.value.non_retryable) == ("OutcomeUnknown", False)
    receipt = await _sent(_activities(shelf, mail_sink), pack, notice, attempt=300, waited=timedelta(hours=23, minutes=55))
    assert receipt.failed
    assert phone[1:] not in "".join(traceback.format_exception(told.value)) + receipt.failed + caplog.text


@pytest.mark.parametrize("wrong", ["json://s3cret/sms", "{phone}", "json://s3cret/{phone}/{key}", "json://s3cret/{phone}{phone}"])
def test_a_channel_for_texts_must_have_one_place_for_the_number(shelf: Shelf, wrong: str) -> None:
    shelf.write(f'[notifications]\nsms = "{wrong}"\n\n', person("ann", "agent"))
    with pytest.raises(TenantInvalid) as told:
        shelf.tenants.get("shop")
    (zh,), (en,) = told.value.in_words("zh-CN"), told.value.in_words("en")
    assert "notifications.sms" in zh
    assert "{phone}" in zh
    assert "notifications.sms" in en
    assert "{phone}" in en
    assert "s3cret" not in zh + en
