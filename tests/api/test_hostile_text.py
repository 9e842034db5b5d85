"""Text that was made to do harm, through the whole system and both databases: refused, or kept as it is and never obeyed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain.actor import Role
from tests.api.steps import AGENT, done, until
from tests.api.world import INTAKE, World, as_role, world
from tests.conftest import NewDatabase

# What people may write, for they do: every one of it is shown as it was written.
HARMLESS_TO_US = [
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "'; DROP TABLE complaints; --",
    "{complaint_id} {0.__class__} %s %n ${jndi:ldap://x}",
    "| a | b |\n|---|---|\n# heading\n[link](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "\u202egnp.exe \u2066isolate\u2069 \u200bzero\u200d\ufeffwidth",
    "Z̸̡̢͚͖a̷l̵g̶o̴ 👩‍👩‍👧‍👦 \U0010ffff",
    "\nBcc: all@example.com\n\n.\nQUIT",
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def both(
    temporal_env: WorkflowEnvironment, new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """Everything, on SQLite and on PostgreSQL."""
    folder = tmp_path_factory.mktemp("hostile")
    async with world(temporal_env.client, folder, database_url=await new_database()) as made, made.worker():
        yield made


async def test_what_people_write_is_kept_as_it_is_and_never_obeyed(both: World) -> None:
    for text in ("\n".join(HARMLESS_TO_US), "长" * 4000):
        answer = await both.file({**INTAKE, "content": text, "expectation": text[:200]})
        assert answer.status_code == 201, answer.text
        complaint = answer.json()["complaint_id"]
        await done(await both.command(complaint, "respond", {"message": text}, AGENT))
        path = f"/v1/complaints/{complaint}"
        case = await until(partial(both.get, path), lambda case: case["stage"] == "verifying")
        assert case["intake"]["content"] == text
        told = await until(partial(both.get, f"{path}/journal"), lambda page: "responded" in str(page))
        (said,) = [each["event"]["message"] for each in told["entries"] if each["event"]["kind"] == "responded"]
        assert said == text
        shown = await both.get(path)
        assert shown.headers["content-type"] == "application/json"
        description = await both.client.get_workflow_handle(f"complaint/home-demo/{complaint}").describe()
        details = str(await description.static_details()) + str(await description.static_summary())
        assert not any(each in details for each in (text, *HARMLESS_TO_US)), "an operator's page has nothing of it to run"


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[2J", "\x07", "\x7f", "\x9b", "   ", ""])
@pytest.mark.parametrize("field", ["content", "expectation"])
async def test_what_no_person_types_is_refused_by_name(unmanned: World, text: str, field: str) -> None:
    answer = await unmanned.file({**INTAKE, field: text})
    assert answer.status_code == 422
    assert field in {each["field"] for each in answer.json()["errors"]}


@pytest.mark.parametrize("text", ["\u200b", " \u200b\u2060\ufeff ", "\u202e\u2066", "\u3164\u2800", "\ufe0f"])
async def test_what_nobody_can_see_says_nothing(unmanned: World, text: str) -> None:
    answer = await unmanned.file({**INTAKE, "content": text})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "content")
    assert answer.json()["errors"][0]["code"] == "missing"
    command = await unmanned.command(await unmanned.filed(), "respond", {"message": text}, AGENT)
    assert (command.status_code, command.json()["errors"][0]["field"]) == (422, "message")


@pytest.mark.parametrize("uri", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:x"])
async def test_evidence_lies_where_nothing_is_run(unmanned: World, uri: str) -> None:
    piece = {"uri": uri, "sha256": "0" * 64, "media_type": "image/png", "size": 1}
    answer = await unmanned.file({**INTAKE, "evidence": [{**piece, "uri": "s3://photos/1.png"}, piece]})
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [("evidence[1].uri", "unknown_scheme")]
    assert "https" in answer.json()["errors"][0]["en"]
    command = await unmanned.command(await unmanned.filed(), "attach_evidence", {"evidence": [piece]}, AGENT)
    assert (command.status_code, command.json()["errors"][0]["field"]) == (422, "evidence[0].uri")


async def test_evidence_is_taken_from_the_usual_stores(unmanned: World) -> None:
    piece = {"sha256": "0" * 64, "media_type": "image/png", "size": 1}
    uris = ("https://img.example/1.png", "s3://b/1.png", "oss://b/1.png", "cos://b/1.png")
    answer = await unmanned.file({**INTAKE, "evidence": [{**piece, "uri": uri} for uri in uris]})
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("name", ["a\r\nBcc: all@example.com", "\u202eevil", "a\u200bb", "a\x00", "\u2028"])
async def test_names_hold_what_can_be_seen(unmanned: World, name: str) -> None:
    answer = await unmanned.file({**INTAKE, "customer": {**INTAKE["customer"], "name": name}})
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["errors"]} == {"customer.name"}


async def test_evidence_lies_at_an_address_that_can_be_written_down(unmanned: World) -> None:
    photo = {"uri": "s3://bucket/\x00", "sha256": "0" * 64, "media_type": "image/jpeg", "size": 1}
    answer = await unmanned.file({**INTAKE, "evidence": [photo]})
    assert answer.status_code == 422
    assert "evidence[0].uri" in {each["field"] for each in answer.json()["errors"]}


@pytest.mark.parametrize(
    "body",
    [
        b'{"content": "\\ud800"}', b"[" * 50_000, b'{"a":' * 50_000, b'{"content": 1e400}', b'{"x": ' + b"9" * 10_000 + b"}",
        b"\xff\xfe{}", b"NaN", b"", b'"' + b"\\u0000" * 100 + b'"',
    ],
)  # fmt: skip
async def test_a_body_that_breaks_parsers_is_refused(unmanned: World, body: bytes) -> None:
    headers = {**as_role(Role.INTAKE), "Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await unmanned.http.post("/v1/complaints", content=body, headers=headers)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_key_that_stands_twice_counts_once(unmanned: World) -> None:
    """The last one, as every parser here reads it: there is no second reader that could be told another thing."""
    headers = {**as_role(Role.AGENT), "Content-Type": "application/json"}
    complaint = await unmanned.filed()
    body = b'{"message": "first", "message": ""}'
    answer = await unmanned.http.post(f"/v1/complaints/{complaint}/respond", content=body, headers=headers)
    assert answer.status_code == 422


async def test_what_is_asked_for_with_a_nul_does_not_exist(both: World) -> None:
    for name in ("customer_name", "order_number", "assignee", "category"):
        answer = await both.http.get("/v1/complaints", params={name: "a\x00b"}, headers=AGENT)
        assert answer.status_code == 422, answer.text
        assert {each["field"] for each in answer.json()["errors"]} == {name}
    operator: Any = as_role(Role.OPERATOR, id="ops")
    assert (await both.http.post("/v1/webhooks/deliveries/a%00b/resend", headers=operator)).status_code == 404
    assert (await both.get("/v1/complaints/a%00b")).status_code == 404


async def test_a_partners_words_reach_the_journal_whatever_is_in_them(both: World) -> None:
    complaint = await both.filed()
    await done(await both.command(complaint, "respond", {"message": "已登记"}, AGENT))
    step = await done(await both.command(complaint, "order_inspection", {"note": "请查看"}, AGENT))
    assert step["stage"]
    path = f"/v1/complaints/{complaint}/journal"
    ordered = await until(lambda: both.get(path), lambda page: "step_ordered" in str(page))
    (step_id,) = {each["event"]["step"] for each in ordered["entries"] if each["event"]["kind"] == "step_ordered"}
    news = {
        "event_id": "evt_hostile", "kind": "logistics", "key": f"home-demo:{complaint}/1/{step_id}", "reference": "V\x00-1",
        "status": "refused", "detail": "lost\x00\x1b[2J \ud800 <b>", "at": "2026-11-21T10:00:00Z",
    }  # fmt: skip
    assert (await both.news(news)).json() == {"result": "taken"}
    told = await until(lambda: both.get(path), lambda page: "step_failed" in str(page))
    (failed,) = [each["event"] for each in told["entries"] if each["event"]["kind"] == "step_failed"]
    assert failed["detail"] == "lost\ufffd\ufffd[2J \ufffd <b>"
