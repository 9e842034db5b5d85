"""The numbered complaint sheet, and the survey that the customer is asked to answer."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse

from api.finding import ComplaintId, check_reader, find_case, whole_journal
from api.guard import GuardedRoute
from api.identity import STAFF, Caller
from api.language import reader
from api.parts import AllParts, Parts
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
from documents.sheet import sheet_page
from documents.web import POLICY
from domain.case import Case
from domain.follow_up import survey_of
from domain.order import Locale
from domain.policy.pack import Pack
from domain.sheet import sheet_of

router = APIRouter(prefix="/v1/complaints/{complaint_id}", tags=["2 Reading"], route_class=GuardedRoute)
_ONE = (FORBIDDEN, OTHER_COMPLAINT, NOT_FOUND, INVALID, NOT_RECORDED, TEMPORAL_AWAY, STUCK, PACK_MISSING)


class SurveyChoiceLine(BaseModel):
    """One choice."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="What to send as the answer.")
    text: str = Field(description="What the customer reads, in the reader's language.")


class SurveyQuestion(BaseModel):
    """One question with its choices."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="Key of the answer.")
    question: str = Field(description="What the customer reads, in the reader's language.")
    clauses: tuple[str, ...] = Field(description="Clauses of the written procedure behind it; see /v1/policies.")
    choices: tuple[SurveyChoiceLine, ...] = Field(description="In the pack's order.")


class Survey(BaseModel):
    """The survey of one complaint; answered by the command answer_survey."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str = Field(description="Id of the complaint.")
    locale: Locale = Field(description="Language of the questions.")
    questions: tuple[SurveyQuestion, ...] = Field(description="In the order in which they are asked; empty where there are none.")
    answers: dict[str, str] = Field(description="What was answered in this handling: choice by question.")


@router.get(
    "/sheet", operation_id="read_sheet", summary="Read the complaint sheet", response_class=HTMLResponse,
    responses=declared(*_ONE, DATABASE_AWAY) | {200: {"content": {"text/html": {"schema": {"type": "string"}}}}},
)  # fmt: skip
async def read_sheet(complaint_id: ComplaintId, me: Caller, parts: AllParts, request: Request) -> Response:
    """The numbered sheet to read, print or file: data and solution, the reply, the follow-up, as far as they are known."""
    me.must_be(*STAFF)
    case, pack = await _case_and_pack(parts, me.tenant, complaint_id)
    entries = await whole_journal(parts, me.tenant, complaint_id)
    locale = reader(request)
    made = sheet_page(sheet_of(case, entries, pack, locale), locale)
    return HTMLResponse(made, headers={"Content-Security-Policy": POLICY, "Content-Language": locale})


@router.get("/survey", operation_id="read_survey", summary="Read the survey", responses=declared(*_ONE))
async def read_survey(complaint_id: ComplaintId, me: Caller, parts: AllParts, request: Request, response: Response) -> Survey:
    """The questions to this customer with their choices, in the reader's language, and what was answered."""
    check_reader(me, complaint_id)
    case, pack = await _case_and_pack(parts, me.tenant, complaint_id)
    locale = reader(request)
    response.headers["Content-Language"] = locale
    return asked(case, pack, locale)


def asked(case: Case, pack: Pack, locale: Locale) -> Survey:
    """The survey of one complaint in one language."""
    questions = tuple(
        SurveyQuestion(
            id=row.id,
            question=row.question.in_language(locale),
            clauses=row.clauses,
            choices=tuple(SurveyChoiceLine(id=each.id, text=each.zh if locale == "zh-CN" else each.en) for each in row.choice),
        )
        for row in survey_of(case, pack)
    )
    return Survey(complaint_id=case.complaint_id, locale=locale, questions=questions, answers=case.survey)


async def _case_and_pack(parts: Parts, tenant: str, complaint_id: str) -> tuple[Case, Pack]:
    """Raises NoSuchComplaint, and the problem `pack_missing`: without its pack nobody knows what the procedure asks."""
    case, _ = await find_case(parts, tenant, complaint_id)
    return case, parts.shelf.needed(case.pack, case.pack_digest)
