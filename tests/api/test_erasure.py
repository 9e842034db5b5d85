"""Erasing a customer over HTTP: nothing of the person is left, and everything is on record."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from bench import laws
from desk.erasing import keyring_of
from domain.actor import Role
from domain.erasure import MARK
from domain.policy import registry
from sealing import key_file, keyring
from sealing.codec import SealingCodec
from sealing.errors import Erased
from tests.api.steps import AGENT, done, until
from tests.api.world import INTAKE, World, as_role

ADMINISTRATOR = as_role(Role.ADMINISTRATOR, id="root")
PERSON = ("王小明", "13800000001", "wang@example.com", "石板", "slabs", "SO-1", "全额退款", "自行解决", "张三")


def intake_of(customer: str | None) -> dict[str, Any]:
    return {**INTAKE, "customer": {**INTAKE["customer"], "customer_id": customer}}


async def filed(world: World, customer: str | None, key: str | None = None) -> str:
    answer = await world.file(intake_of(customer), key=key)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["complaint_id"])


async def withdrawn(world: World, customer: str | None, key: str | None = None) -> str:
    """A complaint that has ended, in the database and in Temporal."""
    complaint = await filed(world, customer, key)
    await done(await world.command(complaint, "respond", {"message": "张三先生，已登记。"}, AGENT))
    await done(await world.command(complaint, "withdraw", {"reason": "自行解决"}, AGENT))
    await world.client.get_workflow_handle(f"complaint/home-demo/{complaint}").result()
    await until(lambda: world.get(f"/v1/complaints/{complaint}"), lambda case: case["stage"] == "closed")
    return complaint


async def erase(world: World, customer: str, headers: dict[str, str] = ADMINISTRATOR, **body: Any) -> Any:
    return await world.http.post(f"/v1/customers/{customer}/erasure", json={"reason": "request 7", **body}, headers=headers)


async def history_of(world: World, complaint: str) -> WorkflowHistory:
    return await world.client.get_workflow_handle(f"complaint/home-demo/{complaint}").fetch_history()


@pytest.fixture
def customer() -> str:
    return f"cust-{uuid.uuid4().hex[:8]}"


async def test_a_customer_is_gone_and_the_figures_are_there(manned: World, customer: str) -> None:
    complaint, other = await withdrawn(manned, customer), await withdrawn(manned, f"{customer}-2")
    before = await done(await manned.get(f"/v1/complaints/{complaint}"))
    kept_copy = await history_of(manned, complaint)
    receipt = await done(await erase(manned, customer))
    assert (receipt["complaints"], receipt["by"], receipt["reason"], receipt["again"]) == (
        [complaint],
        "root",
        "request 7",
        False,
    )
    assert receipt["entries"] == before["revision"]
    assert receipt["histories"] == 1
    assert all(receipt[told] and receipt[told][0]["zh"] for told in ("erased", "stays", "elsewhere"))

    after = await done(await manned.get(f"/v1/complaints/{complaint}"))
    assert after["intake"]["customer"]["name"] == MARK
    for field in ("stage", "outcome", "received_at", "closed_at", "revision", "decided", "paid", "breaches", "assignee"):
        assert after[field] == before[field], field
    story = await manned.get(f"/v1/complaints/{complaint}/journal")
    rows = await manned.get("/v1/complaints", customer_name=MARK)
    for shown in (story.text, rows.text, (await manned.get(f"/v1/complaints/{complaint}")).text):
        assert [word for word in (*PERSON, customer) if word in shown] == []
    entries = await manned.cases.journal("home-demo", complaint)
    case = await manned.cases.get("home-demo", complaint)
    assert case is not None
    laws.check_all(registry.released("home@2026-11"), entries, case)

    await no_copy_is_opened(manned, kept_copy)
    assert "王小明" in (await manned.get(f"/v1/complaints/{other}")).text
    assert (await history_of(manned, other)).events


async def no_copy_is_opened(world: World, history: WorkflowHistory) -> None:
    """Somebody kept the history, from a backup: its payloads stay closed."""
    codec = SealingCodec(keyring_of(world.client))
    payloads = history.events[0].workflow_execution_started_event_attributes.input.payloads
    assert payloads
    with pytest.raises(Erased):
        await codec.decode(payloads)


@pytest.mark.slow  # the server takes its time
async def test_a_history_is_gone_from_temporal_some_moments_later(manned: World, customer: str) -> None:
    complaint = await withdrawn(manned, customer)
    await done(await erase(manned, customer))
    for _ in range(600):
        try:
            await history_of(manned, complaint)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return
            raise
        await asyncio.sleep(0.2)
    raise AssertionError(f"the history of {complaint} is still there")


async def test_asked_again_it_answers_the_same_receipt(manned: World, customer: str) -> None:
    await withdrawn(manned, customer)
    first = await done(await erase(manned, customer))
    again = await done(await erase(manned, customer, reason="request 8"))
    assert again == {**first, "again": True, "histories": 0}


async def test_an_open_complaint_is_named_and_nothing_is_erased(manned: World, customer: str) -> None:
    closed, open_one = await withdrawn(manned, customer), await filed(manned, customer)
    await until(lambda: manned.get("/v1/complaints", customer_id=customer), lambda page: len(page["rows"]) == 2)
    refused = await erase(manned, customer)
    assert (refused.status_code, refused.json()["code"]) == (409, "open_complaints")
    assert open_one in refused.json()["detail"]
    assert "王小明" in (await manned.get(f"/v1/complaints/{closed}")).text
    assert (await history_of(manned, closed)).events


async def test_an_erased_complaint_is_not_reopened_and_not_filed_again(manned: World, customer: str) -> None:
    key = str(uuid.uuid4())
    complaint = await withdrawn(manned, customer, key)
    await done(await erase(manned, customer))
    reopened = await manned.command(complaint, "reopen", {"reason": "x"}, as_role(Role.SUPERVISOR, id="zhou"))
    assert (reopened.status_code, reopened.json()["code"]) == (410, "erased")
    again = await manned.file(intake_of(customer), key=key)
    assert (again.status_code, again.json()["code"]) == (410, "erased")
    assert (await manned.file(intake_of(customer))).status_code == 201


async def test_it_stays_erased_when_another_key_seals_from_now_on(
    manned: World, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "_LOOK_EVERY_SECONDS", 0.0)
    key = str(uuid.uuid4())
    complaint = await withdrawn(manned, customer, key)
    await done(await erase(manned, customer))
    ring = keyring_of(manned.client)
    before = ring.newest
    key_file.rotate(ring.file)
    assert ring.newest != before
    reopened = await manned.command(complaint, "reopen", {"reason": "x"}, as_role(Role.SUPERVISOR, id="zhou"))
    assert (reopened.status_code, reopened.json()["code"]) == (410, "erased")
    again = await manned.file(intake_of(customer), key=key)
    assert (again.status_code, again.json()["code"]) == (410, "erased")
    assert (await manned.file(intake_of(customer))).status_code == 201


async def test_complaints_without_a_customer_id_are_erased_when_they_are_named(manned: World, customer: str) -> None:
    nameless, foreign = await withdrawn(manned, None), await withdrawn(manned, f"{customer}-other")
    wrong = await erase(manned, customer, complaints=[nameless, foreign, "cmp_nowhere"])
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "complaints"
    assert foreign in wrong.json()["detail"] or foreign in wrong.text
    receipt = await done(await erase(manned, customer, complaints=[nameless]))
    assert receipt["complaints"] == [nameless]
    assert (await done(await erase(manned, customer, complaints=[nameless])))["again"] is True


async def test_only_an_administrator_of_the_same_company_erases(manned: World, customer: str) -> None:
    await withdrawn(manned, customer)
    for role in (Role.GENERAL_MANAGER, Role.OPERATOR, Role.INTAKE):
        assert (await erase(manned, customer, as_role(role))).status_code == 403
    elsewhere = await erase(manned, customer, as_role(Role.ADMINISTRATOR, tenant="olist-demo"))
    assert elsewhere.status_code == 404
    assert (await erase(manned, f"{customer}-nobody")).status_code == 404
    assert (await erase(manned, customer, reason="")).status_code == 422


async def test_where_the_key_file_cannot_be_written_nothing_is_erased(
    manned: World, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint = await withdrawn(manned, customer)

    def read_only(*given: object) -> None:
        raise PermissionError(30, "Read-only file system")

    with monkeypatch.context() as mounted:
        mounted.setattr(key_file, "write", read_only)
        refused = await erase(manned, customer)
    assert (refused.status_code, refused.json()["code"]) == (503, "keys_not_writable")
    assert "王小明" in (await manned.get(f"/v1/complaints/{complaint}")).text
    assert (await history_of(manned, complaint)).events
    assert (await done(await erase(manned, customer)))["complaints"] == [complaint]


async def test_while_temporal_is_away_nothing_is_erased(cut_off: World) -> None:
    answer = await erase(cut_off, "cust-1")
    assert answer.status_code == 404  # nothing is known here, and nobody had to be asked
