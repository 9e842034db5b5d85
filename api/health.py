"""Is the process alive, and can it file complaints."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Literal

import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from api.parts import AllParts, Parts
from api.problems import Problem
from desk.errors import DeskError
from desk.pollers import workers_polling
from domain.tenant_file import TenantInvalid
from storage.migrations.steps import current_revision, newest_revision
from storage.patience import within

router = APIRouter(tags=["10 Health"])
_PATIENCE = timedelta(seconds=2)
_log = structlog.get_logger("api")


class Alive(BaseModel):
    """The process runs."""

    model_config = ConfigDict(frozen=True)

    status: Literal["ok"] = Field(default="ok", description="Always ok: whoever answers is alive.")


class Part(BaseModel):
    """One thing that the service needs."""

    model_config = ConfigDict(frozen=True)

    ok: bool = Field(description="It can be worked with now.")
    why: str = Field(default="", description="What is wrong with it.")


_FINE = Part(ok=True)
_SILENT = Part(ok=False, why="does not answer / 无响应")


class Ready(BaseModel):
    """Whether complaints can be filed. Without the database they can, and lists cannot be read; without a worker they wait."""

    model_config = ConfigDict(frozen=True)

    status: Literal["ready", "degraded", "not_ready"] = Field(
        description="degraded: filing works; reading lists, or what has to happen next, does not."
    )
    temporal: Part = Field(description="The Temporal server answers.")
    workers: Part = Field(description="Somebody works: a worker asked Temporal for complaints' tasks in the last 90 s.")
    database: Part = Field(description="The database answers.")
    migrations: Part = Field(description="Its tables are those of this version.")
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
async def ready(request: Request, parts: AllParts, response: Response) -> Ready:
    """Asks Temporal, the database and the files, all at once and for two seconds at most. 503 when filing does not work."""
    # Anybody may ask, as often as they like: those who come while it is being found out have the same answer.
    asking: asyncio.Task[Ready] | None = getattr(request.app.state, "readiness", None)
    if asking is None or asking.done():
        asking = request.app.state.readiness = asyncio.create_task(_find_out(parts))
    found = await asyncio.shield(asking)
    if found.status == "not_ready":
        response.status_code = 503
    return found


async def _find_out(parts: Parts) -> Ready:
    temporal, workers, (database, migrations) = await asyncio.gather(_temporal(parts), _workers(parts), _database(parts))
    packs = _packs(parts)
    filing, all_of_it = temporal.ok and packs.ok, workers.ok and database.ok and migrations.ok
    return Ready(
        status="not_ready" if not filing else "ready" if all_of_it else "degraded",
        temporal=temporal, workers=workers, database=database, migrations=migrations, packs=packs,
    )  # fmt: skip


async def _temporal(parts: Parts) -> Part:
    return _FINE if await parts.desk.is_there() else _SILENT


async def _workers(parts: Parts) -> Part:
    try:
        count = await workers_polling(parts.desk.client, parts.desk.task_queue)
    except DeskError:
        return Part(ok=False, why="Temporal does not say / Temporal 未答复")
    return _FINE if count else Part(ok=False, why="no worker asks for work; start one / 没有工作进程在轮询，请启动")


async def _revision(parts: Parts) -> str | None:
    async with parts.database.reading() as connection:
        return await connection.run_sync(current_revision)


async def _database(parts: Parts) -> tuple[Part, Part]:
    """Whether it answers, and whether its tables fit. Whoever asks is not known here: no address is told."""
    try:
        found = await within(_PATIENCE, _revision(parts))
    except (SQLAlchemyError, OSError, TimeoutError):
        return _SILENT, Part(ok=False, why="not known while the database is away / 数据库不可用，无法得知")
    wanted = newest_revision()
    if found == wanted:
        return _FINE, _FINE
    en = f"at {found or 'none'}, this version needs {wanted}: python -m storage migrate"
    return _FINE, Part(ok=False, why=f"{en} / 当前 {found or '无'}，需要 {wanted}")


def _packs(parts: Parts) -> Part:
    try:
        missing = parts.shelf.missing()
    except (TenantInvalid, Problem) as error:
        missing = (str(error),)
    if not missing:
        return _FINE
    # Paths and companies' names are for those who read the log.
    _log.error("packs_or_companies_wrong", why=missing)
    return Part(ok=False, why="a company's file or pack is wrong, see the log / 租户文件或制度包有误，详见日志")
