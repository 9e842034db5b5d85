"""Tokens that this program issues itself: for development, and for customers' links."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from api.issuer_keys import Key, OwnKeys
from api.tokens import Issuer
from domain.actor import Actor, Role
from settings.signing import ALGORITHM, AUDIENCE, DEV_ISSUER, LINK_ISSUER, key_id, sign, signing_key

_NAMES = {role.value: role for role in Role}


def development(secret: str) -> Issuer:
    """Whoever holds the secret is anybody: for development, never beside an OIDC issuer."""
    return Issuer(DEV_ISSUER, AUDIENCE, _keys(DEV_ISSUER, secret), _NAMES)


def customer_links(*secrets: str) -> Issuer:
    """Customers' links, signed with any of these secrets."""
    return Issuer(LINK_ISSUER, AUDIENCE, _keys(LINK_ISSUER, *secrets), _NAMES, only=frozenset({Role.CUSTOMER}), names_maker=True)


def mint(secret: str, actor: Actor, tenant: str, lifetime: timedelta, complaint: str | None = None) -> str:
    """A token for development and tests. A customer's needs its complaint, nobody else's has one: raises ValueError."""
    if (Role.CUSTOMER in actor.roles) != (complaint is not None):
        raise ValueError("a customer's token is for one complaint, and nobody else's is: name it")
    return sign(secret, DEV_ISSUER, _claims(actor, tenant, lifetime, complaint))


def mint_link(secret: str, name: str, tenant: str, lifetime: timedelta, complaint: str, made_by: str) -> str:
    """The token of a customer's link, which names who made it."""
    claims = _claims(Actor(id=name, roles=(Role.CUSTOMER,)), tenant, lifetime, complaint)
    return sign(secret, LINK_ISSUER, {**claims, "made_by": made_by})


def _claims(actor: Actor, tenant: str, lifetime: timedelta, complaint: str | None) -> dict[str, Any]:
    now = int(time.time())
    claims = {"sub": actor.id, "tenant": tenant, "roles": [role.value for role in actor.roles], "iat": now}
    return {**claims, "exp": now + int(lifetime.total_seconds()), **({"complaint": complaint} if complaint else {})}


def _keys(issuer: str, *secrets: str) -> OwnKeys:
    public = [signing_key(secret, issuer).public_key() for secret in secrets]
    return OwnKeys(Key(key_id(each), each, frozenset({ALGORITHM})) for each in public)
