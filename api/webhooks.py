"""News from partners: signed, and harmless when it comes twice."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, Header
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from adapters.webhook_signature import NoSecret, fits, key_of
from api.guard import Handler, invalid, misfit
from api.parts import Parts, TheDesk, parts_of
from api.problems import (
    BAD_SIGNATURE,
    INVALID,
    MEDIA,
    NOBODY_ANSWERED,
    NOT_JSON,
    TEMPORAL_AWAY,
    TOO_LARGE,
    Problem,
    declared,
)
from api.rates import admit
from desk.ids import named_by_effect
from domain.effects import EffectReport, EffectStatus
from domain.foreign import Foreign
from domain.ledger import Partner
from domain.tenant import Tenant
from settings.identity import listed
from workflows.arguments import EffectNews

WINDOW_SECONDS = 300
_log = structlog.get_logger("api")


class PartnerNews(BaseModel):
    """How far a partner is with one effect."""

    model_config = ConfigDict(frozen=True)  # unknown fields are the partner's own business

    event_id: str = Field(min_length=1, max_length=200, description="The partner's id of this news.")
    kind: Partner = Field(description="The system it comes from. What another one carries out it does not speak for.")
    key: str = Field(max_length=250, description="Effect key under which it was ordered: <tenant>:<complaint>/<cycle>/<step>.")
    reference: Foreign = Field(max_length=200, description="The partner's own number of the effect.")
    status: EffectStatus = Field(description="accepted: on its way; done; refused: it will not happen.")
    detail: Foreign = Field(default="", max_length=2000, description="The partner's words: tracking status, reason of a refusal.")
    at: AwareDatetime = Field(description="When it happened at the partner.")


class Heard(BaseModel):
    """What became of the news. Either way it need not be sent again."""

    model_config = ConfigDict(frozen=True)

    result: Literal["taken", "nobody_waits"] = Field(description="nobody_waits: no open complaint ordered this effect.")


class SignedRoute(APIRoute):
    """A route whose body is signed by a partner, as the Standard Webhooks specification has it."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def signed(request: Request) -> Response:
            body = await request.body()
            check_signature(request, body, _secrets(parts_of(request), body))
            try:
                return await handle(request)
            except RequestValidationError as error:
                raise invalid(request, error) from error

        return signed


def check_signature(request: Request, body: bytes, secrets: Iterable[str]) -> None:
    """Raises the 401 problem for a signature that none of the secrets made, or whose time lies outside the window."""
    event, at = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
    signatures = request.headers.get("webhook-signature", "")
    # Every secret is tried: how long it takes says nothing of which one would have fitted.
    known = [fits(key, signatures, event, at, body) for key in _keys(secrets)]
    if not event or not any(known):
        raise Problem(BAD_SIGNATURE, "签名与内容不符，请检查密钥", "the signature does not fit the body; check the secret")
    if not (at.isascii() and at.isdigit() and len(at) < 15) or abs(time.time() - int(at)) > WINDOW_SECONDS:
        raise Problem(
            BAD_SIGNATURE,
            "时间戳超出 5 分钟，请以当前时间重新签名发送",
            "the timestamp is more than 5 minutes off; sign with the current time and send again",
        )


def _secrets(parts: Parts, body: bytes) -> Iterable[str]:
    """Those of the company that the news is for, where its file has some: then no other partner speaks to its complaints. Those
    of the one system that it comes from, where the file parts them.

    Company and system are read from what is not verified yet; naming another one only asks for that one's secrets.
    """
    try:
        said = json.loads(body)
        complaint = named_by_effect(str(said["key"]))
        own = parts.shelf.tenant(complaint.tenant).partners.secrets_of(said["kind"]) if complaint else ()
    except (ValueError, KeyError, TypeError, RecursionError, Problem):
        own = ()
    return own or listed(parts.webhook_secret)


def warn_of_shared_secrets(tenants: Iterable[Tenant]) -> None:
    """A line for each company whose partners are its own and sign with what all companies' partners know."""
    for tenant in tenants:
        if systems := tenant.partners.sharing_the_secret:
            _log.warning("partner_secret_shared", tenant=tenant.id, systems=", ".join(systems))


def _keys(secrets: Iterable[str]) -> Iterator[bytes]:
    for secret in secrets:
        try:
            yield key_of(secret)
        except NoSecret as error:
            _log.error("webhook_secret_unusable", why=str(error))


router = APIRouter(prefix="/v1/webhooks", tags=["9 Partners"], route_class=SignedRoute)


@router.post(
    "/partners",
    operation_id="hear_partner",
    summary="News of an effect",
    responses=declared(NOT_JSON, BAD_SIGNATURE, TOO_LARGE, MEDIA, INVALID, TEMPORAL_AWAY, NOBODY_ANSWERED),
)
async def hear_partner(
    request: Request,
    news: PartnerNews,
    desk: TheDesk,
    webhook_id: Annotated[str, Header(max_length=200, description="The partner's id of this news, part of what is signed.")],
    webhook_timestamp: Annotated[str, Header(description="Seconds since 1970 at which it was signed; 5 minutes at most ago.")],
    webhook_signature: Annotated[
        str, Header(description="v1,<base64 of HMAC-SHA256(secret, id.timestamp.body)>; several are parted by spaces.")
    ],
) -> Heard:
    """Partners tell here how far an effect is. Order and repetition do not matter; what is not answered 200 is sent again."""
    complaint = named_by_effect(news.key)
    # What is signed is known by now, so it says whose requests to count.
    admit(request, f"{complaint.tenant if complaint else ''}/partner/{news.kind}")
    if news.event_id != webhook_id:
        raise misfit("event_id", "other_id", "须与 Webhook-Id 相同", "has to be the same as Webhook-Id")
    report = EffectReport(reference=news.reference, status=news.status, detail=news.detail, at=news.at)
    told = await desk.tell(EffectNews(key=news.key, report=report, system=news.kind), webhook_id)
    return Heard(result="taken" if told else "nobody_waits")
