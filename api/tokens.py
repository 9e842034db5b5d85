"""Access tokens (JWT): whose they are, checked against the keys of the issuers that are trusted here.

The issuer that a token names picks the keys, and a key picks the algorithms: nothing that the sender writes into the header
(jku, jwk, x5u, alg) brings a key or an algorithm of its own.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jwt
from pydantic import ValidationError

from api.identity import Me, unauthenticated
from api.issuer_keys import ALGORITHMS, IssuerAway, Key, KeySet
from api.problems import FORBIDDEN, ISSUER_AWAY, Problem
from domain.actor import Actor, Role

LEEWAY_SECONDS = 5
_LONGEST = 8_000
_REQUIRED = ["iss", "aud", "exp"]
_WRONG = (jwt.InvalidTokenError, ValidationError, TypeError, ValueError, OverflowError, RecursionError)


class NoRole(Exception):
    """The issuer vouches for this person and gives them nothing to do here."""


@dataclass(frozen=True, eq=False)
class Issuer:
    """Somebody whose tokens count, and how their claims are read.

    `roles` is what they call our roles: another name is an error where there is no such list of theirs (`strict`), and
    somebody else's business where there is. `only` limits what their tokens may be for;
    `names_maker`: they say who made them (older links do not).
    """

    name: str
    audience: str
    keys: KeySet
    roles: Mapping[str, Role]
    person_claim: str = "sub"
    tenant_claim: str = "tenant"
    roles_claim: str = "roles"
    strict: bool = True
    only: frozenset[Role] = frozenset(Role) - {Role.SYSTEM}
    names_maker: bool = False


class Tokens:
    """The door for tokens."""

    def __init__(self, issuers: Iterable[Issuer]) -> None:
        self._issuers = {issuer.name: issuer for issuer in issuers}

    async def read(self, token: str) -> Me:
        """The person or program behind a token. Raises the problems 401, `wrong_role` and `issuer_away`."""
        try:
            issuer, key = await self._signed_by(token)
            me, expires = _verified(token, issuer, key)
        except IssuerAway as error:
            raise Problem(
                ISSUER_AWAY,
                "登录服务暂时不可用，无法核验令牌，请稍后重试",
                "the service that issues tokens is away, so that this one cannot be checked; try again later",
                headers={"Retry-After": "5"},
            ) from error
        except NoRole as error:
            raise Problem(
                FORBIDDEN, "您的账号在本系统没有角色，请联系管理员", "you have no role here; ask an administrator"
            ) from error
        except _WRONG as error:
            raise unauthenticated("访问令牌无效", "the access token is not valid") from error
        if expires + LEEWAY_SECONDS <= time.time():
            raise unauthenticated("访问令牌已过期，请重新获取", "the access token has expired; get a new one")
        return me

    async def _signed_by(self, token: str) -> tuple[Issuer, Key]:
        if len(token) > _LONGEST:
            raise ValueError("longer than any token of ours")
        said = jwt.decode_complete(token, options={"verify_signature": False})
        kid, algorithm, name = said["header"].get("kid"), said["header"].get("alg"), said["payload"].get("iss")
        if (
            not isinstance(kid, str | None)
            or algorithm not in ALGORITHMS
            or not isinstance(name, str)
            or name not in self._issuers
        ):
            raise ValueError("another issuer's, or signed in a way that nobody here uses")
        issuer = self._issuers[name]
        key = await issuer.keys.find(kid, algorithm)
        if key is None:
            raise ValueError("no key of the issuer's for this name and algorithm")
        return issuer, key


@lru_cache(maxsize=4096)
def _verified(token: str, issuer: Issuer, key: Key) -> tuple[Me, int]:
    """Who it is and the second at which the token expires. Remembered, for programs send the same token again and again."""
    claims = jwt.decode(
        token, key.public, algorithms=sorted(key.algorithms), audience=issuer.audience, issuer=issuer.name,
        leeway=LEEWAY_SECONDS, options={"require": _REQUIRED, "verify_exp": False},
    )  # fmt: skip
    return _me(claims, issuer), int(claims["exp"])


def _me(claims: Mapping[str, Any], issuer: Issuer) -> Me:
    person, tenant, complaint = _claim(claims, issuer.person_claim), _claim(claims, issuer.tenant_claim), claims.get("complaint")
    if not isinstance(person, str) or not person.isprintable() or not isinstance(tenant, str):
        raise TypeError("the claims of person and tenant are texts")
    roles = _roles(_claim(claims, issuer.roles_claim), issuer)
    # A customer's token is for one complaint, and nobody else's is for one only.
    if (Role.CUSTOMER in roles) != (complaint is not None) or (complaint is not None and roles != (Role.CUSTOMER,)):
        raise ValueError("a complaint and the role of a customer belong together, and to no other role")
    if not isinstance(complaint, str | None):
        raise TypeError("the complaint is a text")
    made_by = claims.get("made_by") if issuer.names_maker else None
    return Me(Actor(id=person, roles=roles, made_by=made_by), tenant, complaint)


def _roles(named: Any, issuer: Issuer) -> tuple[Role, ...]:
    names = named.split() if isinstance(named, str) else named
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise TypeError("the claim of roles is a list of texts")
    if issuer.strict and not set(names) <= set(issuer.roles):
        raise ValueError("an unknown role")
    roles = tuple(dict.fromkeys(issuer.roles[each] for each in names if each in issuer.roles))
    if not set(roles) <= issuer.only:
        raise ValueError("a role that this issuer does not give")
    if not roles and not issuer.strict:
        raise NoRole
    return roles


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name, or by a path into it: names of claims may hold dots themselves."""
    if name in claims:
        return claims[name]
    first, _, rest = name.partition(".")
    inside = claims.get(first)
    return _claim(inside, rest) if rest and isinstance(inside, Mapping) else None
