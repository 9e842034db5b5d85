"""Ledger and partner tell the same, whatever dies or is lost between the intent, the call and its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio
from temporalio.exceptions import ApplicationError

from activities.contract import CancelEffect, PlaceEffect
from activities.partners import PartnersActivities
from activities.systems import Directory
from adapters.payments import HttpPayments
from domain.effects import Benefit, Payment, ShipmentOrder, VisitOrder
from domain.ledger import AFTER, Intent, LedgerRow, LedgerState
from domain.money import Money
from storage.database import Database, open_database
from storage.ledger import Ledger
from tests.activities.conftest import Shelf, person, run
from tests.doubles import PartnerService

FIFTY = Money.of("50.00", "CNY")
KINDS = ["refund", "extra_payment", "coupon", "gift", "points", "reship", "exchange", "collection", "repair", "reinstallation"]


class _Interrupted(Ledger):
    """The database goes away between the partner's answer and its entry, so many times."""

    times = 0

    async def note(self, key: str, state: LedgerState, at: datetime, *, reference: str | None = None, said: str = "") -> None:
        if self.times:
            self.times -= 1
            raise OSError("the database is away")
        await super().note(key, state, at, reference=reference, said=said)


@pytest.fixture
def ledger(database: Database) -> _Interrupted:
    return _Interrupted(database)


@pytest_asyncio.fixture(loop_scope="session")
async def partners(shelf: Shelf, partner_service: PartnerService, ledger: Ledger) -> AsyncIterator[PartnersActivities]:
    shelf.write(person("ann", "agent"))
    directory = Directory(partner_service.url)
    yield PartnersActivities(shelf.tenants, directory, ledger)
    await directory.close()


@pytest.fixture
def key(key: str) -> str:
    return f"shop:{key}"


def effect_of(kind: str, key: str, number: str) -> PlaceEffect:
    order: dict[str, Any]
    if kind in ("refund", "extra_payment"):
        order = {
            "payment": Payment.model_validate({"kind": kind, "order_number": number, "money": FIFTY, "reason": "HOM-DMG-03"})
        }
    elif kind in ("coupon", "gift", "points"):
        worths: dict[str, dict[str, Any]] = {
            "coupon": {"money": FIFTY}, "gift": {"item": "美缝剂"}, "points": {"points": 300},
        }  # fmt: skip
        order = {"benefit": Benefit.model_validate({"kind": kind, "order_number": number, **worths[kind]})}
    elif kind in ("repair", "reinstallation"):
        order = {"visit": VisitOrder.model_validate({"kind": kind, "order_number": number})}
    else:
        order = {"shipment": ShipmentOrder.model_validate({"kind": kind, "order_number": number})}
    return PlaceEffect(tenant="shop", key=key, clause="HOM-DMG-02", decided_by="zhou", **order)


async def entered(ledger: Ledger, key: str) -> LedgerRow:
    return (await ledger.by_key("shop", [key]))[key]


async def agree(ledger: Ledger, partner_service: PartnerService, key: str) -> LedgerRow:
    """The partner did it once, and the ledger knows it by the same number, with the same money, as far as it has come."""
    (happened,) = partner_service.effects(key)
    row = await entered(ledger, key)
    assert (row.state, row.reference, row.kind) == (AFTER[happened["status"]], happened["reference"], happened["kind"])
    amount = (happened["request"].get("money") or {}).get("amount")
    assert (str(row.money.amount) if row.money else None, row.quantity) == (amount, happened["request"].get("points"))
    return row


async def fails(partners: PartnersActivities, effect: PlaceEffect, attempt: int = 1) -> str | None:
    with pytest.raises(ApplicationError) as told:
        await run(partners.place_effect, effect, attempt)
    assert not told.value.non_retryable
    return told.value.type


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_done_stands_in_the_ledger_with_who_decided_it(
    partners: PartnersActivities, ledger: Ledger, partner_service: PartnerService, order_number: str, key: str, kind: str
) -> None:
    await run(partners.place_effect, effect_of(kind, key, order_number))
    row = await agree(ledger, partner_service, key)
    assert (row.attempts, row.decided_by) == (1, "zhou")
    assert row.clause == ("HOM-DMG-03" if row.partner == "payments" else "HOM-DMG-02")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_time_out_after_the_effect_is_unknown_until_the_partner_has_told(
    partners: PartnersActivities, ledger: Ledger, partner_service: PartnerService, order_number: str, key: str, kind: str
) -> None:
    effect = effect_of(kind, key, order_number)
    partner_service.faults(timeout_after_effect=1, timeout_mode="close")
    assert await fails(partners, effect) == "OutcomeUnknown"
    assert (await entered(ledger, key)).state == "unknown"
    await run(partners.place_effect, effect, attempt=2)
    assert (await agree(ledger, partner_service, key)).attempts == 2


@pytest.mark.parametrize("kind", ["refund", "points", "reship", "repair"])
async def test_killed_between_the_entry_and_the_call(
    partners: PartnersActivities, ledger: Ledger, partner_service: PartnerService, order_number: str, key: str, kind: str
) -> None:
    effect = effect_of(kind, key, order_number)
    row = {"refund": "payments", "points": "benefits"}.get(kind, "logistics")
    meant = {"money": FIFTY} if kind == "refund" else {"quantity": 300} if kind == "points" else {}
    await ledger.intend(
        Intent.model_validate({"key": key, "tenant": "shop", "kind": kind, "partner": row, **meant}), datetime.now(UTC)
    )
    assert partner_service.effects(key) == []
    await run(partners.place_effect, effect, attempt=2)
    await agree(ledger, partner_service, key)


@pytest.mark.parametrize("kind", ["refund", "points", "reship", "repair"])
async def test_the_database_lost_between_the_call_and_its_answer(
    partners: PartnersActivities, ledger: _Interrupted, partner_service: PartnerService, order_number: str, key: str, kind: str
) -> None:
    effect = effect_of(kind, key, order_number)
    ledger.times = 2
    assert await fails(partners, effect) == "DatabaseAway"
    assert (await entered(ledger, key)).state == "intended", "it is told to nobody before it stands there"
    # Also after a reset of the workflow, which counts from one again, the partner is asked and not told to pay.
    partner_service.faults(error_next=0, timeout_after_effect=0)
    assert await fails(partners, effect) == "DatabaseAway"
    await run(partners.place_effect, effect)
    assert (await agree(ledger, partner_service, key)).attempts == 3


async def test_nothing_is_placed_while_the_ledger_is_away(
    shelf: Shelf, partner_service: PartnerService, order_number: str, key: str, tmp_path: Any
) -> None:
    shelf.write(person("ann", "agent"))
    without_tables = open_database(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    directory = Directory(partner_service.url)
    try:
        activities = PartnersActivities(shelf.tenants, directory, Ledger(without_tables))
        for kind in ("refund", "coupon", "reship", "repair"):
            assert await fails(activities, effect_of(kind, f"{key}-{kind}", order_number)) == "DatabaseAway"
    finally:
        await directory.close()
        await without_tables.close()
    assert partner_service.effects(key) == []


async def test_a_refusal_is_entered_with_the_partners_words(
    partners: PartnersActivities, ledger: Ledger, partner_service: PartnerService, order_number: str, key: str
) -> None:
    too_much = Payment(kind="refund", order_number=order_number, money=Money.of("1000.01", "CNY"))
    with pytest.raises(ApplicationError) as told:
        await run(partners.place_effect, PlaceEffect(tenant="shop", key=key, payment=too_much))
    assert told.value.type == "PartnerRefused"
    row = await entered(ledger, key)
    assert row.state == "refused"
    assert row.said.startswith("over_paid: ")
    assert partner_service.effects(key) == []


async def test_a_key_that_names_something_else_in_the_ledger_asks_nobody(
    partners: PartnersActivities, partner_service: PartnerService, order_number: str, key: str
) -> None:
    await run(partners.place_effect, effect_of("refund", key, order_number))
    with pytest.raises(ApplicationError) as told:
        await run(partners.place_effect, effect_of("extra_payment", key, order_number))
    assert (told.value.type, told.value.non_retryable) == ("LedgerConflict", True)
    assert [each["kind"] for each in partner_service.effects(key)] == ["refund"]


async def test_a_key_taken_at_the_partner_by_another_body_is_asked_after_and_never_paid_again(
    partners: PartnersActivities, ledger: Ledger, partner_service: PartnerService, order_number: str, key: str
) -> None:
    body = {"kind": "refund", "order_number": order_number, "money": {"amount": "50.00", "currency": "CNY"}, "reason": "by hand"}
    partner_service.client.post("/payments", json=body, headers={"Idempotency-Key": key}).raise_for_status()
    report = await run(partners.place_effect, effect_of("refund", key, order_number))
    assert report.status == "done"
    await agree(ledger, partner_service, key)


def _partners_answering(monkeypatch: pytest.MonkeyPatch, partners: PartnersActivities, answers: list[httpx.Response]) -> None:
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: answers.pop(0)), base_url="http://partner")
    systems = type("Systems", (), {"payments": HttpPayments(client)})
    monkeypatch.setattr(PartnersActivities, "_systems", lambda *_: systems)


_DONE = {"reference": "PY-1", "status": "done", "detail": "", "at": "2026-11-22T09:00:00Z"}


@pytest.mark.parametrize(
    ("between", "type"),
    [
        (httpx.Response(404, text="<html>no such page</html>"), "PartnerUnavailable"),
        (httpx.Response(404, json={"detail": "Not Found"}), "PartnerUnavailable"),
        (httpx.Response(502), "PartnerUnavailable"),
    ],
)
async def test_a_proxys_404_is_not_the_partners_word(
    partners: PartnersActivities, monkeypatch: pytest.MonkeyPatch, order_number: str, key: str, between: Any, type: str
) -> None:
    effect = effect_of("refund", key, order_number)
    _partners_answering(monkeypatch, partners, [httpx.Response(500), between, between, httpx.Response(200, json=_DONE)])
    assert await fails(partners, effect) == "OutcomeUnknown"
    assert await fails(partners, effect, 2) == type, "nothing is placed on such an answer"
    with pytest.raises(ApplicationError) as asked:
        await run(partners.ask_effect, effect)
    assert (asked.value.type, asked.value.non_retryable) == (type, False)
    assert (await run(partners.place_effect, effect, 3)).reference == "PY-1"


async def test_a_first_request_that_still_runs_leaves_it_unknown_and_names_the_time_to_wait(
    partners: PartnersActivities, monkeypatch: pytest.MonkeyPatch, ledger: Ledger, order_number: str, key: str
) -> None:
    effect = effect_of("refund", key, order_number)
    busy = httpx.Response(409, json={"code": "in_progress"}, headers={"Retry-After": "4"})
    _partners_answering(monkeypatch, partners, [busy, httpx.Response(404, json={"code": "unknown_key"}), busy])
    with pytest.raises(ApplicationError) as told:
        await run(partners.place_effect, effect)
    assert told.value.next_retry_delay is not None
    assert told.value.next_retry_delay.total_seconds() == 4
    assert await fails(partners, effect, 2) == "OutcomeUnknown"
    assert (await entered(ledger, key)).state == "unknown"


async def test_what_is_called_back_is_cancelled_on_both_sides(
    partners: PartnersActivities, ledger: Ledger, partner_service: PartnerService, order_number: str, key: str
) -> None:
    partner_service.mode(payments="pending")
    for kind, partner in (("refund", "payments"), ("coupon", "benefits"), ("reship", "logistics"), ("repair", "logistics")):
        each = f"{key}-{kind}"
        await run(partners.place_effect, effect_of(kind, each, order_number))
        cancel = CancelEffect.model_validate({"tenant": "shop", "key": each, "partner": partner})
        for _ in range(2):
            assert (await run(partners.cancel_effect, cancel)).status == "refused"
        assert (await entered(ledger, each)).state == "cancelled"
        assert [effect["status"] for effect in partner_service.effects(each)] == ["refused"]


async def test_what_is_paid_is_not_called_back(
    partners: PartnersActivities, ledger: Ledger, partner_service: PartnerService, order_number: str, key: str
) -> None:
    await run(partners.place_effect, effect_of("refund", key, order_number))
    with pytest.raises(ApplicationError) as told:
        await run(partners.cancel_effect, CancelEffect(tenant="shop", key=key, partner="payments"))
    assert (told.value.type, told.value.details[0]) == ("PartnerRefused", "too_late")
    await agree(ledger, partner_service, key)
