"""The partners as a running program, shared by the tests of a session; each test starts without faults."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.doubles import MailSink, PartnerService, WebhookReceiver, start_mail_sink, start_partners, start_webhook_receiver


@pytest.fixture(scope="session")
def running_partners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartnerService]:
    with start_partners(tmp_path_factory.mktemp("partners")) as service:
        yield service


@pytest.fixture
def partner_service(running_partners: PartnerService) -> Iterator[PartnerService]:
    """The partners without webhooks. Shared: use keys and orders of your own (`key`, `order_number`)."""
    yield running_partners
    running_partners.no_faults()
    running_partners.mode()


@pytest.fixture
def webhook_receiver() -> Iterator[WebhookReceiver]:
    with start_webhook_receiver() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def mail_sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailSink]:
    with start_mail_sink(tmp_path_factory.mktemp("mailsink")) as sink:
        yield sink


@pytest.fixture
def key() -> str:
    """An effect key of this test alone."""
    return f"cmp_{uuid.uuid4().hex[:26]}/1/step"


@pytest.fixture
def order_number(partner_service: PartnerService) -> str:
    """An order of this test alone, paid 1000.00 CNY."""
    number = f"T-{uuid.uuid4().hex[:12]}"
    thousand = {"amount": "1000.00", "currency": "CNY"}
    partner_service.load(
        {
            "number": number,
            "status": "delivered",
            "customer_id": "cust-test",
            "placed_at": "2026-11-01T10:00:00+08:00",
            "shipped_at": "2026-11-03T10:00:00+08:00",
            "promised_at": "2026-11-08T18:00:00+08:00",
            "delivered_at": "2026-11-12T09:30:00+08:00",
            "goods": thousand,
            "freight": {"amount": "0.00", "currency": "CNY"},
            "paid": thousand,
            "lines": [{"sku": "SL-1", "name": "岩板", "quantity": 2, "price": {"amount": "500.00", "currency": "CNY"}}],
            "carrier": "远山物流",
            "origin": "广东佛山",
            "destination": "上海",
        }
    )
    return number
