"""Webhooks that we send: what became of each, and sending again what was given up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.guard import GuardedRoute
from api.identity import Caller
from api.pages import Cursor, Limit
from api.parts import AllParts, TheShelf
from api.problems import DATABASE_AWAY, FORBIDDEN, INVALID, NOT_DEAD, NOT_FOUND, Problem, declared
from domain.actor import Role
from storage.deliveries import Deliveries, Delivery, Status
from storage.pages import Page

router = APIRouter(prefix="/v1/webhooks", tags=["12 Webhooks"], route_class=GuardedRoute)


class Endpoint(BaseModel):
    """One address that hears of the tenant's complaints. Its secrets, and the path of its address, are never shown."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="Its id in the tenant's file.")
    host: str = Field(description="Where it is.")
    events: tuple[str, ...] = Field(description="What it hears; empty: everything.")


@router.get("/endpoints", operation_id="list_webhook_endpoints", summary="Who is told", responses=declared(FORBIDDEN))
async def list_endpoints(me: Caller, shelf: TheShelf) -> tuple[Endpoint, ...]:
    """The addresses that the tenant's file subscribes to news of its complaints."""
    me.must_be(Role.OPERATOR, Role.ADMINISTRATOR)
    return tuple(Endpoint(id=each.id, host=each.host, events=each.events) for each in shelf.tenant(me.tenant).webhooks)


@router.get(
    "/deliveries", operation_id="list_deliveries", summary="What became of the news",
    responses=declared(FORBIDDEN, INVALID, DATABASE_AWAY),
)  # fmt: skip
async def list_deliveries(
    me: Caller,
    parts: AllParts,
    status: Annotated[Status | None, Query(description="Only those that stand so; dead: given up after three days.")] = None,
    endpoint: Annotated[str | None, Query(max_length=64, description="Only those to this address.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Delivery]:
    """Every piece of news and how far it came, newest first. Delivered ones are kept for 30 days, dead ones for 90."""
    me.must_be(Role.OPERATOR, Role.ADMINISTRATOR)
    return await Deliveries(parts.database).page(me.tenant, status, endpoint, cursor, limit)


@router.post(
    "/deliveries/{delivery}/resend", operation_id="resend_delivery", summary="Send it again",
    responses=declared(FORBIDDEN, NOT_FOUND, NOT_DEAD, INVALID, DATABASE_AWAY),
)  # fmt: skip
async def resend_delivery(
    delivery: Annotated[str, Path(max_length=100, description="Id of the delivery.", examples=["msg_0f" + "a" * 30])],
    me: Caller,
    parts: AllParts,
) -> Delivery:
    """A dead one is due at once, with all its attempts before it. It carries the same `Webhook-Id`, by which its receiver knows
    it again."""
    me.must_be(Role.OPERATOR, Role.ADMINISTRATOR)
    outbox = Deliveries(parts.database)
    sent = await outbox.resend(me.tenant, delivery, datetime.now(UTC))
    if sent is not None:
        return sent
    stands = await outbox.get(me.tenant, delivery)
    if stands is None:
        raise Problem(NOT_FOUND, "没有此投递记录，请核对编号", "there is no such delivery; check its id")
    status = {"pending": "等待投递", "delivered": "已送达"}.get(stands.status, stands.status)
    raise Problem(NOT_DEAD, f"该消息{status}，只有已放弃的可以重发", f"it is {stands.status}; only a dead one is sent again")
