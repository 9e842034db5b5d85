"""When promises fall due, and who takes a complaint: answers from the tenant's file as it is now."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contract import (
    Assign,
    Assignment,
    DeadlineAsk,
    PlanDeadlines,
    PlannedDeadline,
    PlannedDeadlines,
    Planning,
)
from activities.errors import no_row, pinned_pack, tenant_for
from domain.calendar import CalendarError, ServiceCalendar, calendar_of
from domain.policy.pack import Pack
from domain.promise_plan import plan_promise
from storage.tenants import TenantShelf

# A complaint must not wait for the database to get its assignee.
_PATIENCE = timedelta(milliseconds=300)


class Loads(Protocol):
    """Knows who has how much to do."""

    async def loads(self, tenant: str, staff_ids: Sequence[str]) -> dict[str, int]:
        """Open complaints of each of these people. Raises SQLAlchemyError or OSError when the database is away."""


class PlanningActivities(Planning):
    def __init__(self, tenants: TenantShelf, loads: Loads) -> None:
        self._tenants = tenants
        self._loads = loads

    @activity.defn
    async def plan_deadlines(self, ask: PlanDeadlines) -> PlannedDeadlines:
        """Raises ApplicationError TenantMissing, PackMissing or CalendarEmpty; each is mended by people and tried again."""
        pack = pinned_pack(ask.pack, ask.pack_digest)
        calendar = calendar_of(tenant_for(self._tenants, ask.tenant))
        try:
            return PlannedDeadlines(planned=tuple(_planned(each, ask, pack, calendar) for each in ask.asks))
        except CalendarError as error:
            raise ApplicationError(f"tenant {ask.tenant}: {error}", ask.tenant, type="CalendarEmpty") from error

    @activity.defn
    async def assign(self, ask: Assign) -> Assignment:
        """`why` is least_loaded, stand_in, only_one or load_unknown; without a person nobody, all_absent or all_avoided."""
        tenant = tenant_for(self._tenants, ask.tenant)
        on = calendar_of(tenant).local_date(ask.at)
        acting = [each.id for each in tenant.acting(ask.role, on)]
        free = [person for person in acting if person not in ask.avoid]
        if not free:
            why = "all_avoided" if acting else "all_absent" if tenant.staff_with(ask.role) else "nobody"
            return Assignment(person=None, why=why)
        loads = await self._known_loads(ask.tenant, free) if len(free) > 1 else dict.fromkeys(free, 0)
        # Equals take turns by a hash that is the same at every attempt, so that a burst does not land on the first of the file.
        turn = {person: hashlib.sha256(f"{ask.tenant}/{ask.at.isoformat()}/{person}".encode()).digest() for person in free}
        chosen = min(free, key=lambda person: (loads.get(person, 0), turn[person]))
        if not loads:
            return Assignment(person=chosen, why="load_unknown")
        present = {each.id for each in tenant.staff_with(ask.role) if not each.is_absent(on)}
        if chosen not in present:
            return Assignment(person=chosen, why="stand_in")
        return Assignment(person=chosen, why="least_loaded" if len(free) > 1 else "only_one")

    async def _known_loads(self, tenant: str, people: Sequence[str]) -> dict[str, int]:
        """Nothing when the database is away or slow."""
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                return await self._loads.loads(tenant, people)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            activity.logger.warning("loads unknown: %r", error)
            return {}


def _planned(ask: DeadlineAsk, asked: PlanDeadlines, pack: Pack, calendar: ServiceCalendar) -> PlannedDeadline:
    try:
        planned = plan_promise(pack, ask.name, ask.start_at, asked.pauses, calendar)
    except KeyError as error:
        raise no_row(pack, "deadline or ladder", str(error.args[0])) from error
    return PlannedDeadline(key=ask.key, **planned._asdict())
