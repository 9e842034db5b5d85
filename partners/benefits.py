"""The benefit partner: coupons, gifts and loyalty points."""

from __future__ import annotations

import sqlite3
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from partners import effects
from partners.effects import Report
from partners.idempotency import Answer, Key, once
from partners.orders import Document, Money, StoreOf
from partners.problems import Problem, refuse

router = APIRouter(prefix="/benefits", tags=["benefits"])


class Benefit(Document):
    """A coupon is worth `money`, a gift is an `item`, points are `points`."""

    kind: Literal["coupon", "gift", "points"]
    order_number: str | None = None
    customer_id: str | None = None
    money: Money | None = None
    item: str | None = None
    points: int | None = Field(default=None, ge=1)


@router.post("", status_code=201, response_model=Report, responses=refuse(409, "unknown_order", "incomplete"))
async def grant_benefit(request: Request, benefit: Benefit, key: Key, store: StoreOf) -> Response:
    """Grant a coupon, a gift or points."""

    def perform(db: sqlite3.Connection) -> Answer:
        about = benefit.order_number or benefit.customer_id or ""
        needed = {"coupon": "money", "gift": "item", "points": "points"}[benefit.kind]
        refusal = None
        if getattr(benefit, needed) is None:
            refusal = Problem(409, "incomplete", f"A benefit of kind {benefit.kind} needs {needed}.")
        elif not about:
            refusal = Problem(409, "incomplete", "A benefit needs order_number or customer_id.")
        return effects.place(db, "benefits", "benefit", key, benefit.kind, about, benefit, stage="granted", refusal=refusal)

    return once(store, "benefits", key, request, benefit, perform)


@router.get("/effects/{key:path}", response_model=Report, responses=refuse(404, "unknown_key"))
async def read_effect(key: str, store: StoreOf) -> Response:
    """The benefit granted under this key."""
    return Response(effects.report(effects.find(store.db, "benefits", key)), media_type="application/json")


@router.delete("/effects/{key:path}", response_model=Report, responses=refuse(404, "unknown_key"))
async def revoke_benefit(request: Request, key: str, revoke_key: Key, store: StoreOf) -> Response:
    """Take a granted benefit back."""

    def perform(db: sqlite3.Connection) -> Answer:
        row = effects.find(db, "benefits", key)
        return Answer(200, effects.report(row if row["status"] == "refused" else effects.move(db, row, "revoked")))

    return once(store, "benefits", revoke_key, request, None, perform)
