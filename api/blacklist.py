"""The blacklist: customers of complaints that were refused as malicious. Nothing is refused by it: it is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.exc import SQLAlchemyError

from api.finding import ComplaintId, find_case
from api.guard import GuardedRoute
from api.identity import STAFF, Caller
from api.pages import Cursor, Limit
from api.parts import AllParts, Parts
from api.problems import (
    DATABASE_AWAY,
    FORBIDDEN,
    INVALID,
    MEDIA,
    NOT_FOUND,
    NOT_JSON,
    NOT_RECORDED,
    OTHER_COMPLAINT,
    PACK_MISSING,
    REFUSED,
    STUCK,
    TEMPORAL_AWAY,
    TOO_LARGE,
    Problem,
    declared,
)
from desk.errors import Refused
from domain import blacklist as rules
from domain.actor import Role
from domain.blacklist import Limit as Limited
from domain.blacklist import Listed
from domain.intake import Identifier, Prose
from domain.policy.pack import Pack
from domain.refusal import Refusal
from storage.blacklist import Blacklist
from storage.pages import Page
from storage.patience import within

router = APIRouter(prefix="/v1", tags=["13 Abuse"], route_class=GuardedRoute)
_WRITING = (NOT_JSON, FORBIDDEN, NOT_FOUND, REFUSED, TOO_LARGE, MEDIA, INVALID, PACK_MISSING, DATABASE_AWAY)
_FINDING = (NOT_RECORDED, TEMPORAL_AWAY, STUCK)
# Intake promises to be quick, and to work while the database is away.
AT_INTAKE = timedelta(milliseconds=300)


class NewEntry(BaseModel):
    """Whom to limit, in what, until when, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    complaint_id: Identifier = Field(description="A complaint that was refused as malicious; its customer is entered.")
    limits: tuple[Limited, ...] = Field(
        min_length=1, max_length=2, description="What is to be limited, within the law: purchases, complaints."
    )
    reason: Prose = Field(description="Why. The customer may ask for it.")
    expires_at: AwareDatetime = Field(description="When it ends by itself; the procedure says how late at the latest.")


class Objection(BaseModel):
    """Why the customer does not agree."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grounds: Prose = Field(description="The customer's words.")


class Ruling(BaseModel):
    """What another person decides."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    keep: bool = Field(description="False removes the entry, for good; true answers an appeal and leaves it in force.")
    reason: Prose = Field(description="Why.")


class Limitation(BaseModel):
    """A limit that is in force, as it is shown at intake and on a complaint."""

    model_config = ConfigDict(frozen=True)

    entry_id: str = Field(description="Id of the entry.")
    complaint_id: str = Field(description="The complaint that led to it.")
    limits: tuple[Limited, ...] = Field(description="What is limited. Nothing is refused by itself.")
    clause: str = Field(description="Clause of the written procedure behind it.")
    expires_at: AwareDatetime = Field(description="When it ends (UTC).")
    appealed: bool = Field(description="The customer objects, and nobody has decided yet.")


EntryId = Annotated[str, Path(max_length=40, description="Id of the entry.", examples=["bl_0f9c3a7d5e1b2c4d6e8f0a1b"])]


@router.post(
    "/blacklist", status_code=201, operation_id="enter_on_blacklist", summary="Enter a customer on the blacklist",
    responses=declared(*_WRITING, *_FINDING),
)  # fmt: skip
async def enter_on_blacklist(new: NewEntry, me: Caller, parts: AllParts) -> Listed:
    """Limit the customer of a complaint that was refused as malicious, for a while. A person decides; it can be appealed."""
    me.must_be(Role.SUPERVISOR)
    case, _ = await find_case(parts, me.tenant, new.complaint_id)
    pack, now = parts.shelf.needed(case.pack, case.pack_digest), datetime.now(UTC)
    try:
        clause = rules.check_entry(case, pack, me.actor, new.limits, new.expires_at, now)
    except Refusal as refusal:
        raise _refused(refusal) from refusal
    return await Blacklist(parts.database).enter(
        me.tenant, case.complaint_id, case.intake.customer.customer_id or "", limits=new.limits, reason=new.reason,
        clause=clause, by=me.actor.id, at=now, expires_at=new.expires_at,
    )  # fmt: skip


@router.get(
    "/blacklist", operation_id="list_blacklist", summary="Read the blacklist",
    responses=declared(FORBIDDEN, INVALID, DATABASE_AWAY),
)  # fmt: skip
async def list_blacklist(
    me: Caller,
    parts: AllParts,
    in_force: Annotated[bool, Query(description="False: those that ended or were removed too.")] = True,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Listed]:
    """Who is limited, in what, why and until when, the latest first."""
    me.must_be(*STAFF)
    return await Blacklist(parts.database).all(me.tenant, datetime.now(UTC), in_force=in_force, cursor=cursor, limit=limit)


@router.post(
    "/blacklist/{entry_id}/decision", operation_id="decide_on_blacklist", summary="Remove an entry, or answer its appeal",
    responses=declared(*_WRITING, *_FINDING),
)  # fmt: skip
async def decide_on_blacklist(entry_id: EntryId, ruling: Ruling, me: Caller, parts: AllParts) -> Listed:
    """Another person than the one who entered it removes it at any time, or answers the customer's appeal."""
    me.must_be(Role.SUPERVISOR)
    kept = Blacklist(parts.database)
    listed = await kept.get(me.tenant, entry_id)
    if listed is None:
        raise Problem(NOT_FOUND, "没有此黑名单记录，请核对编号", "there is no such entry; check its id")
    case, _ = await find_case(parts, me.tenant, listed.complaint_id)
    pack = parts.shelf.needed(case.pack, case.pack_digest)
    try:
        rules.check_decision(listed, pack, me.actor, keep=ruling.keep)
    except Refusal as refusal:
        raise _refused(refusal) from refusal
    now = datetime.now(UTC)
    decided = await kept.decide(me.tenant, entry_id, keep=ruling.keep, by=me.actor.id, reason=ruling.reason, at=now)
    if decided is None:
        raise Refused(
            "decided_meanwhile", None, "他人刚刚已作出决定，请重新查看", "somebody else has just decided; look at it again"
        )
    return decided


@router.post(
    "/complaints/{complaint_id}/blacklist-appeal", operation_id="appeal_blacklisting", summary="Appeal against a limit",
    responses=declared(*_WRITING, OTHER_COMPLAINT),
)  # fmt: skip
async def appeal_blacklisting(complaint_id: ComplaintId, objection: Objection, me: Caller, parts: AllParts) -> Limitation:
    """The customer objects to the limit that this complaint led to; another person decides. An agent may note it for them."""
    me.must_be(Role.CUSTOMER, Role.AGENT)
    me.must_reach(complaint_id)
    kept, now = Blacklist(parts.database), datetime.now(UTC)
    found = await kept.of_complaint(me.tenant, complaint_id)
    if not found:
        raise Problem(NOT_FOUND, "该投诉没有黑名单限制", "this complaint has led to no limit")
    try:
        listed = rules.check_appeal(found, now)
    except Refusal as refusal:
        raise _refused(refusal) from refusal
    objected = await kept.object(me.tenant, listed.entry_id, objection.grounds, now)
    if objected is None:
        raise Refused("removed_already", None, "已移出黑名单", "it was removed already")
    return _shown(objected)


async def limitations(
    parts: Parts, tenant: str, pack: Pack | None, customer_id: str | None, patience: timedelta | None = None
) -> tuple[Limitation, ...]:
    """What limits this customer now; empty where the procedure has no blacklist, and where the database is away or takes longer
    than `patience`."""
    if pack is None or rules.blacklist_rule(pack) is None or customer_id is None:
        return ()
    now = datetime.now(UTC)
    try:
        asked = Blacklist(parts.database).in_force(tenant, customer_id, now)
        found = await (within(patience, asked) if patience else asked)
    except (SQLAlchemyError, OSError, TimeoutError):
        return ()
    return tuple(_shown(each) for each in found)


def _shown(listed: Listed) -> Limitation:
    return Limitation(
        entry_id=listed.entry_id, complaint_id=listed.complaint_id, limits=listed.limits, clause=listed.clause,
        expires_at=listed.expires_at, appealed=listed.awaits_decision,
    )  # fmt: skip


def _refused(refusal: Refusal) -> Refused:
    return Refused(refusal.code, refusal.field, refusal.zh, refusal.en)
