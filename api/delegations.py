"""Delegations: for a while somebody else decides on proposals in a person's place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.guard import GuardedRoute, misfit
from api.identity import STAFF, Caller, Me
from api.pages import Cursor, Limit
from api.parts import AllParts, Parts
from api.problems import FORBIDDEN, INVALID, MEDIA, NOT_FOUND, NOT_JSON, TOO_LARGE, Problem, declared
from api.staff import person_of
from domain.actor import Role, rank
from domain.delegation import Delegation, decides
from domain.intake import Line
from domain.tenant import Staff
from storage.delegations import Delegations
from storage.pages import Page

router = APIRouter(prefix="/v1/delegations", tags=["4 Deciding"], route_class=GuardedRoute)
_LONGEST = timedelta(days=90)


class NewDelegation(BaseModel):
    """Who is to decide on proposals in whose place, and how long."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to_person: str = Field(min_length=1, max_length=64, description="Staff id of who decides.", examples=["wu"])
    from_person: str | None = Field(
        default=None,
        max_length=64,
        description="Staff id of whose place they take; yourself when absent, else somebody below you.",
    )
    from_at: AwareDatetime | None = Field(default=None, description="From when; now when absent.")
    until_at: AwareDatetime = Field(description="Until when, at most 90 days later.", examples=["2026-12-01T01:00:00Z"])
    reason: Line = Field(description="Why, for the record.", examples=["年假"])


@router.post(
    "", status_code=201, operation_id="make_delegation", summary="Delegate decisions",
    responses=declared(NOT_JSON, FORBIDDEN, TOO_LARGE, MEDIA, INVALID),
)  # fmt: skip
async def make_delegation(asked: NewDelegation, me: Caller, parts: AllParts) -> Delegation:
    """Let somebody decide on proposals in your place (or in the place of somebody below you) until an instant.

    They approve, send back and refuse with that person's rank, and do nothing else with it; the journal names both. What is
    delegated is passed on no further, and nobody decides on their own proposal by way of somebody else.
    """
    me.must_be(Role.SUPERVISOR)
    now = datetime.now(UTC)
    giver, delegate = _people(parts, me, asked)
    from_at = max(asked.from_at, now) if asked.from_at is not None else now
    if not from_at < asked.until_at <= from_at + _LONGEST:
        raise misfit(
            "until_at", "bad_period", "须晚于开始时间，且至多相隔 90 天", "lies after the beginning, and at most 90 days later"
        )
    kept = Delegations(parts.database)
    return await kept.make(me.tenant, giver.id, delegate.id, from_at, asked.until_at, asked.reason, me.actor.id, now)


@router.get("", operation_id="list_delegations", summary="List the delegations", responses=declared(FORBIDDEN, INVALID))
async def list_delegations(me: Caller, parts: AllParts, cursor: Cursor = None, limit: Limit = 50) -> Page[Delegation]:
    """Newest first, past and revoked ones too: all of the company for supervisors and those above, else one's own."""
    me.must_be(*STAFF)
    mine = None if me.actor.has(Role.SUPERVISOR) else me.actor.id
    return await Delegations(parts.database).list(me.tenant, mine, cursor=cursor, limit=limit)


@router.delete(
    "/{delegation_id}", status_code=204, operation_id="revoke_delegation", summary="Revoke a delegation",
    responses=declared(FORBIDDEN, NOT_FOUND, INVALID),
)  # fmt: skip
async def revoke_delegation(
    delegation_id: Annotated[str, Path(max_length=64, description="Id of the delegation.", examples=["dlg_k5x2q7d3m4n6p2r3"])],
    me: Caller,
    parts: AllParts,
) -> None:
    """End it at once: whoever gave it, took it or made it, and those above the giver. Revoking it again does nothing."""
    me.must_be(*STAFF)
    kept = Delegations(parts.database)
    found = await kept.find(me.tenant, delegation_id)
    if found is None:
        raise Problem(NOT_FOUND, "没有此委托，请核对编号", "there is no such delegation; check its id")
    giver = parts.shelf.tenant(me.tenant).person(found.from_person)
    own = me.actor.id in (found.from_person, found.to_person, found.made_by)
    if not own and not (me.actor.has(Role.SUPERVISOR) and (giver is None or _above(me, giver))):
        raise Problem(FORBIDDEN, "只有当事人或其上级可以撤销委托", "only those concerned, or somebody above, may revoke it")
    await kept.revoke(me.tenant, delegation_id, me.actor.id, datetime.now(UTC))


def _people(parts: Parts, me: Me, asked: NewDelegation) -> tuple[Staff, Staff]:
    """Giver and delegate. Raises the 422 problem that names who cannot be meant."""
    giver = person_of(parts, me.tenant, "from_person", asked.from_person or me.actor.id)
    delegate = person_of(parts, me.tenant, "to_person", asked.to_person)
    if giver.id == delegate.id:
        raise misfit("to_person", "same_person", "不能委托给本人", "nobody takes their own place")
    if not decides(giver.roles):
        raise misfit("from_person", "decides_nothing", "此人没有审批权，无可委托", "decides on nothing that could be delegated")
    if giver.id != me.actor.id and not _above(me, giver):
        raise misfit("from_person", "not_below_you", "只能为本人或下级委托", "give your own place, or that of somebody below you")
    return giver, delegate


def _above(me: Me, person: Staff) -> bool:
    held = decides(person.roles)
    return not held or rank(me.actor.highest) > max(rank(role) for role in held)
