"""A complaint full of marked personal data lives a whole life among failures, and nothing that the outside can see shows a mark.

Seen from outside are: Temporal's histories, memo, search attributes, summaries and current details; logs of all our processes;
refusals and errors of the API; metrics.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from google.protobuf.json_format import MessageToJson
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest, ListWorkflowExecutionsRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from domain.actor import Role
from sealing.codec import ENCODING
from tests.privacy.street import Street, start_street

NAME, PHONE, EMAIL, CUSTOMER = "岚秘甲", "13877770001", "lanmi@secret-marked.example", "cust-marked-7"
ADDRESS, ORDER, EVIDENCE = "机密路丙九号", "HM-MARKED-1", "s3://marked-evidence/secret.jpg"
WORDS = ("机密内容乙", "LEAKED-WORDS-1", "机密期望丁", "LEAKED-NOTE-2", "机密调查戊", "LEAKED-REASON-3", "机密意见己")
MARKS = (NAME, PHONE, EMAIL, CUSTOMER, ADDRESS, ORDER, EVIDENCE, "marked-evidence", "secret-marked", *WORDS)
CONTENT, WISH, NOTE, FOUND, REASON, COMMENT = f"{WORDS[0]} {WORDS[1]}", WORDS[2], WORDS[3], WORDS[4], WORDS[5], WORDS[6]
PHOTO = {"uri": EVIDENCE, "sha256": "ab" * 32, "media_type": "image/jpeg", "size": 9, "note": NOTE}
INTAKE: dict[str, Any] = {
    "category": "transport_damage", "channel": "app", "order_number": ORDER, "content": CONTENT, "expectation": WISH,
    "customer": {"name": NAME, "customer_id": CUSTOMER, "phone": PHONE, "email": EMAIL, "locale": "zh-CN"},
    "installation_address": ADDRESS, "evidence": [PHOTO],
}  # fmt: skip


def shown_in(data: bytes | str) -> set[str]:
    """Marks in a text or in bytes, as they are, escaped as JSON does, or in base64."""
    content = data if isinstance(data, bytes) else data.encode()
    return {mark for mark in MARKS if any(way in content for way in _ways(mark))}


def _ways(mark: str) -> Iterator[bytes]:
    plain = mark.encode()
    yield plain
    yield json.dumps(mark)[1:-1].encode()
    for shift in range(3):  # in base64 a text has three looks, by where it begins
        yield base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def street(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    target = temporal_env.client.service_client.config.target_host
    async with start_street(target, tmp_path_factory.mktemp("street")) as started:
        yield started


async def life(street: Street) -> str:
    """From filing to a satisfied customer, with refusals, partners that fail, and a database that is away for a while."""
    sample: dict[str, Any] = street.partners.client.get("/orders/HM-2026-0001").json()
    street.partners.load({**sample, "number": ORDER, "customer_id": CUSTOMER, "phone": PHONE, "email": EMAIL})
    for wrong in (
        {**INTAKE, "customer": {**INTAKE["customer"], "phone": PHONE * 9, "name": f"{NAME}\u0007"}},
        {**INTAKE, "channel": f"{NAME} {CONTENT}", "surprise": PHONE},
        {**INTAKE, "order_number": f"{ORDER} {PHONE}", "evidence": [{**PHOTO, "sha256": NAME, "size": EMAIL}]},
        [NAME],
    ):
        assert (await street.says(Role.INTAKE, "POST", "/v1/complaints", json=wrong)).is_error
    assert (await street.says(Role.INTAKE, "POST", "/v1/complaints", content=f'{{"{NAME}": {PHONE}'.encode())).is_error
    street.partners.faults(error_next=2, error_status=502)
    key = {"Idempotency-Key": f"{WORDS[1]}-{PHONE}"}
    filed = await street.says(Role.INTAKE, "POST", "/v1/complaints", json=INTAKE, headers=key)
    assert filed.status_code == 201, filed.text
    other = await street.says(Role.INTAKE, "POST", "/v1/complaints", json={**INTAKE, "content": NAME}, headers=key)
    assert other.json()["code"] == "key_reused"
    id = str(filed.json()["complaint_id"])

    await street.does(Role.AGENT, id, "respond", message=f"{NAME} {NOTE}")
    with away(street.folder / "redress.db"):
        await street.does(Role.AGENT, id, "attach_evidence", evidence=[PHOTO])
        await street.does(Role.AGENT, id, "verify", founded=True, findings=FOUND, sources=[NAME])
        await asyncio.sleep(3)  # longer than a local activity waits: the write goes on as an ordinary one, and fails
    await street.until(id, lambda case: case["order_check"] == "found")
    refused = await street.says(Role.AGENT, "POST", f"/v1/complaints/{id}/confirm", json={"satisfied": True, "comment": COMMENT})
    assert refused.is_error
    await street.does(Role.AGENT, id, "pause", reason=REASON)
    await street.does(Role.AGENT, id, "resume", reason=REASON)
    await street.does(Role.AGENT, id, "escalate", to="supervisor", reason=REASON)
    await street.does(Role.AGENT, id, "assess", facts={"damage": "severe"}, liable="carrier", note=NOTE)
    await street.does(Role.AGENT, id, "propose", reason=REASON)
    await street.does(Role.SUPERVISOR, id, "approve", number=1, note=NOTE)
    await street.until(id, lambda case: case["stage"] == "offered")
    street.partners.faults(timeout_after_effect=1, timeout_mode="close", error_next=1)
    await street.does(Role.CUSTOMER, id, "accept", number=1)
    await street.until(id, lambda case: case["stage"] == "confirming")
    await street.does(Role.AGENT, id, "record_callback", answered=False, note=NOTE)
    await street.does(Role.CUSTOMER, id, "confirm", satisfied=True, rating=5, comment=COMMENT)
    await street.until(id, lambda case: case["stage"] == "closed")
    return id


class away:
    """The database, held by somebody else."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)

    def __enter__(self) -> None:
        self._connection.execute("BEGIN EXCLUSIVE")

    def __exit__(self, *error: object) -> None:
        self._connection.execute("ROLLBACK")
        self._connection.close()


async def test_nothing_that_the_outside_sees_tells_of_the_customer(street: Street, temporal_env: WorkflowEnvironment) -> None:
    id = await life(street)
    workflow_id, client = f"complaint/home-demo/{id}", temporal_env.client
    handle = client.get_workflow_handle(workflow_id)
    await asyncio.wait_for(handle.result(), 60)
    history = await handle.fetch_history()

    # The test can fail: the marks are all in there, for who has the key, and failures happened.
    opened = await in_clear(client, history.events)
    assert shown_in("\n".join(opened)) >= {NAME, PHONE, EMAIL, CUSTOMER, ADDRESS, ORDER, EVIDENCE, *WORDS}
    kinds = {event.WhichOneof("attributes") for event in history.events}
    assert "activity_task_started_event_attributes" in kinds
    assert any(each.activity_task_started_event_attributes.HasField("last_failure") for each in history.events)
    assert len(street.answers) >= 7
    assert any(letter["to"] == EMAIL or EMAIL in str(letter) for letter in street.mail.mails())

    for event in history.events:
        assert shown_in(event.SerializeToString()) == set(), event.event_type
    assert shown_in(history.to_json()) == set()
    assert [word for word in summaries(opened) if shown_in(word)] == []
    for found in await seen_in_temporal(client, workflow_id):
        assert shown_in(found.SerializeToString()) == set()
        assert shown_in(MessageToJson(found)) == set()
    details = await handle.query("__temporal_workflow_metadata")
    assert shown_in(str(details)) == set()

    assert [answer for answer in street.answers if shown_in(answer)] == []
    logs = street.logs()
    assert "/v1/complaints" in logs
    assert [line for line in logs.splitlines() if shown_in(line)] == []
    async with httpx.AsyncClient(trust_env=False) as http:
        for address in street.metrics:
            told = (await http.get(address)).text
            assert "redress" in told
            assert shown_in(told) == set()


async def in_clear(client: Client, events: Any) -> list[str]:
    """Every payload of a history as who has the key reads it. What is not sealed must be none of the complaint's words."""
    codec = client.data_converter.payload_codec
    assert codec is not None
    found = [payload for event in events for payload in payloads_in(event)]
    sealed = [payload for payload in found if payload.metadata.get("encoding") == ENCODING]
    assert len(sealed) > 20
    return [payload.data.decode(errors="replace") for payload in await codec.decode(sealed)]


def payloads_in(message: Message) -> Iterator[Payload]:
    if isinstance(message, Payload):
        yield message
        return
    for field, value in message.ListFields():
        if field.type != field.TYPE_MESSAGE:
            continue
        each_of = (value,) if isinstance(value, Message) else value.values() if hasattr(value, "values") else value
        for each in each_of:
            if isinstance(each, Message):
                yield from payloads_in(each)


def summaries(opened: list[str]) -> list[str]:
    """Texts that stand alone: summaries and details. An operator reads them in every list, so not even sealed may they tell."""
    return [text for text in opened if text.startswith('"')]


async def seen_in_temporal(client: Client, workflow_id: str) -> list[Message]:
    listed = await client.workflow_service.list_workflow_executions(
        ListWorkflowExecutionsRequest(namespace=client.namespace, query=f"WorkflowId = '{workflow_id}'")
    )
    request = DescribeWorkflowExecutionRequest(namespace=client.namespace)
    request.execution.workflow_id = workflow_id
    return [*listed.executions, await client.workflow_service.describe_workflow_execution(request)]
