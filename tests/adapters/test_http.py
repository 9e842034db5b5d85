"""What each answer of a partner means, tried with answers no partner of ours gives."""

from __future__ import annotations

import traceback
from datetime import timedelta

import httpx
import pytest

from adapters.benefits import HttpBenefits
from adapters.errors import OutcomeUnknown, PartnerRefused, PartnerUnavailable
from adapters.http import FINAL_CODES
from adapters.logistics import HttpLogistics
from adapters.orders import HttpOrders
from adapters.payments import HttpPayments
from domain.effects import Payment, ShipmentOrder
from domain.money import Money

KEY = "cmp_x/1/refund"
REFUND = Payment(kind="refund", order_number="1", money=Money.of("5.00", "CNY"))


def payments_answering(answer: httpx.Response | Exception) -> HttpPayments:
    def respond(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return HttpPayments(httpx.AsyncClient(transport=httpx.MockTransport(respond), base_url="http://partner"))


async def test_fields_a_partner_adds_are_ignored() -> None:
    body = '{"reference": "X1", "status": "done", "detail": "", "at": "2026-11-21T10:00:00Z", "new_field": 1}'
    report = await payments_answering(httpx.Response(201, text=body)).place(KEY, REFUND)
    assert (report.reference, report.status) == ("X1", "done")


@pytest.mark.parametrize("body", ["<html>", "{}", '{"reference": "X1", "status": "perhaps", "at": "2026-11-21T10:00:00Z"}'])
async def test_an_answer_that_makes_no_sense_leaves_the_outcome_unknown(body: str) -> None:
    payments = payments_answering(httpx.Response(201, text=body))
    with pytest.raises(OutcomeUnknown):
        await payments.place(KEY, REFUND)
    with pytest.raises(PartnerUnavailable):
        await payments.ask(KEY)


@pytest.mark.parametrize("status", [408, 425, 429, 503])
async def test_not_now_means_that_nothing_happened(status: int) -> None:
    answer = httpx.Response(status, headers={"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"})
    with pytest.raises(PartnerUnavailable) as unavailable:
        await payments_answering(answer).place(KEY, REFUND)
    assert unavailable.value.retry_after is not None
    assert unavailable.value.retry_after > timedelta(days=365)


@pytest.mark.parametrize("retry_after", ["", "soon", "-3", "9" * 20, "Wed, 21 Oct 99999999999999999999 07:28:00 GMT"])
async def test_a_retry_after_that_cannot_be_read_is_none(retry_after: str) -> None:
    with pytest.raises(PartnerUnavailable) as unavailable:
        await payments_answering(httpx.Response(503, headers={"Retry-After": retry_after})).ask(KEY)
    assert unavailable.value.retry_after is None


@pytest.mark.parametrize("status", [301, 500, 502, 504])
async def test_an_answer_that_promises_nothing_leaves_the_outcome_unknown(status: int) -> None:
    payments = payments_answering(httpx.Response(status))
    with pytest.raises(OutcomeUnknown):
        await payments.place(KEY, REFUND)
    with pytest.raises(PartnerUnavailable):
        await payments.ask(KEY)


def _problem(status: int, code: str, detail: str = "") -> httpx.Response:
    return httpx.Response(status, json={"title": code, "status": status, "code": code, "detail": detail})


@pytest.mark.parametrize("code", sorted(FINAL_CODES))
async def test_a_write_is_refused_for_good_only_for_a_reason_of_the_business(code: str) -> None:
    with pytest.raises(PartnerRefused) as refused:
        await payments_answering(_problem(409, code)).place(KEY, REFUND)
    assert refused.value.code == code


@pytest.mark.parametrize("body", ["", "[]", "<html>", '{"title": "no"}', '{"code": "in_progress"}', '{"code": null}'])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 422])
async def test_a_write_that_is_answered_without_such_a_reason_is_tried_again(status: int, body: str) -> None:
    with pytest.raises((PartnerUnavailable, OutcomeUnknown)) as told:
        await payments_answering(httpx.Response(status, text=body)).place(KEY, REFUND)
    assert isinstance(told.value, PartnerUnavailable) == (status in (401, 403))


@pytest.mark.parametrize("status", [400, 401, 403, 405, 409, 410, 422])
async def test_a_question_is_never_refused_for_good(status: int) -> None:
    answer = _problem(status, "unknown_order")
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: answer), base_url="http://partner")
    questions = (HttpOrders(client).find("1"), HttpLogistics(client).track("1"), HttpPayments(client).ask(KEY))
    for question in (*questions, HttpLogistics(client).ask(KEY), HttpBenefits(client).ask(KEY)):
        with pytest.raises(PartnerUnavailable, match=str(status)):
            await question


@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError]
)
async def test_a_connection_that_breaks_after_sending_leaves_the_outcome_unknown(error: type[httpx.TransportError]) -> None:
    with pytest.raises(OutcomeUnknown) as unknown:
        await payments_answering(error("broken")).place(KEY, REFUND)
    assert isinstance(unknown.value.__cause__, error)


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
async def test_a_connection_never_made_means_that_nothing_happened(error: type[httpx.TransportError]) -> None:
    with pytest.raises(PartnerUnavailable) as unavailable:
        await payments_answering(error("none")).place(KEY, REFUND)
    assert isinstance(unavailable.value.__cause__, error)


async def test_an_answer_that_makes_no_sense_names_its_fields_and_nobody() -> None:
    body = '{"number": "1", "phone": "13800001111", "email": "wang@example.com", "status": {"name": "王小明"}}'
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200, text=body)), base_url="http://partner")
    with pytest.raises(PartnerUnavailable) as told:
        await HttpOrders(client).find("1")
    assert "status" in str(told.value)
    assert "placed_at" in str(told.value)
    words = "".join(traceback.format_exception(told.value)) + repr(told.value)
    assert not any(personal in words for personal in ("13800001111", "wang@example.com", "王小明"))


async def test_a_refusal_repeats_neither_address_nor_mail_nor_telephone_number() -> None:
    detail = "No carrier to 上海市黄浦区 1 号 for wang@example.com, +86 138 0000 1111, order HM-2026-0001 of 1000.00 CNY."
    answer = _problem(409, "unknown_sku", detail)
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: answer), base_url="http://partner")
    shipment = ShipmentOrder(kind="reship", order_number="HM-2026-0001", address="上海市黄浦区 1 号")
    with pytest.raises(PartnerRefused) as refused:
        await HttpLogistics(client).place(KEY, shipment)
    assert refused.value.detail == "No carrier to … for …, …, order HM-2026-0001 of 1000.00 CNY."


async def test_money_travels_as_text() -> None:
    sent: list[bytes] = []

    def respond(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return httpx.Response(503)

    payments = HttpPayments(httpx.AsyncClient(transport=httpx.MockTransport(respond), base_url="http://partner"))
    with pytest.raises(PartnerUnavailable):
        await payments.place(KEY, REFUND)
    assert b'"amount":"5.00"' in sent[0]
