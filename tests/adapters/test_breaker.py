"""A partner that is away is left alone, longer each time, and asked by one caller first when it may be back."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import httpx
import pytest

from adapters.breaker import THRESHOLD, Breaker
from adapters.errors import PartnerError, PartnerUnavailable
from adapters.gate import Gate, GateState
from adapters.payments import HttpPayments
from domain.effects import Payment
from domain.money import Money

REFUND = Payment(kind="refund", order_number="1", money=Money.of("5.00", "CNY"))
_DONE = {"reference": "PY-1", "status": "done", "at": "2026-11-22T10:00:00Z"}


class _Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def breaker(clock: _Clock) -> Breaker:
    return Breaker("payments of shop", clock, chance=lambda: 0.0)


def fall(breaker: Breaker, times: int = THRESHOLD) -> None:
    for _ in range(times):
        assert breaker.wait() is None
        breaker.failed()


def seconds(wait: timedelta | None) -> float:
    assert wait is not None
    return wait.total_seconds()


def test_it_takes_failures_in_a_row(breaker: Breaker) -> None:
    for _ in range(3):
        fall(breaker, THRESHOLD - 1)
        breaker.answered()
    assert breaker.wait() is None
    fall(breaker)
    assert breaker.state == "open"
    assert seconds(breaker.wait()) == 5


def test_one_caller_tries_first_and_everybody_follows_when_it_is_answered(breaker: Breaker, clock: _Clock) -> None:
    fall(breaker)
    clock.passes(5)
    assert breaker.state == "half_open"
    assert breaker.wait() is None
    assert breaker.wait() is not None, "the others wait for the first one"
    breaker.answered()
    assert (breaker.state, breaker.wait(), breaker.wait()) == ("closed", None, None)


def test_nobody_comes_back_before_the_one_who_tries_must_have_heard(breaker: Breaker, clock: _Clock) -> None:
    fall(breaker)
    clock.passes(5)
    assert breaker.wait() is None
    assert seconds(breaker.wait()) == 30
    clock.passes(10)
    assert seconds(breaker.wait()) == 20
    breaker.failed()
    assert seconds(breaker.wait()) == 10, "as long as it is left alone now"


def test_asking_whether_one_would_be_let_in_is_no_promise_to_call(breaker: Breaker, clock: _Clock) -> None:
    fall(breaker)
    assert seconds(breaker.turned_away()) == 5
    clock.passes(5)
    assert breaker.turned_away() is breaker.turned_away() is None
    assert breaker.wait() is None
    assert breaker.turned_away() is not None


def test_it_waits_longer_each_time_and_never_longer_than_five_minutes(breaker: Breaker, clock: _Clock) -> None:
    fall(breaker)
    waits = []
    for _ in range(10):
        waits.append(seconds(breaker.wait()))
        clock.passes(waits[-1])
        assert breaker.wait() is None
        breaker.failed()
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300, 300]
    clock.passes(300)
    breaker.answered()
    fall(breaker)
    assert seconds(breaker.wait()) == 5, "who has been well starts anew"


def test_a_caller_that_died_while_trying_keeps_nobody_out_for_long(breaker: Breaker, clock: _Clock) -> None:
    fall(breaker)
    clock.passes(5)
    assert breaker.wait() is None
    clock.passes(29)
    assert breaker.wait() is not None
    clock.passes(1)
    assert breaker.wait() is None


def test_failures_of_calls_that_were_under_way_when_it_opened_do_not_count_twice(breaker: Breaker) -> None:
    fall(breaker)
    for _ in range(20):
        breaker.failed()
    assert seconds(breaker.wait()) == 5


@pytest.mark.parametrize(("asked", "waited"), [(40, 40), (700, 700), (10**9, 900)])
def test_the_partners_own_wish_is_kept_at_once_and_within_reason(breaker: Breaker, asked: int, waited: float) -> None:
    breaker.failed(timedelta(seconds=asked))
    assert breaker.state == "open"
    assert seconds(breaker.wait()) == waited


def test_a_wish_of_nothing_is_no_wish(breaker: Breaker) -> None:
    breaker.failed(timedelta(0))
    assert breaker.wait() is None


def test_those_who_wait_do_not_come_back_at_once(clock: _Clock) -> None:
    chances = iter([0.0, 0.0, 0.5, 0.5, 0.9, 0.9])
    breaker = Breaker("p", clock, chance=lambda: next(chances))
    breaker.failed(timedelta(seconds=100))
    assert [seconds(breaker.wait()) for _ in range(3)] == [100, 110.5, 118.9]


class _Line:
    """A payment system that answers as told, and counts who calls."""

    def __init__(self, rate: str | None = None) -> None:
        self.answer: httpx.Response | Exception = httpx.Response(200, json=_DONE)
        self.calls = 0
        self.gate = Gate("shop", "payments", rate)
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._respond), base_url="http://partner")
        self.payments = HttpPayments(client, self.gate)

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def line() -> _Line:
    return _Line()


@pytest.mark.parametrize(
    "down",
    [
        httpx.Response(500),
        httpx.Response(503),
        httpx.Response(429),
        httpx.Response(401),
        httpx.ConnectError("no"),
        httpx.ReadTimeout("no"),
    ],
)
async def test_a_partner_that_is_away_is_not_called_and_the_caller_hears_how_long(
    line: _Line, down: httpx.Response | Exception
) -> None:
    line.answer = down
    for number in range(20):
        with pytest.raises(PartnerError) as told:
            await (line.payments.place("k", REFUND) if number % 2 else line.payments.ask("k"))
        if number == THRESHOLD - 1:
            assert getattr(told.value, "retry_after", None) is not None, "who finds it out hears it too"
    assert line.calls == THRESHOLD
    with pytest.raises(PartnerUnavailable) as turned_away:
        await line.payments.ask("k")
    assert turned_away.value.retry_after is not None
    assert line.gate.state == GateState("shop", "payments", "open")


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(404), httpx.Response(409, json={"code": "over_paid"}), httpx.Response(409), httpx.Response(200, text="?")],
)
async def test_a_partner_that_answers_is_there_whatever_it_says(line: _Line, answer: httpx.Response) -> None:
    line.answer = answer
    for _ in range(3 * THRESHOLD):
        with pytest.raises(Exception, match="payments"):
            await line.payments.place("k", REFUND)
    assert (line.calls, line.gate.state.state) == (3 * THRESHOLD, "closed")


async def test_retry_after_is_honoured_for_everybody(line: _Line) -> None:
    line.answer = httpx.Response(429, headers={"Retry-After": "60"})
    with pytest.raises(PartnerUnavailable):
        await line.payments.ask("k")
    with pytest.raises(PartnerUnavailable) as told:
        await line.payments.place("another", REFUND)
    assert line.calls == 1
    assert told.value.retry_after is not None
    assert told.value.retry_after > timedelta(seconds=50)


async def test_no_more_than_the_rate_goes_out_and_nobody_is_turned_away_for_a_moment() -> None:
    line = _Line("5/second")
    began = time.monotonic()
    await asyncio.gather(*(line.payments.ask(f"k{number}") for number in range(6)))
    assert line.calls == 6
    assert time.monotonic() - began >= 0.9, "five in the first second, and then the last one"


async def test_who_is_turned_away_uses_up_nothing_of_the_rate() -> None:
    line = _Line("1/minute")
    line.gate.breaker.failed(timedelta(minutes=5))
    for _ in range(20):
        with pytest.raises(PartnerUnavailable, match="left alone"):
            await line.payments.ask("k")
    line.gate.breaker.answered()
    await line.payments.ask("k")
    assert line.calls == 1


async def test_who_would_wait_long_is_sent_away_with_the_time_to_come_back() -> None:
    line = _Line("1/minute")
    await line.payments.ask("k")
    with pytest.raises(PartnerUnavailable, match="1/minute") as told:
        await line.payments.ask("k")
    assert line.calls == 1
    assert told.value.retry_after is not None
    assert timedelta(seconds=30) < told.value.retry_after <= timedelta(seconds=62)
