"""Errors become problem documents here, each kind once. Routes raise; they never translate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api import problems as p
from api.guard import invalid, misfit, unfit
from api.problems import FieldProblem, Kind, Problem, answer
from desk import errors as d
from settings.language import text
from storage.database import DatabaseNotReady
from storage.pages import BadCursor

_log = structlog.get_logger("redress.api")
# Refusals that are about the person, whatever the case's stage.
_ABOUT_THE_PERSON = {
    "wrong_role", "own_proposal", "approver_too_low", "higher_level_decides", "acknowledged_too_low", "complained_of",
    "offered_to_other", "own_decision",
}  # fmt: skip


def told(error: Exception) -> Problem:
    """The problem behind an error of the desk or the storage."""
    match error:
        case d.NotFileable():
            return unfit(tuple(FieldProblem(field=f, code=code, zh=zh, en=en) for f, code, zh, en in error.faults))
        case d.KeyReused():
            return Problem(
                p.KEY_REUSED,
                "此幂等键已用于另一内容的投诉，本次未受理；请换用新的键",
                "this key filed a complaint with another body; nothing was filed now, use a new key",
                errors=(FieldProblem(field="Idempotency-Key", code="key_reused", zh="请换用新的键", en="use a new key"),),
            )
        case d.Refused():
            return _refused(error)
        case d.NoSuchComplaint():
            return Problem(p.NOT_FOUND, "没有此投诉，请核对编号", "there is no such complaint; check its id")
        case d.ComplaintErased():
            return Problem(
                p.ERASED,
                "客户已要求删除其个人信息，此投诉不能再读取、处理或重新受理；新的投诉请使用新的幂等键",
                "its customer had it erased: it is not read, worked on or filed again; file a new complaint under a new key",
            )
        case d.ComplaintClosed():
            return Problem(p.CLOSED, "投诉已结案，如需继续请先重新开启", "the complaint is closed; reopen it first")
        case d.NobodyAnswered():
            return Problem(
                p.NOBODY_ANSWERED,
                "已送达但未及时得到答复，仍可能会被执行；请用同一幂等键重试以得知结果",
                "it was taken but nobody answered in time; it may still be carried out: ask again with the same Idempotency-Key",
                headers=_after(error.retry_after),
            )
        case d.DeskBusy():
            return Problem(p.BUSY, "请求过多，请稍后重试", "too much at once; try again later", headers=_after(error.retry_after))
        case d.ComplaintStuck():
            _log.error(text(f"A complaint is stuck, look at its workflow: {error}", f"有投诉无法继续，请查看其工作流：{error}"))
            return Problem(
                p.STUCK,
                "系统在处理该投诉时出错，已通知运维；投诉及其承诺均已保留，本次操作未执行，请稍后用同一幂等键重试",
                "something of ours fails while working on this complaint, and operators are told; it is kept with all its "
                "promises. Nothing was done now: try again later with the same Idempotency-Key",
                headers=_after(error.retry_after),
            )
        case d.TemporalAway():
            return Problem(
                p.TEMPORAL_AWAY,
                "投诉服务暂时不可用；请稍后用同一幂等键重试，不会重复受理",
                "the complaint service is away; try again later with the same Idempotency-Key, it will count once",
                headers=_after(error.retry_after),
            )
        case BadCursor():
            zh, en = "游标无效，请从第一页重新查询", "is not a cursor of this list; ask for the first page again"
            return misfit("cursor", "bad_cursor", zh, en)
        case _:
            return Problem(
                p.DATABASE_AWAY,
                "数据库暂时不可用；投诉的受理和处理不受影响，请稍后再查",
                "the database is away; filing and handling go on, read again later",
                headers={"Retry-After": "5"},
            )


def _refused(error: d.Refused) -> Problem:
    errors: tuple[FieldProblem, ...] = ()
    kind = Kind(409, error.code, p.REFUSED.zh, p.REFUSED.en)
    if error.code == p.KEY_REUSED.code and error.field is not None:
        kind, errors = p.KEY_REUSED, (FieldProblem(field=error.field, code=error.code, zh=error.zh, en=error.en),)
    elif error.field is not None:
        kind = Kind(422, error.code, p.REFUSED.zh, p.REFUSED.en)
        errors = (FieldProblem(field=error.field, code=error.code, zh=error.zh, en=error.en),)
    elif error.code in _ABOUT_THE_PERSON:
        kind = Kind(403, error.code, p.FORBIDDEN.zh, p.FORBIDDEN.en)
    return Problem(kind, error.zh, error.en, errors=errors)


def _after(wait: timedelta) -> dict[str, str]:
    return {"Retry-After": str(int(wait.total_seconds()))}


_BY_STATUS: dict[int, tuple[Kind, str, str]] = {
    400: (p.NOT_JSON, "请求体无法解析为 JSON", "the body cannot be read as JSON"),
    404: (p.NOT_FOUND, "没有此地址，请查阅 /docs", "there is nothing at this address; see /docs"),
    405: (p.METHOD, "该地址不支持此方法，请查阅 /docs", "this address does not know this method; see /docs"),
    413: (p.TOO_LARGE, "请求体不得超过 256 KB；凭证请以引用方式提交", "the body may have 256 kB; send evidence by reference"),
}


def install(app: FastAPI) -> None:
    """Hang the handlers into the application."""
    for kind in (d.DeskError, SQLAlchemyError, DatabaseNotReady, OSError, BadCursor):
        app.add_exception_handler(kind, _handler(told))
    app.add_exception_handler(Problem, _handler(lambda problem: problem))
    app.add_exception_handler(HTTPException, _handler(_of_http))
    app.add_exception_handler(RequestValidationError, _invalid)


def _of_http(error: Any) -> Problem:
    kind, zh, en = _BY_STATUS.get(error.status_code, (Kind(error.status_code, "http", "请求失败", "The request failed"), "", ""))
    return Problem(kind, zh or kind.zh, en or kind.en, headers=error.headers)


def _handler(problem_of: Callable[[Any], Problem]) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        return answer(request, problem_of(error))

    return handle


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer(request, invalid(request, error))
