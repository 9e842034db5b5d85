"""Summaries: what a month or any other stretch of days was like."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.days import FromDay, ToDay, period_of
from api.guard import GuardedRoute
from api.identity import Caller
from api.language import reader
from api.parts import AllParts, TheShelf
from api.problems import DATABASE_AWAY, FORBIDDEN, INVALID, NOT_FOUND, PACK_MISSING, Problem, declared
from documents.web import POLICY, html
from documents.workbook import MEDIA_TYPE, workbook
from domain.actor import Role
from domain.order import Locale
from domain.policy.talk_rows import ReportRule
from domain.summary.compose import report_of
from domain.summary.figures import Summary
from domain.summary.telling import in_words
from storage.summaries import Summaries

router = APIRouter(prefix="/v1/reports", tags=["2 Reading"], route_class=GuardedRoute)


class ToldSummary(BaseModel):
    """A summary as figures and in words."""

    model_config = ConfigDict(frozen=True)

    pack: str = Field(description="Pack whose names it uses, such as home@2026-11.")
    locale: Locale = Field(description="Language of the text.")
    text: str = Field(description="The summary in words (Markdown), as it is mailed.")
    summary: Summary = Field(description="The figures.")


@router.get("", operation_id="list_reports", summary="List the summaries", responses=declared(FORBIDDEN, PACK_MISSING))
async def list_reports(me: Caller, shelf: TheShelf) -> tuple[ReportRule, ...]:
    """The summaries that the tenant's procedure asks for; each is mailed to supervisors and managers when its period is over."""
    me.must_be(Role.SUPERVISOR)
    return shelf.terms(me.tenant).pack.report


_FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/html": {"schema": {"type": "string"}}, MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}
    }
}


@router.get(
    "/{report}", operation_id="read_report", summary="Read a summary", response_model=ToldSummary,
    responses=declared(FORBIDDEN, NOT_FOUND, INVALID, DATABASE_AWAY, PACK_MISSING) | _FORMS,
)  # fmt: skip
async def read_report(
    request: Request,
    report: Annotated[str, Path(description="Row of the pack, as listed.", examples=["transport_summary"])],
    me: Caller,
    parts: AllParts,
    from_on: FromDay = None,
    to_on: ToDay = None,
    form: Annotated[
        Literal["json", "html", "xlsx"],
        Query(description="json: figures and text; html: a page with charts; xlsx: a workbook with charts."),
    ] = "json",
) -> ToldSummary | Response:  # fmt: skip
    """What happened within these days, counted now: kinds, causes, promises, money, satisfaction, routes, what to improve."""
    me.must_be(Role.SUPERVISOR)
    terms = parts.shelf.terms(me.tenant)
    try:
        row = report_of(terms.pack, report)
    except KeyError:
        known = ", ".join(each.id for each in terms.pack.report) or "-"
        raise Problem(
            NOT_FOUND, f"没有总结“{report}”，可选：{known}", f"there is no summary {report!r}; there are: {known}"
        ) from None
    period = period_of(row.every, terms.tenant.zone, from_on, to_on)
    summary = await Summaries(parts.database).make(me.tenant, terms.pack, row, period, terms.tenant)
    locale = reader(request)
    if form == "html":
        return HTMLResponse(html(summary, locale), headers={"Content-Security-Policy": POLICY})
    if form == "xlsx":
        name = f"{report}-{period.from_on}.xlsx"
        made = await asyncio.to_thread(workbook, summary, locale)
        return Response(made, media_type=MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'})
    return ToldSummary(pack=terms.pack.ref, locale=locale, text=in_words(summary, locale), summary=summary)
