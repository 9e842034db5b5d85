"""The work log: what was done about each complaint of some days."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.days import FromDay, ToDay, period_of
from api.guard import GuardedRoute, misfit
from api.identity import STAFF, Caller
from api.language import reader
from api.pages import Cursor, Limit
from api.parts import AllParts, Parts
from api.problems import DATABASE_AWAY, FORBIDDEN, INVALID, declared
from documents.work_log import as_csv, as_workbook
from documents.workbook import MEDIA_TYPE
from domain.case import Case
from domain.policy.wording import Wording
from domain.summary.period import Period
from domain.summary.work_log import WorkLine, line
from storage.pages import MAX_LIMIT, Page
from storage.work_log import WorkLog

router = APIRouter(prefix="/v1/reports", tags=["2 Reading"], route_class=GuardedRoute)
# A file is made in one go: so many lines take some seconds and some megabytes.
_MOST_LINES = 5_000
_FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
        }
    }
}


@router.get(
    "/work-log", operation_id="read_work_log", summary="Read the work log", response_model=Page[WorkLine],
    responses=declared(FORBIDDEN, INVALID, DATABASE_AWAY) | _FORMS,
)  # fmt: skip
async def read_work_log(
    request: Request,
    me: Caller,
    parts: AllParts,
    person: Annotated[str | None, Query(max_length=64, description="Staff id: only what this person is in charge of.")] = None,
    from_on: FromDay = None,
    to_on: ToDay = None,
    form: Annotated[
        Literal["json", "csv", "xlsx"],
        Query(description=f"json: a page; csv and xlsx: every line of these days, at most {_MOST_LINES}, without pages."),
    ] = "json",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[WorkLine] | Response:  # fmt: skip
    """One line a complaint, the newest first: its nature, how it was handled, when, and what came of it."""
    me.must_be(*STAFF)
    zone = parts.shelf.tenant(me.tenant).zone
    period = period_of("month", zone, from_on, to_on)
    if form == "json":
        return await _page(parts, me.tenant, period, person, cursor, limit)
    lines = await _all(parts, me.tenant, period, person)
    locale = reader(request)
    headers = {"Content-Disposition": f'attachment; filename="work-log-{period.from_on}.{form}"'}
    if form == "csv":
        return Response(as_csv(lines, zone, locale), media_type="text/csv; charset=utf-8", headers=headers)
    return Response(await asyncio.to_thread(as_workbook, lines, zone, locale), media_type=MEDIA_TYPE, headers=headers)


async def _page(parts: Parts, tenant: str, period: Period, person: str | None, cursor: str | None, limit: int) -> Page[WorkLine]:
    log = WorkLog(parts.database)
    found = await log.page(tenant, period.from_at, period.to_at, person=person, cursor=cursor, limit=limit)
    return Page(rows=tuple(line(each, _title(parts, each.case)) for each in found.rows), next_cursor=found.next_cursor)


async def _all(parts: Parts, tenant: str, period: Period, person: str | None) -> list[WorkLine]:
    """Raises the 422 problem when there are too many for a file."""
    lines: list[WorkLine] = []
    cursor: str | None = None
    while True:
        page = await _page(parts, tenant, period, person, cursor, MAX_LIMIT)
        lines += page.rows
        if len(lines) > _MOST_LINES:
            raise misfit(
                "to", "too_many", f"超过 {_MOST_LINES} 行，请缩短日期范围", f"more than {_MOST_LINES} lines: take fewer days"
            )
        if (cursor := page.next_cursor) is None:
            return lines


def _title(parts: Parts, case: Case) -> Wording:
    pack = parts.shelf.pinned(case.pack, case.pack_digest)
    titles = (row.title for row in pack.category if row.id == case.category) if pack else ()
    return next(iter(titles), None) or Wording(zh=case.category, en=case.category)
