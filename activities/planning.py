"""When promises fall due, and who takes a complaint: answers from the tenant's file as it is now."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Coroutine, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, Protocol

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
from domain.actor import Role
from domain.calendar import CalendarError, ServiceCalendar, calendar_of
from domain.policy.pack import Pack
from domain.promise_plan import plan_promise
from domain.routing import Concerned, considered, known_first_contact
from domain.tenant import Tenant
from storage.patience import within
from storage.tenants import TenantShelf

# A complaint must not wait for the database to get its assignee.
_PATIENCE = timedelta(milliseconds=300)
# Counting takes the longer the more complaints are open: in a burst it is done once in a while, and those given since are added.
_FRESH = timedelta(seconds=2)


class Loads(Protocol):
    """Knows who has how much to do."""

    def loads(self, tenant: str, staff_ids: Sequence[str]) -> Coroutine[Any, Any, dict[str, int]]:
        """Open complaints of each of these people. Raises SQLAlchemyError or OSError when the database is away."""


class _Counted(NamedTuple):
    """Open complaints of some people as of an instant of the monotonic clock, with those that were given to them since."""

    at: float
    loads: Counter[str]


class PlanningActivities(Planning):
    def __init__(self, tenants: TenantShelf, loads: Loads) -> None:
        self._tenants = tenants
        self._loads = loads
        self._counted: dict[tuple[str, Role], _Counted] = {}

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
        """`why` is least_loaded, stand_in, only_one or load_unknown; without a person nobody or all_absent.

        Of candidates it may be first_contact, own_supervisor, or absent where none of them is there.
        """
        tenant = tenant_for(self._tenants, ask.tenant)
        on = calendar_of(tenant).local_date(ask.at)
        if ask.candidates:
            return await self._of_candidates(ask, tenant, on)
        acting = [each.id for each in tenant.acting(ask.role, on, without=ask.complained_of)]
        if not acting:
            return Assignment(person=None, why="all_absent" if tenant.staff_with(ask.role) else "nobody")
        return await self._least_loaded(ask, tenant, on, acting)

    async def _of_candidates(self, ask: Assign, tenant: Tenant, on: date) -> Assignment:
        about = Concerned(ask.first_contact, ask.complained_of, ask.assignee, ask.passed_over)
        found = considered(tenant, ask.candidates, about, on)
        if found is None:
            return Assignment(person=None, why="nobody")
        if found.role is not None:
            chosen = await self._least_loaded(ask.model_copy(update={"role": found.role}), tenant, on, found.people)
        else:
            chosen = Assignment(person=found.people[0], why=found.why or "only_one")
        return chosen.model_copy(update={"first_contact": known_first_contact(tenant, about)})

    async def _least_loaded(self, ask: Assign, tenant: Tenant, on: date, acting: Sequence[str]) -> Assignment:
        loads = await self._known_loads(ask, acting) if len(acting) > 1 else Counter(dict.fromkeys(acting, 0))
        # Equals take turns by a hash that is the same at every attempt, so that a burst does not land on the first of the file.
        turn = {person: hashlib.sha256(f"{ask.tenant}/{ask.at.isoformat()}/{person}".encode()).digest() for person in acting}
        chosen = min(acting, key=lambda person: (loads[person], turn[person]))
        if not loads:
            return Assignment(person=chosen, why="load_unknown")
        known = {person: loads[person] for person in acting} if len(acting) > 1 else {}
        loads[chosen] += 1
        present = {each.id for each in tenant.staff_with(ask.role) if not each.is_absent(on)}
        if chosen not in present:
            return Assignment(person=chosen, why="stand_in", loads=known)
        return Assignment(person=chosen, why="least_loaded" if len(acting) > 1 else "only_one", loads=known)

    async def _known_loads(self, ask: Assign, people: Sequence[str]) -> Counter[str]:
        """Nothing when the database is away or slow."""
        known = self._counted.get((ask.tenant, ask.role))
        now = time.monotonic()
        if known is not None and now - known.at < _FRESH.total_seconds() and known.loads.keys() >= set(people):
            return known.loads
        try:
            loads = Counter(await within(_PATIENCE, self._loads.loads(ask.tenant, people)))
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            activity.logger.warning("loads unknown: %r", error)
            return Counter()
        self._counted[ask.tenant, ask.role] = _Counted(now, loads)
        return loads


def _planned(ask: DeadlineAsk, asked: PlanDeadlines, pack: Pack, calendar: ServiceCalendar) -> PlannedDeadline:
    try:
        planned = plan_promise(pack, ask.name, ask.start_at, asked.pauses, calendar)
    except KeyError as error:
        raise no_row(pack, "deadline or ladder", str(error.args[0])) from error
    return PlannedDeadline(key=ask.key, **planned._asdict())
