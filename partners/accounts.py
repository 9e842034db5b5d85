"""The account partner: what a customer's account may do."""

from __future__ import annotations

import sqlite3
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from partners import effects
from partners.effects import Report
from partners.idempotency import Answer, Key, once
from partners.orders import Document, StoreOf
from partners.problems import Problem, refuse

router = APIRouter(prefix="/accounts", tags=["accounts"])

_UNDOES = {"restore_cod": "restrict_cod", "release": "freeze"}


class Change(Document):
    """Payment on delivery restricted or restored; the whole account frozen or released."""

    kind: Literal["restrict_cod", "restore_cod", "freeze", "release"]
    customer_id: str
    order_number: str | None = None
    reason: str = ""


class Account(BaseModel):
    """One customer's account as its changes left it."""

    customer_id: str
    frozen: bool
    cod_restricted: bool


@router.post("/changes", status_code=201, response_model=Report, responses=refuse(409, "incomplete"))
async def change_account(request: Request, change: Change, key: Key, store: StoreOf) -> Response:
    """Change what an account may do, at once."""

    def perform(db: sqlite3.Connection) -> Answer:
        refusal = None if change.customer_id else Problem(409, "incomplete", "A change of an account needs customer_id.")
        return effects.place(
            db, "accounts", "account", key, change.kind, change.customer_id, change, stage="changed", refusal=refusal
        )

    return once(store, "accounts", key, request, change, perform)


@router.get("/effects/{key:path}", response_model=Report, responses=refuse(404, "unknown_key"))
async def read_effect(key: str, store: StoreOf) -> Response:
    """The change made under this key."""
    return Response(effects.report(effects.find(store.db, "accounts", key)), media_type="application/json")


@router.delete("/effects/{key:path}", response_model=Report, responses=refuse(404, "unknown_key"))
async def undo_change(request: Request, key: str, undo_key: Key, store: StoreOf) -> Response:
    """Undo a change."""

    def perform(db: sqlite3.Connection) -> Answer:
        row = effects.find(db, "accounts", key)
        return Answer(200, effects.report(row if row["status"] == "refused" else effects.move(db, row, "undone")))

    return once(store, "accounts", undo_key, request, None, perform)


@router.get("/{customer_id}")
async def read_account(customer_id: str, store: StoreOf) -> Account:
    """What the account may do now."""
    rows = store.db.execute(
        "SELECT kind FROM effects WHERE system = 'accounts' AND order_number = ? AND status = 'done' ORDER BY id", (customer_id,)
    )
    on: dict[str, bool] = {}
    for (kind,) in rows:
        on[_UNDOES.get(kind, kind)] = kind not in _UNDOES
    return Account(customer_id=customer_id, frozen=on.get("freeze", False), cod_restricted=on.get("restrict_cod", False))
