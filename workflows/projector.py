"""The projector: brings the journal and the case row to the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

from activities.contract import Recorded, RecordJournal, Records
from domain.incident.marks import BatchMark, marks_of, recount
from domain.promise_events import NoticeSent
from domain.signs import signs_counted, to_count
from workflows.case_file import CaseFile
from workflows.local import LocalWork, leave_a_mark

_LOCAL = timedelta(seconds=2)
_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


class Projector:
    """One write for a burst of entries. While the database is away the server keeps trying, and nothing else waits for it.

    That a notice was sent is no news by itself: it is written with the next entry that is, or at the end.
    """

    def __init__(self, file: CaseFile, settled: Callable[[], bool], local: LocalWork) -> None:
        self._file = file
        self._local = local
        local.also_wanted(lambda: self._news() and not self._away)
        self._settled = settled
        # A file that is taken up again has nothing unwritten: it goes on behind its last entry.
        self._written_at = None if file.unwritten else file.case.updated_at
        self._marked: tuple[BatchMark, ...] = () if file.unwritten else marks_of(file.case, file.pack)
        self._away = False
        self._flushing = False
        # Who wants to hear what the complaint was counted into.
        self.counted: Callable[[Recorded], None] = lambda recorded: None
        self.foreign = False
        self.begun = False

    @property
    def quiet(self) -> bool:
        """Nothing is unwritten."""
        return not self._file.unwritten

    async def work(self) -> None:
        while True:
            # Promises that the entries start join the same write: their instants are known within the same task.
            await workflow.wait_condition(lambda: self._news() and self._settled())
            entries = tuple(self._file.unwritten)
            # Each time until it is told: what the customer filed a moment before may be written a moment after.
            counting = to_count(self._file.case, self._file.pack)
            marked = marks_of(self._file.case, self._file.pack)
            counted = recount(self._file.case, self._marked, marked)
            record = RecordJournal(
                entries=entries,
                case=self._file.case,
                count_from=tuple(each.from_at for each in counting),
                after_at=self._written_at,
                marks=counted.marks,
                withdrawn=counted.withdrawn,
            )
            # Before the write and not behind it: a flush that is asked for meanwhile is about what comes after these entries.
            self._flushing = False
            recorded = await self._write(record)
            self.begun = True
            self.foreign = self.foreign or recorded.foreign
            self._written_at, self._marked = entries[-1].at, marked
            del self._file.unwritten[: len(entries)]
            self.counted(recorded)
            self._file.say(*signs_counted(self._file.case, counting, recorded.repeats))

    def flush(self) -> None:
        """Write what is there, however small."""
        self._flushing = True

    def _news(self) -> bool:
        waiting = self._file.unwritten
        return bool(waiting) and (self._flushing or not all(isinstance(entry.event, NoticeSent) for entry in waiting))

    async def _write(self, record: RecordJournal) -> Recorded:
        if not self._away:
            try:
                return await self._local.run(
                    lambda: workflow.execute_local_activity_method(
                        Records.record_journal,
                        record,
                        schedule_to_close_timeout=_LOCAL,
                        start_to_close_timeout=_LOCAL,
                        # No summary: there is one at each step of a complaint, and its answer names the revision.
                        retry_policy=RetryPolicy(maximum_attempts=2),
                    )
                )
            except FailureError:
                # Whether the complaint is this run's own is not known now; its promises are kept all the same.
                self._away = self.begun = True
        recorded = await workflow.execute_activity_method(
            Records.record_journal,
            record,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=_RETRY,
            priority=self._file.turn,
            summary=f"journal to {record.case.revision}, once the database is back",
        )
        if recorded.repeats:
            await self._local.calm()
        self._away = False
        leave_a_mark(record.case.revision)
        return recorded
