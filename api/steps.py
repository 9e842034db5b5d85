"""Steps of a plan, with everything that a person needs to decide what becomes of them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.guard import GuardedRoute
from api.identity import Caller
from api.parts import AllParts
from api.problems import DATABASE_AWAY, FORBIDDEN, INVALID, NOT_FOUND, Problem, declared
from domain.actor import Role
from domain.case import StepState
from domain.effect_orders import effect_key
from domain.ledger import LedgerRow
from domain.money import Money
from domain.policy.wording import Wording
from domain.steps import options
from storage.ledger import Ledger

router = APIRouter(prefix="/v1/complaints", tags=["5 Carrying out"], route_class=GuardedRoute)


class StepToDecide(BaseModel):
    """One step of the plan, or an inspection: how far it is, what it moves, what its partner says, and what may be done."""

    model_config = ConfigDict(frozen=True)

    step: str = Field(description="Id of the step, as commands name it.")
    title: Wording = Field(description="What it is, in both languages.")
    kind: str = Field(description="What is done: refund, extra_payment, coupon, reship, repair_visit ...")
    clause: str = Field(description="Clause of the procedure behind it.")
    cycle: int = Field(description="Handling that it belongs to.")
    status: Literal["planned", "ordered", "done", "failed", "dropped"] = Field(description="How far it is.")
    money: Money | None = Field(description="What it is worth; null where it is no money.")
    paid: Money | None = Field(description="What was paid; null while nothing was.")
    said: str = Field(description="The partner's last words, or the reason of a decision.")
    calling_off: bool = Field(description="It is wanted stopped, and its partner has not answered yet.")
    options: tuple[Literal["retry", "drop", "call_off", "complete"], ...] = Field(
        description="What a person may do now: retry, drop, call_off by settle_step; complete by complete_step."
    )
    asked: tuple[LedgerRow, ...] = Field(
        description="What was asked of its partner, one row an attempt; empty where there is none."
    )


@router.get(
    "/{complaint_id}/steps", operation_id="list_steps", summary="Steps and what can be done about them",
    responses=declared(FORBIDDEN, NOT_FOUND, INVALID, DATABASE_AWAY),
)  # fmt: skip
async def list_steps(
    complaint_id: Annotated[str, Path(max_length=64, description="Id of the complaint.")], me: Caller, parts: AllParts
) -> tuple[StepToDecide, ...]:
    """Every step of the plan that is carried out now, then an inspection, then those of earlier handlings."""
    me.must_be(Role.AGENT, Role.OPERATOR)
    case = await parts.cases.get(me.tenant, complaint_id)
    if case is None:
        raise Problem(NOT_FOUND, "没有此投诉，请核对编号", "there is no such complaint; check its id")
    rows = await Ledger(parts.database).of_complaint(me.tenant, complaint_id)
    earlier = {id(state) for state in case.earlier_steps}
    states = (*case.steps, *case.extras, *((case.inspection,) if case.inspection else ()), *case.earlier_steps)

    def told(state: StepState) -> StepToDecide:
        first = effect_key(case, state.model_copy(update={"attempt": 0}))
        return StepToDecide(
            step=state.step.id,
            title=state.step.title,
            kind=state.step.kind,
            clause=state.step.clause,
            cycle=state.cycle,
            status=state.status,
            money=state.step.money,
            paid=state.paid,
            said=state.detail,
            calling_off=state.calling_off,
            options=() if id(state) in earlier or not case.open else options(state),
            asked=tuple(row for row in rows if row.key == first or row.key.startswith(f"{first}/r")),
        )

    return tuple(told(state) for state in states)
