"""Complaints that may not be honest, over HTTP: signs, the whole file for legal, the blacklist; and the knowledge base."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from domain.actor import Role
from tests.api.steps import until
from tests.api.world import INTAKE, World, as_role, world
from tests.wary import installed

WARY = "wary-demo"


def by(*roles: Role, id: str, complaint: str | None = None) -> dict[str, str]:
    return as_role(*roles, id=id, tenant=WARY, complaint=complaint)


AGENT, SUPERVISOR, OTHER = by(Role.AGENT, id="lin"), by(Role.SUPERVISOR, id="zhou"), by(Role.SUPERVISOR, id="wu")
MANAGER, LEGAL = by(Role.MANAGER, id="qian"), by(Role.LEGAL, id="lawyer")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def wary_world(temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A company whose procedure is wary of malice."""
    folder = tmp_path_factory.mktemp("wary")
    company = Path("tenants/home-demo.toml").read_text(encoding="utf-8")
    company = company.replace('id = "home-demo"', f'id = "{WARY}"').replace('pack = "home@2026-11"', 'pack = "wary@2026-11"')
    (folder / "companies").mkdir()
    (folder / "companies" / f"{WARY}.toml").write_text(company, encoding="utf-8")
    pack = installed()
    async with world(temporal_env.client, folder, tenants=folder / "companies", packs=(pack,)) as made, made.worker():
        yield made


async def filed(world: World, customer: str | None = None, content: str = "请问怎么验收？不赔我就曝光。") -> dict[str, Any]:
    intake = {**INTAKE, "content": content, "customer": {**INTAKE["customer"], "customer_id": customer or str(uuid.uuid4())}}
    answer = await world.file(intake, by(Role.INTAKE, id="shop"))
    assert answer.status_code == 201, answer.text
    filed: dict[str, Any] = answer.json()
    return filed


async def did(world: World, complaint: str, name: str, body: dict[str, Any], headers: dict[str, str]) -> None:
    answer = await world.command(complaint, name, body, headers)
    assert answer.status_code == 200, answer.text


async def refused_as_malicious(world: World, customer: str | None = None) -> str:
    complaint = str((await filed(world, customer))["complaint_id"])
    await did(world, complaint, "note_sign", {"sign": "contradiction", "note": "前后矛盾"}, AGENT)
    await did(world, complaint, "presume_malice", {"reason": "威胁且矛盾"}, AGENT)
    await did(world, complaint, "close_by_decision", {"outcome": "refused_as_malicious", "reason": "恶意"}, MANAGER)
    await until(lambda: world.get(f"/v1/complaints/{complaint}", AGENT), lambda case: case["stage"] == "closed")
    return complaint


def entry(complaint: str, days: float = 30) -> dict[str, Any]:
    until_at = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    return {"complaint_id": complaint, "limits": ["purchases"], "reason": "索要十倍赔偿", "expires_at": until_at}


@pytest.mark.clause("FOO-ABU-01", "FOO-ABU-02")
async def test_signs_are_read_with_their_score_and_where_each_comes_from(wary_world: World) -> None:
    complaint = (await filed(wary_world))["complaint_id"]
    await did(wary_world, complaint, "note_sign", {"sign": "excessive_demand", "note": "十倍赔偿"}, AGENT)
    path = f"/v1/complaints/{complaint}/signs"
    read = await until(lambda: wary_world.get(path, AGENT), lambda signs: len(signs["signs"]) == 2)
    assert (read["score"], read["presumed_from"], read["presumed"], read["evidence_overdue"]) == (5, 5, False, False)
    assert [(each["row"], each["by"], each["found"], each["note"]) for each in read["signs"]] == [
        ("threat_words", "redress", ["不赔我就曝光"], None), ("too_much", "lin", [], "十倍赔偿"),
    ]  # fmt: skip
    assert read["signs"][0]["title"] == {"zh": "文字威胁", "en": "Threat in writing"}
    assert read["repeats"] == {"many": 1}


@pytest.mark.clause("FOO-ABU-05")
async def test_the_third_complaint_of_a_customer_within_the_window_bears_the_sign_and_is_filed_like_any_other(
    wary_world: World,
) -> None:
    customer = str(uuid.uuid4())
    for _ in range(2):
        await filed(wary_world, customer, "石板碎了。")
    await until(lambda: wary_world.get("/v1/complaints", AGENT, customer_id=customer), lambda page: len(page["rows"]) == 2)
    third = (await filed(wary_world, customer, "石板又碎了。"))["complaint_id"]
    path = f"/v1/complaints/{third}/signs"
    read = await until(lambda: wary_world.get(path, AGENT), lambda signs: bool(signs["signs"]))
    assert [(each["row"], each["count"]) for each in read["signs"]] == [("many", 3)]
    assert read["repeats"] == {"many": 3}
    assert (await wary_world.get(f"/v1/complaints/{third}", AGENT)).json()["stage"] == "received"


@pytest.mark.clause("FOO-ABU-03")
async def test_legal_reads_the_whole_file(wary_world: World) -> None:
    complaint = (await filed(wary_world))["complaint_id"]
    photo = {"uri": "s3://evidence/call.mp3", "sha256": "a" * 64, "media_type": "audio/mpeg", "size": 9, "note": "通话录音"}
    await did(wary_world, complaint, "attach_evidence", {"evidence": [photo]}, AGENT)
    await did(wary_world, complaint, "refer_to_legal", {"reason": "勒索"}, SUPERVISOR)
    path = f"/v1/complaints/{complaint}/file"

    async def read() -> httpx.Response:
        # That a notice was sent is written with the next entry that is news.
        await did(wary_world, complaint, "note_sign", {"sign": "excessive_demand", "note": "又来电"}, AGENT)
        return await wary_world.get(path, LEGAL)

    whole = await until(read, lambda file: {"guide", "legal_told"} <= {each["notice"] for each in file["notices"]})
    assert whole["case"]["with_legal"] is True
    told = next(line for line in whole["journal"] if line["event"]["kind"] == "referred_to_legal")
    assert "to legal counsel with its whole file" in told["en"]
    assert "连同全部材料移交法务" in told["zh"]
    assert [(each["uri"], each["sha256"], each["attached_by"]) for each in whole["evidence"]] == [
        (photo["uri"], photo["sha256"], "lin")
    ]
    assert ("guide", "customer", True) in {(each["notice"], each["to"], each["delivered"]) for each in whole["notices"]}
    assert [line["seq"] for line in whole["journal"]] == list(range(1, len(whole["journal"]) + 1))
    assert (await wary_world.get(path, AGENT)).json()["code"] == "wrong_role"


@pytest.mark.clause("FOO-ABU-04")
async def test_a_supervisor_lists_a_malicious_customer_it_is_shown_and_refuses_nothing(wary_world: World) -> None:
    customer = str(uuid.uuid4())
    complaint = await refused_as_malicious(wary_world, customer)
    post = wary_world.http.post
    for headers, body, status, code in (
        (AGENT, entry(complaint), 403, "wrong_role"),
        (SUPERVISOR, entry(complaint, days=91), 422, "bad_expiry"),
        (SUPERVISOR, entry(str((await filed(wary_world))["complaint_id"])), 422, "not_malicious"),
    ):
        answer = await post("/v1/blacklist", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    made = await post("/v1/blacklist", json=entry(complaint), headers=SUPERVISOR)
    assert made.status_code == 201, made.text
    listed = made.json()
    assert (listed["customer_id"], listed["entered_by"], listed["clause"]) == (customer, "zhou", "WRY-ABU-04")
    rows = (await wary_world.get("/v1/blacklist", AGENT)).json()["rows"]
    assert listed["entry_id"] in [row["entry_id"] for row in rows]

    # Intake does not wait long for the database.
    for _ in range(100):
        again = await filed(wary_world, customer, "又碎了。")
        if "blacklisted" in again:
            break
        await asyncio.sleep(0.05)
    [limit] = again["blacklisted"]
    assert (limit["entry_id"], limit["limits"], limit["appealed"]) == (listed["entry_id"], ["purchases"], False)
    shown = await until(lambda: wary_world.get(again["url"], AGENT), lambda case: True)
    assert (shown["blacklisted"], shown["stage"]) == ([limit], "received")
    assert "blacklisted" not in await filed(wary_world)


@pytest.mark.clause("FOO-ABU-04")
async def test_the_customer_appeals_and_another_supervisor_decides(wary_world: World) -> None:
    customer = str(uuid.uuid4())
    complaint = await refused_as_malicious(wary_world, customer)
    post = wary_world.http.post
    made = (await post("/v1/blacklist", json=entry(complaint), headers=SUPERVISOR)).json()
    themselves = by(Role.CUSTOMER, id="link", complaint=complaint)
    assert (await wary_world.get(f"/v1/complaints/{complaint}", themselves)).json()["blacklisted"][0]["appealed"] is False
    appeal, grounds = f"/v1/complaints/{complaint}/blacklist-appeal", {"grounds": "我没有威胁任何人"}
    stranger = by(Role.CUSTOMER, id="link", complaint=str((await filed(wary_world))["complaint_id"]))
    assert (await post(appeal, json=grounds, headers=stranger)).json()["code"] == "other_complaint"
    answer = await post(appeal, json=grounds, headers=themselves)
    assert (answer.status_code, answer.json()["appealed"]) == (200, True)
    assert (await post(appeal, json=grounds, headers=themselves)).json()["code"] == "appealed_already"

    decision = f"/v1/blacklist/{made['entry_id']}/decision"
    own = await post(decision, json={"keep": False, "reason": "x"}, headers=SUPERVISOR)
    assert (own.status_code, own.json()["code"]) == (403, "own_decision")
    kept = await post(decision, json={"keep": True, "reason": "录音属实"}, headers=OTHER)
    assert (kept.json()["decision"], kept.json()["decided_by"]) == ("kept", "wu")
    removed = await post(decision, json={"keep": False, "reason": "时过境迁"}, headers=OTHER)
    assert removed.json()["decision"] == "removed"
    assert "blacklisted" not in await filed(wary_world, customer, "又碎了。")
    assert (await post(appeal, json=grounds, headers=themselves)).json()["code"] == "not_listed"
    everything = (await wary_world.get("/v1/blacklist", AGENT, in_force="false")).json()["rows"]
    assert made["entry_id"] in [row["entry_id"] for row in everything]


@pytest.mark.clause("FOO-USE-01", "FOO-PRV-02")
async def test_the_agent_is_offered_the_articles_that_fit_the_procedures_and_our_own(wary_world: World) -> None:
    own = {
        "title": {"zh": "怎么预约送货", "en": "Choosing a day"}, "text": {"zh": "电话预约", "en": "By telephone"},
        "categories": ["transport"], "words": ["验收"],
    }  # fmt: skip
    written = await wary_world.http.post("/v1/articles", json=own, headers=SUPERVISOR)
    assert written.status_code == 201, written.text
    id = written.json()["article_id"]
    complaint = (await filed(wary_world))["complaint_id"]
    path = f"/v1/complaints/{complaint}/advice"
    advice = await until(lambda: wary_world.get(path, AGENT), lambda page: page["articles"])
    assert [(each["id"], each["source"]) for each in advice["articles"]] == [
        ("unpacking", "pack"), ("transport", "pack"), (id, "own"),
    ]  # fmt: skip
    assert advice["articles"][0]["link"] == "https://yanju.example/unpacking.mp4"
    assert advice["articles"][2]["title"]["en"] == "Choosing a day"
    everything = (await wary_world.get("/v1/articles", AGENT)).json()
    assert [each["id"] for each in everything] == ["unpacking", "transport", id]
    for status in (204, 404):
        answer = await wary_world.http.post(f"/v1/articles/{id}/withdrawal", headers=SUPERVISOR)
        assert answer.status_code == status
    assert id not in [each["id"] for each in (await wary_world.get(path, AGENT)).json()["articles"]]


@pytest.mark.clause("FOO-PRV-02")
async def test_the_case_library_of_a_month_is_read_without_names_and_reviewed_once(wary_world: World) -> None:
    complaint = await refused_as_malicious(wary_world)
    library = (await wary_world.get("/v1/case-library", AGENT, result="failed")).json()
    month = library["month"]
    mine = next(each for each in library["cases"]["rows"] if each["complaint_id"] == complaint)
    assert (mine["result"], mine["outcome"], mine["category"]) == ("failed", "refused_as_malicious", "transport_damage")
    assert "王小明" not in str(library)
    assert library["frequent"][0]["category"] == "transport_damage"
    for status in (201, 409):
        answer = await wary_world.http.post("/v1/case-library/reviews", json={"month": month, "note": "见文章"}, headers=OTHER)
        assert answer.status_code == status, answer.text
    again = (await wary_world.get("/v1/case-library", AGENT, month=month)).json()
    assert (again["review"]["reviewed_by"], again["review"]["note"]) == ("wu", "见文章")
    assert (await wary_world.get("/v1/case-library", AGENT, month="2026-13")).status_code == 422


async def test_a_company_without_these_rows_sees_nothing_of_them(manned: World) -> None:
    customer = {**INTAKE["customer"], "customer_id": str(uuid.uuid4())}
    answer = await manned.file({**INTAKE, "content": "不赔我就曝光", "customer": customer})
    assert set(answer.json()) == {"complaint_id", "created", "url", "journal_url"}
    complaint = answer.json()["complaint_id"]
    read = await until(lambda: manned.get(f"/v1/complaints/{complaint}/signs"), lambda signs: True)
    assert (read["score"], read["presumed_from"], read["signs"], read["repeats"]) == (0, None, [], {})
    assert not {"blacklisted", "signs", "presumed", "with_legal"} & set((await manned.get(answer.json()["url"])).json())
