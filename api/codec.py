"""The codec endpoint: an operator's Temporal UI and CLI have what is sealed opened here, within the operator's own tenant.

`temporal workflow show --codec-endpoint http://.../codec --codec-auth "Bearer <token>"`. A UI with a login passes the token of
its user (TEMPORAL_CODEC_PASS_ACCESS_TOKEN); that of the embedded stack has none, and asks at an address that holds a key.
"""

from __future__ import annotations

import hmac
import json
from typing import Annotated, Any, Literal

import structlog
from fastapi import APIRouter, Path, Request, Response
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from pydantic import BaseModel, Field
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send
from temporalio.api.common.v1 import Payload, Payloads

from api.guard import GuardedRoute
from api.identity import Caller
from api.parts import parts_of
from api.problems import FORBIDDEN, INVALID, NOT_FOUND, NOT_JSON, TOO_LARGE, Problem, declared
from domain.actor import Role
from domain.erasure import MARK
from sealing.codec import Scope as Whose
from sealing.codec import SealingCodec, read_name, scope_of, sealed_name
from sealing.errors import Erased, SealingError

PATH = "/codec"
_log = structlog.get_logger("api")
Way = Literal["decode", "encode"]

router = APIRouter(prefix=PATH, tags=["11 Operating"], route_class=GuardedRoute)
# Its address is its password, so it stands in no reference.
keyed = APIRouter(prefix=PATH, include_in_schema=False)


_PAYLOADS = {"application/json": {"schema": {"$ref": "#/components/schemas/SealedPayloads"}}}


class SealedPayloads(BaseModel):
    """Temporal's `Payloads` as protobuf JSON."""

    payloads: list[dict[str, Any]] = Field(default=[], description="Each with metadata (base64 by name) and data (base64).")


@router.post(
    "/{way}",
    operation_id="codec",
    summary="Open or seal payloads",
    response_model=SealedPayloads,
    responses=declared(FORBIDDEN, NOT_JSON, INVALID, TOO_LARGE),
    openapi_extra={"requestBody": {"content": _PAYLOADS, "required": True}},
)
async def codec(way: Annotated[Way, Path(description="What to do with them.")], request: Request, me: Caller) -> Response:
    """For the Temporal UI and CLI. What is not sealed, or another tenant's, comes back as it came; what was erased says so."""
    me.must_be(Role.OPERATOR, Role.ADMINISTRATOR)
    return await _answer(request, way, me.tenant)


@keyed.post("/{key}/{way}")
async def codec_with_key(key: str, way: Way, request: Request) -> Response:
    known = getattr(request.app.state, "codec_key", "")
    if not known or not hmac.compare_digest(key.encode(), known.encode()):
        raise Problem(NOT_FOUND, "没有此地址，请查阅 /docs", "there is nothing at this address; see /docs")
    # Nobody knows whose browser it was: that, and from where, is all there is to be told.
    _log.warning("codec_key_used", way=way, address=request.client.host if request.client else "")
    return await _answer(request, way, None)


async def _answer(request: Request, way: Way, tenant: str | None) -> Response:
    sealing = parts_of(request).desk.client.data_converter.payload_codec
    try:
        given = Parse(body := await request.body(), Payloads()).payloads
        if not isinstance(json.loads(body).get("payloads", []), list):  # the parser takes an empty list for an empty object
            raise ParseError("payloads is no list")
    except (ParseError, UnicodeDecodeError, AttributeError) as error:
        raise Problem(NOT_JSON, "请求体不是有效的 Payloads", "the body is no valid Payloads") from error
    if not isinstance(sealing, SealingCodec):
        answer = list(given)
    elif way == "encode":
        answer = await SealingCodec(sealing.keyring, scope_of(f"operator/{tenant or ''}/-")).encode(given)
    else:
        answer = [await _opened(sealing, payload, tenant) for payload in given]
    return Response(MessageToJson(Payloads(payloads=answer)), media_type="application/json")


async def _opened(sealing: SealingCodec, payload: Payload, tenant: str | None) -> Payload:
    try:
        whose = _whose(payload)
        if whose is None or tenant not in (None, whose.tenant):
            return payload
        return (await sealing.decode([payload]))[0]
    except Erased:
        return Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(MARK, ensure_ascii=False).encode())
    except SealingError:
        return payload


def _whose(payload: Payload) -> Whose | None:
    name = sealed_name(payload)
    return read_name(name)[1] if name is not None else None


class CodecCors:
    """Pages of the Temporal UI, and of nobody else, may ask the codec from a browser."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app = app
        self._cors = CORSMiddleware(
            app, allow_origins=[origin], allow_methods=["POST"], allow_credentials=True,
            allow_headers=["content-type", "x-namespace", "authorization", "authorization-extras"],
        )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        codec = scope["type"] == "http" and scope["path"].startswith(f"{PATH}/")
        await (self._cors if codec else self._app)(scope, receive, send)
