"""Many decisions at once: each stands for itself and gets an answer of its own."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import SQLAlchemyError

from api.deciding import Decision, decide, may_decide
from api.errors import told
from api.guard import GuardedRoute
from api.identity import Caller
from api.keys import CommandKey
from api.language import reader
from api.parts import AllParts, Parts
from api.problems import (
    FORBIDDEN,
    INVALID,
    MEDIA,
    NOT_JSON,
    TOO_LARGE,
    Problem,
    ProblemDocument,
    declared,
    document_of,
)
from desk.errors import DeskError
from domain.actor import Actor, Role
from domain.commands import Approve, Receipt, Refuse, SendBack
from domain.intake import Line, Prose

router = APIRouter(prefix="/v1/approvals", tags=["4 Deciding"], route_class=GuardedRoute)
# So that a hundred decisions leave the workers room for everybody else.
_AT_ONCE = 8


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    complaint_id: str = Field(min_length=1, max_length=64, description="Id of the complaint.")
    number: int = Field(ge=1, description="Number of the proposal, so that a later one is never decided on by mistake.")


class ApproveItem(_Item):
    """Agree to a proposal."""

    decision: Literal["approve"] = Field(description="The proposal is offered to the customer.")
    note: Line | None = Field(default=None, description="A remark.")


class SendBackItem(_Item):
    """Want another proposal."""

    decision: Literal["send_back"] = Field(description="The desk proposes again.")
    reason: Prose = Field(description="What is missing.")


class RefuseItem(_Item):
    """Refuse the proposal and take over."""

    decision: Literal["refuse"] = Field(description="Whoever refuses proposes or closes themselves.")
    reason: Prose = Field(description="Why.")


Item = Annotated[ApproveItem | SendBackItem | RefuseItem, Field(discriminator="decision")]


class Decisions(BaseModel):
    """Decisions on proposals of different complaints."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decisions: tuple[Item, ...] = Field(
        min_length=1, max_length=100, description="Up to a hundred; each is carried out or refused by itself."
    )


class Decided(BaseModel):
    """What became of one decision: `receipt` when it was carried out, else `problem`."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str = Field(description="Id of the complaint.")
    number: int = Field(description="Number of the proposal.")
    done: bool = Field(description="Whether it was carried out.")
    receipt: Receipt | None = Field(default=None, description="The answer to the decision that was carried out.")
    problem: ProblemDocument | None = Field(default=None, description="Why it was not; the others are not touched by it.")


class DecidedAll(BaseModel):
    """An answer for each decision, in the order in which they came."""

    model_config = ConfigDict(frozen=True)

    results: tuple[Decided, ...] = Field(description="One for each decision, in their order.")


_EXAMPLE = {
    "decisions": [
        {"complaint_id": "cmp_k5x2q7d3m4n6p2r3s4t5u6v7w2", "number": 1, "decision": "approve"},
        {"complaint_id": "cmp_k5x2q7d3m4n6p2r3s4t5u6v7w3", "number": 2, "decision": "send_back", "reason": "请补充照片"},
    ]
}


@router.post(
    "", operation_id="decide_many", summary="Decide on many proposals",
    responses=declared(NOT_JSON, FORBIDDEN, TOO_LARGE, MEDIA, INVALID),
)  # fmt: skip
async def decide_many(
    asked: Annotated[Decisions, Body(openapi_examples={"two": {"summary": "Two decisions", "value": _EXAMPLE}})],
    request: Request,
    me: Caller,
    parts: AllParts,
    key: CommandKey = None,
) -> DecidedAll:
    """Approve, send back or refuse proposals of many complaints. Each is decided by itself; the answer says what became of each.

    With an `Idempotency-Key` the same list again answers the first receipts and does nothing twice. Delegates decide here too.
    """
    if not await may_decide(parts, me.tenant, me.actor):
        me.must_be(Role.SUPERVISOR)
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(item: Item) -> Decided:
        async with gate:
            return await _decided(request, parts, me.tenant, me.actor, item, key)

    return DecidedAll(results=tuple(await asyncio.gather(*(one(item) for item in asked.decisions))))


async def _decided(request: Request, parts: Parts, tenant: str, by: Actor, item: Item, key: str | None) -> Decided:
    done = Decided(complaint_id=item.complaint_id, number=item.number, done=False)
    try:
        # A key counts for one person, command and complaint: the decisions of one list do not meet each other under it.
        receipt = await decide(parts, tenant, item.complaint_id, by, _command(item), key)
    except Problem as problem:
        return done.model_copy(update={"problem": document_of(request, problem, reader(request))})
    except (DeskError, SQLAlchemyError, OSError) as error:
        return done.model_copy(update={"problem": document_of(request, told(error), reader(request))})
    return done.model_copy(update={"done": True, "receipt": receipt})


def _command(item: Item) -> Decision:
    match item:
        case ApproveItem():
            return Approve(number=item.number, note=item.note)
        case SendBackItem():
            return SendBack(number=item.number, reason=item.reason)
        case RefuseItem():
            return Refuse(number=item.number, reason=item.reason)
