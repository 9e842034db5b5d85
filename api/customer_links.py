"""Links for customers: whoever holds one reads and answers one complaint, until it expires.

A link is a signed token and is kept nowhere. It is void once its time is over or the secret that signed it is taken out.
"""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import structlog
from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.durations import Duration
from api.finding import ComplaintId, find_case
from api.guard import GuardedRoute
from api.identity import Caller
from api.local_issuer import mint_link
from api.parts import AllParts
from api.problems import (
    FORBIDDEN,
    INVALID,
    MEDIA,
    NO_LINKS,
    NOT_FOUND,
    NOT_JSON,
    NOT_RECORDED,
    TEMPORAL_AWAY,
    TOO_LARGE,
    Problem,
    declared,
)
from domain.actor import Role
from storage.keys import Scope

_log = structlog.get_logger("api")


class LinkRoute(GuardedRoute):
    """Machines make links too: the shop's app opens the complaint to whoever filed it there.

    By a scope of their own: whoever makes a link can act as that customer, which filing alone does not grant, whether by a key
    or by a token with the role intake.
    """

    writing: ClassVar = {Scope.LINKS: Role.AGENT}


router = APIRouter(prefix="/v1/complaints/{complaint_id}", tags=["7 At any time"], route_class=LinkRoute)


class NewLink(BaseModel):
    """How long a link is to hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_for: Duration = Field(
        default=timedelta(days=14),
        ge=timedelta(minutes=1),
        le=timedelta(days=90),
        description="From a minute to 90 days; 14 days when absent.",
        examples=["P14D"],
    )


class CustomerLink(BaseModel):
    """What is sent to the customer, and to nobody else."""

    model_config = ConfigDict(frozen=True)

    token: str = Field(description="The customer's token for this one complaint, for `Authorization: Bearer <token>`.")
    url: str | None = Field(description="The page with this complaint, where the operator of the service has named one.")
    expires_at: AwareDatetime = Field(description="When it ends (UTC).")


@router.post(
    "/customer-link", status_code=201, operation_id="make_customer_link", summary="Make a link for the customer",
    responses=declared(
        NOT_JSON, FORBIDDEN, NOT_FOUND, TOO_LARGE, MEDIA, INVALID, NOT_RECORDED, TEMPORAL_AWAY, NO_LINKS
    ),
)  # fmt: skip
async def make_customer_link(
    complaint_id: ComplaintId, asked: NewLink, me: Caller, parts: AllParts, response: Response
) -> CustomerLink:
    """A link under which the customer reads this complaint, accepts, declines, appeals, adds evidence, confirms or withdraws.

    What they do with it stands in the journal under the link's own name, for staff with who made that link (`by.made_by`).
    """
    me.must_be(Role.AGENT)
    door = parts.doorkeeper
    if not door.link_secret:
        raise Problem(
            NO_LINKS,
            "未设置客户链接的签名密钥，请联系管理员设置 REDRESS_CUSTOMER_LINK_KEYS",
            "no key to sign links with is set: ask an administrator to set REDRESS_CUSTOMER_LINK_KEYS",
        )
    await _check_on_file(parts, me.tenant, complaint_id)
    name = "link-" + base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()
    token = mint_link(door.link_secret, name, me.tenant, asked.valid_for, complaint_id, me.actor.id)
    _log.info("customer_link_made", link=name, complaint=complaint_id, tenant=me.tenant, by=me.actor.id)
    response.headers["Cache-Control"] = "no-store"
    url = door.link_url.replace("{token}", token).replace("{complaint_id}", complaint_id) or None
    return CustomerLink(token=token, url=url, expires_at=datetime.now(UTC) + asked.valid_for)


async def _check_on_file(parts: AllParts, tenant: str, complaint_id: str) -> None:
    try:
        await find_case(parts, tenant, complaint_id)
    except Problem as problem:
        if problem.kind is not NOT_RECORDED:  # on file, though nobody works on it yet
            raise
