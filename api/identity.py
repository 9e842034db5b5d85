"""Who calls: the person or program behind a request, their tenant and their roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import HTTPBearer
from starlette.requests import Request

from api.problems import FORBIDDEN, OTHER_COMPLAINT, UNAUTHENTICATED, Problem
from domain.actor import Actor, Role
from settings.signing import AUDIENCE

_SCHEME = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    bearerFormat="JWT or API key",
    description=(
        "People: a JWT of the company's OIDC issuer (RS256, ES256, EdDSA and their kin) with iss, aud, exp and the claims of "
        "person (sub), tenant and roles. Machines: an API key, `rdk_...`, as an administrator makes it. Customers: the token of "
        "their link, for one complaint. "
        "For development: `python -m api token --role agent --id lin --tenant home-demo`."
    ),
)
# Who works on complaints and may see all of their tenant's.
STAFF = (Role.AGENT, Role.DEPARTMENT, Role.RISK_CONTROL, Role.LEGAL, Role.OPERATOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Me:
    """The caller. `complaint` is the one complaint that a customer's token is for."""

    actor: Actor
    tenant: str
    complaint: str | None = None

    @property
    def is_customer(self) -> bool:
        return Role.CUSTOMER in self.actor.roles

    @property
    def is_outside(self) -> bool:
        """Customers, and the software that files for them: they see what a customer may see."""
        return not self.actor.has(*STAFF)

    def person(self, named: str | None) -> str | None:
        """Whom a filter means: `me` is the caller."""
        return self.actor.id if named == "me" else named

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


def unauthenticated(zh: str, en: str) -> Problem:
    """The 401 problem."""
    return Problem(UNAUTHENTICATED, zh, en, headers={"WWW-Authenticate": f'Bearer realm="{AUDIENCE}"'})


async def _me_of(request: Request, token: Annotated[object, Security(_SCHEME)]) -> Me:
    me: Me = request.state.me  # put there by the route, before the body was read
    return me


Caller = Annotated[Me, Depends(_me_of)]
