"""Problem documents (RFC 9457): how every failure is told. The catalogue here is what OpenAPI declares and what handlers send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.language import reader
from domain.order import Locale

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One field that has to be corrected."""

    model_config = ConfigDict(frozen=True)

    field: str = Field(description="Path of the field in what was sent: customer.phone, evidence[0].sha256, or a header's name.")
    code: str = Field(description="What is wrong, for programs: missing, too_long, unknown_category, ...")
    zh: str = Field(description="What is wrong and what to do, in Chinese.")
    en: str = Field(description="What is wrong and what to do, in English.")


class ProblemDocument(BaseModel):
    """Why a request was not carried out (RFC 9457). Unless it says otherwise, nothing was changed."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(description="URI of the kind of problem: urn:redress:problem:<code>.")
    title: str = Field(description="The kind of problem in the reader's language (Accept-Language: zh-CN or en).")
    status: int = Field(description="The HTTP status code.")
    detail: str = Field(description="This occurrence in the reader's language: what happened and what to do.")
    instance: str = Field(description="URI of this occurrence, as the log of the service names it.")
    code: str = Field(description="The kind of problem, for programs.")
    errors: tuple[FieldProblem, ...] = Field(default=(), description="Every field that is wrong, all at once.")


@dataclass(frozen=True)
class Kind:
    """One kind of problem. `zh` and `en` are its title."""

    status: int
    code: str
    zh: str
    en: str


NOT_JSON = Kind(400, "not_json", "请求体不是有效的 JSON", "The body is not valid JSON")
UNKNOWN_HOST = Kind(400, "unknown_host", "未知的主机名", "The host name is not known")
UNAUTHENTICATED = Kind(401, "unauthenticated", "需要有效的访问令牌", "A valid access token is needed")
BAD_SIGNATURE = Kind(401, "bad_signature", "签名无效或已过期", "The signature is wrong or too old")
FORBIDDEN = Kind(403, "wrong_role", "您的角色无权执行此操作", "Your role does not allow this")
WRONG_SCOPE = Kind(403, "wrong_scope", "此 API 密钥的范围不包括此操作", "The scopes of this API key do not cover this")
OTHER_COMPLAINT = Kind(403, "other_complaint", "此令牌仅限另一投诉使用", "This token is for another complaint")
UNKNOWN_TENANT = Kind(403, "unknown_tenant", "未知的租户", "The tenant is not known")
NOT_FOUND = Kind(404, "not_found", "没有找到", "There is no such thing")
METHOD = Kind(405, "method_not_allowed", "不支持此方法", "This method is not supported here")
REFUSED = Kind(409, "refused", "当前规程不允许此操作", "The procedure does not allow this now")
INCIDENT_CLOSED = Kind(409, "incident_closed", "批量事件已结束", "The incident is closed")
CLOSED = Kind(409, "complaint_closed", "投诉已结案", "The complaint is closed")
ERASED = Kind(410, "erased", "投诉信息已按客户要求删除", "The complaint was erased on its customer's request")
SETTLED_ALREADY = Kind(409, "settled_already", "该差异已办结", "The finding is settled already")
NOT_DEAD = Kind(409, "not_dead", "该消息未被放弃", "The news was not given up")
TOO_LARGE = Kind(413, "too_large", "请求体过大", "The body is too large")
MEDIA = Kind(415, "unsupported_media_type", "请求体须为 JSON", "The body has to be JSON")
INVALID = Kind(422, "invalid", "填写内容有误", "Something in the request is wrong")
KEY_REUSED = Kind(422, "key_reused", "幂等键已用于另一内容", "The idempotency key was used with another body")
BUSY = Kind(429, "busy", "请求过多", "Too many requests at once")
HEADERS_TOO_LARGE = Kind(431, "headers_too_large", "请求头过大", "The headers are too large")
INTERNAL = Kind(500, "internal", "服务内部错误", "Something went wrong inside the service")
TEMPORAL_AWAY = Kind(503, "temporal_away", "投诉服务暂时不可用", "The complaint service is away")
ISSUER_AWAY = Kind(503, "issuer_away", "登录服务暂时不可用", "The issuer of tokens is away")
STUCK = Kind(503, "complaint_stuck", "该投诉暂时无法处理", "The complaint cannot be worked on now")
DATABASE_AWAY = Kind(503, "database_away", "数据库暂时不可用", "The database is away")
NO_LINKS = Kind(503, "no_customer_links", "未启用客户链接", "Customers' links are not set up")
NOT_RECORDED = Kind(503, "not_recorded_yet", "投诉已受理，尚未处理", "The complaint is filed and not worked on yet")
PACK_MISSING = Kind(503, "pack_missing", "缺少制度包", "A policy pack is missing here")
NOBODY_ANSWERED = Kind(504, "nobody_answered", "没有及时得到答复", "Nobody answered in time")

# What any route behind a token may answer.
COMMON = (UNAUTHENTICATED, WRONG_SCOPE, UNKNOWN_TENANT, BUSY, INTERNAL, ISSUER_AWAY, DATABASE_AWAY)


class Problem(Exception):
    """A request that ends here, with the words for its sender."""

    def __init__(
        self,
        kind: Kind,
        zh: str,
        en: str,
        *,
        code: str | None = None,
        errors: tuple[FieldProblem, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.zh = zh
        self.en = en
        self.code = code or kind.code
        self.errors = errors
        self.headers = dict(headers or {})


def document_of(request: Request, problem: Problem, locale: Locale) -> ProblemDocument:
    """The problem in this language."""
    kind = problem.kind
    return ProblemDocument(
        type=f"urn:redress:problem:{problem.code}",
        title=kind.zh if locale == "zh-CN" else kind.en,
        status=kind.status,
        detail=problem.zh if locale == "zh-CN" else problem.en,
        instance=f"urn:uuid:{request.scope.get('redress.request_id', '00000000-0000-0000-0000-000000000000')}",
        code=problem.code,
        errors=problem.errors,
    )


def answer(request: Request, problem: Problem) -> Response:
    """The problem as a document, in the reader's language."""
    locale = reader(request)
    document = document_of(request, problem, locale)
    headers = {**problem.headers, "Content-Language": locale}
    return Response(document.model_dump_json(), problem.kind.status, headers, MEDIA_TYPE)


def declared(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route: each kind of problem that it may answer, by status."""
    by_status: dict[int, list[Kind]] = {}
    for kind in sorted((*kinds, *COMMON), key=lambda each: each.status):
        known = by_status.setdefault(kind.status, [])
        if kind not in known:
            known.append(kind)
    return {status: _response(status, found) for status, found in by_status.items()}


def _response(status: int, kinds: list[Kind]) -> dict[str, Any]:
    examples = {
        kind.code: {
            "summary": kind.en,
            "value": {
                "type": f"urn:redress:problem:{kind.code}", "title": kind.en, "status": status, "detail": f"{kind.en}.",
                "instance": "urn:uuid:3f0c7a52-0d5e-4c3b-9f43-1f6d3f0a1b2c", "code": kind.code, "errors": [],
            },
        }
        for kind in kinds
    }  # fmt: skip
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}, "examples": examples}}
    told = "; ".join(f"`{kind.code}`: {kind.en}" for kind in kinds)
    response: dict[str, Any] = {"description": f"{HTTPStatus(status).phrase}. {told}.", "content": content}
    if status in (429, 503, 504):
        response["headers"] = {
            "Retry-After": {"description": "Seconds after which to try again, with the same key.", "schema": {"type": "integer"}}
        }
    return response
