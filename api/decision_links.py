"""Reading decision links: whom they are for and what they decide on. They are no tokens of the API and open nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jwt

from api.issuer_keys import Key, pick
from api.problems import BAD_SIGNATURE, Problem
from settings.signing import ALGORITHM, AUDIENCE, DECISION_ISSUER, key_id, signing_key

_LONGEST = 2_000
_REQUIRED = ["iss", "aud", "exp", "sub"]


@dataclass(frozen=True)
class DecisionLink:
    """One person's link to the decision on one proposal. `token` is the link itself."""

    token: str
    tenant: str
    person: str
    complaint_id: str
    number: int


class DecisionLinks:
    """Links under any of these secrets; without a secret there are none."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        public = [signing_key(secret, DECISION_ISSUER).public_key() for secret in secrets]
        self._keys = tuple(Key(key_id(each), each, frozenset({ALGORITHM})) for each in public)

    def read(self, token: str) -> DecisionLink:
        """Raises the 401 problem for what is no link of ours, and for one whose time is over."""
        try:
            link, expires = self._verified(token)
        except (jwt.InvalidTokenError, TypeError, ValueError, KeyError, OverflowError, RecursionError) as error:
            raise Problem(
                BAD_SIGNATURE,
                "链接无效，请从邮件中完整复制，或登录投诉系统处理",
                "this link is not valid; copy the whole of it from the mail, or decide in your complaint system",
            ) from error
        if expires <= time.time():
            raise Problem(
                BAD_SIGNATURE, "链接已过期，请登录投诉系统处理", "this link has expired; decide in your complaint system"
            )
        return link

    def _verified(self, token: str) -> tuple[DecisionLink, int]:
        if len(token) > _LONGEST:
            raise ValueError("longer than any link of ours")
        key = pick(self._keys, jwt.get_unverified_header(token).get("kid"), ALGORITHM)
        if key is None:
            raise ValueError("no key of ours")
        claims: dict[str, Any] = jwt.decode(
            token, key.public, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=DECISION_ISSUER,
            options={"require": _REQUIRED, "verify_exp": False},
        )  # fmt: skip
        texts = [claims[name] for name in ("tenant", "sub", "complaint")]
        if not all(isinstance(each, str) for each in texts) or not isinstance(claims["number"], int):
            raise TypeError("claims of another kind")
        tenant, person, complaint = texts
        return DecisionLink(token, tenant, person, complaint, claims["number"]), int(claims["exp"])
