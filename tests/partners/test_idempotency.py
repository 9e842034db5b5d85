from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.doubles import PartnerService, start_partners

COUPON = {"kind": "coupon", "order_number": "HM-2026-0001", "money": {"amount": "5.00", "currency": "CNY"}}
REFUND = COUPON | {"kind": "refund", "money": {"amount": "1.00", "currency": "CNY"}}


def call(service: PartnerService, method: str, path: str, key: str | None, body: object = None) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return service.client.request(method, path, json=body, headers=headers)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/orders/bulk", {"orders": []}),
        ("POST", "/logistics/shipments", {"kind": "reship", "order_number": "HM-2026-0001"}),
        ("POST", "/logistics/visits", {"kind": "repair", "order_number": "HM-2026-0001"}),
        ("POST", "/payments", REFUND),
        ("POST", "/benefits", COUPON),
        ("DELETE", "/logistics/effects/x", None),
        ("DELETE", "/benefits/effects/x", None),
    ],
)
def test_every_write_needs_a_key(partner_service: PartnerService, method: str, path: str, body: object) -> None:
    answer = call(partner_service, method, path, None, body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "idempotency_key_missing"


def test_a_repeated_call_is_told_the_first_answer_word_for_word(partner_service: PartnerService, key: str) -> None:
    partner_service.mode(payments="pending")
    first = call(partner_service, "POST", "/payments", key, REFUND)
    partner_service.advance("payments", first.json()["reference"])
    again = call(partner_service, "POST", "/payments", key, REFUND)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"


def test_a_refusal_is_remembered_too(partner_service: PartnerService, key: str, order_number: str) -> None:
    too_much = REFUND | {"order_number": order_number, "money": {"amount": "1000.01", "currency": "CNY"}}
    first = call(partner_service, "POST", "/payments", key, too_much)
    again = call(partner_service, "POST", "/payments", key, too_much)
    assert first.status_code == again.status_code == 409
    assert first.json() == again.json()


def test_the_same_body_written_otherwise_is_the_same_request(partner_service: PartnerService, key: str) -> None:
    first = call(partner_service, "POST", "/benefits", key, COUPON)
    again = call(partner_service, "POST", "/benefits", key, dict(reversed(COUPON.items())) | {"customer_id": None})
    assert again.json() == first.json()


@pytest.mark.parametrize(("path", "body"), [("/payments", REFUND), ("/benefits", COUPON)])
def test_a_malformed_request_leaves_its_key_free(
    partner_service: PartnerService, key: str, path: str, body: dict[str, object]
) -> None:
    broken = call(partner_service, "POST", path, key, body | {"kind": "gold"})
    assert broken.status_code == 422
    assert broken.json()["code"] == "invalid"
    assert "kind" in broken.json()["detail"]
    assert call(partner_service, "POST", path, key, body).status_code == 201


def test_two_processes_on_one_database_pay_one_key_once(tmp_path: Path) -> None:
    with start_partners(tmp_path) as one, start_partners(tmp_path) as other, ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: call((one, other)[n % 2], "POST", "/payments", f"k/{n // 4}", REFUND), range(120)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["reference"] for answer in answers}) == 30
        assert len(one.effects("k/")) == 30


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    with start_partners(tmp_path) as service:
        answers = [call(service, "POST", "/payments", f"k/{n}", REFUND).json() for n in range(50)]
        service.kill()
        service.start()
        assert [effect["reference"] for effect in service.effects("k/")] == [answer["reference"] for answer in answers]
        assert call(service, "POST", "/payments", "k/7", REFUND).json() == answers[7]
