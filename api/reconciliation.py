"""Reconciliation: whether ledger, partners and cases tell the same, and what is to be cleared up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from activities.contract import Reconciled
from api.guard import GuardedRoute, misfit
from api.identity import Caller
from api.pages import Cursor, Limit
from api.parts import AllParts, TheShelf
from api.problems import (
    DATABASE_AWAY,
    FORBIDDEN,
    INVALID,
    MEDIA,
    NOBODY_ANSWERED,
    NOT_FOUND,
    NOT_JSON,
    SETTLED_ALREADY,
    TEMPORAL_AWAY,
    TOO_LARGE,
    Problem,
    declared,
)  # fmt: skip
from domain.actor import Role
from domain.intake import Prose
from domain.ledger import LedgerRow
from domain.summary.period import Period
from storage.ledger import Ledger
from storage.reconciliation import Done, Findings, FindingsPage, KnownFinding
from workflows.reconciliation import Reconciliation

router = APIRouter(prefix="/v1", tags=["12 Money"], route_class=GuardedRoute)

_MOST_DAYS = 31
_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)


class Report(FindingsPage):
    """What did not fit, and when it was last looked for."""

    last: Done | None = Field(description="The latest reconciliation; null when there has been none yet.")


class Days(BaseModel):
    """Days to compare, in the tenant's time zone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    from_on: date = Field(ge=_EARLIEST, le=_LATEST, description="First day.", examples=["2026-11-21"])
    to_on: date = Field(
        ge=_EARLIEST, le=_LATEST, description=f"First day that is no longer compared, at most {_MOST_DAYS} days later.",
        examples=["2026-11-22"],
    )  # fmt: skip


class Settlement(BaseModel):
    """Why a finding counts as settled."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Prose = Field(max_length=2000, description="What was found out and done, for whoever reads it later.")


@router.get(
    "/reconciliation", operation_id="read_reconciliation", summary="What does not fit",
    responses=declared(FORBIDDEN, INVALID, DATABASE_AWAY),
)  # fmt: skip
async def read_reconciliation(
    me: Caller,
    parts: AllParts,
    state: Annotated[
        Literal["open", "settled", "all"], Query(description="open: what nobody has settled yet; settled; all.")
    ] = "open",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Report:
    """Findings of the daily comparison of ledger, partners and cases, the newest first; there should be none."""
    me.must_be(Role.SUPERVISOR)
    findings = Findings(parts.database)
    page = await findings.page(me.tenant, None if state == "all" else state, cursor=cursor, limit=limit)
    return Report(rows=page.rows, next_cursor=page.next_cursor, last=await findings.last(me.tenant))


@router.post(
    "/reconciliation", operation_id="reconcile", summary="Reconcile now",
    responses=declared(NOT_JSON, FORBIDDEN, TOO_LARGE, MEDIA, INVALID, TEMPORAL_AWAY, NOBODY_ANSWERED),
)  # fmt: skip
async def reconcile(days: Days, me: Caller, parts: AllParts, shelf: TheShelf) -> Reconciled:
    """Compare these days now. What does not fit is kept and mailed, as by the daily one.

    With 504 it goes on behind the scenes, as while a partner is away; what it finds is read with `GET /v1/reconciliation`.
    """
    me.must_be(Role.SUPERVISOR)
    if not 0 < (days.to_on - days.from_on).days <= _MOST_DAYS:
        zh, en = f"to_on 须晚于 from_on，且至多相隔 {_MOST_DAYS} 天", f"lies 1 to {_MOST_DAYS} days after from_on"
        raise misfit("to_on", "bad_period", zh, en)
    zone = shelf.tenant(me.tenant).zone
    period = Period(from_on=days.from_on, to_on=days.to_on, zone=zone)
    return await parts.desk.reconcile(Reconciliation(tenant=me.tenant, zone=zone, period=period, asked_by=me.actor.id))


@router.post(
    "/reconciliation/{finding_id}/settle", operation_id="settle_finding", summary="Settle a finding",
    responses=declared(NOT_JSON, FORBIDDEN, NOT_FOUND, SETTLED_ALREADY, TOO_LARGE, MEDIA, INVALID, DATABASE_AWAY),
)  # fmt: skip
async def settle_finding(
    finding_id: Annotated[str, Path(max_length=64, description="Id of the finding.")],
    settlement: Settlement,
    me: Caller,
    parts: AllParts,
) -> KnownFinding:
    """A person has cleared it up. The same finding is not reported again, unless a figure or a state of it changes."""
    me.must_be(Role.SUPERVISOR)
    findings = Findings(parts.database)
    settled = await findings.settle(me.tenant, finding_id, me.actor.id, settlement.reason, datetime.now(UTC))
    found = await findings.get(me.tenant, finding_id)
    if found is None:
        raise Problem(NOT_FOUND, "没有此对账差异，请核对编号", "there is no such finding; check its id")
    if not settled and (found.settled_by, found.reason) != (me.actor.id, settlement.reason):
        by = found.settled_by
        raise Problem(SETTLED_ALREADY, f"该差异已由 {by} 办结", f"it was settled by {by} already")
    return found


@router.get(
    "/complaints/{complaint_id}/ledger", operation_id="read_ledger", summary="What was asked of partners",
    responses=declared(FORBIDDEN, NOT_FOUND, INVALID, DATABASE_AWAY),
)  # fmt: skip
async def read_ledger(
    complaint_id: Annotated[str, Path(max_length=64, description="Id of the complaint.")], me: Caller, parts: AllParts
) -> tuple[LedgerRow, ...]:
    """Every effect that was asked of a partner for this complaint, with what became of it, in the order of asking."""
    me.must_be(Role.AGENT, Role.OPERATOR)
    if await parts.cases.get(me.tenant, complaint_id) is None:
        raise Problem(NOT_FOUND, "没有此投诉，请核对编号", "there is no such complaint; check its id")
    return await Ledger(parts.database).of_complaint(me.tenant, complaint_id)
