"""The written procedures, as the software reads them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.guard import GuardedRoute
from api.identity import STAFF, Caller
from api.parts import TheShelf
from api.problems import FORBIDDEN, INVALID, NOT_FOUND, PACK_MISSING, declared
from domain.actor import Role
from domain.policy.pack import Pack
from domain.policy.wording import Wording

router = APIRouter(prefix="/v1/policies", tags=["8 Policies"], route_class=GuardedRoute)


class PolicyCategory(BaseModel):
    """A kind of complaint and what has to be filed with it."""

    model_config = ConfigDict(frozen=True)

    id: str = Field(description="Category id, as an intake names it.")
    group: str = Field(description="Group of categories.")
    title: Wording = Field(description="Its name in both languages.")
    required: tuple[str, ...] = Field(description="Fields of the intake that it requires; contact: a phone number or an e-mail.")
    level: str = Field(description="normal, urgent, I, II or III.")


class Policy(BaseModel):
    """One pack that complaints of this tenant may be opened under."""

    model_config = ConfigDict(frozen=True)

    ref: str = Field(description="Name and version, as complaints are pinned to it: home@2026-11.")
    digest: str = Field(description="SHA-256 (hex) of its file: two packs of one digest are the same text.")
    title: Wording = Field(description="Its title in both languages.")
    source: str = Field(description="The document that it was made from.")
    current: bool = Field(description="New complaints of this tenant are opened under it.")
    categories: tuple[PolicyCategory, ...] = Field(description="What may be complained about.")
    url: str = Field(description="Where the whole pack is read.")


@router.get("", operation_id="list_policies", summary="List the procedures", responses=declared(FORBIDDEN, PACK_MISSING))
async def list_policies(me: Caller, shelf: TheShelf) -> tuple[Policy, ...]:
    """The packs of the tenant, with the categories that can be filed and what each requires."""
    me.must_be(Role.INTAKE, *STAFF)
    current = shelf.tenant(me.tenant).pack
    return tuple(
        Policy(
            ref=pack.ref,
            digest=pack.digest,
            title=pack.title,
            source=pack.source,
            current=pack.ref == current,
            categories=tuple(
                PolicyCategory(id=row.id, group=row.group, title=row.title, required=row.required, level=row.level)
                for row in pack.category
            ),
            url=f"/v1/policies/{pack.ref}",
        )
        for pack in shelf.packs(me.tenant)
    )


@router.get(
    "/{ref}",
    operation_id="read_policy",
    summary="Read a procedure",
    responses=declared(FORBIDDEN, NOT_FOUND, INVALID, PACK_MISSING),
)
async def read_policy(
    ref: Annotated[str, Path(description="Name and version of the pack.", examples=["home@2026-11"])], me: Caller, shelf: TheShelf
) -> Pack:
    """The whole pack in both languages: clauses, categories, facts, deadlines, ladders, remedies, approvals, notices."""
    me.must_be(Role.INTAKE, *STAFF)
    return shelf.pack(me.tenant, ref)
