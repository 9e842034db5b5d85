"""Tokens: who gets in, and how far."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import jwt
import pytest

from api.identity import AUDIENCE, ISSUER, mint
from domain.actor import Actor, Role
from tests.api.world import TENANT, TOKEN_KEY, World, as_role, unsigned

GOOD = {"iss": ISSUER, "aud": AUDIENCE, "sub": "lin", "tenant": TENANT, "roles": ["agent"], "exp": 4102444800}


def bearer(key: str = TOKEN_KEY, **changes: Any) -> dict[str, str]:
    claims = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return {"Authorization": f"Bearer {jwt.encode(claims, key, algorithm='HS256')}"}


async def test_a_good_token_gets_in(unmanned: World) -> None:
    assert (await unmanned.get("/v1/complaints", bearer())).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic bGluOmxpbg=="},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer not.a.token"},
        {"Authorization": f"Bearer {unsigned(GOOD)}"},
        bearer(key="another key that is long enough for HS256"),
        bearer(exp=int(time.time()) - 60),
        bearer(aud="another service"),
        bearer(iss="somebody else"),
        bearer(exp=None),
        bearer(exp="tomorrow"),
        bearer(nbf=4102444800),
        bearer(sub=None),
        bearer(tenant=None),
        bearer(roles=None),
        bearer(roles=[]),
        bearer(roles=["emperor"]),
        bearer(sub="x" * 65),
        bearer(tenant=7),
        bearer(roles=["customer"]),
        bearer(roles=["customer"], complaint=["cmp_x"]),
    ],
)
async def test_a_wrong_token_does_not(unmanned: World, headers: dict[str, str]) -> None:
    for method, path in (("GET", "/v1/complaints"), ("POST", "/v1/complaints"), ("POST", "/v1/complaints/x/respond")):
        answer = await unmanned.http.request(method, path, headers=headers, content=b"{")
        assert answer.status_code == 401, path
        assert answer.json()["code"] == "unauthenticated"
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_token_that_was_good_expires(unmanned: World) -> None:
    soon = bearer(exp=int(time.time()) - 4)  # inside the allowance for clocks that differ
    assert (await unmanned.get("/v1/complaints", soon)).status_code == 200
    await asyncio.sleep(2)
    answer = await unmanned.get("/v1/complaints", soon)
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]


async def test_a_tenant_that_is_not_known_here_is_told_so(unmanned: World) -> None:
    for tenant in ("nobody", "../tenants/home-demo", ""):
        answer = await unmanned.file(headers=as_role(Role.INTAKE, tenant=tenant))
        assert answer.status_code == 403, tenant
        assert answer.json()["code"] == "unknown_tenant"


async def test_another_tenants_complaint_is_not_found(manned: World) -> None:
    complaint = await manned.filed()
    other = as_role(Role.AGENT, tenant="olist-demo")
    for path in ("", "/journal", "/deadlines"):
        assert (await manned.get(f"/v1/complaints/{complaint}{path}", other)).status_code == 404
    assert (await manned.command(complaint, "respond", {"message": "x"}, other)).status_code == 404
    listed = (await manned.get("/v1/complaints", other, limit=200)).json()["rows"]
    assert complaint not in {row["complaint_id"] for row in listed}


async def test_a_customer_reaches_their_own_complaint_only(manned: World) -> None:
    mine, other = await manned.filed(), await manned.filed()
    me = as_role(Role.CUSTOMER, id="wang", complaint=mine)
    assert (await manned.get(f"/v1/complaints/{mine}", me)).status_code == 200
    for answer in (
        await manned.get(f"/v1/complaints/{other}", me),
        await manned.get(f"/v1/complaints/{other}/journal", me),
        await manned.command(other, "withdraw", {"reason": "x"}, me),
    ):
        assert answer.status_code == 403
        assert answer.json()["code"] == "other_complaint"
    for path in ("/v1/complaints", "/v1/work"):
        assert (await manned.get(path, me)).status_code == 403
    assert (await manned.command(mine, "respond", {"message": "x"}, me)).status_code == 403


async def test_only_who_takes_complaints_in_files_them(unmanned: World) -> None:
    for role in (Role.INTAKE, Role.AGENT, Role.SUPERVISOR, Role.DEPARTMENT):
        assert (await unmanned.file(headers=as_role(role))).status_code == 201
    for role in (Role.OPERATOR, Role.SYSTEM):
        assert (await unmanned.file(headers=as_role(role))).status_code == 403


def test_a_customers_token_is_not_made_without_a_complaint() -> None:
    with pytest.raises(ValueError, match="complaint"):
        mint(TOKEN_KEY, Actor(id="wang", roles=(Role.CUSTOMER,)), TENANT, timedelta(hours=1))
