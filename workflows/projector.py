"""The projector: brings the journal and the case row to the database, and the operator's view to Temporal."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

from activities.contract import Recorded, RecordJournal, Records
from workflows.case_file import CaseFile
from workflows.operator_view import OperatorView
from workflows.planner import Planner

_LOCAL = timedelta(seconds=2)
_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


class Projector:
    """One write for a burst of entries. While the database is away the server keeps trying, and nothing else waits for it."""

    def __init__(self, file: CaseFile, planner: Planner, view: OperatorView) -> None:
        self._file = file
        self._planner = planner
        self._view = view
        self._away = False
        self.foreign = False
        self.registered = False

    @property
    def idle(self) -> bool:
        return not self._file.unwritten

    async def work(self) -> None:
        while True:
            # Promises that the entries start join the same write: their instants are known within the same task.
            await workflow.wait_condition(lambda: not self.idle and (self._planner.idle or self._planner.late))
            entries = tuple(self._file.unwritten)
            record = RecordJournal(entries=entries, case=self._file.case)
            self._view.show(self._file.case)
            recorded = await self._write(record)
            self.registered = True
            self.foreign = self.foreign or recorded.foreign
            del self._file.unwritten[: len(entries)]

    async def _write(self, record: RecordJournal) -> Recorded:
        if not self._away:
            try:
                return await workflow.execute_local_activity_method(
                    Records.record_journal,
                    record,
                    schedule_to_close_timeout=_LOCAL,
                    start_to_close_timeout=_LOCAL,
                    retry_policy=RetryPolicy(maximum_attempts=2),
                    summary=f"journal to {record.case.revision}",
                )
            except FailureError:
                self._away = True
        recorded = await workflow.execute_activity_method(
            Records.record_journal,
            record,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=_RETRY,
            summary=f"journal to {record.case.revision}, once the database is back",
        )
        self._away = False
        return recorded
