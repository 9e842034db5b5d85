"""Delegations over HTTP: who may give whose place to whom, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.actor import Role
from tests.api.steps import done, until
from tests.api.test_life import to_proposed
from tests.api.world import World, as_role

MANAGER, SUPERVISOR = as_role(Role.MANAGER, id="qian"), as_role(Role.SUPERVISOR, id="zhou")
CHEN, ZHAO = as_role(Role.AGENT, id="chen"), as_role(Role.AGENT, id="zhao")
ROOT = as_role(Role.ADMINISTRATOR, id="ops")


async def give(world: World, to: str, by: dict[str, str] = SUPERVISOR, **changes: Any) -> httpx.Response:
    body = {"to_person": to, "until_at": _at(days=2), "reason": "年假", **changes}
    return await world.http.post("/v1/delegations", json=body, headers=by)


async def revoke(world: World, id: str, by: dict[str, str]) -> int:
    return (await world.http.delete(f"/v1/delegations/{id}", headers=by)).status_code


def _at(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("to", "by", "changes", "field", "code"),
    [
        ("nobody", SUPERVISOR, {}, "to_person", "unknown_person"),
        ("zhou", SUPERVISOR, {}, "to_person", "same_person"),
        ("chen", SUPERVISOR, {"from_person": "lin"}, "from_person", "decides_nothing"),
        ("chen", SUPERVISOR, {"from_person": "wu"}, "from_person", "not_below_you"),
        ("chen", SUPERVISOR, {"from_person": "qian"}, "from_person", "not_below_you"),
        ("chen", as_role(Role.SUPERVISOR, id="stranger"), {}, "from_person", "unknown_person"),
        ("chen", SUPERVISOR, {"until_at": _at(days=-1)}, "until_at", "bad_period"),
        ("chen", SUPERVISOR, {"until_at": _at(days=91)}, "until_at", "bad_period"),
        ("chen", SUPERVISOR, {"from_at": _at(days=5), "until_at": _at(days=4)}, "until_at", "bad_period"),
        ("chen", SUPERVISOR, {"reason": " "}, "reason", "blank"),
    ],
)
async def test_what_cannot_be_delegated_names_its_field(
    unmanned: World, to: str, by: dict[str, str], changes: dict[str, Any], field: str, code: str
) -> None:
    answer = await give(unmanned, to, by, **changes)
    assert answer.status_code == 422, answer.text
    (wrong,) = answer.json()["errors"]
    assert wrong["field"] == field
    assert (wrong["code"] == code or code == "blank", bool(wrong["zh"]), bool(wrong["en"])) == (True, True, True)


async def test_a_place_is_given_for_a_while_and_taken_back_by_those_concerned(unmanned: World) -> None:
    for by in (SUPERVISOR, CHEN, MANAGER):
        made = await give(unmanned, "chen")
        assert made.status_code == 201, made.text
        id = made.json()["delegation_id"]
        assert (made.json()["from_person"], made.json()["to_person"], made.json()["made_by"]) == ("zhou", "chen", "zhou")
        assert await revoke(unmanned, id, ZHAO) == 403
        assert await revoke(unmanned, id, as_role(Role.SUPERVISOR, id="wu")) == 403
        assert await revoke(unmanned, id, by) == 204
        assert await revoke(unmanned, id, by) == 204
        listed = (await unmanned.get("/v1/delegations", SUPERVISOR)).json()["rows"]
        found = next(each for each in listed if each["delegation_id"] == id)
        assert found["revoked_by"] is not None
        assert found["reason"] == "年假"


async def test_somebody_above_gives_an_absent_persons_place(unmanned: World) -> None:
    made = await give(unmanned, "wu", MANAGER, from_person="zhou", reason="急病")
    assert made.status_code == 201, made.text
    assert (made.json()["from_person"], made.json()["made_by"]) == ("zhou", "qian")
    assert await revoke(unmanned, made.json()["delegation_id"], MANAGER) == 204


async def test_people_see_their_own_delegations_and_supervisors_all(unmanned: World) -> None:
    made = (await give(unmanned, "chen")).json()["delegation_id"]
    seen = {}
    for name, by in (("chen", CHEN), ("zhao", ZHAO), ("wu", as_role(Role.SUPERVISOR, id="wu"))):
        rows = (await unmanned.get("/v1/delegations", by, limit=200)).json()["rows"]
        seen[name] = made in {each["delegation_id"] for each in rows}
    assert seen == {"chen": True, "zhao": False, "wu": True}
    assert await revoke(unmanned, made, SUPERVISOR) == 204


async def test_a_delegate_decides_over_http_and_does_nothing_else_with_it(manned: World) -> None:
    complaint, _ = await to_proposed(manned)
    assert (await manned.command(complaint, "approve", {"number": 1}, CHEN)).status_code == 403
    made = (await give(manned, "chen", MANAGER)).json()["delegation_id"]
    try:
        closing = {"outcome": "decided", "reason": "x"}
        assert (await manned.command(complaint, "close_by_decision", closing, CHEN)).status_code == 403
        await done(await manned.command(complaint, "approve", {"number": 1}, CHEN))
    finally:
        assert await revoke(manned, made, MANAGER) == 204
    journal = await until(
        lambda: manned.get(f"/v1/complaints/{complaint}/journal"),
        lambda found: any(each["event"]["kind"] == "approved" for each in found["entries"]),
    )
    entry = next(each for each in journal["entries"] if each["event"]["kind"] == "approved")
    assert (entry["by"]["id"], entry["by"]["acting_for"]) == ("chen", "qian")
    another, _ = await to_proposed(manned)
    assert (await manned.command(another, "approve", {"number": 1}, CHEN)).status_code == 403


async def test_a_place_that_is_given_later_or_was_given_before_opens_nothing(manned: World) -> None:
    complaint, _ = await to_proposed(manned)
    later = (await give(manned, "chen", MANAGER, from_at=_at(days=1), until_at=_at(days=2))).json()["delegation_id"]
    assert (await manned.command(complaint, "approve", {"number": 1}, CHEN)).status_code == 403
    assert await revoke(manned, later, MANAGER) == 204


async def test_the_rank_that_is_enough_is_used_and_no_higher_one(manned: World) -> None:
    """A supervisor who also stands for the manager signs what is the supervisor's as themselves."""
    complaint, _ = await to_proposed(manned)
    made = (await give(manned, "wu", MANAGER)).json()["delegation_id"]
    wu = as_role(Role.SUPERVISOR, id="wu")
    try:
        await done(await manned.command(complaint, "approve", {"number": 1}, wu))
    finally:
        assert await revoke(manned, made, MANAGER) == 204
    journal = await until(
        lambda: manned.get(f"/v1/complaints/{complaint}/journal"),
        lambda found: any(each["event"]["kind"] == "approved" for each in found["entries"]),
    )
    asked = next(each for each in journal["entries"] if each["event"]["kind"] == "approval_asked")
    entry = next(each for each in journal["entries"] if each["event"]["kind"] == "approved")
    assert entry["by"].get("acting_for") == (None if asked["event"]["role"] == "supervisor" else "qian")
