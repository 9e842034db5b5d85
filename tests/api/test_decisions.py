"""The link in an approver's mail: it opens one decision for one person, and what is decided there counts once."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from api.local_issuer import mint
from domain.actor import Actor, Role
from settings.deciding import sign_decision
from tests.api.steps import AGENT, done, until
from tests.api.test_life import to_proposed, to_proposing
from tests.api.world import INTAKE, TENANT, TOKEN_KEY, World, as_role

BROWSER = {"Accept": "text/html,application/xhtml+xml"}
MANAGER = as_role(Role.MANAGER, id="qian")


def link(complaint: str, person: str = "qian", number: int = 1, **changes: Any) -> str:
    given = {"secret": TOKEN_KEY, "tenant": TENANT, "holds": timedelta(days=7), **changes}
    return f"/v1/decisions/{sign_decision(person=person, complaint_id=complaint, number=number, **given)}"


async def look(world: World, address: str, **headers: str) -> httpx.Response:
    return await world.http.get(address, headers={**BROWSER, **headers})


async def send(world: World, address: str, decision: str, words: str = "", **headers: str) -> httpx.Response:
    return await world.http.post(address, data={"decision": decision, "words": words}, headers={**BROWSER, **headers})


@pytest_asyncio.fixture(loop_scope="session")
async def waiting(manned: World) -> AsyncIterator[str]:
    """A complaint whose first proposal waits for its approver."""
    complaint, stage = await to_proposed(manned)
    assert stage == "approving"
    yield complaint


@pytest.mark.clause("LOY-FLW-05")
@pytest.mark.parametrize(
    ("language", "wanted"),
    [("zh-CN", ["审批第 1 号方案", "全额退款", "1000.00 CNY", "破损属实", "批准", "退回修改", "否决"]),
     ("en", ["Decide on proposal 1", "1000.00 CNY", "Proposed by", "Approve", "Send back", "Refuse"])],
)  # fmt: skip
async def test_the_page_shows_the_plan_in_the_readers_language(
    manned: World, waiting: str, language: str, wanted: list[str]
) -> None:
    await until(lambda: manned.get(f"/v1/complaints/{waiting}"), lambda case: case["stage"] == "approving")
    answer = await look(manned, link(waiting), **{"Accept-Language": language})
    assert answer.status_code == 200
    assert [text for text in wanted if text not in answer.text] == []
    other = re.search(r'href="([^"]+)"', answer.text)
    assert other is not None
    turned = await look(manned, other[1], **{"Accept-Language": language})
    assert f'<html lang="{"en" if language == "zh-CN" else "zh-CN"}">' in turned.text


async def test_the_page_runs_nothing_and_leads_nowhere_else(manned: World, waiting: str) -> None:
    answer = await look(manned, link(waiting))
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "<script" not in answer.text
    assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("no-referrer", "no-store")


async def test_what_a_customer_wrote_is_text_and_nothing_more(manned: World) -> None:
    filed = await manned.file({**INTAKE, "content": "<script>alert(1)</script><b>坏了</b>"})
    complaint = filed.json()["complaint_id"]
    await done(await manned.command(complaint, "respond", {"message": "已记录"}, AGENT))
    await done(await manned.command(complaint, "verify", {"founded": True, "findings": "属实"}, AGENT))
    await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: case["order"] is not None)
    await done(await manned.command(complaint, "assess", {"facts": {"damage": "severe"}, "liable": "carrier"}, AGENT))
    await done(await manned.command(complaint, "propose", {}, AGENT))
    page = (await look(manned, link(complaint))).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page


@pytest.mark.clause("LOY-FLW-05")
async def test_a_decision_counts_once_however_often_it_is_sent(manned: World, waiting: str) -> None:
    address = link(waiting)
    first, again = await send(manned, address, "approve", "同意"), await send(manned, address, "approve", "同意")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.text == again.text
    other = await send(manned, address, "refuse", "不行")
    assert other.status_code == 409
    assert "has been decided on" in other.text
    journal = await until(
        lambda: manned.get(f"/v1/complaints/{waiting}/journal"),
        lambda found: any(each["event"]["kind"] == "offered" for each in found["entries"]),
    )
    decided = [each for each in journal["entries"] if each["event"]["kind"] in ("approved", "refused")]
    assert [(each["by"]["id"], each["event"]["kind"], each["event"]["note"]) for each in decided] == [
        ("qian", "approved", "同意")
    ]
    page = (await look(manned, address)).text
    assert "qian approved proposal 1" in page
    assert "<form" not in page


@pytest.mark.clause("ECO-APL-01")
async def test_sending_back_needs_a_reason_and_ends_the_link(manned: World, waiting: str) -> None:
    address = link(waiting)
    without = await send(manned, address, "send_back", "  ")
    assert without.status_code == 422
    assert "give a reason" in without.text
    assert "<form" in without.text
    assert (await send(manned, address, "send_back", "请补充\r\n照片")).status_code == 200
    await done(await manned.command(waiting, "propose", {}, AGENT))
    assert (await send(manned, address, "approve")).status_code == 409
    page = await look(manned, address)
    assert "has been decided on" in page.text
    assert (await send(manned, link(waiting, number=2), "refuse", "金额过高")).status_code == 200


async def test_what_makes_no_sense_is_told_with_what_was_typed(manned: World, waiting: str) -> None:
    for decision, words in (("", "x"), ("pay", "x"), ("approve", "长" * 201), ("refuse", "\x07")):
        answer = await send(manned, link(waiting), decision, words)
        assert answer.status_code == 422, (decision, words)
        assert 'role="alert"' in answer.text
        assert "<form" in answer.text


async def test_a_link_is_no_key_to_anything_else(manned: World, waiting: str) -> None:
    token = link(waiting).rpartition("/")[2]
    for method, path in (("GET", f"/v1/complaints/{waiting}"), ("POST", f"/v1/complaints/{waiting}/approve")):
        answer = await manned.http.request(method, path, headers={"Authorization": f"Bearer {token}"}, json={"number": 1})
        assert answer.status_code == 401
    manager = mint(TOKEN_KEY, Actor(id="qian", roles=(Role.MANAGER,)), TENANT, timedelta(hours=1))
    assert (await look(manned, f"/v1/decisions/{manager}")).status_code == 401


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"secret": "a secret that somebody made up by themselves"}, 401, "not valid"),
        ({"holds": timedelta(seconds=-1)}, 401, "has expired"),
        ({"person": "nobody"}, 403, "no longer among"),
        ({"tenant": "nobody"}, 403, "no tenant"),
        ({"number": 7}, 200, "has been decided on"),
    ],
)
async def test_a_link_that_is_not_for_this_is_told_why(
    manned: World, waiting: str, changes: dict[str, Any], status: int, said: str
) -> None:
    address = link(waiting, **changes)
    shown = await look(manned, address)
    assert shown.status_code == status
    assert said in shown.text
    assert waiting not in shown.text
    assert (await send(manned, address, "approve")).status_code == (409 if status == 200 else status)
    program = await manned.http.get(address)
    assert program.headers["content-type"].startswith("text/html" if status == 200 else "application/problem+json")


async def test_a_link_that_was_cut_short_is_told_so(manned: World, waiting: str) -> None:
    address = link(waiting)
    for broken in (address[:-4], "/v1/decisions/x", f"/v1/decisions/{'a' * 3000}"):
        answer = await look(manned, broken)
        assert answer.status_code == 401
        assert "copy the whole" in answer.text


async def test_another_tenant_s_link_finds_nothing_of_ours(manned: World, waiting: str) -> None:
    answer = await look(manned, link(waiting, person="ana", tenant="olist-demo"))
    assert answer.status_code in (403, 404)
    assert "王小明" not in answer.text


async def test_whoever_proposed_does_not_approve_by_mail_either(manned: World) -> None:
    complaint = await to_proposing(manned)
    await done(await manned.command(complaint, "propose", {}, MANAGER))
    answer = await send(manned, link(complaint), "approve")
    assert answer.status_code == 403
    assert "nobody decides on their own proposal" in answer.text


@pytest.mark.clause("ECO-APL-01")
async def test_a_delegate_decides_by_their_own_link_and_the_journal_names_both(manned: World, waiting: str) -> None:
    address = link(waiting, person="lin")
    before = await send(manned, address, "approve")
    assert before.status_code == 403
    given = {"to_person": "chen", "until_at": "2099-01-01T00:00:00Z", "reason": "休假"}
    assert (await manned.http.post("/v1/delegations", json=given, headers=MANAGER)).status_code == 422
    given["until_at"] = _in(days=3)
    made = await manned.http.post("/v1/delegations", json=given, headers=MANAGER)
    assert made.status_code == 201, made.text
    try:
        assert (await send(manned, link(waiting, person="chen"), "approve")).status_code == 200
        journal = await until(
            lambda: manned.get(f"/v1/complaints/{waiting}/journal"),
            lambda found: any(each["event"]["kind"] == "approved" for each in found["entries"]),
        )
        entry = next(each for each in journal["entries"] if each["event"]["kind"] == "approved")
        assert (entry["by"]["id"], entry["by"]["acting_for"]) == ("chen", "qian")
    finally:
        gone = await manned.http.delete(f"/v1/delegations/{made.json()['delegation_id']}", headers=MANAGER)
    assert gone.status_code == 204


async def test_many_are_decided_at_once_and_each_has_its_answer(manned: World) -> None:
    (one, _), (two, _), own = await to_proposed(manned), await to_proposed(manned), await to_proposing(manned)
    await done(await manned.command(own, "propose", {}, MANAGER))
    nowhere = "cmp_" + "a" * 26
    body = {
        "decisions": [
            {"complaint_id": one, "number": 1, "decision": "approve", "note": "同意"},
            {"complaint_id": nowhere, "number": 1, "decision": "approve"},
            {"complaint_id": own, "number": 1, "decision": "approve"},
            {"complaint_id": two, "number": 1, "decision": "send_back", "reason": "请补充照片"},
            {"complaint_id": two, "number": 9, "decision": "refuse", "reason": "x"},
        ]
    }
    headers = {**MANAGER, "Idempotency-Key": str(uuid.uuid4())}
    first = await done(await manned.http.post("/v1/approvals", json=body, headers=headers))
    found = [(each["done"], (each["receipt"] or {}).get("stage") or each["problem"]["code"]) for each in first["results"]]
    assert found[:4] == [(True, "offered"), (False, "not_found"), (False, "own_proposal"), (True, "proposing")]
    assert found[4][0] is False
    again = await done(await manned.http.post("/v1/approvals", json=body, headers=headers))
    assert [(each["done"], each["receipt"]) for each in again["results"]] == [
        (each["done"], each["receipt"]) for each in first["results"]
    ]


async def test_a_list_of_decisions_names_what_is_wrong_in_it(manned: World) -> None:
    for decision in ({"decision": "refuse"}, {"decision": "approve", "number": 0}, {"decision": "pay"}):
        body = {"decisions": [{"complaint_id": "cmp_1", "number": 1, **decision}]}
        answer = await manned.http.post("/v1/approvals", json=body, headers=MANAGER)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"].startswith("decisions[0]")


def _in(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()
