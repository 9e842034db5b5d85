"""Work lists: what waits for whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from api.guard import GuardedRoute
from api.identity import STAFF, Caller
from api.pages import Cursor, Limit
from api.parts import TheCases
from api.problems import DATABASE_AWAY, FORBIDDEN, INVALID, declared
from domain.actor import Role
from storage.cases import CaseRow
from storage.pages import Page

router = APIRouter(prefix="/v1", tags=["2 Reading"], route_class=GuardedRoute)


@router.get("/work", operation_id="list_work", summary="What to do next", responses=declared(FORBIDDEN, INVALID, DATABASE_AWAY))
async def list_work(
    me: Caller,
    cases: TheCases,
    role: Annotated[Role | None, Query(description="Whose turn it is; absent: the caller's own highest role.")] = None,
    assignee: Annotated[
        str | None,
        Query(max_length=64, description="Staff id: their own complaints and what waits for the role; `me` is the caller."),
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[CaseRow]:
    """What waits for a role or a person: the most urgent first, then what is due first, then what came first.

    With `assignee`, also what is offered to that person to take over: `offered_to` names them until they say `take_over` or
    `decline_hand_over`.
    """
    me.must_be(*STAFF)
    wanted, person = role or me.actor.highest, me.person(assignee)
    return await cases.work(me.tenant, wanted, person, datetime.now(UTC), cursor=cursor, limit=limit)
