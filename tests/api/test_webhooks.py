"""Partners' news: only signed, only fresh, and harmless twice."""

import time
import uuid
from typing import Any

import pytest

from tests.api.world import World


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
        (None, 0, "v1="),
        (None, 0, "v1=" + "0" * 64),
        (None, 0, "v1=é"),
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
    headers = {"Webhook-Id": "e", "Webhook-Timestamp": stamp.encode("latin-1"), "Webhook-Signature": b"v1=0"}
    answer = await unmanned.http.post("/v1/webhooks/partners", content=b"{}", headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401


async def test_news_of_the_wrong_form_is_named(unmanned: World) -> None:
    answer = await unmanned.news(news(status="vanished", at="2026-11-21T10:00:00"))
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == {"status", "at"}


async def test_news_is_sent_again_when_temporal_is_away(cut_off: World) -> None:
    answer = await cut_off.news(news())
    assert answer.status_code == 503
