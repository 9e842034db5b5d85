"""The logistics partner: shipments, visits, and the tracking of an order's original parcel."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from partners import effects
from partners.effects import Family, Report
from partners.idempotency import Answer, Key, once
from partners.orders import Document, Order, StoreOf, find_order
from partners.problems import Problem, refuse

router = APIRouter(prefix="/logistics", tags=["logistics"])


class Item(Document):
    """The thing itself (whole), or what goes with it."""

    sku: str
    part: Literal["whole", "accessory", "manual", "warranty_card", "cutlery"] = "whole"
    quantity: int = Field(default=1, ge=1)


class Invoice(Document):
    """What has to stand on a new invoice."""

    title: str
    tax_number: str | None = None
    content: str


class Shipment(Document):
    kind: Literal["reship", "exchange", "return", "collection", "invoice"]
    order_number: str
    items: tuple[Item, ...] = Field(default=(), description="What of the order; empty means all of it.")
    invoice: Invoice | None = None
    address: str | None = None
    freight_paid_by: Literal["company", "customer"] = "company"


class Visit(Document):
    kind: Literal["inspection", "repair", "rectification", "reinstallation"]
    order_number: str
    address: str | None = None
    before_at: AwareDatetime | None = None


class RouteEvent(BaseModel):
    at: datetime
    event: Literal["ordered", "handed_to_carrier", "departed", "arrived_at_hub", "delivered", "lost"]
    place: str | None = None


class Tracking(BaseModel):
    """Where the order's own parcel is, and when it passed where."""

    order_number: str
    carrier: str | None
    status: Literal["not_shipped", "in_transit", "delivered", "lost"]
    promised_at: datetime | None
    delivered_at: datetime | None
    events: list[RouteEvent]


@router.post("/shipments", status_code=201, response_model=Report, responses=refuse(409, "unknown_order", "unknown_sku"))
async def place_shipment(request: Request, shipment: Shipment, key: Key, store: StoreOf) -> Response:
    """Send, exchange, return or collect goods."""

    def perform(db: sqlite3.Connection) -> Answer:
        strange = sorted({item.sku for item in shipment.items} - _catalogue(db)) if shipment.items else []
        refusal = Problem(409, "unknown_sku", f"The shop does not sell {', '.join(strange)}.") if strange else None
        return _place(db, "shipment", key, shipment, refusal)

    return once(store, "logistics", key, request, shipment, perform)


@router.post("/visits", status_code=201, response_model=Report, responses=refuse(409, "unknown_order"))
async def place_visit(request: Request, visit: Visit, key: Key, store: StoreOf) -> Response:
    """Send a person to the customer."""
    return once(store, "logistics", key, request, visit, lambda db: _place(db, "visit", key, visit))


def _catalogue(db: sqlite3.Connection) -> set[str]:
    """What the shop has ever sold."""
    rows = db.execute(
        "SELECT DISTINCT json_extract(line.value, '$.sku') FROM orders, json_each(orders.document, '$.lines') AS line"
    )
    return {row[0] for row in rows}


def _place(db: sqlite3.Connection, family: Family, key: str, body: Shipment | Visit, refusal: Problem | None = None) -> Answer:
    return effects.place(db, "logistics", family, key, body.kind, body.order_number, body, stage="accepted", refusal=refusal)


@router.get("/effects/{key:path}", response_model=Report, responses=refuse(404, "unknown_key"))
async def read_effect(key: str, store: StoreOf) -> Response:
    """The shipment or visit placed under this key."""
    return Response(effects.report(effects.find(store.db, "logistics", key)), media_type="application/json")


@router.delete("/effects/{key:path}", response_model=Report, responses=refuse(409, "too_late") | refuse(404, "unknown_key"))
async def cancel_effect(request: Request, key: str, cancel_key: Key, store: StoreOf) -> Response:
    """Cancel what has not yet arrived or happened."""

    def perform(db: sqlite3.Connection) -> Answer:
        row = effects.find(db, "logistics", key)
        if row["status"] == "done":
            return Answer(409, Problem(409, "too_late", f"{row['reference']} is {row['stage']} already.").body())
        return Answer(200, effects.report(row if row["status"] == "refused" else effects.move(db, row, "cancelled")))

    return once(store, "logistics", cancel_key, request, None, perform)


@router.get("/track/{order_number:path}", response_model=Tracking, responses=refuse(404, "unknown_order"))
async def track(order_number: str, store: StoreOf) -> Tracking:
    """The route of the order's original parcel."""
    order = find_order(store.db, order_number)
    if order is None:
        raise Problem(404, "unknown_order", f"There is no order {order_number}.")
    return _tracking(order)


def _tracking(order: Order) -> Tracking:
    """A route told from the order's dates: the hub is passed half way, and a lost parcel is last seen there."""
    events = [RouteEvent(at=order.placed_at, event="ordered", place=order.origin)]
    lost = order.status == "lost"
    if order.shipped_at:
        arrival = order.delivered_at or order.promised_at or order.shipped_at + timedelta(days=4)
        half = max((arrival - order.shipped_at) / 2, timedelta(hours=1))
        events += [
            RouteEvent(at=order.shipped_at, event="handed_to_carrier", place=order.origin),
            RouteEvent(at=order.shipped_at + min(half, timedelta(hours=6)) / 2, event="departed", place=order.origin),
            RouteEvent(at=order.shipped_at + half, event="arrived_at_hub", place=order.destination),
        ]
        if lost:
            events.append(RouteEvent(at=order.shipped_at + half * 2 + timedelta(days=5), event="lost", place=order.destination))
    if order.delivered_at:
        events.append(RouteEvent(at=order.delivered_at, event="delivered", place=order.destination))
    status: Literal["not_shipped", "in_transit", "delivered", "lost"] = (
        "delivered" if order.delivered_at else "lost" if lost else "in_transit" if order.shipped_at else "not_shipped"
    )
    return Tracking(
        order_number=order.number,
        carrier=order.carrier,
        status=status,
        promised_at=order.promised_at,
        delivered_at=order.delivered_at,
        events=events,
    )
