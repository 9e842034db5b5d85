"""API keys: made and shown once, for a scope, refused from the moment they are revoked, and never let in unchecked."""

import dataclasses
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from api.machine_keys import REMEMBERED, MachineKeys
from api.problems import Problem
from domain.actor import Role
from storage.key_tables import api_keys
from storage.keys import ApiKeys, KnownKey, Scope
from tests.api.world import INTAKE, World, as_role

ADMINISTRATOR = as_role(Role.ADMINISTRATOR, id="root-home")
ELSEWHERE = as_role(Role.ADMINISTRATOR, tenant="olist-demo")


async def made(world: World, *scopes: Scope, **changes: Any) -> tuple[str, dict[str, str]]:
    """The public part of a new key, and the header that it is sent in."""
    body = {"name": "Hotline software", "scopes": scopes or ["intake"], **changes}
    answer = await world.http.post("/v1/api-keys", json=body, headers=ADMINISTRATOR)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()["record"]["key_id"], {"Authorization": f"Bearer {answer.json()['key']}"}


async def listed(world: World, key_id: str) -> Any:
    rows = (await world.get("/v1/api-keys", ADMINISTRATOR, limit=200)).json()["rows"]
    return next(row for row in rows if row["key_id"] == key_id)


async def test_a_key_files_in_its_own_tenant_and_is_named_in_the_journal(manned: World) -> None:
    key_id, headers = await made(manned, Scope.INTAKE)
    answer = await manned.file(headers=headers)
    assert answer.status_code == 201
    path = answer.json()["url"]
    assert (await manned.get(path, headers)).status_code == 200
    assert (await manned.get(path, as_role(Role.AGENT, tenant="olist-demo"))).status_code == 404
    case = (await manned.desk.look("home-demo", answer.json()["complaint_id"])).model_dump()
    assert case["tenant"] == "home-demo"
    assert (await listed(manned, key_id))["last_used_at"] is not None


async def test_only_its_hash_is_kept(unmanned: World) -> None:
    key_id, headers = await made(unmanned)
    key = headers["Authorization"].removeprefix("Bearer ")
    secret = key.removeprefix(f"{key_id}_")
    assert len(secret) == 43
    async with unmanned.database.reading() as connection:
        row = (await connection.execute(select(api_keys).where(api_keys.c.key_id == key_id))).one()
    assert row.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert not any(secret in str(value) for value in row)
    assert secret not in str(await listed(unmanned, key_id))


@pytest.mark.parametrize("scope", Scope)
async def test_a_key_does_what_its_scope_says_and_nothing_else(unmanned: World, scope: Scope) -> None:
    _, headers = await made(unmanned, scope)
    complaint = "cmp_" + "a" * 26
    statuses = {
        "file": (await unmanned.file(headers=headers)).status_code,
        "list": (await unmanned.get("/v1/complaints", headers)).status_code,
        "read": (await unmanned.get(f"/v1/complaints/{complaint}", headers)).status_code,
        "respond": (await unmanned.command(complaint, "respond", {"message": "x"}, headers)).status_code,
        "approve": (await unmanned.command(complaint, "approve", {"number": 1}, headers)).status_code,
        "keys": (await unmanned.get("/v1/api-keys", headers)).status_code,
        "new key": (await unmanned.http.post("/v1/api-keys", json={}, headers=headers)).status_code,
    }
    never = {"approve": 403, "keys": 403, "new key": 403}
    assert (
        statuses
        == {
            Scope.INTAKE: {"file": 201, "list": 403, "read": 404, "respond": 403, **never},
            Scope.READING: {"file": 403, "list": 200, "read": 404, "respond": 403, **never},
            Scope.COMMANDS: {"file": 403, "list": 403, "read": 403, "respond": 404, **never},
            Scope.LINKS: {"file": 403, "list": 403, "read": 403, "respond": 403, **never},
        }[scope]
    )


async def test_a_revoked_key_is_refused_at_the_next_request(unmanned: World) -> None:
    key_id, headers = await made(unmanned, Scope.READING)
    assert (await unmanned.get("/v1/complaints", headers)).status_code == 200
    assert (await unmanned.http.delete(f"/v1/api-keys/{key_id}", headers=ELSEWHERE)).status_code == 404
    assert (await unmanned.get("/v1/complaints", headers)).status_code == 200
    for _ in range(2):
        assert (await unmanned.http.delete(f"/v1/api-keys/{key_id}", headers=ADMINISTRATOR)).status_code == 204
    answer = await unmanned.get("/v1/complaints", headers)
    assert answer.status_code == 401
    assert "revoked" in answer.json()["detail"]
    record = await listed(unmanned, key_id)
    assert (record["revoked_by"], record["revoked_at"] is None) == ("root-home", False)


async def test_a_key_ends_when_its_time_is_over(unmanned: World) -> None:
    key_id, headers = await made(unmanned, Scope.READING, valid_for="PT1M")
    assert (await unmanned.get("/v1/complaints", headers)).status_code == 200
    async with unmanned.database.writing() as connection:
        gone = datetime.now(UTC) - timedelta(seconds=1)
        await connection.execute(update(api_keys).where(api_keys.c.key_id == key_id).values(expires_at=gone))
    answer = await unmanned.get("/v1/complaints", headers)
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]


async def test_how_long_a_key_holds_is_said_when_it_is_made(unmanned: World) -> None:
    for given, days in (({}, 365), ({"valid_for": "P7D"}, 7), ({"valid_for": None}, None)):
        key_id, _ = await made(unmanned, **given)
        record = await listed(unmanned, key_id)
        ends, begins = record["expires_at"], datetime.fromisoformat(record["created_at"])
        assert (ends and datetime.fromisoformat(ends) - begins) == (timedelta(days=days) if days else None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scopes": ["intake"]}, "name"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": ["everything"]}, "scopes[0]"),
        ({"name": "x\u0000", "scopes": ["intake"]}, "name"),
        ({"name": "x", "scopes": ["intake"], "valid_for": "PT1S"}, "valid_for"),
        ({"name": "x", "scopes": ["intake"], "tenant": "olist-demo"}, "tenant"),
    ],
)
async def test_what_is_wrong_with_a_new_key_is_named(unmanned: World, body: dict[str, Any], field: str) -> None:
    answer = await unmanned.http.post("/v1/api-keys", json=body, headers=ADMINISTRATOR)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]


async def test_what_was_never_a_key_gets_nobody_in(unmanned: World) -> None:
    key_id, headers = await made(unmanned, Scope.READING)
    secret = headers["Authorization"].removeprefix(f"Bearer {key_id}_")
    other = "a" * 43 if secret != "a" * 43 else "b" * 43
    for wrong in (
        "rdk_", f"{key_id}", f"{key_id}_", f"{key_id}_{other}", f"{key_id}_{secret}x", f"{key_id}_{secret[:-1]}",
        f"rdk_{'a' * 16}_{secret}", f"{key_id}_{secret}\u00e9",
    ):  # fmt: skip
        sent = [(b"authorization", f"Bearer {wrong}".encode("latin-1"))]
        answer = await unmanned.http.get("/v1/complaints", headers=sent)
        assert answer.status_code == 401, wrong
        assert answer.json()["code"] == "unauthenticated"


async def test_a_tenants_keys_are_its_own(unmanned: World) -> None:
    key_id, _ = await made(unmanned)
    rows = (await unmanned.get("/v1/api-keys", ELSEWHERE, limit=200)).json()["rows"]
    assert key_id not in {row["key_id"] for row in rows}


async def test_last_use_is_written_at_most_once_a_minute(unmanned: World) -> None:
    key_id, headers = await made(unmanned, Scope.READING)
    assert (await listed(unmanned, key_id))["last_used_at"] is None
    await unmanned.get("/v1/complaints", headers)
    first = (await listed(unmanned, key_id))["last_used_at"]
    for _ in range(3):
        await unmanned.get("/v1/complaints", headers)
    assert (await listed(unmanned, key_id))["last_used_at"] == first is not None
    kept = ApiKeys(unmanned.database)
    soon, later = (datetime.fromisoformat(first) + timedelta(seconds=seconds) for seconds in (59, 60))
    await kept.used(key_id, soon)
    assert (await listed(unmanned, key_id))["last_used_at"] == first
    await kept.used(key_id, later)
    assert datetime.fromisoformat((await listed(unmanned, key_id))["last_used_at"]) == later


class Gone(ApiKeys):
    """Keys of a database that is away as soon as the test says so."""

    away = False

    async def find(self, key_id: str) -> KnownKey | None:
        if self.away:
            raise OSError("away")
        return await super().find(key_id)


async def test_while_the_database_is_away_known_keys_go_on_for_a_while_and_others_wait(unmanned: World) -> None:
    known, headers = await made(unmanned)
    _, unheard = await made(unmanned)
    now = 0.0
    kept = Gone(unmanned.database)
    parts = unmanned.app.state.parts
    door = dataclasses.replace(parts.doorkeeper, keys=MachineKeys(kept, clock=lambda: now))
    unmanned.app.state.parts = dataclasses.replace(parts, doorkeeper=door)
    try:
        assert (await unmanned.file(headers=headers)).status_code == 201
        kept.away = True
        now = REMEMBERED.total_seconds()
        assert (await unmanned.file(headers=headers)).status_code == 201
        forged = {"Authorization": f"Bearer {known}_{'a' * 43}"}
        assert (await unmanned.file(headers=forged)).status_code == 401
        for sent in (unheard, {"Authorization": f"Bearer rdk_{'a' * 16}_{'a' * 43}"}):
            answer = await unmanned.file(headers=sent)
            assert (answer.status_code, answer.json()["code"]) == (503, "database_away")
            assert "retry-after" in answer.headers
        now += 1
        assert (await unmanned.file(headers=headers)).status_code == 503
        kept.away = False
        assert (await unmanned.file(headers=headers)).status_code == 201
    finally:
        unmanned.app.state.parts = parts


async def test_a_key_revoked_before_the_database_went_away_stays_revoked(unmanned: World) -> None:
    key_id, headers = await made(unmanned, Scope.INTAKE)
    kept = Gone(unmanned.database)
    door = MachineKeys(kept)
    key = headers["Authorization"].removeprefix("Bearer ")
    await door.admit(key, {Scope.INTAKE: Role.INTAKE})
    await kept.revoke("home-demo", key_id, "root-home", datetime.now(UTC))
    for kept.away in (False, True):
        with pytest.raises(Problem) as refused:
            await door.admit(key, {Scope.INTAKE: Role.INTAKE})
        assert refused.value.kind.status == 401


async def test_a_key_is_kept_out_of_what_is_filed(unmanned: World) -> None:
    _, headers = await made(unmanned)
    answer = await unmanned.file({**INTAKE, "channel": "telepathy"}, headers)
    assert headers["Authorization"].removeprefix("Bearer ") not in answer.text
