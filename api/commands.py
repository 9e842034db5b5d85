"""Commands: one endpoint each, made from the domain's own vocabulary, so that HTTP never knows fewer or other ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Body
from fastapi.openapi.models import Example

from api import deciding
from api.deciding import Decision, decide
from api.examples import COMMANDS as EXAMPLES
from api.finding import ComplaintId
from api.guard import GuardedRoute
from api.identity import Caller
from api.keys import CommandKey
from api.parts import AllParts
from api.problems import (
    CLOSED,
    FORBIDDEN,
    INVALID,
    MEDIA,
    NOBODY_ANSWERED,
    NOT_FOUND,
    NOT_JSON,
    NOT_RECORDED,
    OTHER_COMPLAINT,
    REFUSED,
    STUCK,
    TEMPORAL_AWAY,
    TOO_LARGE,
    declared,
)
from api.staff import person_of, speaking_for
from domain.actor import LINE_OF_COMMAND, Role
from domain.commands import COMMANDS, Command, GiveOpinion, HandOver, Receipt
from domain.rights import ALLOWED
from storage.keys import Scope


class CommandRoute(GuardedRoute):
    """A machine commands as an agent does: it never decides on a proposal."""

    writing: ClassVar = {Scope.INTAKE: Role.INTAKE, Scope.COMMANDS: Role.AGENT}


router = APIRouter(prefix="/v1/complaints/{complaint_id}", route_class=CommandRoute)

# Where a command stands in the life of a complaint, for the reader of the reference; the rest may come at any time.
_TAGS = {
    "3 Handling": {"respond", "order_inspection", "report_visit", "verify", "assess", "give_opinion", "reclassify"},
    "4 Deciding": {"propose", "approve", "send_back", "refuse", "accept", "decline", "appeal"},
    "5 Carrying out": {"complete_step", "settle_step", "report_progress"},
    "13 Abuse": {"note_sign", "demand_evidence", "presume_malice", "refer_to_legal"},
    "6 Closing": {"record_callback", "confirm", "close_by_decision", "withdraw", "reopen", "record_follow_up", "answer_survey"},
}
_ANY_TIME = "7 At any time"
_RESPONSES = declared(
    NOT_JSON, FORBIDDEN, OTHER_COMPLAINT, NOT_FOUND, REFUSED, CLOSED, TOO_LARGE, MEDIA, INVALID, TEMPORAL_AWAY, STUCK,
    NOBODY_ANSWERED, NOT_RECORDED,
)  # fmt: skip


def endpoint(name: str, model: type[Command]) -> Callable[..., Awaitable[Receipt]]:
    """The route function of one command."""

    async def give(complaint_id: str, command: Any, me: Any, parts: Any, key: Any = None) -> Receipt:
        if isinstance(command, Decision):
            receipt = await decide(parts, me.tenant, complaint_id, me.actor, command, key)
            if receipt is not None:
                return receipt
        me.must_be(*ALLOWED[name])
        me.must_reach(complaint_id)
        if isinstance(command, GiveOpinion):
            command = speaking_for(parts, me, command)
        if isinstance(command, HandOver):
            person_of(parts, me.tenant, "to", command.to)
        return await deciding.give(parts, me.tenant, complaint_id, me.actor, command, key)

    example: dict[str, Example] = {name: {"summary": (model.__doc__ or name).strip(), "value": EXAMPLES[name]}}
    give.__name__ = name
    give.__annotations__ = {
        "complaint_id": ComplaintId,
        "command": Annotated[model, Body(openapi_examples=example)],
        "me": Caller,
        "parts": AllParts,
        "key": CommandKey,
        "return": Receipt,
    }
    return give


def _described(name: str, model: type[Command]) -> str:
    roles = ", ".join(sorted(ALLOWED[name]))
    return (
        f"{(model.__doc__ or '').strip()}\n\nOpen to: {roles}, and whoever stands above them in the line of command "
        f"({', '.join(LINE_OF_COMMAND)}). What else the procedure asks of the case is told with 409 or 422."
    )


for _name, _model in COMMANDS.items():
    router.add_api_route(
        f"/{_name}",
        endpoint(_name, _model),
        methods=["POST"],
        operation_id=_name,
        summary=_name.replace("_", " ").capitalize(),
        description=_described(_name, _model),
        response_description="The command was carried out and is in the journal.",
        tags=[next((tag for tag, names in _TAGS.items() if _name in names), _ANY_TIME)],
        responses=_RESPONSES,
    )
