"""Finding one complaint: in the database, or where it lives when the database is away or has nothing yet; and all its entries."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from sqlalchemy.exc import SQLAlchemyError

from api.identity import STAFF, Me
from api.parts import Parts
from api.problems import NOT_RECORDED, Problem
from desk.errors import NobodyAnswered
from domain.actor import Role
from domain.case import Case
from domain.journal import Entry
from storage.pages import MAX_LIMIT

ComplaintId = Annotated[
    str, Path(description="Id of the complaint, as filing it answered.", examples=["cmp_k5x2q7d3m4n6p2r3s4t5u6v7w2"])
]
Source = Literal["database", "live"]


def check_reader(me: Me, complaint_id: str) -> None:
    """A customer reads their own complaint, staff and intake every one of their tenant; see `Me.is_outside` for what of it.

    Raises the 403 problems.
    """
    me.must_be(Role.CUSTOMER, Role.INTAKE, *STAFF)
    me.must_reach(complaint_id)


async def whole_journal(parts: Parts, tenant: str, complaint_id: str) -> list[Entry]:
    """Every entry, in order; empty when this tenant has no such complaint. Raises database errors."""
    entries: list[Entry] = []
    while True:
        page = await parts.cases.journal(tenant, complaint_id, entries[-1].seq if entries else 0, MAX_LIMIT)
        entries += page
        if len(page) < MAX_LIMIT:
            return entries


async def find_case(parts: Parts, tenant: str, complaint_id: str) -> tuple[Case, Source]:
    """The case and where it was found. Raises NoSuchComplaint, TemporalAway, and the problem `not_recorded_yet`."""
    try:
        case = await parts.cases.get(tenant, complaint_id)
    except (SQLAlchemyError, OSError):
        case = None  # the complaint itself can still be asked
    if case is not None:
        return case, "database"
    try:
        return await parts.desk.look(tenant, complaint_id), "live"
    except NobodyAnswered as error:
        raise Problem(
            NOT_RECORDED,
            "投诉已受理，但当前无人处理，请稍后再查",
            "the complaint is on file, but no worker is there to tell of it; ask again later",
            headers={"Retry-After": "5"},
        ) from error
