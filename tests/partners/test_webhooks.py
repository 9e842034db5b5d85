from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles import PartnerService, WebhookReceiver, start_partners, wait_for

SECRET = "a secret of this test"


@pytest.fixture
def partners(tmp_path: Path, webhook_receiver: WebhookReceiver) -> Iterator[PartnerService]:
    with start_partners(tmp_path, webhook_receiver.url, SECRET) as service:
        yield service


def ship(service: PartnerService, key: str) -> str:
    body = {"kind": "reship", "order_number": "HM-2026-0002"}
    answer = service.client.post("/logistics/shipments", json=body, headers={"Idempotency-Key": key})
    reference: str = answer.json()["reference"]
    return reference


def news(receiver: WebhookReceiver, count: int) -> list[dict[str, str]]:
    """The bodies of the first `count` webhooks, once they have come."""
    wait_for(lambda: len(receiver.received) >= count, seconds=60)
    return [json.loads(each.body) for each in receiver.received]


def test_every_move_is_told_in_order_and_signed(partners: PartnerService, webhook_receiver: WebhookReceiver) -> None:
    reference = ship(partners, "c/1/reship")
    partners.advance("logistics", reference)
    partners.advance("logistics", reference, detail="签收")
    told = news(webhook_receiver, 2)
    assert [(each["kind"], each["key"], each["reference"], each["status"], each["detail"]) for each in told] == [
        ("logistics", "c/1/reship", reference, "accepted", "in_transit"),
        ("logistics", "c/1/reship", reference, "done", "签收"),
    ]
    for each in webhook_receiver.received:
        event_id, timestamp = each.headers["webhook-id"], each.headers["webhook-timestamp"]
        assert event_id == json.loads(each.body)["event_id"]
        assert abs(int(timestamp) - time.time()) < 30
        signed = hmac.new(SECRET.encode(), f"{event_id}.{timestamp}.{each.body}".encode(), hashlib.sha256).digest()
        assert each.headers["webhook-signature"] == f"v1,{base64.b64encode(signed).decode()}"


def test_placing_alone_sends_no_webhook(partners: PartnerService, webhook_receiver: WebhookReceiver) -> None:
    ship(partners, "c/1/quiet")
    reference = ship(partners, "c/1/loud")
    partners.advance("logistics", reference, "lost")
    (told,) = news(webhook_receiver, 1)
    assert (told["key"], told["status"], told["detail"]) == ("c/1/loud", "refused", "lost")


def test_duplicates_carry_the_same_event_id(partners: PartnerService, webhook_receiver: WebhookReceiver) -> None:
    partners.faults(duplicate_webhooks=True)
    partners.advance("logistics", ship(partners, "c/1/twice"), "delivered")
    first, second = news(webhook_receiver, 2)
    assert first == second


def test_shuffled_webhooks_come_latest_first(partners: PartnerService, webhook_receiver: WebhookReceiver) -> None:
    partners.faults(shuffle_webhooks=True)
    reference = ship(partners, "c/1/shuffled")
    partners.advance("logistics", reference)
    partners.advance("logistics", reference)
    assert [each["detail"] for each in news(webhook_receiver, 2)] == ["delivered", "in_transit"]


def test_a_webhook_not_taken_is_sent_again_also_after_a_kill(partners: PartnerService, webhook_receiver: WebhookReceiver) -> None:
    webhook_receiver.status = 500
    reference = ship(partners, "c/1/again")
    partners.advance("logistics", reference)
    partners.advance("logistics", reference)
    news(webhook_receiver, 2)
    assert {json.loads(each.body)["detail"] for each in webhook_receiver.received} == {"in_transit"}, "no overtaking"
    partners.kill()
    webhook_receiver.received.clear()
    webhook_receiver.status = 200
    partners.start()
    assert [each["detail"] for each in news(webhook_receiver, 2)] == ["in_transit", "delivered"]
    time.sleep(0.7)
    assert len(webhook_receiver.received) == 2, "what was taken is not sent again"


def test_one_hundred_ends_are_all_told(partners: PartnerService, webhook_receiver: WebhookReceiver) -> None:
    references = [ship(partners, f"c/1/{n}") for n in range(100)]
    partners.mode(auto_seconds=0)
    told = news(webhook_receiver, 100)
    assert {each["reference"] for each in told} == set(references)
    assert {each["status"] for each in told} == {"done"}
