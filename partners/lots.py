"""The stock partner: what becomes of a lot."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from partners import effects
from partners.effects import Report
from partners.idempotency import Answer, Key, once
from partners.orders import Document, StoreOf
from partners.problems import Problem, refuse

router = APIRouter(prefix="/lots", tags=["lots"])


class Change(Document):
    """The sale of a lot stopped or taken up again, or the lot called back from who has it."""

    kind: Literal["suspend", "release", "recall"]
    lot: str = Field(min_length=1)
    product: str | None = None
    reason: str = ""


class Lot(BaseModel):
    """One lot as its changes left it."""

    lot: str
    on_sale: bool
    recalled: bool


@router.post("/changes", status_code=201, response_model=Report, responses=refuse(409, "recalled"))
async def change_lot(request: Request, change: Change, key: Key, store: StoreOf) -> Response:
    """Stop or release a lot at once; a recall is under way until those who have it were reached."""

    def perform(db: sqlite3.Connection) -> Answer:
        recalled = change.kind == "release" and _state(db, change.lot).recalled
        refusal = Problem(409, "recalled", f"Lot {change.lot} was recalled.") if recalled else None
        stage = "asked" if change.kind == "recall" else "executed"
        return effects.place(db, "lots", "lot", key, change.kind, change.lot, change, stage=stage, refusal=refusal)

    return once(store, "lots", key, request, change, perform)


@router.get("/effects/{key:path}", response_model=Report, responses=refuse(404, "unknown_key"))
async def read_effect(key: str, store: StoreOf) -> Response:
    """The change made under this key."""
    return Response(effects.report(effects.find(store.db, "lots", key)), media_type="application/json")


@router.get("/state")
async def read_lot(lot: Annotated[str, Query(min_length=1)], store: StoreOf) -> Lot:
    """Whether a lot may be sold now."""
    return _state(store.db, lot)


def _state(db: sqlite3.Connection, lot: str) -> Lot:
    rows = db.execute(
        "SELECT kind FROM effects WHERE system = 'lots' AND order_number = ? AND status != 'refused' ORDER BY id", (lot,)
    )
    kinds = [kind for (kind,) in rows]
    recalled = "recall" in kinds
    return Lot(lot=lot, on_sale=not recalled and (not kinds or kinds[-1] == "release"), recalled=recalled)
