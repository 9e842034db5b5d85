"""What became of our webhooks is seen by operators of the own tenant, and sent again by them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from api.shelf import Shelf
from domain.actor import Role
from domain.webhooks import Announcement
from storage.deliveries import Deliveries, rows_of
from storage.delivery_tables import deliveries
from storage.packs import install_packs
from storage.tenants import TenantShelf
from tests.api.world import World, as_role
from tests.storage.stories import Story

OPERATOR = as_role(Role.OPERATOR, id="ops")
SECRET = "whsec_" + "A" * 32


async def a_dead_one(world: World, endpoint: str, tenant: str = "home-demo") -> str:
    """Put a piece of news into the outbox that was given up."""
    now = datetime.now(UTC)
    story = Story(tenant)
    told = Announcement(endpoint=endpoint, type="complaint.closed", sequence=7, at=now, body="{}")
    async with world.database.writing() as connection:
        await connection.execute(insert(deliveries), rows_of([told], story.case, now))
    outbox = Deliveries(world.database)
    (taken,) = await outbox.take(tenant, endpoint, now, timedelta(minutes=1), 1)
    await outbox.failed(taken, now, None, 500, "answered 500")
    return taken.id


async def test_a_dead_one_is_seen_and_sent_again(unmanned: World) -> None:
    dead = await a_dead_one(unmanned, "seen")
    listed = await unmanned.get("/v1/webhooks/deliveries", OPERATOR, status="dead", endpoint="seen")
    assert listed.status_code == 200
    (row,) = listed.json()["rows"]
    assert (row["id"], row["status"], row["answered"], row["error"], row["sequence"]) == (dead, "dead", 500, "answered 500", 7)
    assert "body" not in row
    again = await unmanned.http.post(f"/v1/webhooks/deliveries/{dead}/resend", headers=OPERATOR)
    assert again.status_code == 200
    assert (again.json()["status"], again.json()["attempts"]) == ("pending", 0)
    assert (await unmanned.get("/v1/webhooks/deliveries", OPERATOR, status="dead", endpoint="seen")).json()["rows"] == []


async def test_what_waits_or_was_taken_is_not_sent_again(unmanned: World) -> None:
    dead = await a_dead_one(unmanned, "twice")
    resend = f"/v1/webhooks/deliveries/{dead}/resend"
    assert (await unmanned.http.post(resend, headers=OPERATOR)).status_code == 200
    waits = await unmanned.http.post(resend, headers=OPERATOR)
    assert (waits.status_code, waits.json()["code"]) == (409, "not_dead")
    outbox, now = Deliveries(unmanned.database), datetime.now(UTC)
    (taken,) = await outbox.take("home-demo", "twice", now, timedelta(minutes=1), 1)
    await outbox.delivered(taken, now, 204)
    was_taken = await unmanned.http.post(resend, headers=OPERATOR | {"Accept-Language": "zh-CN"})
    assert (was_taken.status_code, "已送达" in was_taken.text) == (409, True)
    stands = await outbox.get("home-demo", dead)
    assert stands is not None
    assert (stands.status, stands.answered) == ("delivered", 204)


async def test_deliveries_of_another_tenant_do_not_exist(unmanned: World) -> None:
    theirs = await a_dead_one(unmanned, "theirs", "olist-demo")
    assert (await unmanned.get("/v1/webhooks/deliveries", OPERATOR, endpoint="theirs")).json()["rows"] == []
    assert (await unmanned.http.post(f"/v1/webhooks/deliveries/{theirs}/resend", headers=OPERATOR)).status_code == 404


@pytest.mark.parametrize("role", [Role.INTAKE, Role.AGENT, Role.SUPERVISOR, Role.MANAGER, Role.DEPARTMENT])
async def test_only_who_runs_the_service_sees_them(unmanned: World, role: Role) -> None:
    for path in ("endpoints", "deliveries"):
        assert (await unmanned.get(f"/v1/webhooks/{path}", as_role(role))).status_code == 403
    assert (await unmanned.http.post("/v1/webhooks/deliveries/msg_1/resend", headers=as_role(role))).status_code == 403


async def test_a_wrong_filter_is_named(unmanned: World) -> None:
    answer = await unmanned.get("/v1/webhooks/deliveries", OPERATOR, status="lost", cursor="x", limit=1000)
    assert answer.status_code == 422
    assert {"status", "limit"} <= {each["field"] for each in answer.json()["errors"]}
    assert (await unmanned.get("/v1/webhooks/deliveries", OPERATOR, cursor="bm9uZQ")).status_code == 422


async def test_addresses_are_shown_without_what_is_secret_in_them(unmanned: World, tmp_path: Path) -> None:
    company = Path("tenants/home-demo.toml").read_text(encoding="utf-8")
    webhook = f'[[webhooks]]\nid = "erp"\nurl = "https://erp.example/hook?key=hidden"\nsecrets = ["{SECRET}"]\n'
    (tmp_path / "home-demo.toml").write_text(f"{company}\n{webhook}", encoding="utf-8")
    before = unmanned.app.state.parts
    unmanned.app.state.parts = dataclasses.replace(before, shelf=Shelf(install_packs(Path("policies")), TenantShelf(tmp_path)))
    try:
        answer = await unmanned.get("/v1/webhooks/endpoints", OPERATOR)
    finally:
        unmanned.app.state.parts = before
    assert answer.json() == [{"id": "erp", "host": "erp.example", "events": []}]
