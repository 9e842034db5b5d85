"""Is the process alive, and can it file complaints."""

from __future__ import annotations

import asyncio
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import SQLAlchemyError

from api.parts import AllParts, Parts
from api.problems import Problem
from domain.tenant_file import TenantInvalid
from storage.database import DatabaseNotReady

router = APIRouter(tags=["10 Health"])
_PATIENCE_SECONDS = 2


class Alive(BaseModel):
    """The process runs."""

    model_config = ConfigDict(frozen=True)

    status: Literal["ok"] = Field(default="ok", description="Always ok: whoever answers is alive.")


class Part(BaseModel):
    """One thing that the service needs."""

    model_config = ConfigDict(frozen=True)

    ok: bool = Field(description="It can be worked with now.")
    why: str = Field(default="", description="What is wrong with it.")


class Ready(BaseModel):
    """Whether complaints can be filed. Without the database they can, and lists cannot be read."""

    model_config = ConfigDict(frozen=True)

    status: Literal["ready", "degraded", "not_ready"] = Field(description="degraded: filing works, reading lists does not.")
    temporal: Part = Field(description="The Temporal server answers.")
    database: Part = Field(description="The database answers and has the tables of this version.")
    packs: Part = Field(description="Every tenant's file is right and its policy packs are here.")


@router.get("/healthz", operation_id="alive", summary="Is the process alive")
async def alive() -> Alive:
    """Answers as long as the process runs, whoever else is away."""
    return Alive()


@router.get(
    "/readyz",
    operation_id="ready",
    summary="Can complaints be filed",
    responses={503: {"model": Ready, "description": "Filing does not work: Temporal, or a tenant's pack, is not there."}},
)
async def ready(parts: AllParts, response: Response) -> Ready:
    """Asks Temporal, the database and the files. 503 when filing does not work."""
    there, database = await asyncio.gather(parts.desk.is_there(), _database(parts))
    temporal = Part(ok=there, why="" if there else "does not answer")
    packs = _packs(parts)
    if not (temporal.ok and packs.ok):
        response.status_code = 503
        return Ready(status="not_ready", temporal=temporal, database=database, packs=packs)
    return Ready(status="ready" if database.ok else "degraded", temporal=temporal, database=database, packs=packs)


async def _database(parts: Parts) -> Part:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await parts.database.check()
    except (DatabaseNotReady, SQLAlchemyError, OSError, TimeoutError) as error:
        return Part(ok=False, why=str(error) or "does not answer in time")
    return Part(ok=True)


def _packs(parts: Parts) -> Part:
    try:
        missing = parts.shelf.missing()
    except (TenantInvalid, Problem) as error:
        return Part(ok=False, why=str(error))
    return Part(ok=not missing, why="; ".join(missing))
