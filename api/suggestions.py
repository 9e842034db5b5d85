"""Help at intake: which category a text may be about. A suggestion, never a decision."""

from __future__ import annotations

from typing import Annotated, ClassVar

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.guard import GuardedRoute
from api.identity import STAFF, Caller
from api.parts import TheShelf
from api.problems import FORBIDDEN, INVALID, MEDIA, NOT_FOUND, NOT_JSON, PACK_MISSING, TOO_LARGE, declared
from domain.actor import Role
from domain.intake import Prose
from domain.suggestion import Suggested, suggest
from storage.keys import Scope


class _IntakeRoute(GuardedRoute):
    writing: ClassVar = {Scope.INTAKE: Role.INTAKE, Scope.COMMANDS: Role.AGENT}


router = APIRouter(prefix="/v1/policies", tags=["8 Policies"], route_class=_IntakeRoute)


class Asked(BaseModel):
    """What a customer wrote or said."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    content: Prose = Field(description="The customer's words, as they would be filed. They are read and not kept.")


@router.post(
    "/{ref}/suggestions", operation_id="suggest_category", summary="Suggest a category",
    responses=declared(NOT_JSON, FORBIDDEN, NOT_FOUND, TOO_LARGE, MEDIA, INVALID, PACK_MISSING),
)  # fmt: skip
async def suggest_category(
    ref: Annotated[str, Path(description="Name and version of the pack.", examples=["grocery@2026-11"])],
    asked: Asked,
    me: Caller,
    shelf: TheShelf,
) -> tuple[Suggested, ...]:
    """The categories that words of the text speak for, the likeliest first; empty when none do. Whoever files decides."""
    me.must_be(Role.INTAKE, *STAFF)
    return suggest(shelf.pack(me.tenant, ref), asked.content)
