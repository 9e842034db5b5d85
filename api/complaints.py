"""Reading complaints: lists, one complaint, its story and its promises."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, Field

from api.advice import Advice, advice_of
from api.blacklist import Limitation, limitations
from api.finding import ComplaintId, check_reader, find_case
from api.guard import GuardedRoute
from api.identity import STAFF, Caller
from api.language import reader
from api.pages import Cursor, Limit
from api.parts import AllParts, TheCases
from api.problems import (
    DATABASE_AWAY,
    FORBIDDEN,
    INVALID,
    NOT_FOUND,
    NOT_RECORDED,
    OTHER_COMPLAINT,
    PACK_MISSING,
    STUCK,
    TEMPORAL_AWAY,
    declared,
)
from api.promises import Promises, promises_of
from api.stories import Story, story_of
from domain.case import Case, Stage
from domain.customer_view import case_for_customer
from domain.stored import empty
from storage.cases import CaseFilter, CaseRow, Sort
from storage.pages import Page

router = APIRouter(prefix="/v1/complaints", tags=["2 Reading"], route_class=GuardedRoute)


class Complaint(Case):
    """A complaint as it stands, with what limits its customer."""

    blacklisted: tuple[Limitation, ...] = Field(
        default=(), exclude_if=empty, description="What limits this customer now; absent where nothing does."
    )


_ONE = (FORBIDDEN, OTHER_COMPLAINT, NOT_FOUND, INVALID, NOT_RECORDED, TEMPORAL_AWAY, STUCK)


@router.get(
    "",
    operation_id="list_complaints",
    summary="List complaints",
    responses=declared(FORBIDDEN, INVALID, DATABASE_AWAY),
)
async def list_complaints(
    me: Caller,
    cases: TheCases,
    status: Annotated[Literal["open", "closed"] | None, Query(description="Open or closed ones only.")] = None,
    stage: Annotated[Stage | None, Query(description="How far the procedure has come.")] = None,
    waits_for: Annotated[str | None, Query(max_length=20, description="Whose turn it is: a role, or partner.")] = None,
    assignee: Annotated[
        str | None, Query(max_length=64, description="Staff id of the person in charge; `me` is the caller.")
    ] = None,
    offered_to: Annotated[
        str | None, Query(max_length=64, description="Staff id of whom it is offered to, to take it over; `me` is the caller.")
    ] = None,
    group: Annotated[str | None, Query(max_length=64, description="Group of categories of the pack, such as transport.")] = None,
    category: Annotated[str | None, Query(max_length=64, description="Category id of the pack.")] = None,
    level: Annotated[str | None, Query(max_length=64, description="normal, urgent, I, II or III, as it is classified.")] = None,
    order_number: Annotated[str | None, Query(max_length=64, description="Number of the order, exactly.")] = None,
    customer_id: Annotated[str | None, Query(max_length=64, description="The shop's id of the customer, exactly.")] = None,
    customer_name: Annotated[str | None, Query(max_length=100, description="The customer's name, exactly.")] = None,
    received_from: Annotated[AwareDatetime | None, Query(description="Received at this instant or later.")] = None,
    received_to: Annotated[AwareDatetime | None, Query(description="Received before this instant.")] = None,
    overdue: Annotated[
        bool | None, Query(description="True: open complaints whose next promise is past due now; false: all others.")
    ] = None,
    breached: Annotated[bool | None, Query(description="True: at least one promise was missed; false: none was.")] = None,
    sort: Annotated[Sort, Query(description="newest and oldest by receipt, updated, due (next promise first), work.")] = "newest",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[CaseRow]:
    """Complaints of the tenant, narrowed and sorted, page by page. Lists follow what happens within a fraction of a second."""
    me.must_be(*STAFF)
    now = datetime.now(UTC)
    narrowed = CaseFilter(
        status=status, stage=stage.value if stage else None, waits_for=waits_for,
        assignee=me.person(assignee), offered_to=me.person(offered_to), group=group, category=category, level=level,
        order_number=order_number, customer_id=customer_id, customer_name=customer_name,
        received_from=received_from, received_before=received_to, breached=breached,
        due_before=now if overdue else None, not_due_before=now if overdue is False else None,
    )  # fmt: skip
    return await cases.list(me.tenant, narrowed, now, sort=sort, cursor=cursor, limit=limit)


@router.get(
    "/{complaint_id}",
    operation_id="read_complaint",
    summary="Read one complaint",
    responses={
        200: {
            "headers": {
                "Redress-Source": {
                    "description": "database, or live: asked of the complaint itself because the database is away or behind.",
                    "schema": {"type": "string", "enum": ["database", "live"]},
                }
            }
        },
        **declared(*_ONE),
    },
)
async def read_complaint(complaint_id: ComplaintId, me: Caller, parts: AllParts, response: Response) -> Complaint:
    """Everything that is known of one complaint now: its stage, proposal, steps, promises and money.

    A customer, and the software that files for them (role or scope intake), sees it without the names, findings and remarks of
    the house.
    """
    check_reader(me, complaint_id)
    case, response.headers["Redress-Source"] = await find_case(parts, me.tenant, complaint_id)
    pack = parts.shelf.pinned(case.pack, case.pack_digest)
    limits = await limitations(parts, me.tenant, pack, case.intake.customer.customer_id)
    shown = case_for_customer(case) if me.is_outside else case
    return Complaint.model_construct(**dict(shown), blacklisted=limits)


@router.get(
    "/{complaint_id}/journal",
    operation_id="read_journal",
    summary="Read the story of a complaint",
    responses=declared(*_ONE, DATABASE_AWAY),
)
async def read_journal(
    complaint_id: ComplaintId,
    me: Caller,
    parts: AllParts,
    request: Request,
    response: Response,
    after: Annotated[int, Query(ge=0, le=10**9, description="Entries behind this sequence number; 0 from the beginning.")] = 0,
    limit: Limit = 200,
) -> Story:
    """What happened, in order: each entry as data and as a sentence in the reader's language (Accept-Language: zh-CN or en)."""
    check_reader(me, complaint_id)
    response.headers["Content-Language"] = reader(request)
    return await story_of(parts, me.tenant, complaint_id, reader(request), after, limit, to_customer=me.is_outside)


@router.get(
    "/{complaint_id}/deadlines",
    operation_id="read_deadlines",
    summary="Read the promises of a complaint",
    responses=declared(*_ONE, DATABASE_AWAY),
)
async def read_deadlines(
    complaint_id: ComplaintId, me: Caller, parts: AllParts, request: Request, response: Response
) -> Promises:
    """Every promise made so far: when it is due and why then, in words and as data, and what became of it."""
    check_reader(me, complaint_id)
    response.headers["Content-Language"] = reader(request)
    return await promises_of(parts, me.tenant, complaint_id, reader(request), to_customer=me.is_outside)


@router.get(
    "/{complaint_id}/advice",
    operation_id="read_advice",
    summary="Read what to say and do now",
    responses=declared(*_ONE, PACK_MISSING, DATABASE_AWAY),
)
async def read_advice(complaint_id: ComplaintId, me: Caller, parts: AllParts, request: Request, response: Response) -> Advice:
    """What the procedure advises the person at work at the present stage, in the reader's language, with its clauses."""
    me.must_be(*STAFF)
    response.headers["Content-Language"] = reader(request)
    return await advice_of(parts, me.tenant, complaint_id, reader(request))
