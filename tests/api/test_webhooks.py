"""Partners' news: only signed, only fresh, and harmless twice."""

import base64
import dataclasses
import json
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.webhook_signature import sign
from api.app import assembled
from api.rates import Rate
from api.shelf import Shelf
from api.webhooks import warn_of_shared_secrets
from desk.door import Desk
from storage.packs import install_packs
from storage.tenants import TenantShelf
from tests.api.world import SECRET, World

WithSecrets = Callable[[str], None]


@pytest.fixture
def with_secrets(unmanned: World) -> Iterator[WithSecrets]:
    """Lets the API know other secrets for as long as the test lasts."""
    before = unmanned.app.state.parts

    def know(secrets: str) -> None:
        unmanned.app.state.parts = dataclasses.replace(before, webhook_secret=secrets)

    yield know
    unmanned.app.state.parts = before


def news(key: str = "home-demo:cmp_" + "a" * 26 + "/1/refund", **changes: Any) -> dict[str, Any]:
    body = {
        "event_id": f"evt_{uuid.uuid4().hex}",
        "kind": "payments",
        "key": key,
        "reference": "PY-1",
        "status": "done",
        "detail": "succeeded",
        "at": "2026-11-21T10:00:00.123456+00:00",
    }
    return {**body, **changes}


async def test_news_reaches_the_complaint_even_without_a_worker(unmanned: World) -> None:
    complaint = await unmanned.filed()
    key = f"home-demo:{complaint}/1/refund"
    for _ in range(2):
        answer = await unmanned.news(news(key))
        assert answer.status_code == 200
        assert answer.json() == {"result": "taken"}
    history = await unmanned.client.get_workflow_handle(f"complaint/home-demo/{complaint}").fetch_history()
    signals = [event for event in history.events if event.HasField("workflow_execution_signaled_event_attributes")]
    assert [s.workflow_execution_signaled_event_attributes.signal_name for s in signals] == ["effect_reported"] * 2


async def signals(world: World, complaint: str) -> int:
    history = await world.client.get_workflow_handle(f"complaint/home-demo/{complaint}").fetch_history()
    return sum(event.HasField("workflow_execution_signaled_event_attributes") for event in history.events)


async def test_news_replayed_within_the_window_leaves_no_trace_whichever_process_hears_it(unmanned: World) -> None:
    complaint = await unmanned.filed()
    told = news(f"home-demo:{complaint}/1/refund")
    first = unmanned.app.state.parts
    second = assembled(dataclasses.replace(first, desk=Desk(unmanned.client, first.desk.task_queue)))
    transport = httpx.ASGITransport(app=second)
    async with httpx.AsyncClient(transport=transport, base_url="http://other.test") as other:
        answers = [await each.news(told) for each in (unmanned, unmanned, dataclasses.replace(unmanned, http=other))]
    assert [answer.json() for answer in answers] == [{"result": "taken"}] * 3
    assert await signals(unmanned, complaint) == 1
    assert (await unmanned.news(told | {"event_id": "evt_another"})).status_code == 200
    assert await signals(unmanned, complaint) == 2, "other news is passed on"


async def test_two_partners_that_number_their_news_alike_are_both_heard(unmanned: World) -> None:
    complaint = await unmanned.filed()
    for step in ("refund", "reship"):
        answer = await unmanned.news(news(f"home-demo:{complaint}/1/{step}", event_id="1"))
        assert answer.json() == {"result": "taken"}
    assert await signals(unmanned, complaint) == 2


async def test_a_partner_changes_its_secret_without_a_gap(unmanned: World, with_secrets: WithSecrets) -> None:
    with_secrets(f"{SECRET}, whsec_{base64.b64encode(b'the next secret of 24 bytes').decode()}")
    assert (await unmanned.news(news())).status_code == 200
    assert (await unmanned.news(news(), secret="the next secret of 24 bytes")).status_code == 200
    assert (await unmanned.news(news(), secret="a third")).status_code == 401
    with_secrets("whsec_not base64!")
    assert (await unmanned.news(news())).status_code == 401


async def test_only_the_companys_own_partners_speak_to_its_complaints(
    unmanned: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = base64.b64encode(b"only between the two of us").decode()
    file = Path("tenants/home-demo.toml").read_text(encoding="utf-8")
    (tmp_path / "home-demo.toml").write_text(f'{file}\n[partners]\nwebhook_secrets = ["env:OUR_PARTNERS"]\n', encoding="utf-8")
    monkeypatch.setenv("OUR_PARTNERS", f"whsec_{own}")
    before = unmanned.app.state.parts
    shelf = Shelf(install_packs(Path("policies")), TenantShelf(tmp_path))
    unmanned.app.state.parts = dataclasses.replace(before, shelf=shelf)
    try:
        assert (await unmanned.news(news())).status_code == 401, "the installation's secret is another partner's"
        assert (await unmanned.news(news(), secret="only between the two of us")).status_code == 200
        elsewhere = news("olist-demo:cmp_" + "a" * 26 + "/1/refund")
        assert (await unmanned.news(elsewhere, secret="only between the two of us")).status_code == 401
    finally:
        unmanned.app.state.parts = before


async def test_where_each_partner_has_a_secret_of_its_own_none_speaks_for_another(
    unmanned: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PAYMENTS", "LOGISTICS", "OTHERS"):
        monkeypatch.setenv(name, f"the secret of {name.lower()}, long enough")
    file = Path("tenants/home-demo.toml").read_text(encoding="utf-8")
    secrets = 'secrets = { payments = ["env:PAYMENTS"], logistics = ["env:LOGISTICS"] }\nwebhook_secrets = ["env:OTHERS"]'
    (tmp_path / "home-demo.toml").write_text(f"{file}\n[partners]\n{secrets}\n", encoding="utf-8")
    before = unmanned.app.state.parts
    shelf = Shelf(install_packs(Path("policies")), TenantShelf(tmp_path))
    unmanned.app.state.parts = dataclasses.replace(before, shelf=shelf)
    try:
        fitting = {"payments": "payments", "logistics": "logistics", "benefits": "others", "lots": "others"}
        for kind, own in fitting.items():
            for whose in ("payments", "logistics", "others"):
                answer = await unmanned.news(news(kind=kind), secret=f"the secret of {whose}, long enough")
                assert answer.status_code == (200 if whose == own else 401), (kind, whose)
        assert (await unmanned.news(news(kind=["payments"]), secret="the secret of payments, long enough")).status_code == 401
    finally:
        unmanned.app.state.parts = before


def as_partner(body: bytes, webhook_id: str = "e") -> dict[str, str]:
    """The headers under which a partner sends these bytes, whatever they hold."""
    stamp = str(int(time.time()))
    return {
        "Content-Type": "application/json", "Webhook-Id": webhook_id, "Webhook-Timestamp": stamp,
        "Webhook-Signature": sign([SECRET.encode()], webhook_id, stamp, body),
    }  # fmt: skip


async def test_news_of_no_system_of_ours_or_under_two_ids_is_refused_with_its_field(unmanned: World) -> None:
    for wrong in ({"kind": "orders"}, {"kind": ""}, {"kind": None}):
        answer = await unmanned.news(news(**wrong))
        assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (422, ["kind"])
    told = json.dumps(news(event_id="evt_other")).encode()
    answer = await unmanned.http.post("/v1/webhooks/partners", content=told, headers=as_partner(told, "evt_1"))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "event_id")


async def test_a_partner_that_asks_too_often_is_told_when_to_come_back(unmanned: World) -> None:
    before = unmanned.app.state.callers
    unmanned.app.state.callers = Rate(0.001, 3)
    try:
        answers = [await unmanned.news(news()) for _ in range(5)]
        assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
        assert int(answers[-1].headers["Retry-After"]) >= 1
        assert (await unmanned.news(news(kind="logistics"))).status_code == 200, "another one is not held up"
    finally:
        unmanned.app.state.callers = before


def test_a_company_whose_partners_share_the_secret_of_all_is_named(tmp_path: Path) -> None:
    file = Path("tenants/home-demo.toml").read_text(encoding="utf-8")
    own = 'payments = "https://pay.example"\nlots = "https://lots.example"\nsecrets = { lots = ["env:LOTS"] }'
    (tmp_path / "home-demo.toml").write_text(f"{file}\n[partners]\n{own}\n", encoding="utf-8")
    company = TenantShelf(tmp_path).get("home-demo")
    assert company.partners.sharing_the_secret == ("payments",)
    with structlog.testing.capture_logs() as logged:
        warn_of_shared_secrets([company, TenantShelf(Path("tenants")).get("home-demo")])
    assert logged == [{"event": "partner_secret_shared", "tenant": "home-demo", "systems": "payments", "log_level": "warning"}]
    assert "LOTS" not in repr(company)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
_LIKE_NEWS = st.fixed_dictionaries({}, optional=dict.fromkeys(news(), _JSON)).map(lambda found: {**news(), **found})


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    body=_LIKE_NEWS.map(lambda found: json.dumps(found).encode())
    | st.binary(max_size=200)
    | _JSON.map(lambda v: json.dumps(v).encode())
)
async def test_whatever_a_partner_signs_is_answered_in_good_order(unmanned: World, body: bytes) -> None:
    headers = as_partner(body)
    answer = await unmanned.http.post("/v1/webhooks/partners", content=body, headers=headers)
    assert answer.status_code in (200, 400, 422), answer.text
    forged = await unmanned.http.post("/v1/webhooks/partners", content=body + b" ", headers=headers)
    assert forged.status_code == 401


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"key": ' + b"9" * 5_000 + b"}", b'{"key": "\\ud800"}', b"\xff\xfe", b""])
async def test_a_body_that_breaks_parsers_is_refused(unmanned: World, body: bytes) -> None:
    answer = await unmanned.http.post("/v1/webhooks/partners", content=body, headers=as_partner(body))
    assert answer.status_code in (400, 422)


async def test_a_webhook_that_is_too_large_is_cut_off(unmanned: World) -> None:
    answer = await unmanned.news(news(detail="x" * 300_000))
    assert answer.status_code == 413
    assert "256" in answer.json()["detail"]


@pytest.mark.parametrize(
    "key", ["home-demo:cmp_" + "a" * 26 + "/1/refund", "nonsense", "home-demo:cmp_short/1/refund", "a:b:c/1/x", ""]
)
async def test_news_nobody_waits_for_is_taken_off_the_partners_hands(unmanned: World, key: str) -> None:
    answer = await unmanned.news(news(key))
    assert answer.status_code == 200
    assert answer.json() == {"result": "nobody_waits"}


@pytest.mark.parametrize(
    ("secret", "age", "signature"),
    [
        ("another secret", 0, None),
        ("", 0, None),
        (None, 0, ""),
        (None, 0, "v1,"),
        (None, 0, "v1," + "0" * 64),
        (None, 0, "v1,é"),
        (None, 301, None),
        (None, -301, None),
    ],
)
async def test_a_wrong_or_old_signature_is_refused(unmanned: World, secret: str | None, age: int, signature: str | None) -> None:
    given = {} if secret is None else {"secret": secret}
    answer = await unmanned.news(news(), at=int(time.time()) - age, signature=signature, **given)
    assert answer.status_code == 401
    assert answer.json()["code"] == "bad_signature"


async def test_a_body_changed_on_its_way_is_refused(unmanned: World) -> None:
    first = await unmanned.news(news())
    request = first.request
    content = request.content.replace(b"succeeded", b"embezzled")
    headers = {name: value for name, value in request.headers.items() if name.startswith(("webhook", "content-type"))}
    answer = await unmanned.http.post("/v1/webhooks/partners", content=content, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize("stamp", ["", "yesterday", "²", "9" * 400, "-1"])
async def test_a_timestamp_that_is_none_is_refused(unmanned: World, stamp: str) -> None:
    headers = {"Webhook-Id": "e", "Webhook-Timestamp": stamp.encode("latin-1"), "Webhook-Signature": b"v1,0"}
    answer = await unmanned.http.post("/v1/webhooks/partners", content=b"{}", headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401


async def test_news_of_the_wrong_form_is_named(unmanned: World) -> None:
    answer = await unmanned.news(news(status="vanished", at="2026-11-21T10:00:00"))
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == {"status", "at"}


async def test_news_is_sent_again_when_temporal_is_away(cut_off: World) -> None:
    answer = await cut_off.news(news())
    assert answer.status_code == 503
