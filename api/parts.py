"""What routes work with: made once when the process starts, reached by the request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from api.decision_links import DecisionLinks
from api.doorkeeper import Doorkeeper
from api.shelf import Shelf
from desk.door import Desk
from storage.cases import Cases
from storage.database import Database


@dataclass(frozen=True)
class Parts:
    """One process's doors to Temporal, to the database and to the files."""

    desk: Desk
    database: Database
    shelf: Shelf
    doorkeeper: Doorkeeper
    webhook_secret: str
    decision_links: DecisionLinks = field(default_factory=DecisionLinks)

    @property
    def cases(self) -> Cases:
        return Cases(self.database)


def parts_of(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


# Coroutines, for FastAPI runs plain functions in a thread, which costs more than they do.
async def _parts(request: Request) -> Parts:
    return parts_of(request)


async def _desk(request: Request) -> Desk:
    return parts_of(request).desk


async def _cases(request: Request) -> Cases:
    return parts_of(request).cases


async def _shelf(request: Request) -> Shelf:
    return parts_of(request).shelf


AllParts = Annotated[Parts, Depends(_parts)]
TheDesk = Annotated[Desk, Depends(_desk)]
TheCases = Annotated[Cases, Depends(_cases)]
TheShelf = Annotated[Shelf, Depends(_shelf)]
