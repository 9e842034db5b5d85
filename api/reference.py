"""The API reference (OpenAPI): complete enough for a stranger, for it is all that many of its readers will ever see."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.field_words import FIELDS, MODELS, OF_MODEL
from api.problems import ProblemDocument

_DESCRIPTION = """
Redress takes a customer's complaint and sees it through: every promise of the written procedure is kept to the second or
escalated, and every yuan is paid under its clause.

**Life of a complaint.** File it (`POST /v1/complaints`, with an `Idempotency-Key`), then move it on by commands, one endpoint
each: respond → verify → assess → propose → (approve) → accept → … → confirm. `GET /v1/work` says what waits for whom.

**Conventions.** Instants are RFC 3339 with a time zone; answers are in UTC. Durations are ISO 8601. Amounts are decimal strings
with an ISO 4217 currency, never floating point. Lists are paged by `cursor`. Fields that are not declared are refused.

**Keys.** After a time-out or a 503 send the same `Idempotency-Key` again: it counts once, however often it comes.

**Problems** come as `application/problem+json` (RFC 9457) in the language of `Accept-Language` (zh-CN or en); every wrong field
is named at once, in both languages.

**Who calls.** People send a JWT of the company's OIDC issuer, machines an API key (`rdk_...`), customers the token of their link:
each as `Authorization: Bearer ...`, never in the address.
For development: `python -m api token --role agent --id lin --tenant home-demo`.
"""
_DURATION = r"^-?P(?:\d+Y)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$"
_TAGS = [
    {"name": "1 Filing", "description": "A complaint arrives."},
    {"name": "2 Reading", "description": "Lists, work lists, one complaint, its story and its promises."},
    {"name": "3 Handling", "description": "The first response, and finding out what is true and who is liable."},
    {"name": "4 Deciding", "description": "A remedy is proposed, approved, offered and agreed on."},
    {"name": "5 Carrying out", "description": "The agreed plan is put into effect."},
    {"name": "6 Closing", "description": "The customer is called back, and the complaint ends or is taken up again."},
    {"name": "7 At any time", "description": "Evidence, pauses, handing over and escalation."},
    {"name": "8 Policies", "description": "The written procedures, as the software reads them."},
    {"name": "9 Partners", "description": "News from the shop's logistics, payment and benefit systems."},
    {"name": "12 Administration", "description": "API keys of machines."},
    {"name": "10 Health", "description": "For whoever watches the service."},
    {"name": "11 Operating", "description": "For operators and administrators."},
    {"name": "12 Money", "description": "What was asked of partners, and whether all books tell the same."},
    {"name": "12 Webhooks", "description": "What we tell others of complaints, and whether they took it."},
    {"name": "13 Abuse", "description": "Complaints that may not be honest: signs, legal, blacklist. Never automatic."},
    {"name": "15 Incidents", "description": "Many complaints about one thing: the team, lots, messages, extra compensation."},
    {"name": "14 Knowledge", "description": "Articles for agents and customers, and what earlier cases came to."},
]


def about(title: str) -> dict[str, Any]:
    """What FastAPI is told of the whole."""
    return {
        "title": title,
        "version": "1",
        "summary": "Customer complaints under a written procedure.",
        "description": _DESCRIPTION,
        "openapi_tags": _TAGS,
        "docs_url": None,  # with digests of their scripts (`api/reference_pages.py`)
        "redoc_url": None,
        "license_info": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }


def install(app: FastAPI) -> None:
    """The reference is made once, when it is first asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(
                get_openapi(
                    title=app.title, version=app.version, summary=app.summary, description=app.description, routes=app.routes,
                    tags=app.openapi_tags, license_info=app.license_info,
                )
            )  # fmt: skip
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> dict[str, Any]:
    schemas: dict[str, Any] = document["components"]["schemas"]
    # FastAPI's own form of a validation error is never sent.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    schemas.update(problem.pop("$defs"))
    schemas["ProblemDocument"] = problem
    for name, schema in schemas.items():
        _describe(name, schema)
        _tell_durations(schema)
    return document


def _tell_durations(part: Any) -> None:
    """JSON Schema's own `duration` is that of RFC 3339, which knows no fractions of a second; ours are ISO 8601."""
    if isinstance(part, dict):
        if part.get("format") == "duration" and part.get("type") == "string":
            del part["format"]
            part["pattern"] = _DURATION
        for each in part.values():
            _tell_durations(each)
    elif isinstance(part, list):
        for each in part:
            _tell_durations(each)


def _describe(name: str, schema: dict[str, Any]) -> None:
    """The words for fields whose types are the domain's and say nothing themselves."""
    model = name.removesuffix("-Input").removesuffix("-Output")
    schema.setdefault("description", MODELS.get(model, ""))
    for field, value in schema.get("properties", {}).items():
        if not value.get("description"):
            found = OF_MODEL.get(f"{model}.{field}") or FIELDS.get(field) or ""
            value["description"] = found
