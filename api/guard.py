"""Routes behind a token: the caller is known before the body is read, and a wrong body is told with all its fields."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, ClassVar

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.field_errors import field_problems
from api.parts import parts_of
from api.problems import INVALID, MEDIA, NOT_FOUND, NOT_JSON, FieldProblem, Problem
from api.rates import admit
from api.unseen import unseen
from domain.actor import Role
from storage.keys import Scope

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class GuardedRoute(APIRoute):
    """A route that needs a token or an API key."""

    # The roles that a key plays by its scopes. Reading is open to keys; what writes has to say so, and a new route is closed.
    reading: ClassVar[Mapping[Scope, Role]] = {Scope.INTAKE: Role.INTAKE, Scope.READING: Role.AGENT}
    writing: ClassVar[Mapping[Scope, Role]] = {}

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()
        by_scope = self.reading if self.methods == {"GET"} else self.writing

        async def guarded(request: Request) -> Response:
            parts = parts_of(request)
            me = request.state.me = await parts.doorkeeper.admit(request, by_scope)
            admit(request, f"{me.tenant}/{me.actor.id}")
            parts.shelf.tenant(me.tenant)
            _without_nul(request)
            if self.methods != {"GET"} and (hidden := unseen(await request.body())):
                raise unfit(hidden)
            try:
                return await handle(request)
            except RequestValidationError as error:
                raise invalid(request, error, self.more(request, error.body)) from error

        return guarded

    def more(self, request: Request, body: Any) -> tuple[FieldProblem, ...]:
        """What else is wrong with a body that is not well formed, so that its sender hears of everything at once."""
        return ()


def _without_nul(request: Request) -> None:
    """No id and no text of ours holds a NUL, and PostgreSQL takes none: what is asked for with one does not exist."""
    if any("\x00" in str(value) for value in request.path_params.values()):
        raise Problem(NOT_FOUND, "没有此地址，请核对编号", "there is no such thing; check its id")
    found = [name for name, value in request.query_params.multi_items() if "\x00" in name + value]
    if found:
        en, zh = "contains a control character; take it out", "含有控制字符，请删除"
        raise unfit(tuple(FieldProblem(field=name, code="control_character", zh=zh, en=en) for name in found))


def invalid(request: Request, error: RequestValidationError, more: tuple[FieldProblem, ...] = ()) -> Problem:
    """The problem behind a request that does not fit its route."""
    errors = error.errors()
    if any(each["type"] == "json_invalid" for each in errors):
        at = next(each["loc"][-1] for each in errors if each["type"] == "json_invalid")
        return Problem(NOT_JSON, f"请求体不是有效的 JSON（第 {at} 个字符处）", f"the body is not valid JSON (at character {at})")
    if isinstance(error.body, bytes) and error.body:
        return Problem(
            MEDIA, "请使用 Content-Type: application/json 发送 JSON", "send JSON, with the header Content-Type: application/json"
        )
    found = {each.field: each for each in (*more, *field_problems(errors))}
    return unfit(tuple(found.values()))


def misfit(field: str, code: str, zh: str, en: str) -> Problem:
    """The 422 problem of one field."""
    return unfit((FieldProblem(field=field, code=code, zh=zh, en=en),))


def unfit(errors: tuple[FieldProblem, ...]) -> Problem:
    """The 422 problem with its fields."""
    names = ", ".join(each.field for each in errors)
    return Problem(INVALID, f"请更正以下字段：{names}", f"correct these fields: {names}", errors=errors)
