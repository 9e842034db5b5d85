"""A complaint's life over HTTP: commands, and how they are refused."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from domain.actor import Role
from tests.api.steps import AGENT, done, until
from tests.api.world import INTAKE, World, as_role

SUPERVISOR = as_role(Role.SUPERVISOR, id="boss")
MANAGER = as_role(Role.MANAGER, id="head")


async def to_proposing(world: World) -> str:
    """A complaint with a founded, severe damage."""
    complaint = await world.filed()
    await done(await world.command(complaint, "respond", {"message": "已记录"}, AGENT))
    await done(await world.command(complaint, "verify", {"founded": True, "findings": "破损属实"}, AGENT))
    await until(lambda: world.get(f"/v1/complaints/{complaint}"), lambda case: case["order"] is not None)
    assessed = {"facts": {"damage": "severe"}, "liable": "carrier"}
    await done(await world.command(complaint, "assess", assessed, AGENT))
    return complaint


async def to_proposed(world: World, by: dict[str, str] = AGENT) -> tuple[str, str]:
    complaint = await to_proposing(world)
    receipt = await done(await world.command(complaint, "propose", {}, by))
    return complaint, receipt["stage"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def closed(manned: World) -> AsyncIterator[str]:
    """A complaint that the customer took back."""
    complaint = await manned.filed()
    await done(await manned.command(complaint, "withdraw", {"reason": "自行解决"}, AGENT))
    await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: case["stage"] == "closed")
    yield complaint


@pytest.mark.clause("HOM-TRN-03")
async def test_a_command_is_answered_with_the_stage_it_led_to(manned: World) -> None:
    complaint = await manned.filed()
    receipt = await done(await manned.command(complaint, "respond", {"message": "We look into it today."}, AGENT))
    assert receipt["complaint_id"] == complaint
    assert receipt["stage"] == "verifying"
    assert receipt["revision"] > 1


@pytest.mark.clause("HOM-DMG-03", "HOM-EXE-01")
async def test_a_complaint_goes_from_filing_to_a_satisfied_customer(manned: World) -> None:
    complaint, stage = await to_proposed(manned)
    assert stage == "approving"
    await done(await manned.command(complaint, "approve", {"number": 1, "note": "同意"}, MANAGER))
    me = as_role(Role.CUSTOMER, id="wang", complaint=complaint)
    await done(await manned.command(complaint, "accept", {"number": 1}, me))
    steps = await until(
        lambda: manned.get(f"/v1/complaints/{complaint}"),
        lambda case: any(step["status"] == "ordered" for step in case["steps"]),
    )
    for step in steps["steps"]:
        if step["step"]["executor"] in ("payments", "logistics", "benefits"):
            body = news_of(f"home-demo:{complaint}/1/{step['step']['id']}")
            await done(await manned.news(body))
            assert (await done(await manned.news(body)))["result"] == "taken"  # told twice is told once
        elif step["step"]["executor"] == "person":
            told = {"step": step["step"]["id"], "note": "已完成"}
            await done(await manned.command(complaint, "complete_step", told, AGENT))
    await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: case["stage"] == "confirming")
    await done(await manned.command(complaint, "confirm", {"satisfied": True, "rating": 5}, me))
    case = await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: case["stage"] == "closed")
    assert case["outcome"] == "satisfied"
    story = await until(
        lambda: manned.get(f"/v1/complaints/{complaint}/journal"), lambda page: page["entries"][-1]["seq"] >= case["revision"]
    )
    kinds = [line["event"]["kind"] for line in story["entries"]]
    for kind in ("received", "responded", "verified", "assessed", "proposed", "approved", "accepted", "step_done", "closed"):
        assert kind in kinds
    assert kinds.count("carried_out") == 1


def news_of(key: str, status: str = "done", event: str | None = None) -> dict[str, Any]:
    return {
        "event_id": event or f"evt_{uuid.uuid4().hex}",
        "kind": "payments",
        "key": key,
        "reference": "PY-1",
        "status": status,
        "detail": "succeeded",
        "at": "2026-11-21T10:00:00+00:00",
    }


async def test_a_command_at_the_wrong_stage_is_refused_in_both_languages(manned: World) -> None:
    complaint = await manned.filed()
    refused = await manned.command(complaint, "confirm", {"satisfied": True}, {**AGENT, "Accept-Language": "zh"})
    assert refused.status_code == 409
    assert refused.json()["code"] == "wrong_stage"
    assert "当前阶段" in refused.json()["detail"]
    english = await manned.command(complaint, "confirm", {"satisfied": True}, AGENT)
    assert "stage received" in english.json()["detail"]


async def test_a_command_given_twice_is_refused_the_second_time(manned: World) -> None:
    complaint = await manned.filed()
    await done(await manned.command(complaint, "respond", {"message": "x"}, AGENT))
    again = await manned.command(complaint, "respond", {"message": "x"}, AGENT)
    assert again.status_code == 409


async def test_a_command_with_its_key_again_answers_the_first_receipt(manned: World) -> None:
    complaint = await manned.filed()
    keyed = {**AGENT, "Idempotency-Key": "k-1"}
    first = await done(await manned.command(complaint, "respond", {"message": "x"}, keyed))
    again = await done(await manned.command(complaint, "respond", {"message": "x"}, keyed))
    assert again == first


async def test_a_command_by_the_wrong_role_is_refused_at_the_door(manned: World) -> None:
    complaint = await manned.filed()
    for role in (Role.INTAKE, Role.DEPARTMENT, Role.OPERATOR):
        refused = await manned.command(complaint, "respond", {"message": "x"}, as_role(role))
        assert refused.status_code == 403
        assert refused.json()["code"] == "wrong_role"


async def test_nobody_approves_their_own_proposal(manned: World) -> None:
    complaint, stage = await to_proposed(manned, MANAGER)
    assert stage == "approving"
    refused = await manned.command(complaint, "approve", {"number": 1}, MANAGER)
    assert refused.status_code == 403
    assert refused.json()["code"] == "own_proposal"


async def test_a_fact_the_pack_does_not_know_is_named(manned: World) -> None:
    complaint = await manned.filed()
    await done(await manned.command(complaint, "respond", {"message": "x"}, AGENT))
    await done(await manned.command(complaint, "verify", {"founded": True, "findings": "x"}, AGENT))
    refused = await manned.command(complaint, "assess", {"facts": {"damage": "huge"}, "liable": "carrier"}, AGENT)
    assert refused.status_code == 422
    assert [each["field"] for each in refused.json()["errors"]] == ["facts.damage"]


@pytest.mark.parametrize(
    ("choice", "field", "code"),
    [
        ({"amount": {"amount": "-1", "currency": "CNY"}}, "choices[0].amount.amount", "too_small"),
        ({"amount": {"amount": "1.234", "currency": "CNY"}}, "choices[0].amount", "too_many_decimals"),
        ({"amount": {"amount": "1", "currency": "yuan"}}, "choices[0].amount.currency", "wrong_form"),
        ({"amount": {"amount": "NaN", "currency": "CNY"}}, "choices[0].amount.amount", "wrong_type"),
        ({"percent": "101"}, "choices[0].percent", "too_large"),
        ({"points": 1.5}, "choices[0].points", "wrong_type"),
    ],
)
async def test_an_amount_of_the_wrong_form_is_named(manned: World, choice: dict[str, Any], field: str, code: str) -> None:
    complaint = await manned.filed()
    refused = await manned.command(complaint, "propose", {"choices": [{"step": "refund", **choice}]}, AGENT)
    assert refused.status_code == 422
    assert {each["field"]: each["code"] for each in refused.json()["errors"]} == {field: code}


async def test_an_amount_over_the_order_is_refused(manned: World) -> None:
    complaint = await to_proposing(manned)
    over = {"choices": [{"step": "refund", "amount": {"amount": "1000.01", "currency": "CNY"}}], "reason": "x"}
    refused = await manned.command(complaint, "propose", over, SUPERVISOR)
    assert refused.status_code == 422, refused.text
    assert "refund" in refused.json()["errors"][0]["field"]


async def test_a_closed_complaint_takes_no_commands(manned: World, closed: str) -> None:
    refused = await manned.command(closed, "respond", {"message": "x"}, AGENT)
    assert refused.status_code == 409
    assert refused.json()["code"] in ("complaint_closed", "wrong_stage")


async def test_a_closed_complaint_is_taken_up_again_under_its_id(manned: World) -> None:
    complaint = await manned.filed()
    await done(await manned.command(complaint, "withdraw", {"reason": "x"}, AGENT))
    await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: case["stage"] == "closed")
    handle = manned.client.get_workflow_handle(f"complaint/home-demo/{complaint}")
    await asyncio.wait_for(handle.result(), 15)
    receipt = await done(await manned.command(complaint, "reopen", {"reason": "又出现了"}, AGENT))
    assert receipt["stage"] == "assessing"
    case = await until(lambda: manned.get(f"/v1/complaints/{complaint}"), lambda case: case["reopened"] == 1)
    assert case["cycle"] == 2
    refused = await manned.command(complaint, "reopen", {"reason": "again"}, AGENT)
    assert refused.status_code == 409


async def test_an_order_that_does_not_exist_is_taken_at_the_door_and_ended_by_the_procedure(manned: World) -> None:
    answer = await manned.file({**INTAKE, "order_number": "NO-SUCH"})
    assert answer.status_code == 201
    path = f"/v1/complaints/{answer.json()['complaint_id']}"
    case = await until(lambda: manned.get(path), lambda case: case["stage"] == "closed")
    assert case["outcome"] == "unfounded"
    story = await until(lambda: manned.get(f"{path}/journal"), lambda page: len(page["entries"]) >= case["revision"])
    assert any("knows no such order" in line["story"] for line in story["entries"])


async def test_without_a_worker_commands_say_that_they_may_still_happen(unmanned: World) -> None:
    complaint = await unmanned.filed()
    answer = await unmanned.command(complaint, "respond", {"message": "x"}, AGENT)
    assert answer.status_code == 504
    assert answer.json()["code"] == "nobody_answered"
    assert "Idempotency-Key" in answer.json()["detail"]
    assert "retry-after" in answer.headers
    read = await unmanned.get(f"/v1/complaints/{complaint}")
    assert read.status_code == 503
    assert read.json()["code"] == "not_recorded_yet"


async def test_a_command_while_temporal_is_away_answers_503(cut_off: World) -> None:
    answer = await cut_off.command("cmp_" + "a" * 26, "respond", {"message": "x"}, AGENT)
    assert answer.status_code == 503
    assert answer.json()["code"] == "temporal_away"


@pytest.mark.parametrize("complaint", ["cmp_" + "a" * 26, "nonsense", "x" * 5000, "..%2F..", "cmp_" + "A" * 26])
async def test_an_unknown_complaint_is_not_found(manned: World, complaint: str) -> None:
    for path in ("", "/journal", "/deadlines"):
        assert (await manned.get(f"/v1/complaints/{complaint}{path}")).status_code == 404
    assert (await manned.command(complaint, "respond", {"message": "x"}, AGENT)).status_code == 404
