from __future__ import annotations

import time

import pytest

from tests.doubles import PartnerService


def statuses(service: PartnerService, path: str, count: int) -> list[int]:
    return [service.client.get(path).status_code for _ in range(count)]


ORDER = "/orders/HM-2026-0001"


def test_the_next_calls_fail_and_then_no_more(partner_service: PartnerService) -> None:
    partner_service.faults(error_next=2, error_status=502)
    assert statuses(partner_service, ORDER, 4) == [502, 502, 200, 200]


def test_an_error_rate_strikes_the_same_calls_for_the_same_seed(partner_service: PartnerService) -> None:
    partner_service.faults(error_rate=0.5, seed=3)
    first = statuses(partner_service, ORDER, 40)
    partner_service.faults(error_rate=0.5, seed=3)
    assert statuses(partner_service, ORDER, 40) == first
    assert 5 < first.count(503) < 35


def test_only_the_named_paths_are_struck(partner_service: PartnerService) -> None:
    partner_service.faults(down=True, paths=["/payments", "/benefits"])
    assert statuses(partner_service, "/payments/effects/x", 1) == [503]
    assert statuses(partner_service, "/benefits/effects/x", 1) == [503]
    assert statuses(partner_service, ORDER, 1) == [200]


def test_faults_never_strike_the_hand_that_switches_them_off(partner_service: PartnerService) -> None:
    partner_service.faults(down=True)
    assert statuses(partner_service, "/healthz", 1) == [200]
    partner_service.no_faults()
    assert statuses(partner_service, ORDER, 1) == [200]


def test_latency_is_added_to_every_call(partner_service: PartnerService) -> None:
    partner_service.faults(latency_ms=200)
    start = time.monotonic()
    assert statuses(partner_service, ORDER, 2) == [200, 200]
    assert time.monotonic() - start >= 0.4


@pytest.mark.parametrize("fault", [{"error_rate": 2}, {"latency": 5}, {"error_status": 200}])
def test_a_fault_that_does_not_exist_is_refused(partner_service: PartnerService, fault: dict[str, object]) -> None:
    answer = partner_service.client.put("/control/faults", json=fault)
    assert answer.status_code == 422


def test_automatic_mode_finishes_what_is_on_its_way(partner_service: PartnerService, key: str) -> None:
    partner_service.mode(payments="pending", auto_seconds=0.1)
    body = {"kind": "refund", "order_number": "HM-2026-0003", "money": {"amount": "1.00", "currency": "CNY"}}
    placed = partner_service.client.post("/payments", json=body, headers={"Idempotency-Key": key})
    assert placed.json()["status"] == "accepted"
    until = time.monotonic() + 30
    while partner_service.effects(key)[0]["stage"] != "succeeded":
        assert time.monotonic() < until
        time.sleep(0.05)


def test_what_has_ended_cannot_be_moved(partner_service: PartnerService, key: str) -> None:
    body = {"kind": "gift", "order_number": "HM-2026-0003", "item": "美缝剂"}
    placed = partner_service.client.post("/benefits", json=body, headers={"Idempotency-Key": key})
    address = f"/control/benefits/{placed.json()['reference']}/advance"
    assert partner_service.client.post(address).json()["code"] == "final"
    assert partner_service.client.post(address, json={"to": "delivered"}).json()["code"] == "unknown_stage"
    assert partner_service.client.post("/control/benefits/BN-0/advance").status_code == 404
