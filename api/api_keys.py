"""API keys of the tenant's machines: made, listed and revoked by its administrators."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from api.durations import Duration
from api.guard import GuardedRoute
from api.identity import Caller
from api.pages import Cursor, Limit
from api.parts import AllParts
from api.problems import FORBIDDEN, INVALID, MEDIA, NOT_FOUND, NOT_JSON, TOO_LARGE, Problem, declared
from domain.actor import Role
from domain.intake import Text
from storage.keys import ApiKey, ApiKeys, Scope
from storage.pages import Page

router = APIRouter(prefix="/v1/api-keys", tags=["12 Administration"], route_class=GuardedRoute)


def _may_repeat(schema: dict[str, Any]) -> None:
    del schema["uniqueItems"]  # what is named twice counts once


class NewKey(BaseModel):
    """What a key is to be for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[Text, Field(max_length=100)] = Field(description="What it is for, for people.", examples=["Hotline software"])
    scopes: frozenset[Scope] = Field(
        min_length=1,
        json_schema_extra=_may_repeat,
        description="intake: file complaints and follow them; reading: read what an agent may; commands: act as an agent does.",
        examples=[["intake"]],
    )
    valid_for: Duration | None = Field(
        default=timedelta(days=365),
        ge=timedelta(minutes=1),
        le=timedelta(days=3650),
        description="How long it holds, from a minute to ten years; null: until it is revoked. A year when absent.",
        examples=["P90D"],
    )


class MadeKey(BaseModel):
    """A new key. Nobody can show it again."""

    model_config = ConfigDict(frozen=True)

    key: str = Field(description="The key itself, to be sent as `Authorization: Bearer <key>`: keep it now, it is shown once.")
    record: ApiKey = Field(description="What is kept of it.")


@router.post(
    "", status_code=201, operation_id="make_api_key", summary="Make an API key",
    responses=declared(NOT_JSON, FORBIDDEN, TOO_LARGE, MEDIA, INVALID),
)  # fmt: skip
async def make_api_key(asked: NewKey, me: Caller, parts: AllParts, response: Response) -> MadeKey:
    """Make a key for a machine of this tenant. Send it again after a time-out: an unused one beside it can be revoked."""
    me.must_be(Role.ADMINISTRATOR)
    now = datetime.now(UTC)
    ends = now + asked.valid_for if asked.valid_for is not None else None
    record, key = await ApiKeys(parts.database).make(me.tenant, asked.name, tuple(asked.scopes), me.actor.id, now, ends)
    response.headers["Cache-Control"] = "no-store"
    return MadeKey(key=key, record=record)


@router.get("", operation_id="list_api_keys", summary="List the API keys", responses=declared(FORBIDDEN, INVALID))
async def list_api_keys(me: Caller, parts: AllParts, cursor: Cursor = None, limit: Limit = 50) -> Page[ApiKey]:
    """The tenant's keys, newest first, revoked ones too: what each is for, who made it and when it was last used."""
    me.must_be(Role.ADMINISTRATOR)
    return await ApiKeys(parts.database).list(me.tenant, cursor=cursor, limit=limit)


@router.delete(
    "/{key_id}", status_code=204, operation_id="revoke_api_key", summary="Revoke an API key",
    responses=declared(FORBIDDEN, NOT_FOUND, INVALID),
)  # fmt: skip
async def revoke_api_key(
    key_id: Annotated[str, Path(max_length=24, description="Public part of the key.", examples=["rdk_k5x2q7d3m4n6p2r3"])],
    me: Caller,
    parts: AllParts,
) -> None:
    """End a key at once: the next request with it is refused. Revoking it again does nothing."""
    me.must_be(Role.ADMINISTRATOR)
    if not await ApiKeys(parts.database).revoke(me.tenant, key_id, me.actor.id, datetime.now(UTC)):
        raise Problem(NOT_FOUND, "没有此 API 密钥，请核对编号", "there is no such API key; check its id")
