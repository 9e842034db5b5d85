"""The hand behind the scenes: move effects on, switch faults on, look at what really happened. No real partner has this."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from partners import effects
from partners.effects import Effect
from partners.faults import FaultSet
from partners.orders import StoreOf
from partners.problems import Problem, refuse

router = APIRouter(prefix="/control", tags=["control"])


class Mode(BaseModel):
    """How partners behave when nothing is wrong."""

    model_config = ConfigDict(extra="forbid")

    payments: Literal["at_once", "pending"] = "at_once"
    auto_seconds: float | None = Field(default=None, ge=0, description="Finish what has not moved for so long; null: never.")


class Advance(BaseModel):
    """To which stage; the next good one when not named."""

    model_config = ConfigDict(extra="forbid")

    to: str | None = None
    detail: str = ""


@router.put("/mode")
async def set_mode(mode: Mode, request: Request) -> Mode:
    """Let payments be pending first, or let everything finish by itself."""
    request.app.state.mode = mode
    request.app.state.store.wrote.set()
    return mode


@router.put("/faults")
async def switch_faults_on(faults: FaultSet, request: Request) -> FaultSet:
    """Replace the faults of this moment by these."""
    request.app.state.faults.set(faults)
    return faults


@router.delete("/faults")
async def switch_faults_off(request: Request) -> FaultSet:
    """Everything goes well again."""
    request.app.state.faults.set(FaultSet())
    return FaultSet()


@router.get("/effects")
async def list_effects(store: StoreOf, key_prefix: str = "") -> list[Effect]:
    """Every effect that really happened, oldest first; what was refused at the door did not happen."""
    rows = store.db.execute(
        "SELECT * FROM effects WHERE substr(key, 1, ?) = ? AND stage <> 'refused' ORDER BY id", (len(key_prefix), key_prefix)
    )
    return [effects.described(row) for row in rows]


@router.post("/{system}/{reference}/advance", responses=refuse(409, "final", "unknown_stage") | refuse(404, "unknown_reference"))
async def advance(
    system: Literal["logistics", "payments", "benefits", "accounts", "lots"],
    reference: str,
    store: StoreOf,
    step: Advance | None = None,
) -> Effect:
    """Move one effect to its next stage, or to the one named (delivered, lost, failed ...)."""
    step = step or Advance()
    with store.write() as db:
        row = db.execute("SELECT * FROM effects WHERE system = ? AND reference = ?", (system, reference)).fetchone()
        if row is None:
            raise Problem(404, "unknown_reference", f"There is no {reference} in {system}.")
        moved = effects.move(db, row, step.to or effects.next_stage(row), step.detail)
    return effects.described(moved)
