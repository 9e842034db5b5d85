"""What the API does not even look at, and what it forbids browsers to do with its answers."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from api.app import assembled
from api.rates import Rate, neighbourhood
from api.shield import Confirmed, Rules
from domain.actor import Role
from settings import Settings
from telemetry.metrics import REGISTRY
from tests.api.world import World, as_role

Behind = Callable[[Rules], AbstractAsyncContextManager[httpx.AsyncClient]]
WORK = "/v1/work"


@pytest.fixture
def behind(unmanned: World) -> Behind:
    """The API behind other rules."""

    @asynccontextmanager
    async def made(rules: Rules) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app=assembled(unmanned.app.state.parts, rules))
        async with httpx.AsyncClient(transport=transport, base_url="http://redress.test") as http:
            yield http

    return made


async def test_every_answer_tells_browsers_to_keep_their_hands_off(unmanned: World) -> None:
    answers = [
        await unmanned.http.get("/healthz"), await unmanned.get(WORK), await unmanned.http.get(WORK),
        await unmanned.http.get("/nowhere"), await unmanned.http.get("/openapi.json"),
    ]  # fmt: skip
    for answer in answers:
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("page", ["/docs", "/docs/oauth2-redirect", "/redoc"])
async def test_the_reference_runs_its_own_scripts_and_no_others(unmanned: World, page: str) -> None:
    answer = await unmanned.http.get(page)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    for named in re.findall(r'<(?:script|link)[^>]+(?:src|href)="https:[^>]+>', answer.text):
        address = re.findall(r'"(https:[^"]+)"', named)[0]
        assert re.search(r' integrity="sha384-[A-Za-z0-9+/]{64}" crossorigin="anonymous"', named), named
        assert re.search(r"@\d+\.\d+\.\d+/", address)
        assert address in policy.split()
    assert "cdn.jsdelivr.net " not in policy, "not everything that anybody puts there"
    for script in re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL):
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy


async def test_behind_tls_browsers_insist_on_it(behind: Behind) -> None:
    async with behind(Rules(behind_tls=True)) as http:
        assert "max-age=31536000" in (await http.get("/healthz")).headers["Strict-Transport-Security"]


async def test_a_caller_that_asks_too_often_is_told_when_to_come_back(behind: Behind) -> None:
    async with behind(Rules(caller_requests_per_second=0.001, caller_burst=3)) as http:
        answers = [await http.get("/v1/policies", headers=as_role(Role.AGENT, id="busy")) for _ in range(6)]
        assert [each.status_code for each in answers] == [200, 200, 200, 429, 429, 429]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 1_000
        assert answers[-1].json()["code"] == "busy"
        other = await http.get("/v1/policies", headers=as_role(Role.AGENT, id="calm"))
        assert other.status_code == 200, "another caller is not held up"


async def test_an_address_that_guesses_is_shut_out_for_a_while(behind: Behind) -> None:
    async with behind(Rules(refusals_per_minute=2)) as http:
        guesses = [(await http.get(WORK, headers={"Authorization": f"Bearer {n}"})).status_code for n in range(3)]
        assert guesses == [401, 429, 429]
        assert (await http.get(WORK, headers=as_role(Role.AGENT, id="late"))).status_code == 429, "it could be a guess too"
        for probe in ("/healthz", "/readyz"):
            assert (await http.get(probe)).status_code in (200, 503), "whoever watches over the process is not in its way"


async def test_who_came_in_before_goes_on_beside_somebody_who_guesses(behind: Behind) -> None:
    async with behind(Rules(refusals_per_minute=2)) as http:
        mine = as_role(Role.AGENT, id="calm")
        assert (await http.get(WORK, headers=mine)).status_code == 200
        guesses = [(await http.get(WORK, headers={"Authorization": f"Bearer {n}"})).status_code for n in range(3)]
        assert guesses == [401, 429, 429]
        assert [(await http.get(WORK, headers=mine)).status_code for _ in range(3)] == [200] * 3
        forbidden = await http.get("/v1/reports", headers=mine)
        assert forbidden.status_code == 403, "known is not allowed"


def test_a_credential_is_known_for_some_minutes_and_as_a_digest_only() -> None:
    now = 0.0
    confirmed = Confirmed(lambda: now)
    request = Request({"type": "http", "headers": [(b"authorization", b"Bearer secret-1")]})
    mine = confirmed.digest(request)
    assert confirmed.digest(Request({"type": "http", "headers": []})) is None
    assert not confirmed.knows(mine)
    confirmed.note(mine)
    assert confirmed.knows(mine)
    assert "secret" not in str(vars(confirmed))
    now = 299.0
    assert confirmed.knows(mine)
    now = 301.0
    assert not confirmed.knows(mine)
    confirmed.note(mine)
    confirmed.forget(mine)
    assert not confirmed.knows(mine)


def test_no_more_credentials_are_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.shield._MOST_CONFIRMED", 3)
    confirmed = Confirmed()
    for number in range(5):
        confirmed.note(bytes([number]))
    assert [confirmed.knows(bytes([number])) for number in range(5)] == [False, False, True, True, True]


async def test_zero_means_as_often_as_one_likes(behind: Behind) -> None:
    async with behind(Rules(caller_requests_per_second=0, refusals_per_minute=0)) as http:
        assert {(await http.get(WORK)).status_code for _ in range(50)} == {401}


@pytest.mark.parametrize(
    ("host", "status"),
    [("care.example", 200), ("CARE.example:8443", 200), ("a.shop.example", 200), ("shop.example", 400), ("evil.example", 400)],
)
async def test_only_known_hosts_are_answered(behind: Behind, host: str, status: int) -> None:
    async with behind(Rules(hosts=("care.example", "*.shop.example"))) as http:
        assert (await http.get("/openapi.json", headers={"Host": host})).status_code == status
        assert (await http.get("/healthz", headers={"Host": "10.1.2.3:8000"})).status_code == 200, "as kubelets ask"


async def test_headers_without_end_are_refused(unmanned: World) -> None:
    answer = await unmanned.http.get("/healthz", headers={"X-Long": "x" * 40_000})
    assert answer.status_code == 431
    assert answer.json()["code"] == "headers_too_large"


async def test_a_body_that_is_too_large_is_refused_whoever_sends_it(unmanned: World) -> None:
    answer = await unmanned.http.post("/v1/complaints", content=b"x" * 300_000, headers=as_role(Role.INTAKE))
    assert answer.status_code == 413
    assert "256" in answer.json()["detail"]


async def test_who_hangs_up_in_the_middle_of_a_body_is_no_fault_of_ours(unmanned: World) -> None:
    came: list[Any] = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    path = "/v1/webhooks/partners"
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", "path": path, "raw_path": path.encode(),
        "query_string": b"", "root_path": "", "headers": [(b"host", b"test")], "client": ("127.0.0.1", 1), "server": ("test", 80),
    }  # fmt: skip
    answered: list[Any] = []

    async def receive() -> Any:
        return came.pop(0)

    async def send(message: Any) -> None:
        answered.append(message)

    def gone() -> float:
        return REGISTRY.get_sample_value("redress_http_requests_total", {"method": "POST", "route": path, "status": "499"}) or 0

    before = gone()
    await unmanned.app(scope, receive, send)
    assert (answered, gone() - before) == ([], 1)


def test_the_rules_are_those_of_the_settings() -> None:
    rules = Rules.of(Settings(allowed_hosts="Care.example, *.shop.example", behind_tls=True, caller_burst=7))
    assert (rules.hosts, rules.behind_tls, rules.caller_burst) == (("care.example", "*.shop.example"), True, 7)


def test_a_rate_gives_back_what_time_brings() -> None:
    now = 100.0
    rate = Rate(2, 4, lambda: now)
    for _ in range(4):
        assert rate.wait("a") == 0
        rate.count("a")
    assert rate.wait("a") == pytest.approx(0.5)
    assert rate.wait("b") == 0
    now = 100.5
    assert rate.wait("a") == 0
    rate.count("a")
    assert rate.wait("a") == pytest.approx(0.5)
    now = 200.0
    for _ in range(4):
        assert rate.wait("a") == 0
        rate.count("a")


def test_a_rate_remembers_no_more_than_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.rates._MOST_REMEMBERED", 10)
    now = 0.0
    rate = Rate(1, 1, lambda: now)
    for number in range(1_000):
        now += 0.01
        rate.count(str(number))
    assert len(rate._used_up_to) <= 10


def test_an_ipv6_customer_is_one_whatever_address_they_take() -> None:
    assert neighbourhood("2001:db8:1:2:3::4") == neighbourhood("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert neighbourhood("192.0.2.7") == "192.0.2.7"
