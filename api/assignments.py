"""Whose complaints they are: who has how many, and the hand-over of a whole shift."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.errors import told
from api.guard import GuardedRoute, misfit
from api.identity import STAFF, Caller, Me
from api.keys import CommandKey
from api.parts import AllParts, Parts
from api.problems import (
    DATABASE_AWAY,
    FORBIDDEN,
    INVALID,
    MEDIA,
    NOT_JSON,
    PACK_MISSING,
    TOO_LARGE,
    declared,
)
from api.staff import person_of
from desk.errors import ComplaintClosed, DeskError, Refused
from domain.actor import Role
from domain.calendar import calendar_of
from domain.commands import HandOver, Signed
from domain.intake import Identifier, Line
from domain.rights import ALLOWED
from domain.tenant import Staff
from storage.assignments import Assignments, Load
from storage.cases import CaseFilter
from storage.keys import Scope
from storage.pages import MAX_LIMIT


class _DeskRoute(GuardedRoute):
    writing: ClassVar = {Scope.COMMANDS: Role.AGENT}


router = APIRouter(prefix="/v1", route_class=_DeskRoute)
# Complaints that are handed over side by side: enough for speed, and few enough to leave room for everybody else.
_AT_ONCE = 8
# Who operates the software has no complaints.
_NOT_THEIRS = {Role.OPERATOR.value, Role.ADMINISTRATOR.value}


class PersonsLoad(BaseModel):
    """One person of the company and what they have to do."""

    model_config = ConfigDict(frozen=True)

    person: str = Field(description="Staff id.")
    name: str = Field(description="Name in the company's file.")
    roles: tuple[str, ...] = Field(description="Roles in the company's file.")
    absent: bool = Field(description="Away today, by the company's file.")
    open: int = Field(description="Open complaints they are in charge of.")
    overdue: int = Field(description="Of these, with a promise that is past due.")
    taken: int = Field(description="Complaints received since `since_at` that they are, or were last, in charge of.")


class Loads(BaseModel):
    """Who has how many complaints."""

    model_config = ConfigDict(frozen=True)

    at: AwareDatetime = Field(description="When it was counted (UTC).")
    since_at: AwareDatetime = Field(description="From when on complaints count as taken (UTC).")
    people: tuple[PersonsLoad, ...] = Field(description="Everybody of the company's file, in its order, but its operators.")
    unassigned: int = Field(description="Open complaints that nobody is in charge of.")


class ShiftHandOver(BaseModel):
    """Everything open of one person goes to another."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_person: Identifier = Field(description="Staff id of whose complaints they are.")
    to: Identifier = Field(description="Staff id of who takes them over.")
    reason: Line = Field(description="Why, such as the end of a shift.")


class HandedOn(BaseModel):
    """What became of one complaint."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str = Field(description="Id of the complaint.")
    result: Literal["handed_over", "offered", "closed", "refused", "failed"] = Field(
        description="handed_over; offered: it changes hands once the other one has taken it over; closed meanwhile; refused by "
        "the procedure; failed: it may still happen, ask again."
    )
    code: str | None = Field(default=None, description="What stood against it, for programs.")
    zh: str | None = Field(default=None, description="What stood against it, in Chinese.")
    en: str | None = Field(default=None, description="What stood against it, in English.")


class ShiftHandedOver(BaseModel):
    """What became of each complaint, in the order in which they are worked on."""

    model_config = ConfigDict(frozen=True)

    complaints: tuple[HandedOn, ...] = Field(description="Every open complaint of the person.")


@router.get(
    "/assignments", operation_id="list_assignments", summary="Who has how many", tags=["2 Reading"],
    responses=declared(FORBIDDEN, INVALID, DATABASE_AWAY),
)  # fmt: skip
async def list_assignments(
    me: Caller,
    parts: AllParts,
    days: Annotated[int, Query(ge=1, le=366, description="How far back complaints count as taken, in days.")] = 30,
) -> Loads:
    """How many complaints each person has, and took lately: whether the work is spread fairly can be seen here.

    The journal says of each complaint who was considered and how many each had at that moment (`assigned.loads`).
    """
    me.must_be(*STAFF)
    tenant = parts.shelf.tenant(me.tenant)
    at = datetime.now(UTC)
    since_at = at - timedelta(days=days)
    staff = [each for each in tenant.staff if not _NOT_THEIRS.issuperset(each.roles)]
    found = Assignments(parts.database)
    loads = await found.loads(me.tenant, [each.id for each in staff], at, since_at)
    today = calendar_of(tenant).local_date(at)
    people = tuple(_load(each, loads[each.id], absent=each.is_absent(today)) for each in staff)
    return Loads(at=at, since_at=since_at, people=people, unassigned=await found.unassigned(me.tenant))


def _load(staff: Staff, load: Load, *, absent: bool) -> PersonsLoad:
    return PersonsLoad(person=staff.id, name=staff.name, roles=staff.roles, absent=absent, **load._asdict())


@router.post(
    "/hand-overs", operation_id="hand_over_shift", summary="Hand a whole shift over", tags=["7 At any time"],
    responses=declared(NOT_JSON, FORBIDDEN, TOO_LARGE, MEDIA, INVALID, DATABASE_AWAY, PACK_MISSING),
)  # fmt: skip
async def hand_over_shift(order: ShiftHandOver, me: Caller, parts: AllParts, key: CommandKey = None) -> ShiftHandedOver:
    """Hand everything open of one person over to another, each complaint with its promises and refunds.

    Every complaint is answered for itself. Where the procedure wants the other one's word it is offered, and stays with whoever
    has it until then. The same Idempotency-Key hands each complaint over once.
    """
    me.must_be(*ALLOWED["hand_over"])
    person_of(parts, me.tenant, "to", order.to)
    if order.to == order.from_person:
        raise misfit("to", "same_person", "移交双方不能是同一人", "nobody hands over to themselves")
    ids = await _open_of(parts, me.tenant, order.from_person)
    accepting = any(pack.handover is not None and pack.handover.acceptance for pack in parts.shelf.packs(me.tenant))
    room = asyncio.Semaphore(_AT_ONCE)

    async def hand(complaint_id: str) -> HandedOn:
        async with room:
            return await _hand(parts, me, complaint_id, HandOver(to=order.to, reason=order.reason), key, accepting=accepting)

    return ShiftHandedOver(complaints=tuple(await asyncio.gather(*map(hand, ids))))


async def _open_of(parts: Parts, tenant: str, person: str) -> Sequence[str]:
    wanted, cursor, ids = CaseFilter(assignee=person, status="open"), None, []
    while True:
        page = await parts.cases.list(tenant, wanted, datetime.now(UTC), sort="work", cursor=cursor, limit=MAX_LIMIT)
        ids += [row.complaint_id for row in page.rows]
        if (cursor := page.next_cursor) is None:
            return ids


async def _hand(parts: Parts, me: Me, complaint_id: str, command: HandOver, key: str | None, *, accepting: bool) -> HandedOn:
    signed: Signed[Any] = Signed[HandOver](by=me.actor, command=command)
    try:
        await parts.desk.command(me.tenant, complaint_id, "hand_over", signed, key)
        given = not accepting or (await parts.desk.look(me.tenant, complaint_id)).assignee == command.to
    except Refused as error:
        return HandedOn(complaint_id=complaint_id, result="refused", code=error.code, zh=error.zh, en=error.en)
    except DeskError as error:
        problem = told(error)
        result: Literal["closed", "failed"] = "closed" if isinstance(error, ComplaintClosed) else "failed"
        return HandedOn(complaint_id=complaint_id, result=result, code=problem.code, zh=problem.zh, en=problem.en)
    return HandedOn(complaint_id=complaint_id, result="handed_over" if given else "offered")
