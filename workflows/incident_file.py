"""The file of an incident: every change is an entry, and every entry comes to the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.contract import Incidents, RecordIncident
from domain.actor import SYSTEM, Actor
from domain.incident.events import Happening, IncidentEntry, IncidentOpened
from domain.incident.fold import begin, evolve
from domain.incident.incident import Incident
from domain.incident.procedure import clauses_behind
from domain.policy.batch_rows import BatchRule
from domain.policy.pack import Pack
from workflows.local import leave_a_mark

_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


class IncidentFile:
    """`entries` are those of this run; the database being away delays them and nothing else."""

    def __init__(self, pack: Pack, incident: Incident) -> None:
        self.pack = pack
        self.row: BatchRule = pack.batch_of(incident.batch)
        self.incident = incident
        self.entries: list[IncidentEntry] = []
        self._written = 0

    @classmethod
    def opened(cls, pack: Pack, opening: IncidentOpened, opened_at: datetime) -> IncidentFile:
        """A new file. Its first entry carries the instant at which the window was claimed."""
        clauses = pack.batch_of(opening.batch).clauses
        entry = IncidentEntry(seq=1, at=opened_at, by=SYSTEM, clauses=clauses, event=opening)
        file = cls(pack, begin(entry))
        file.entries.append(entry)
        return file

    @property
    def written(self) -> bool:
        return self._written == len(self.entries)

    def record(self, by: Actor, events: Sequence[Happening]) -> None:
        for event in events:
            at = max(workflow.now(), self.incident.updated_at)
            clauses = clauses_behind(self.incident, self.row, event)
            entry = IncidentEntry(seq=self.incident.revision + 1, at=at, by=by, clauses=clauses, event=event)
            self.incident = evolve(self.incident, entry)
            self.entries.append(entry)
        leave_a_mark(self.incident.revision)

    def say(self, *events: Happening) -> None:
        """Record what the software itself found or did."""
        self.record(SYSTEM, events)

    async def work(self) -> None:
        while True:
            await workflow.wait_condition(lambda: not self.written)
            entries = tuple(self.entries[self._written :])
            await workflow.execute_activity_method(
                Incidents.record_incident,
                RecordIncident(entries=entries, incident=self.incident),
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=_RETRY,
                summary=f"journal to {entries[-1].seq}",
            )
            self._written += len(entries)
