"""Who calls: a signed token (JWT, HS256) names the person or program, their tenant and their roles."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Annotated, Any

import jwt
from fastapi import Depends, Security
from fastapi.security import HTTPBearer
from pydantic import ValidationError
from starlette.requests import Request

from api.problems import FORBIDDEN, OTHER_COMPLAINT, UNAUTHENTICATED, Problem
from domain.actor import Actor, Role

ISSUER = "redress-dev"
AUDIENCE = "redress"
_ALGORITHM = "HS256"
_REQUIRED = ["iss", "aud", "sub", "exp", "tenant", "roles"]
_LEEWAY_SECONDS = 5
_SCHEME = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    bearerFormat="JWT",
    description=(
        "A JWT (HS256) with the claims iss, aud=redress, sub (id of the person or program), tenant, roles and exp; a customer's "
        "also names the one complaint it is for (complaint). "
        "For development: `python -m api token --role agent --id lin --tenant home-demo`."
    ),
)
# Who works on complaints and may see all of their tenant's.
STAFF = (Role.AGENT, Role.DEPARTMENT, Role.OPERATOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Me:
    """The caller. `complaint` is the one complaint that a customer's token is for."""

    actor: Actor
    tenant: str
    complaint: str | None = None

    def must_be(self, *roles: Role) -> None:
        """Raises the 403 problem unless one of the roles is held, directly or by standing above it."""
        if not self.actor.has(*roles):
            mine, wanted = ", ".join(self.actor.roles), ", ".join(roles)
            raise Problem(
                FORBIDDEN,
                f"您的角色（{mine}）不能执行此操作，需要：{wanted}（或其上级）",
                f"your role ({mine}) does not allow this; it is open to {wanted} and those above them",
            )

    def must_reach(self, complaint_id: str) -> None:
        """Raises the 403 problem when the token is for another complaint."""
        if self.complaint not in (None, complaint_id):
            raise Problem(OTHER_COMPLAINT, "请使用该投诉对应的令牌", "use the token that was issued for this complaint")


def mint(key: str, actor: Actor, tenant: str, lifetime: timedelta, complaint: str | None = None) -> str:
    """A token for development and tests. A customer's needs its complaint: raises ValueError."""
    if Role.CUSTOMER in actor.roles and complaint is None:
        raise ValueError("a customer's token is for one complaint: name it")
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": actor.id, "tenant": tenant, "roles": [role.value for role in actor.roles],
        "iat": now, "exp": now + int(lifetime.total_seconds()), **({"complaint": complaint} if complaint else {}),
    }  # fmt: skip
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def identify(request: Request, key: str) -> Me:
    """The caller behind the Authorization header; raises the 401 problem."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _no("缺少访问令牌，请在 Authorization 头中提供 Bearer 令牌", "send an access token: Authorization: Bearer <token>")
    try:
        me, expires = _verified(token.strip(), key)
    except (jwt.InvalidTokenError, ValidationError, TypeError, ValueError, OverflowError) as error:
        raise _no("访问令牌无效", "the access token is not valid") from error
    if expires + _LEEWAY_SECONDS <= time.time():
        raise _no("访问令牌已过期，请重新获取", "the access token has expired; get a new one")
    if Role.CUSTOMER in me.actor.roles and me.complaint is None:
        raise _no("客户令牌须注明其投诉", "a customer's token has to name its complaint")
    return me


@lru_cache(maxsize=4096)
def _verified(token: str, key: str) -> tuple[Me, int]:
    """The caller and the second at which the token expires. Remembered, for programs send the same token again and again."""
    claims = jwt.decode(
        token, key, algorithms=[_ALGORITHM], audience=AUDIENCE, issuer=ISSUER, leeway=_LEEWAY_SECONDS,
        options={"require": _REQUIRED, "verify_exp": False},
    )  # fmt: skip
    return _me(claims), int(claims["exp"])


def _me(claims: dict[str, Any]) -> Me:
    complaint = claims.get("complaint")
    if not isinstance(claims["tenant"], str) or not (complaint is None or isinstance(complaint, str)):
        raise TypeError("tenant and complaint are texts")
    return Me(Actor(id=claims["sub"], roles=tuple(claims["roles"])), claims["tenant"], complaint)


def _no(zh: str, en: str) -> Problem:
    return Problem(UNAUTHENTICATED, zh, en, headers={"WWW-Authenticate": f'Bearer realm="{AUDIENCE}"'})


async def _me_of(request: Request, token: Annotated[object, Security(_SCHEME)]) -> Me:
    me: Me = request.state.me  # put there by the route, before the body was read
    return me


Caller = Annotated[Me, Depends(_me_of)]
