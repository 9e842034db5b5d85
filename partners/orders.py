"""The shop's order system: what was bought, paid, promised and delivered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from partners.idempotency import Answer, Key, once
from partners.problems import Problem, refuse
from partners.store import Store

router = APIRouter(prefix="/orders", tags=["orders"])


async def _store(request: Request) -> Store:
    store = request.app.state.store
    assert isinstance(store, Store)
    return store


StoreOf = Annotated[Store, Depends(_store)]


class Document(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Money(Document):
    """A decimal amount, as a string in JSON, and its ISO 4217 currency."""

    amount: Decimal = Field(ge=0, max_digits=14)
    currency: str = Field(pattern=r"^[A-Z]{3}$")


class Line(Document):
    sku: str
    name: str
    quantity: int = Field(ge=1)
    price: Money


class Order(Document):
    """One order. Instants carry the offset of the shop's own clock, so that a day is the shop's day."""

    number: str = Field(min_length=1, max_length=64)
    status: str
    customer_id: str | None = None
    phone: str | None = None
    email: str | None = None
    placed_at: AwareDatetime
    shipped_at: AwareDatetime | None = None
    promised_at: AwareDatetime | None = None
    delivered_at: AwareDatetime | None = None
    goods: Money
    freight: Money
    paid: Money
    lines: tuple[Line, ...] = ()
    carrier: str | None = None
    seller: str | None = None
    origin: str | None = None
    destination: str | None = None


class Load(Document):
    orders: list[Order] = Field(max_length=10_000)


class Loaded(BaseModel):
    loaded: int


def put_orders(db: sqlite3.Connection, orders: Iterable[Order]) -> int:
    """Store these orders, each in place of an earlier one of its number; answers how many."""
    rows = [(order.number, order.model_dump_json()) for order in orders]
    db.executemany("INSERT INTO orders VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET document = excluded.document", rows)
    return len(rows)


def find_order(db: sqlite3.Connection, number: str) -> Order | None:
    row = db.execute("SELECT document FROM orders WHERE number = ?", (number,)).fetchone()
    return Order.model_validate_json(row["document"]) if row else None


@router.post("/bulk", status_code=201, response_model=Loaded, responses=refuse(422, "invalid", "key_reused"))
async def load_orders(request: Request, load: Load, key: Key, store: StoreOf) -> Response:
    """Load many orders at once."""

    def perform(db: sqlite3.Connection) -> Answer:
        return Answer(201, Loaded(loaded=put_orders(db, load.orders)).model_dump_json())

    return once(store, "orders", key, request, load, perform)


@router.get("/{number:path}", response_model=Order, responses=refuse(404, "unknown_order"))
async def read_order(number: str, store: StoreOf) -> Response:
    """One order by its number."""
    row = store.db.execute("SELECT document FROM orders WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise Problem(404, "unknown_order", f"There is no order {number}.")
    return Response(row["document"], media_type="application/json")
