"""Filing: once for each key, and everything that is wrong told at once."""

import asyncio
import dataclasses
import json
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from temporalio.service import RPCError

from api.edge import MAX_BODY_BYTES
from desk.ids import complaint_id
from domain.actor import Role
from storage.database import open_database
from storage.journal import Journal
from tests.api.world import INTAKE, TENANT, World, as_role
from tests.storage.stories import Story

PHOTO = {"uri": "s3://photos/1.png", "sha256": "0" * 64, "media_type": "image/png", "size": 1}


def changed(**changes: Any) -> dict[str, Any]:
    """The intake with these changes; None leaves a field out."""
    return {name: value for name, value in {**INTAKE, **changes}.items() if value is not None}


def wrong(answer: Any) -> dict[str, str]:
    """Field and code of everything that a problem names."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    for each in problem["errors"]:
        assert each["zh"]
        assert each["en"]
        assert each["zh"] != each["en"]
    return {each["field"]: each["code"] for each in problem["errors"]}


async def test_a_complaint_is_filed_without_any_worker(unmanned: World) -> None:
    answer = await unmanned.file()
    assert answer.status_code == 201
    filed = answer.json()
    assert answer.headers["location"] == f"/v1/complaints/{filed['complaint_id']}"
    found = await unmanned.client.get_workflow_handle(f"complaint/{TENANT}/{filed['complaint_id']}").describe()
    assert "RedressStage" not in found.search_attributes, "what operators search by comes with the first task"
    summary = await found.static_summary()
    assert summary is not None
    assert "王" not in summary
    assert "138" not in summary


async def test_the_same_key_and_body_again_is_the_same_complaint(unmanned: World) -> None:
    key = str(uuid.uuid4())
    first, second = await unmanned.file(key=key), await unmanned.file(key=key)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["complaint_id"] == second.json()["complaint_id"]
    assert second.headers["idempotency-replayed"] == "true"
    assert [first.json()["created"], second.json()["created"]] == [True, False]


async def test_the_same_key_after_the_end_files_nothing(unmanned: World) -> None:
    key = str(uuid.uuid4())
    first = (await unmanned.file(key=key)).json()["complaint_id"]
    await unmanned.client.get_workflow_handle(f"complaint/{TENANT}/{first}").terminate()
    again = await unmanned.file(key=key)
    assert again.status_code == 200
    assert again.json()["complaint_id"] == first
    other = await unmanned.file(changed(content="something else"), key=key)
    assert other.status_code == 422


async def test_a_key_with_another_body_is_refused(unmanned: World) -> None:
    key = str(uuid.uuid4())
    await unmanned.file(key=key)
    answer = await unmanned.file(changed(content="another matter"), key=key)
    assert answer.status_code == 422
    assert answer.json()["code"] == "key_reused"
    assert wrong(answer) == {"Idempotency-Key": "key_reused"}


async def test_a_key_that_temporal_has_forgotten_still_answers_its_complaint_and_files_no_other(unmanned: World) -> None:
    key = str(uuid.uuid4())
    old = Story(TENANT, complaint_id=complaint_id(TENANT, key))
    await Journal(unmanned.database).record(old.entries, old.case)
    body = old.case.intake.model_dump(mode="json", exclude_none=True)
    same = await unmanned.file(body, key=key)
    assert (same.status_code, same.json()["complaint_id"], same.json()["created"]) == (200, old.complaint_id, False)
    assert same.headers["idempotency-replayed"] == "true"
    other = await unmanned.file({**body, "content": "又送来一块裂的。"}, key=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    with pytest.raises(RPCError, match="not found"):
        await unmanned.client.get_workflow_handle(f"complaint/{TENANT}/{old.complaint_id}").describe()


async def test_one_key_of_two_tenants_files_two_complaints(unmanned: World) -> None:
    key = str(uuid.uuid4())
    first = await unmanned.file(key=key)
    second = await unmanned.file(key=key, headers=as_role(Role.INTAKE, tenant="olist-demo"))
    assert first.status_code == second.status_code == 201
    assert first.json()["complaint_id"] != second.json()["complaint_id"]


async def test_fifty_at_once_with_one_key_file_one_complaint(unmanned: World) -> None:
    key = str(uuid.uuid4())
    answers = await asyncio.gather(*(unmanned.file(key=key) for _ in range(50)))
    assert len({answer.json()["complaint_id"] for answer in answers}) == 1
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert sum(answer.json()["created"] for answer in answers) == 1


@pytest.mark.parametrize("key", ["", "two words", "键", "x" * 256])
async def test_a_key_is_visible_ascii_of_at_most_255(unmanned: World, key: str) -> None:
    headers: Any = {**as_role(Role.INTAKE), "Idempotency-Key": key.encode()}
    answer = await unmanned.http.post("/v1/complaints", json=INTAKE, headers=headers)
    assert answer.status_code == 422
    assert "Idempotency-Key" in wrong(answer)


async def test_a_missing_key_is_named(unmanned: World) -> None:
    answer = await unmanned.http.post("/v1/complaints", json=INTAKE, headers=as_role(Role.INTAKE))
    assert answer.status_code == 422
    assert wrong(answer) == {"Idempotency-Key": "missing"}


@pytest.mark.clause("HOM-TRN-02")
async def test_everything_the_category_requires_is_named_at_once(unmanned: World) -> None:
    bare = changed(customer={"name": "王小明"}, expectation=None, order_number=None)
    answer = await unmanned.file(bare)
    assert answer.status_code == 422
    assert wrong(answer) == {"customer": "missing", "expectation": "missing", "order_number": "missing"}


@pytest.mark.clause("HOM-INS-01")
async def test_an_installation_complaint_needs_the_address(unmanned: World) -> None:
    answer = await unmanned.file(changed(category="installation_delay"))
    assert wrong(answer) == {"installation_address": "missing"}


async def test_malformed_and_missing_fields_are_named_together(unmanned: World) -> None:
    sent = changed(channel="pigeon", content="ding\adong", expectation=None, colour="red", customer={"phone": "1"})
    answer = await unmanned.file(sent)
    assert answer.status_code == 422
    assert wrong(answer) == {
        "expectation": "missing",
        "channel": "not_a_choice",
        "customer.name": "missing",
        "content": "control_character",
        "colour": "unknown_field",
    }
    assert "ding" not in answer.text  # what was sent is never repeated


async def test_an_unknown_category_is_told_the_known_ones(unmanned: World) -> None:
    answer = await unmanned.file(changed(category="alien_abduction"))
    assert wrong(answer) == {"category": "unknown_category"}
    assert "transport_damage" in answer.json()["errors"][0]["en"]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"content": "x" * 4001}, "content", "too_long"),
        ({"content": " \n "}, "content", "missing"),
        ({"content": 7}, "content", "wrong_type"),
        ({"expectation": "x" * 201}, "expectation", "too_long"),
        ({"order_number": "spaces here"}, "order_number", "wrong_form"),
        ({"customer": {"name": "A\r\nBcc: all@example.com", "phone": "1"}}, "customer.name", "control_character"),
        ({"customer": {"name": "x", "phone": "1\x00"}}, "customer.phone", "control_character"),
        ({"customer": "王小明"}, "customer", "wrong_type"),
        ({"evidence": [{**PHOTO, "uri": "no scheme"}]}, "evidence[0].uri", "wrong_form"),
        ({"evidence": [{**PHOTO, "size": 0}]}, "evidence[0].size", "too_small"),
        ({"evidence": [PHOTO] * 21}, "evidence", "too_many"),
    ],
)  # fmt: skip
async def test_each_wrong_field_is_named(unmanned: World, changes: dict[str, Any], field: str, code: str) -> None:
    answer = await unmanned.file(changed(**changes))
    assert answer.status_code == 422
    assert wrong(answer).get(field) == code


async def test_half_a_character_is_refused(unmanned: World) -> None:
    for sent in ('{"content": "\\ud800"', '{"customer": {"name": "\\ud800", "phone": "1"}'):
        body = sent + ", " + json.dumps({k: v for k, v in INTAKE.items() if f'"{k}"' not in sent})[1:]
        headers = {**as_role(Role.INTAKE), "Idempotency-Key": "k", "Content-Type": "application/json"}
        answer = await unmanned.http.post("/v1/complaints", content=body, headers=headers)
        assert answer.status_code == 422, answer.text
        assert "control_character" in wrong(answer).values()


@pytest.mark.parametrize("body", ["", "{", "[1, 2", "[" * 100_000, "nonsense"])
async def test_what_is_not_json_is_told_so(unmanned: World, body: str) -> None:
    headers = {**as_role(Role.INTAKE), "Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await unmanned.http.post("/v1/complaints", content=body, headers=headers)
    assert answer.status_code == (400 if body else 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("body", ["7", "null", '"text"', "[]"])
async def test_json_that_is_no_object_is_told_so(unmanned: World, body: str) -> None:
    headers = {**as_role(Role.INTAKE), "Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await unmanned.http.post("/v1/complaints", content=body, headers=headers)
    assert answer.status_code == 422
    assert "body" in wrong(answer)


async def test_a_form_is_told_to_come_as_json(unmanned: World) -> None:
    headers = {**as_role(Role.INTAKE), "Idempotency-Key": "k"}
    answer = await unmanned.http.post("/v1/complaints", data={"category": "x"}, headers=headers)
    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_too_large_is_refused(unmanned: World, announced: bool) -> None:
    large = json.dumps(changed(content="x" * MAX_BODY_BYTES)).encode()

    async def pieces() -> Any:
        for start in range(0, len(large), 65536):
            yield large[start : start + 65536]

    headers = {**as_role(Role.INTAKE), "Idempotency-Key": "k", "Content-Type": "application/json"}
    content = large if announced else pieces()
    answer = await unmanned.http.post("/v1/complaints", content=content, headers=headers)
    assert answer.status_code == 413
    assert answer.json()["code"] == "too_large"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_problems_come_in_the_readers_language(unmanned: World) -> None:
    chinese = await unmanned.file(changed(category="x"), headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
    english = await unmanned.file(changed(category="x"), headers={"Accept-Language": "fr, en;q=0.5, zh;q=0.4"})
    assert chinese.json()["title"] == "填写内容有误"
    assert chinese.headers["content-language"] == "zh-CN"
    assert english.json()["title"] == "Something in the request is wrong"
    assert chinese.json()["errors"] == english.json()["errors"]


async def test_temporal_away_answers_503_soon_and_the_key_files_once_later(cut_off: World, unmanned: World) -> None:
    key = str(uuid.uuid4())
    began = time.monotonic()
    answer = await cut_off.file(key=key)
    assert answer.status_code == 503
    assert answer.json()["code"] == "temporal_away"
    assert int(answer.headers["retry-after"]) > 0
    assert time.monotonic() - began < 9, "the client by itself would try for ten seconds"
    assert (await unmanned.file(key=key)).status_code == 201
    assert (await unmanned.file(key=key)).status_code == 200


async def test_the_database_away_does_not_stop_filing(unmanned: World, tmp_path: Path) -> None:
    # The file is one that no SQLite opens: any read fails.
    away = open_database(f"sqlite+aiosqlite:///{tmp_path}/nowhere/redress.db")
    app = unmanned.app
    before = app.state.parts
    app.state.parts = dataclasses.replace(before, database=away)
    try:
        assert (await unmanned.file()).status_code == 201
        assert (await unmanned.get("/v1/complaints")).status_code == 503
    finally:
        app.state.parts = before
        await away.close()
