"""Keys outlive Temporal's memory: what was filed under one is looked for in the database too, while there is time for it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from desk.counted import count_filed, counted_filing
from desk.errors import KeyReused
from desk.ids import complaint_id
from desk.opening import Opened, digest
from domain.erasure import MARK
from domain.intake import Intake
from domain.journal import Received
from storage.cases import Cases
from storage.patience import within


async def filed_before(cases: Cases, tenant: str, key: str, intake: Intake, patience: timedelta) -> Opened | None:
    """The complaint that this key has filed already; None when the database knows of none, or does not say in time.

    Where it does not say, Temporal knows for as long as it keeps closed complaints; after that the worker finds out and says so
    (`activities/records.py`). Raises KeyReused when the complaint was another.
    """
    name = complaint_id(tenant, key)
    try:
        first = await within(patience, cases.first(tenant, name))
    except (SQLAlchemyError, OSError, TimeoutError):
        return None
    event = first.event if first else None
    if not isinstance(event, Received) or event.intake.content == MARK:  # erased: to file it again is refused as that
        return None
    with counted_filing():
        if digest(event.intake) != digest(intake):
            raise KeyReused(key)
    count_filed(created=False)
    return Opened(name, created=False)
