"""Filing a complaint."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from api.blacklist import AT_INTAKE, Limitation, limitations
from api.examples import INTAKES
from api.filed_before import filed_before
from api.guard import GuardedRoute
from api.identity import Caller
from api.keys import FilingKey
from api.parts import TheDesk, TheShelf, parts_of
from api.problems import (
    FORBIDDEN,
    INVALID,
    KEY_REUSED,
    MEDIA,
    NOBODY_ANSWERED,
    NOT_JSON,
    PACK_MISSING,
    TEMPORAL_AWAY,
    TOO_LARGE,
    FieldProblem,
    declared,
)
from desk.fitting import faults_of_draft
from domain.actor import Role
from domain.intake import Intake
from domain.stored import empty
from storage.keys import Scope


class Filed(BaseModel):
    """A complaint that is on file. It will be worked on even if every worker and the database are away at this moment."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str = Field(description="Id of the complaint, the same for ever for this tenant and key.")
    created: bool = Field(description="False when this key had filed the same complaint before; nothing was filed now.")
    url: str = Field(description="Where the complaint is read.")
    journal_url: str = Field(description="Where its story is read.")
    blacklisted: tuple[Limitation, ...] = Field(
        default=(), exclude_if=empty, description="What limits this customer now, within the law; nothing was refused by it."
    )


class IntakeRoute(GuardedRoute):
    """A body that is not well formed is held against the procedure too, so that its sender hears of everything at once."""

    writing: ClassVar = {Scope.INTAKE: Role.INTAKE}

    def more(self, request: Request, body: Any) -> tuple[FieldProblem, ...]:
        terms = parts_of(request).shelf.terms(request.state.me.tenant)
        return tuple(FieldProblem(**fault._asdict()) for fault in faults_of_draft(terms.pack, body))


router = APIRouter(prefix="/v1/complaints", tags=["1 Filing"], route_class=IntakeRoute)


@router.post(
    "",
    status_code=201,
    operation_id="file_complaint",
    summary="File a complaint",
    responses={
        200: {"model": Filed, "description": "This key had filed the same complaint before; it is answered again."},
        201: {
            "description": "The complaint is on file.",
            "headers": {"Location": {"description": "Where the complaint is read.", "schema": {"type": "string"}}},
        },
        **declared(NOT_JSON, FORBIDDEN, TOO_LARGE, MEDIA, INVALID, KEY_REUSED, TEMPORAL_AWAY, PACK_MISSING, NOBODY_ANSWERED),
    },
)
async def file_complaint(
    intake: Annotated[Intake, Body(openapi_examples=INTAKES)],
    key: FilingKey,
    me: Caller,
    desk: TheDesk,
    shelf: TheShelf,
    request: Request,
    response: Response,
) -> Filed:
    """File a complaint in the tenant of the token, once for each key.

    201 is a promise: the complaint is durable, its clocks run from this moment, and it goes on when a worker is there.
    Everything that is malformed, or missing though the category requires it, is named at once with 422. Whether the order
    exists and is this customer's is found out afterwards, so that a partner being away never turns a customer away.
    """
    me.must_be(Role.INTAKE, Role.AGENT, Role.DEPARTMENT)
    terms = shelf.terms(me.tenant)
    known = await filed_before(parts_of(request).cases, me.tenant, key, intake, AT_INTAKE)
    filed = known or await desk.open(terms, intake, key, me.actor)
    request.scope["redress.complaint"] = filed.complaint_id
    url = f"/v1/complaints/{filed.complaint_id}"
    response.headers["Location"] = url
    if not filed.created:
        response.status_code = 200
        response.headers["Idempotency-Replayed"] = "true"
    limits = await limitations(parts_of(request), me.tenant, terms.pack, intake.customer.customer_id, AT_INTAKE)
    return Filed(
        complaint_id=filed.complaint_id, created=filed.created, url=url, journal_url=f"{url}/journal", blacklisted=limits
    )
