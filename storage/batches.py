"""Counting complaints of one thing: the mark goes in with the complaint; only then is counted, so that nobody is overlooked.

Whoever counts sees every mark that was committed before. Of two at once the later one sees both; so a window that is full has
somebody who saw it full. The UNIQUE row of `incidents` lets one of those claim it, and the others find what was claimed.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.case import Case
from domain.incident.marks import OF_LOT, BatchMark, JoinedIncident, Recount
from storage.database import Database
from storage.incident_tables import batch_marks, incidents, suspended_lots

_m, _i = batch_marks.c, incidents.c
_NEVER = 1_000_000
# Each turn loses to somebody who has claimed the window meanwhile, so the next one finds what they claimed.
_TURNS = 10


class Window(NamedTuple):
    """Complaints received in it may count with this one; the end no longer does."""

    from_at: datetime
    until_at: datetime


def incident_id(tenant: str, batch: str, key: str, number: int) -> str:
    """`inc_` and 130 bits of what claims the window: the same for whoever asks, and whenever."""
    digest = hashlib.sha256("\0".join((tenant, batch, key, str(number))).encode()).digest()
    return "inc_" + base64.b32encode(digest).decode("ascii").lower()[:26]


class Marking:
    """Puts marks in, and takes out those that hold no longer. One that belongs to an incident stays as it is."""

    def __init__(self, database: Database) -> None:
        dialect: Any = sqlite if database.is_sqlite else postgresql
        insert = dialect.insert(batch_marks)
        self._insert = insert.on_conflict_do_update(
            index_elements=["complaint_id", "batch"],
            set_={"batch_key": insert.excluded.batch_key},
            where=_m.incident_id.is_(None) & (_m.batch_key != insert.excluded.batch_key),
        )

    async def __call__(self, connection: AsyncConnection, case: Case, recount: Recount) -> None:
        if recount.withdrawn:
            free = delete(batch_marks).where(_m.complaint_id == case.complaint_id, _m.incident_id.is_(None))
            await connection.execute(free.where(_m.batch.in_(recount.withdrawn)))
        if recount.marks:
            await connection.execute(self._insert, _rows_of_marks(case, recount.marks))


def _rows_of_marks(case: Case, marks: Sequence[BatchMark]) -> list[dict[str, Any]]:
    return [
        {
            "complaint_id": case.complaint_id, "batch": mark.batch, "tenant": case.tenant, "batch_key": mark.key,
            "received_at": case.received_at, "incident_id": None,
        }
        for mark in marks
    ]  # fmt: skip


class Batches:
    """Each method raises SQLAlchemyError or OSError when the database is away, and may be called again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        dialect: Any = sqlite if database.is_sqlite else postgresql
        self._claim = dialect.insert(incidents).on_conflict_do_nothing(index_elements=["tenant", "batch", "batch_key", "number"])

    async def count(self, case: Case, marks: Sequence[BatchMark]) -> tuple[JoinedIncident, ...]:
        """The incidents that the complaint belongs to, one of them claimed by it where it made a window full.

        The marks stand in the database already. Whoever is cancelled while waiting does not break a claim off.
        """
        counted = [mark for mark in marks if mark.batch != OF_LOT]
        found = [await asyncio.shield(self._join(case, mark)) for mark in counted]
        return tuple(JoinedIncident(incident=id, batch=mark.batch) for mark, id in zip(counted, found, strict=True) if id)

    async def suspension_of(self, tenant: str, lot: str) -> str | None:
        """The incident that has stopped this lot, if one has."""
        s = suspended_lots.c
        async with self._database.reading() as connection:
            found: str | None = await connection.scalar(select(s.incident_id).where(s.tenant == tenant, s.lot == lot))
        return found

    async def _join(self, case: Case, mark: BatchMark) -> str | None:
        of_row = and_(_m.complaint_id == case.complaint_id, _m.batch == mark.batch)
        own = and_(of_row, _m.batch_key == mark.key, _m.incident_id.is_(None))
        for _ in range(_TURNS):
            async with self._database.reading() as connection:
                stands = (await connection.execute(select(_m.incident_id, _m.batch_key).where(of_row))).first()
                if stands is None or stands.incident_id is not None:
                    return str(stands.incident_id) if stands else None
                if stands.batch_key != mark.key:
                    return None  # it has become something else since
                full = await self._full(connection, case, mark)
                # Behind the count: a claim that took the counted ones away before it is seen here.
                last, gathers = await self._begun(connection, case, mark)
            if gathers is not None:
                if await self._attach(own, case, mark, gathers):
                    return gathers
            elif not full:
                return None
            elif (claimed := await self._claim_window(own, case, mark, last + 1)) is not None:
                return claimed
        raise RuntimeError(f"the window of {mark.batch} could not be claimed for {case.complaint_id}")

    async def _full(self, connection: AsyncConnection, case: Case, mark: BatchMark) -> bool:
        """Whether some window that holds this complaint has as many as the row asks for, not counting other incidents' own."""
        window, size = _around(case, mark)
        needed = await self._needed(connection, case, mark, size)
        alike = and_(
            _m.tenant == case.tenant, _m.batch == mark.batch, _m.batch_key == mark.key, _m.incident_id.is_(None),
            _m.received_at >= window.from_at, _m.received_at < window.until_at,
        )  # fmt: skip
        if mark.window is None:
            return await self._counted(connection, alike, needed) >= needed
        # The nearest on both sides are enough; complaints may be registered in another order than they came in.
        before = select(_m.received_at).where(alike, _m.received_at <= case.received_at).order_by(_m.received_at.desc())
        after = select(_m.received_at).where(alike, _m.received_at > case.received_at).order_by(_m.received_at)
        near = [*(await connection.scalars(before.limit(needed))), *(await connection.scalars(after.limit(needed)))]
        near.sort()
        return any(late - early < mark.window for early, late in zip(near, near[needed - 1 :], strict=False))

    async def _counted(self, connection: AsyncConnection, alike: ColumnElement[bool], at_most: int) -> int:
        some = select(_m.complaint_id).where(alike).limit(at_most).subquery()
        return int(await connection.scalar(select(func.count()).select_from(some)) or 0)

    async def _needed(self, connection: AsyncConnection, case: Case, mark: BatchMark, size: timedelta) -> int:
        """The fewest that are an incident: the row's number, or what is unusual against the weeks before."""
        rise = mark.rise
        if rise is None:
            return mark.threshold or 1
        until_at = case.received_at - size
        from_at = until_at - timedelta(weeks=rise.weeks)
        earlier = select(func.count()).where(
            _m.tenant == case.tenant, _m.batch == mark.batch, _m.batch_key == mark.key,
            _m.received_at >= from_at, _m.received_at < until_at,
        )  # fmt: skip
        count = int(await connection.scalar(earlier) or 0)
        if not count and not await self._has_a_past(connection, case, mark, until_at):
            return mark.threshold or _NEVER
        windows = timedelta(weeks=rise.weeks) / size
        unusual = max(rise.at_least, math.ceil(float(rise.factor) * count / windows))
        return min(unusual, mark.threshold) if mark.threshold is not None else unusual

    async def _has_a_past(self, connection: AsyncConnection, case: Case, mark: BatchMark, until_at: datetime) -> bool:
        """Whether anything was counted under this row before: where nothing was, nobody knows what is usual."""
        any_key = (
            select(_m.complaint_id).where(_m.tenant == case.tenant, _m.batch == mark.batch, _m.received_at < until_at).limit(1)
        )
        return await connection.scalar(any_key) is not None

    async def _begun(self, connection: AsyncConnection, case: Case, mark: BatchMark) -> tuple[int, str | None]:
        """How many incidents this key has had, and the open one that gathers what was received when this complaint was.

        Mostly that is the last one; a complaint that became countable late may have been received in the days of an earlier one.
        """
        alike = and_(_i.tenant == case.tenant, _i.batch == mark.batch, _i.batch_key == mark.key)
        gathering = (
            select(_i.incident_id)
            .where(alike, _i.status == "open", _i.from_at <= case.received_at, _i.until_at > case.received_at)
            .order_by(_i.number.desc())
            .limit(1)
        )
        begun = select(func.max(_i.number), gathering.scalar_subquery()).where(alike)
        last, gathers = (await connection.execute(begun)).one()
        return last or 0, gathers

    async def _attach(self, own: ColumnElement[bool], case: Case, mark: BatchMark, incident: str) -> bool:
        """False when somebody has counted this complaint into an incident meanwhile."""
        async with self._database.writing() as connection:
            mine = await connection.execute(update(batch_marks).where(own).values(incident_id=incident))
            if mine.rowcount and mark.window is not None:
                later = case.received_at + mark.window
                longer = update(incidents).where(_i.incident_id == incident, _i.until_at < later).values(until_at=later)
                await connection.execute(longer)
        return bool(mine.rowcount)

    async def _claim_window(self, own: ColumnElement[bool], case: Case, mark: BatchMark, number: int) -> str | None:
        """The incident's id; None when another has claimed the window, or this complaint, before."""
        id = incident_id(case.tenant, mark.batch, mark.key, number)
        window, _ = _around(case, mark)
        now = datetime.now(UTC)
        async with self._database.writer.connect() as connection:
            claim = await connection.execute(
                self._claim,
                {
                    "incident_id": id, "tenant": case.tenant, "batch": mark.batch, "batch_key": mark.key, "number": number,
                    "about": json.dumps(mark.about, ensure_ascii=False), "pack": case.pack, "pack_digest": case.pack_digest,
                    "zone": case.zone, "currency": case.currency, "opened_at": now, "from_at": window.from_at,
                    "until_at": window.until_at, "status": "open", "lead": None, "revision": 0, "updated_at": now,
                    "snapshot": None,
                },
            )  # fmt: skip
            mine = update(batch_marks).where(own).values(incident_id=id)
            if not claim.rowcount or not (await connection.execute(mine)).rowcount:
                await connection.rollback()
                return None
            earlier = update(batch_marks).where(
                _m.tenant == case.tenant, _m.batch == mark.batch, _m.batch_key == mark.key, _m.incident_id.is_(None),
                _m.received_at >= window.from_at, _m.received_at < window.until_at,
            )  # fmt: skip
            await connection.execute(earlier.values(incident_id=id))
            await connection.commit()
        return id


def _around(case: Case, mark: BatchMark) -> tuple[Window, timedelta]:
    """The day of receipt in the company's zone, or a window's length to both sides; and how long one window is."""
    if mark.window is not None:
        return Window(case.received_at - mark.window, case.received_at + mark.window), mark.window
    local = case.received_at.astimezone(ZoneInfo(case.zone))
    begin = local.replace(hour=0, minute=0, second=0, microsecond=0)
    # The next day's midnight on the wall: a day with a change of the clock is longer or shorter.
    return Window(begin.astimezone(UTC), (begin + timedelta(days=1)).astimezone(UTC)), timedelta(days=1)
