"""Tokens of an OIDC issuer: its keys come over HTTP, change while it runs, and go on while it is away."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.doorkeeper import company_roles, doorkeeper
from api.identity import Me
from api.issuer_keys import keys_of
from api.problems import Problem
from api.remote_keys import FAILED_SECONDS, FRESH_SECONDS, STALE_SECONDS, UNKNOWN_SECONDS, RemoteKeys, fetcher
from api.tokens import Issuer as Trusted
from api.tokens import Tokens
from domain.actor import Actor, Role
from settings import Settings, SettingsError
from storage.database import open_database
from tests.api.oidc import Issuer, jwk, running_issuer
from tests.api.world import TOKEN_KEY, World, as_role

ROLES = {role.value: role for role in Role if role is not Role.SYSTEM}


@pytest.fixture(scope="module")
def shared() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def issuer(shared: Issuer) -> Iterator[Issuer]:
    """The issuer as it began, whatever the test before did to it."""
    keys, published = dict(shared.keys), list(shared.published)
    shared.asked.clear()
    yield shared
    shared.keys, shared.published, shared.pages, shared.status = keys, published, {}, 200
    shared.free.set()


class Door:
    """The door for one issuer's tokens, with a clock that the test moves."""

    def __init__(self, issuer: Issuer, jwks_url: str = "", **changes: Any) -> None:
        self.now = 1_000.0
        keys = RemoteKeys(fetcher(issuer.url, jwks_url), clock=lambda: self.now)
        trusted = Trusted(issuer.url, "redress", keys, ROLES, strict=False)
        self.tokens = Tokens([dataclasses.replace(trusted, **changes)])

    async def status(self, token: str) -> int:
        try:
            await self.tokens.read(token)
        except Problem as problem:
            return problem.kind.status
        return 200


@pytest.mark.parametrize("kid", ["rs256", "es256", "eddsa"])
@pytest.mark.parametrize("discovered", [True, False])
async def test_a_token_of_the_issuer_gets_in(issuer: Issuer, kid: str, discovered: bool) -> None:
    door = Door(issuer, "" if discovered else f"{issuer.url}/keys")
    assert await door.tokens.read(issuer.token(kid)) == Me(Actor(id="lin", roles=(Role.AGENT,)), "home-demo")
    assert issuer.asked == (["/.well-known/openid-configuration", "/keys"] if discovered else ["/keys"])


async def test_claims_are_read_under_the_issuers_own_names(issuer: Issuer) -> None:
    names = {"person_claim": "preferred_username", "tenant_claim": "company.id", "roles_claim": "https://redress.example/roles"}
    door = Door(issuer, **names, roles={"cs=team": Role.AGENT, "cs-leads": Role.SUPERVISOR})
    token = issuer.token(
        "rs256", sub="5f7c8ec7", preferred_username="zhou", company={"id": "olist-demo"}, tenant=None, roles=None,
        **{"https://redress.example/roles": ["offline_access", "cs-leads", "manager"]},
    )  # fmt: skip
    assert await door.tokens.read(token) == Me(Actor(id="zhou", roles=(Role.SUPERVISOR,)), "olist-demo")


async def test_who_has_no_role_here_is_told_so(issuer: Issuer) -> None:
    door = Door(issuer)
    for roles in ([], ["offline_access"], ["system"]):
        with pytest.raises(Problem) as refused:
            await door.tokens.read(issuer.token("es256", roles=roles))
        assert refused.value.kind.code == "wrong_role"


async def test_what_is_wrong_gets_nobody_in(issuer: Issuer) -> None:
    door = Door(issuer)
    rs, es = issuer.keys["rs256"][1], issuer.keys["es256"][1]
    good = jwt.decode(issuer.token("rs256"), options={"verify_signature": False})
    pem = rs.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    part = jwt.utils.base64url_encode
    head, body = part(json.dumps({"alg": "HS256", "kid": "rs256"}).encode()), part(json.dumps(good).encode())
    confused = b".".join((head, body, part(jwt.get_algorithm_by_name("HS256").sign(head + b"." + body, pem)))).decode()
    wrong = {
        "another audience": issuer.token("rs256", aud="somebody"),
        "another issuer": issuer.token("rs256", iss=f"{issuer.url}/"),
        "expired": issuer.token("rs256", exp=1),
        "for ever": issuer.token("rs256", exp=None),
        "not yet": issuer.token("rs256", nbf=4102444800),
        "no tenant": issuer.token("rs256", tenant=None),
        "a customer of no complaint": issuer.token("rs256", roles=["customer"]),
        "another's key under this name": jwt.encode(good, es, algorithm="ES256", headers={"kid": "rs256"}),
        "another algorithm than the key's": jwt.encode(good, rs, algorithm="PS256", headers={"kid": "rs256"}),
        "a public key taken for a secret": confused,
        "the local issuer's": as_role(Role.AGENT)["Authorization"].removeprefix("Bearer "),
    }
    assert {name: await door.status(token) for name, token in wrong.items()} == dict.fromkeys(wrong, 401)
    assert await door.status(issuer.token("rs256")) == 200


async def test_without_a_name_the_only_key_of_its_algorithm_counts(issuer: Issuer) -> None:
    door = Door(issuer)
    algorithm, key = issuer.keys["es256"]
    claims = jwt.decode(issuer.token("es256"), options={"verify_signature": False})
    nameless = jwt.encode(claims, key, algorithm=algorithm)
    assert await door.status(nameless) == 200
    issuer.add("es256-2", "ES256")
    door.now += FRESH_SECONDS + 1
    again = Door(issuer)
    assert await again.status(nameless) == 401


async def test_a_new_key_is_fetched_and_an_unknown_one_asks_only_once_in_a_while(issuer: Issuer) -> None:
    door = Door(issuer, f"{issuer.url}/keys")
    assert await door.status(issuer.token("rs256")) == 200
    issuer.add("rotated", "RS256")
    assert await door.status(issuer.token("rotated")) == 200
    assert issuer.asked == ["/keys"] * 2
    issuer.add("later", "RS256")
    forged = jwt.encode({"iss": issuer.url}, issuer.keys["rs256"][1], algorithm="RS256", headers={"kid": "made-up"})
    assert [await door.status(each) for each in (forged, issuer.token("later"), forged)] == [401] * 3
    assert issuer.asked == ["/keys"] * 2
    door.now += UNKNOWN_SECONDS
    assert await door.status(issuer.token("later")) == 200
    assert issuer.asked == ["/keys"] * 3


async def test_a_key_that_was_taken_out_no_longer_counts(issuer: Issuer) -> None:
    door = Door(issuer)
    token = issuer.token("es256")
    assert await door.status(token) == 200
    issuer.published = [each for each in issuer.published if each["kid"] != "es256"]
    door.now += FRESH_SECONDS + 1
    assert await door.status(issuer.token("rs256")) == 200  # asks in the background
    async with asyncio.timeout(20):
        while await door.status(token) == 200:
            await asyncio.sleep(0.01)
    assert await door.status(token) == 401


async def test_a_key_that_was_taken_out_while_nobody_came_lets_nobody_in_even_once(issuer: Issuer) -> None:
    door = Door(issuer)
    token = issuer.token("es256", exp=4102444800)
    assert await door.status(token) == 200
    issuer.published = [each for each in issuer.published if each["kid"] != "es256"]
    door.now += 3_600
    assert await door.status(token) == 401
    assert await door.status(issuer.token("rs256")) == 200


async def test_while_the_issuer_is_away_known_keys_go_on_for_a_day(issuer: Issuer) -> None:
    door = Door(issuer, f"{issuer.url}/keys")
    token = issuer.token("eddsa", exp=4102444800)
    assert await door.status(token) == 200
    issuer.status = 503
    door.now += STALE_SECONDS
    assert await door.status(token) == 200
    door.now += 1
    assert await door.status(token) == 503
    issuer.status = 200
    door.now += FAILED_SECONDS
    assert await door.status(token) == 200


async def test_an_issuer_that_was_never_reached_is_named_and_not_hurried(issuer: Issuer) -> None:
    door = Door(issuer, f"{issuer.url}/keys")
    issuer.status = 500
    for _ in range(3):
        with pytest.raises(Problem) as away:
            await door.tokens.read(issuer.token("rs256"))
        assert (away.value.kind.code, away.value.headers["Retry-After"]) == ("issuer_away", "5")
    assert issuer.asked == ["/keys"]


@pytest.mark.parametrize(
    ("path", "page", "status"),
    [
        ("/.well-known/openid-configuration", b'{"issuer": "http://somebody.else", "jwks_uri": "http://127.0.0.1:1/keys"}', 200),
        ("/.well-known/openid-configuration", b"[]", 200),
        ("/keys", b"not JSON", 200),
        ("/keys", b'{"keys": []}', 200),
        ("/keys", b'{"keys": {"a": 1}}', 200),
        ("/keys", b"[" * 100_000, 200),
        ("/keys", b" " * 300_000, 200),
        ("/keys", b"{}", 302),
    ],
)
async def test_an_answer_that_names_no_keys_is_as_good_as_none(issuer: Issuer, path: str, page: bytes, status: int) -> None:
    issuer.pages[path] = page
    issuer.status = status
    assert await Door(issuer).status(issuer.token("rs256")) == 503
    assert "/elsewhere" not in issuer.asked


async def test_many_at_once_ask_once_and_nobody_else_waits(issuer: Issuer, unmanned: World) -> None:
    door = Door(issuer, f"{issuer.url}/keys")
    issuer.free.clear()
    waiting = [asyncio.create_task(door.status(issuer.token("rs256"))) for _ in range(20)]
    assert (await unmanned.get("/v1/complaints")).status_code == 200  # the event loop goes on
    assert not any(each.done() for each in waiting)
    issuer.free.set()
    assert await asyncio.gather(*waiting) == [200] * 20
    assert issuer.asked == ["/keys"]


def test_keys_that_could_not_check_a_token_are_left_out() -> None:
    good = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    private = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(good))
    published: list[Any] = [
        jwk("good", "RS256", good),
        jwk("encrypts", "RS256", good, use="enc"),
        jwk("short", "RS256", short),
        jwk("none", "RS256", good, alg="none"),
        jwk("hmac", "RS256", good, alg="HS256"),
        jwk("half", "RS256", good, n=None),
        {**private, "kid": "private"},
        {"kty": "oct", "k": "c2VjcmV0", "kid": "secret", "alg": "HS256"},
        {"kty": "quantum", "kid": "strange"},
        "not a key",
    ]
    assert [key.kid for key in keys_of({"keys": published})] == ["good"]
    assert keys_of(None) == keys_of({}) == ()


async def test_beside_an_oidc_issuer_development_tokens_are_void(issuer: Issuer, tmp_path: Path) -> None:
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/redress.db")
    try:
        door = doorkeeper(Settings(_env_file=None, token_key=TOKEN_KEY, oidc_issuer=issuer.url), database)
        assert (await door.tokens.read(issuer.token("rs256"))).actor.id == "lin"
        with pytest.raises(Problem):
            await door.tokens.read(as_role(Role.AGENT)["Authorization"].removeprefix("Bearer "))
        assert door.link_secret == ""
        alone = doorkeeper(Settings(_env_file=None, token_key=TOKEN_KEY), database)
        assert (await alone.tokens.read(as_role(Role.AGENT)["Authorization"].removeprefix("Bearer "))).tenant == "home-demo"
    finally:
        await database.close()


def test_a_role_that_is_none_is_named_before_anything_starts() -> None:
    fits = Settings(_env_file=None, oidc_roles="cs-team=agent, a=b=supervisor")
    assert company_roles(fits) == {"cs-team": Role.AGENT, "a=b": Role.SUPERVISOR}
    for wrong in ("cs-team=boss", "cs-team=system"):
        with pytest.raises(SettingsError, match="REDRESS_OIDC_ROLES"):
            company_roles(Settings(_env_file=None, oidc_roles=wrong))
