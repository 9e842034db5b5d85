"""The page behind the link in an approver's mail: what is proposed, and a form to approve, send back or refuse it.

The link is the login: it is for one person, one complaint and one proposal, and what is done with it is done by that person, with
the roles that their company gives them now. Looking at the page does nothing, for programs that guard mailboxes look too.
"""

from __future__ import annotations

import contextlib
import hashlib
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

from fastapi import APIRouter, Path, Query, Request
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import HTMLResponse, Response

from api.deciding import Decision, decide, own_right
from api.decision_links import DecisionLink
from api.decision_view import View, waiting
from api.errors import told
from api.finding import find_case
from api.language import reader
from api.parts import AllParts, Parts
from api.problems import (
    BAD_SIGNATURE,
    FORBIDDEN,
    INVALID,
    MEDIA,
    NOT_FOUND,
    NOT_RECORDED,
    REFUSED,
    TEMPORAL_AWAY,
    TOO_LARGE,
    Problem,
    declared,
)
from api.rates import admit
from desk.errors import ComplaintClosed, DeskError, Refused
from documents.decision import POLICY, DecisionPage, html
from domain.case import Case
from domain.commands import Approve, Refuse, SendBack
from domain.journal import Entry
from domain.order import Locale
from domain.tenant import Staff
from telemetry.metrics import link_decisions

router = APIRouter(prefix="/v1/decisions", tags=["4 Deciding"])
_HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
# The newest entries, among them those about the proposal.
_ENTRIES = 200
# Refusals that mean: somebody was faster, or it is no longer this proposal's turn.
_OVER = frozenset({"wrong_stage", "other_proposal", "key_reused", "complaint_closed"})

Token = Annotated[str, Path(description="The link, as it stands in the mail.", max_length=4_000, examples=["eyJhbGciOi..."])]
Language = Annotated[Literal["zh", "en"] | None, Query(description="Language of the page; that of Accept-Language when absent.")]
_PAGE: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
_ANSWERS = (BAD_SIGNATURE, FORBIDDEN, NOT_FOUND, INVALID, NOT_RECORDED, TEMPORAL_AWAY)
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "description": "The form of the page.",
                    "required": ["decision"],
                    "properties": {
                        "decision": {
                            "type": "string", "enum": ["approve", "send_back", "refuse"], "description": "What is decided.",
                        },
                        "words": {"type": "string", "description": "Remark or reason; needed to send back or refuse."},
                    },
                }
            }
        },
    }
}  # fmt: skip


@router.get(
    "/{token}", operation_id="read_decision", summary="Page of a decision", response_class=HTMLResponse,
    responses=declared(*_ANSWERS) | _PAGE,
)  # fmt: skip
async def read_decision(token: Token, request: Request, parts: AllParts, lang: Language = None) -> Response:
    """The proposal that the link is for, with a form while it waits for a decision. The link in the address is the login."""
    view = _view(request, token, lang)
    try:
        link, _ = _opened(request, parts, token)
        return _shown(await _page(parts, link, view))
    except (Problem, DeskError, SQLAlchemyError, OSError) as error:
        return _failed(request, view, error)


@router.post(
    "/{token}", operation_id="decide_by_link", summary="Decide by a link", response_class=HTMLResponse,
    responses=declared(*_ANSWERS, REFUSED, MEDIA, TOO_LARGE) | _PAGE, openapi_extra=_FORM,
)  # fmt: skip
async def decide_by_link(token: Token, request: Request, parts: AllParts, lang: Language = None) -> Response:
    """Approve, send back or refuse, as the form of the page sends it. Sent again it answers the same and does nothing twice."""
    view = _view(request, token, lang)
    try:
        link, person = _opened(request, parts, token)
        sent = parse_qs((await request.body()).decode("utf-8", errors="replace"), keep_blank_values=True)
        chosen, words = sent.get("decision", [""])[0], sent.get("words", [""])[0].strip()
        try:
            decision = _decision(chosen, link.number, words)
            receipt = await decide(parts, link.tenant, link.complaint_id, own_right(person), decision, _key(token))
        except (Problem, Refused, ComplaintClosed) as error:
            problem = error if isinstance(error, Problem) else told(error)
            over = problem.code in _OVER
            _count(chosen, "too_late" if over else "refused")
            return _shown(await _page(parts, link, view, words, None if over else problem), 409 if over else problem.kind.status)
        if receipt is None:
            raise Problem(FORBIDDEN, "您当前没有审批权限", "you have no right to decide on proposals now")
        _count(chosen, "accepted")
        return _shown(view.done(chosen))
    except (Problem, DeskError, SQLAlchemyError, OSError) as error:
        return _failed(request, view, error)


def _count(chosen: str, result: str) -> None:
    link_decisions.labels(chosen if chosen in ("approve", "send_back", "refuse") else "other", result).inc()


def _view(request: Request, token: str, lang: Literal["zh", "en"] | None) -> View:
    locale: Locale = reader(request) if lang is None else "zh-CN" if lang == "zh" else "en"
    return View(locale, f"/v1/decisions/{token}")


def _opened(request: Request, parts: Parts, token: str) -> tuple[DecisionLink, Staff]:
    """The link and its person, as the company's file has them now. Raises the problems of both."""
    link = parts.decision_links.read(token)
    admit(request, f"{link.tenant}/{link.person}")
    request.scope["redress.complaint"] = link.complaint_id
    person = parts.shelf.tenant(link.tenant).person(link.person)
    if person is None:
        raise Problem(FORBIDDEN, "您已不在公司人员名单中", "you are no longer among the company's people")
    return link, person


async def _page(parts: Parts, link: DecisionLink, view: View, words: str = "", problem: Problem | None = None) -> DecisionPage:
    case, entries = await _found(parts, link)
    pack = parts.shelf.pinned(case.pack, case.pack_digest)
    proposal = waiting(case, link.number)
    if proposal is None:
        return view.decided(link.number, entries, case, pack)
    return view.asked(case, pack, proposal, entries, words, problem)


async def _found(parts: Parts, link: DecisionLink) -> tuple[Case, tuple[Entry, ...]]:
    """The case where it lives, for the database may be moments behind, and its journal as far as it is written."""
    case, source = await find_case(parts, link.tenant, link.complaint_id)
    if source == "database" and case.open:
        # Otherwise what the database knows is shown; the decision itself is checked where the complaint lives.
        with contextlib.suppress(DeskError):
            case = await parts.desk.look(link.tenant, link.complaint_id)
    try:
        entries = await parts.cases.journal(link.tenant, link.complaint_id, max(0, case.revision - _ENTRIES), _ENTRIES)
    except (SQLAlchemyError, OSError):
        entries = ()
    return case, entries


def _decision(chosen: str, number: int, words: str) -> Decision:
    """Raises the problem that names what is missing."""
    try:
        match chosen:
            case "approve":
                return Approve(number=number, note=" ".join(words.split()) or None)
            case "send_back" if words:
                return SendBack(number=number, reason=words.replace("\r\n", "\n"))
            case "refuse" if words:
                return Refuse(number=number, reason=words.replace("\r\n", "\n"))
            case "send_back" | "refuse":
                raise Problem(INVALID, "退回或否决时请填写理由", "give a reason to send back or refuse")
    except ValidationError as error:
        raise Problem(
            INVALID,
            "意见过长（批准时至多 200 字）或含有控制字符",
            "too long (a remark has 200 characters), or a control character",
        ) from error
    raise Problem(INVALID, "请选择批准、退回或否决", "choose to approve, to send back or to refuse")


def _key(token: str) -> str:
    """One link, one decision: the same again is answered alike, another one is refused."""
    return f"link-{hashlib.sha256(token.encode()).hexdigest()[:40]}"


def _shown(page: DecisionPage, status: int = 200) -> Response:
    return HTMLResponse(html(page), status, {**_HEADERS, "Content-Language": page.locale})


def _failed(request: Request, view: View, error: Exception) -> Response:
    """A page for who reads pages; raises the problem for programs."""
    problem = error if isinstance(error, Problem) else told(error)
    if "text/html" not in request.headers.get("accept", ""):
        raise problem
    answer = _shown(view.refused(problem), problem.kind.status)
    answer.headers.update(problem.headers)
    return answer
