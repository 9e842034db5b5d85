"""Tokens: who gets in, and how far."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.local_issuer import mint, mint_link
from api.tokens import LEEWAY_SECONDS
from domain.actor import Actor, Role
from settings.signing import AUDIENCE, DEV_ISSUER, LINK_ISSUER, key_id, signing_key
from tests.api.world import TENANT, TOKEN_KEY, World, as_role, unsigned

GOOD = {"iss": DEV_ISSUER, "aud": AUDIENCE, "sub": "lin", "tenant": TENANT, "roles": ["agent"], "exp": 4102444800}
OURS = signing_key(TOKEN_KEY, DEV_ISSUER)
PUBLIC = OURS.public_key()
PEM = PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
KID = key_id(PUBLIC)


def bearer(key: Any = OURS, algorithm: str = "EdDSA", header: dict[str, Any] | None = None, **changes: Any) -> dict[str, str]:
    """The header of a token with these changes; None leaves a claim out."""
    claims = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return {"Authorization": f"Bearer {jwt.encode(claims, key, algorithm=algorithm, headers=header)}"}


def spoilt(part: int, text: str) -> dict[str, str]:
    """A good token of which one part was exchanged."""
    parts = bearer()["Authorization"].removeprefix("Bearer ").split(".")
    return {"Authorization": "Bearer " + ".".join(text if index == part else each for index, each in enumerate(parts))}


def hmac_with_public_key() -> dict[str, str]:
    """The old trick: the public key, which everybody has, taken for the secret of an HMAC. PyJWT itself refuses to make one."""
    hs = jwt.get_algorithm_by_name("HS256")
    head = jwt.utils.base64url_encode(json.dumps({"alg": "HS256", "typ": "JWT", "kid": KID}).encode())
    body = jwt.utils.base64url_encode(json.dumps(GOOD).encode())
    signature = jwt.utils.base64url_encode(hs.sign(head + b"." + body, PEM))
    return {"Authorization": "Bearer " + b".".join((head, body, signature)).decode()}


def own_key_in_the_header() -> dict[str, str]:
    """A token that brings the key it wants to be checked with."""
    forged = Ed25519PrivateKey.generate()
    jwk = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(forged.public_key()))
    return bearer(forged, header={"jwk": jwk, "jku": "http://127.0.0.1:1/keys", "x5u": "http://127.0.0.1:1/cert", "kid": KID})


def wrong_ones() -> Iterator[tuple[str, dict[str, str]]]:
    yield "none at all", {}
    yield "another scheme", {"Authorization": "Basic bGluOmxpbg=="}
    yield "nothing behind the scheme", {"Authorization": "Bearer "}
    yield "no token", {"Authorization": "Bearer not.a.token"}
    yield "not signed", {"Authorization": f"Bearer {unsigned(GOOD)}"}
    yield "too long", {"Authorization": "Bearer " + "a" * 9_000}
    yield "claims exchanged", spoilt(1, unsigned({**GOOD, "roles": ["manager"]}).split(".")[1])
    yield "signature cut off", spoilt(2, "")
    yield "another's key", bearer(Ed25519PrivateKey.generate(), header={"kid": KID})
    yield "the key of customers' links", bearer(signing_key(TOKEN_KEY, LINK_ISSUER))
    yield "another secret's key", bearer(signing_key("another secret of 32 characters or more", DEV_ISSUER))
    yield "a public key as a secret", hmac_with_public_key()
    yield "the secret as a secret", bearer(TOKEN_KEY, "HS256", header={"kid": KID})
    yield "a key of its own", own_key_in_the_header()
    yield "an unknown kid", bearer(header={"kid": "nobody's"})
    yield "a path for a kid", bearer(header={"kid": "../../var/dev.key"})
    yield "SQL for a kid", bearer(header={"kid": "' OR 1=1 --"})
    yield "a critical extension", bearer(header={"crit": ["never-heard-of"], "never-heard-of": 1})
    yield "expired", bearer(exp=int(time.time()) - 60)
    yield "another audience", bearer(aud="another service")
    yield "no audience", bearer(aud=None)
    yield "another issuer", bearer(iss="somebody else")
    yield "issuers in a list", bearer(iss=None, tenants=[DEV_ISSUER])
    yield "for ever", bearer(exp=None)
    yield "until tomorrow", bearer(exp="tomorrow")
    yield "until infinity", bearer(exp=float("inf"))
    yield "not yet", bearer(nbf=4102444800)
    yield "from the future", bearer(iat=4102444800)
    yield "nobody", bearer(sub=None)
    yield "somebody with too long a name", bearer(sub="x" * 65)
    yield "somebody with a line break in the name", bearer(sub="lin\nzhou")
    yield "no tenant", bearer(tenant=None)
    yield "a number for a tenant", bearer(tenant=7)
    yield "no claim of roles", bearer(roles=None)
    yield "no roles", bearer(roles=[])
    yield "an unknown role", bearer(roles=["agent", "emperor"])
    yield "the software itself", bearer(roles=["system"])
    yield "roles in an object", bearer(roles={"agent": True})
    yield "a customer of no complaint", bearer(roles=["customer"])
    yield "a customer of several", bearer(roles=["customer"], complaint=["cmp_x"])
    yield "a customer who is staff too", bearer(roles=["customer", "agent"], complaint="cmp_x")
    yield "an agent of one complaint", bearer(complaint="cmp_x")
    yield "a link for staff", bearer(signing_key(TOKEN_KEY, LINK_ISSUER), iss=LINK_ISSUER)


async def test_a_good_token_gets_in(unmanned: World) -> None:
    for good in (bearer(), bearer(header={"kid": KID}), bearer(nbf=int(time.time()) + 3), bearer(aud=["other", AUDIENCE])):
        assert (await unmanned.get("/v1/complaints", good)).status_code == 200


@pytest.mark.parametrize("headers", [pytest.param(headers, id=name) for name, headers in wrong_ones()])
async def test_a_wrong_token_does_not(unmanned: World, headers: dict[str, str]) -> None:
    for method, path in (("GET", "/v1/complaints"), ("POST", "/v1/complaints"), ("POST", "/v1/complaints/x/respond")):
        answer = await unmanned.http.request(method, path, headers=headers, content=b"{")
        assert answer.status_code == 401, path
        assert answer.json()["code"] == "unauthenticated"
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_token_in_the_address_is_refused_even_beside_a_good_one(unmanned: World) -> None:
    token = bearer()["Authorization"].removeprefix("Bearer ")
    for name in ("access_token", "token", "api_key"):
        for headers in ({}, bearer()):
            answer = await unmanned.http.get("/v1/complaints", params={name: token}, headers=headers)
            assert answer.status_code == 401
            assert "address" in answer.json()["detail"]


async def test_two_tokens_are_none(unmanned: World) -> None:
    both = [("Authorization", bearer()["Authorization"]), ("Authorization", as_role(Role.MANAGER)["Authorization"])]
    assert (await unmanned.http.get("/v1/complaints", headers=both)).status_code == 401


async def test_a_token_that_was_good_expires(unmanned: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = int(time.time()) + 60
    soon = bearer(exp=ends)

    def at(instant: float) -> None:
        monkeypatch.setattr("api.tokens.time", SimpleNamespace(time=lambda: instant))

    at(ends + LEEWAY_SECONDS - 1)  # inside the allowance for clocks that differ
    assert (await unmanned.get("/v1/complaints", soon)).status_code == 200
    at(ends + LEEWAY_SECONDS)
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
    for role in (Role.OPERATOR, Role.RISK_CONTROL):
        assert (await unmanned.file(headers=as_role(role))).status_code == 403


def test_a_customers_token_is_not_made_without_a_complaint_nor_anothers_with_one() -> None:
    for role, complaint in ((Role.CUSTOMER, None), (Role.AGENT, "cmp_x")):
        with pytest.raises(ValueError, match="complaint"):
            mint(TOKEN_KEY, Actor(id="wang", roles=(role,)), TENANT, timedelta(hours=1), complaint)


async def test_a_link_of_a_key_that_was_taken_out_is_void(unmanned: World) -> None:
    complaint = "cmp_" + "a" * 26
    for secret, status in ((TOKEN_KEY, 404), ("a secret that was taken out of the list", 401)):
        token = mint_link(secret, "link-1", TENANT, timedelta(hours=1), complaint, "lin")
        answer = await unmanned.get(f"/v1/complaints/{complaint}", {"Authorization": f"Bearer {token}"})
        assert answer.status_code == status
