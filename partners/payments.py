"""The payment partner: gives money back for an order, and never more of it than was paid."""

from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from typing import Literal

from fastapi import APIRouter, Request, Response

from partners import effects
from partners.effects import Report
from partners.idempotency import Answer, Key, once
from partners.orders import Document, Money, StoreOf, find_order
from partners.problems import Problem, refuse

router = APIRouter(prefix="/payments", tags=["payments"])


class Payment(Document):
    """A *refund* returns what was paid for the order; an *extra payment* compensates on top of it."""

    kind: Literal["refund", "extra_payment"]
    order_number: str
    money: Money
    reason: str = ""


@router.post(
    "",
    status_code=201,
    response_model=Report,
    responses=refuse(409, "unknown_order", "wrong_currency", "no_amount", "over_paid"),
)
async def place_payment(request: Request, payment: Payment, key: Key, store: StoreOf) -> Response:
    """Pay money to the customer of an order."""
    stage = "succeeded" if request.app.state.mode.payments == "at_once" else "pending"

    def perform(db: sqlite3.Connection) -> Answer:
        return effects.place(
            db,
            "payments",
            "payment",
            key,
            payment.kind,
            payment.order_number,
            payment,
            stage=stage,
            refusal=_refusal(db, payment),
        )

    return once(store, "payments", key, request, payment, perform)


@router.get("/effects/{key:path}", response_model=Report, responses=refuse(404, "unknown_key"))
async def read_effect(key: str, store: StoreOf) -> Response:
    """The payment placed under this key."""
    return Response(effects.report(effects.find(store.db, "payments", key)), media_type="application/json")


@router.delete("/effects/{key:path}", response_model=Report, responses=refuse(409, "too_late") | refuse(404, "unknown_key"))
async def cancel_payment(request: Request, key: str, cancel_key: Key, store: StoreOf) -> Response:
    """Stop a payment that is still pending."""

    def perform(db: sqlite3.Connection) -> Answer:
        row = effects.find(db, "payments", key)
        if row["status"] == "done":
            return Answer(409, Problem(409, "too_late", f"{row['reference']} is {row['stage']} already.").body())
        return Answer(200, effects.report(row if row["status"] == "refused" else effects.move(db, row, "cancelled")))

    return once(store, "payments", cancel_key, request, None, perform)


def _refusal(db: sqlite3.Connection, payment: Payment) -> Problem | None:
    order = find_order(db, payment.order_number)
    if order is None:
        return None  # `place` refuses an unknown order for every system alike
    asked = payment.money
    if asked.currency != order.paid.currency:
        return Problem(409, "wrong_currency", f"The order was paid in {order.paid.currency}, not {asked.currency}.")
    if not asked.amount:
        return Problem(409, "no_amount", "A payment of nothing is no payment.")
    if payment.kind == "refund":
        refunded = _refunded(db, payment.order_number)
        if refunded + asked.amount > order.paid.amount:
            return Problem(409, "over_paid", f"Paid {order.paid.amount}, refunded {refunded}, asked {asked.amount}.")
    return None


def _refunded(db: sqlite3.Connection, order_number: str) -> Decimal:
    """What has been refunded, or is about to be, for this order."""
    rows = db.execute(
        "SELECT document FROM effects WHERE order_number = ? AND system = 'payments' AND kind = 'refund' AND status <> 'refused'",
        (order_number,),
    )
    return sum((Decimal(json.loads(row["document"])["money"]["amount"]) for row in rows), Decimal(0))
