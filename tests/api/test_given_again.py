"""A command under its key again: after the complaint has ended, was taken up again, or with another body."""

from __future__ import annotations

import asyncio
from typing import Any

from domain.actor import Role
from storage.cases import Cases
from tests.api.steps import done, until
from tests.api.world import World, as_role

AGENT = as_role(Role.AGENT, id="lin")
OTHER_AGENT = as_role(Role.AGENT, id="zhao")
_RESPOND = {"message": "已登记，今天内答复。"}
_WITHDRAW = {"reason": "自行解决"}
_REOPEN = {"reason": "又出现了"}


def keyed(key: str, who: dict[str, str] = AGENT) -> dict[str, str]:
    return {**who, "Idempotency-Key": key}


async def ended(world: World) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A complaint answered and withdrawn under keys; both receipts. Its run is over."""
    complaint = await world.filed()
    answered = await done(await world.command(complaint, "respond", _RESPOND, keyed("k-1")))
    withdrawn = await done(await world.command(complaint, "withdraw", _WITHDRAW, keyed("k-2")))
    await asyncio.wait_for(world.client.get_workflow_handle(f"complaint/home-demo/{complaint}").result(), 30)
    return complaint, answered, withdrawn


def _is_reused(answer: Any) -> bool:
    wrong = answer.json()
    assert (answer.status_code, wrong["code"]) == (422, "key_reused"), answer.text
    return [each["field"] for each in wrong["errors"]] == ["Idempotency-Key"]


async def test_a_key_with_another_body_is_refused_in_both_languages_and_changes_nothing(manned: World) -> None:
    complaint = await manned.filed()
    first = await done(await manned.command(complaint, "attach_evidence", _photo("a"), keyed("k-1")))
    refused = await manned.command(complaint, "attach_evidence", _photo("b"), {**keyed("k-1"), "Accept-Language": "zh"})
    assert _is_reused(refused)
    assert "请换用新的键" in refused.json()["detail"]
    assert "use a new key" in (await manned.command(complaint, "attach_evidence", _photo("b"), keyed("k-1"))).json()["detail"]
    assert await done(await manned.command(complaint, "attach_evidence", _photo("a"), keyed("k-1"))) == first
    case = await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: len(case["evidence"]) == 1)
    assert case["evidence"][0]["uri"] == "s3://evidence/a.jpg"


async def test_a_key_is_of_one_person_and_one_command(manned: World) -> None:
    complaint = await manned.filed()
    for who in (AGENT, OTHER_AGENT):
        await done(await manned.command(complaint, "attach_evidence", _photo("a"), keyed("k-1", who)))
    await done(await manned.command(complaint, "respond", _RESPOND, keyed("k-1")))
    await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: len(case["evidence"]) == 2)


async def test_after_the_end_a_key_gets_its_first_receipt_and_another_body_is_refused(manned: World) -> None:
    complaint, answered, withdrawn = await ended(manned)
    assert await done(await manned.command(complaint, "respond", _RESPOND, keyed("k-1"))) == answered
    assert await done(await manned.command(complaint, "withdraw", _WITHDRAW, keyed("k-2"))) == withdrawn
    assert _is_reused(await manned.command(complaint, "respond", {"message": "别的"}, keyed("k-1")))
    unknown = await manned.command(complaint, "respond", _RESPOND, keyed("k-3"))
    assert (unknown.status_code, unknown.json()["code"]) == (409, "complaint_closed")


async def test_taken_up_again_it_knows_the_keys_of_its_earlier_life_and_is_not_withdrawn_again(manned: World) -> None:
    complaint, answered, withdrawn = await ended(manned)
    reopened = await done(await manned.command(complaint, "reopen", _REOPEN, keyed("k-3")))
    assert await done(await manned.command(complaint, "reopen", _REOPEN, keyed("k-3"))) == reopened
    assert await done(await manned.command(complaint, "withdraw", _WITHDRAW, keyed("k-2"))) == withdrawn
    assert await done(await manned.command(complaint, "respond", _RESPOND, keyed("k-1"))) == answered
    assert _is_reused(await manned.command(complaint, "withdraw", {"reason": "别的"}, keyed("k-2")))
    case = await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: case["reopened"] == 1)
    assert (case["stage"], case["outcome"], case["cycle"]) == ("assessing", None, 2)

    # And after its second end, by the journal that both lives share.
    await done(await manned.command(complaint, "close_by_decision", _DECISION, as_role(Role.SUPERVISOR, id="zhou")))
    await asyncio.wait_for(manned.client.get_workflow_handle(f"complaint/home-demo/{complaint}").result(), 30)
    assert await done(await manned.command(complaint, "reopen", _REOPEN, keyed("k-3"))) == reopened
    assert await done(await manned.command(complaint, "withdraw", _WITHDRAW, keyed("k-2"))) == withdrawn
    assert (await manned.get(f"/v1/complaints/{complaint}")).json()["stage"] == "closed"


async def test_while_the_database_is_away_the_last_run_is_asked(manned: World, monkeypatch: Any) -> None:
    complaint, answered, _ = await ended(manned)

    async def away(*args: object) -> None:
        raise OSError("the database is away")

    monkeypatch.setattr(Cases, "given", away)
    assert await done(await manned.command(complaint, "respond", _RESPOND, keyed("k-1"))) == answered


def _photo(name: str) -> dict[str, Any]:
    photo = {"uri": f"s3://evidence/{name}.jpg", "sha256": "ab" * 32, "media_type": "image/jpeg", "size": 1000}
    return {"evidence": [photo]}


_DECISION = {"outcome": "decided", "reason": "已与客户书面确认"}
