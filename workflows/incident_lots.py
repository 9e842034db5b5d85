"""A stopped lot concerns complaints beyond the incident: whoever complains of it, in whatever way, is sent nothing of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.contract import AskLot, Incidents
from domain.incident.news import IncidentNews
from domain.incident.tidings import tidings
from workflows.incident_file import IncidentFile
from workflows.incident_news import tell
from workflows.local import leave_a_mark

_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
_AT_ONCE = 50


class IncidentLots:
    """`told`: how much of what the incident has to tell has been looked at."""

    def __init__(self, file: IncidentFile, told: int) -> None:
        self._file = file
        self.told = told

    @property
    def idle(self) -> bool:
        return self.told >= len(self._file.incident.tidings)

    async def work(self) -> None:
        while True:
            # What is filed from the moment on in which the database knows it hears of it at its registration.
            await workflow.wait_condition(lambda: not self.idle and self._file.written)
            # The first of the news is that a complaint belongs to the incident.
            news = tidings(self._file.incident, self._file.row)[self.told + 1]
            if news.lot is not None:
                await self._tell(news, news.lot)
            self.told += 1
            leave_a_mark(self._file.incident.revision)

    async def _tell(self, news: IncidentNews, lot: str) -> None:
        incident = self._file.incident
        found = await workflow.execute_activity_method(
            Incidents.find_of_lot,
            AskLot(tenant=incident.tenant, lot=lot),
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=_RETRY,
            summary="who else complains of the lot",
        )
        own = set(self._file.incident.complaints)
        others = [complaint for complaint in found.complaints if complaint not in own]
        for begin in range(0, len(others), _AT_ONCE):
            # Nothing is sent any more to one that has ended meanwhile: it need not be told.
            await asyncio.gather(*(tell(incident.tenant, each, news) for each in others[begin : begin + _AT_ONCE]))
