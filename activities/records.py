"""The journal's way into the database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contract import Recorded, RecordJournal, Records
from activities.errors import database_away
from activities.precedence import Precedence
from storage.journal import Journal, JournalConflict
from telemetry.journal import count_written


class RecordsActivities(Records):
    def __init__(self, journal: Journal, precedence: Precedence | None = None) -> None:
        self._journal = journal
        self._precedence = precedence or Precedence()

    @activity.defn
    async def record_journal(self, record: RecordJournal) -> Recorded:
        """Raises ApplicationError DatabaseAway, or JournalConflict.

        A local activity runs before Temporal has committed what it writes, and says no to a contradiction at once; an ordinary
        one is only begun after that, so its word holds. What still contradicts then is tried again, in the sight of operators,
        for to give up would end a complaint.
        """
        local = activity.info().is_local
        try:
            with self._precedence.first():
                written = await self._journal.record(record.entries, record.case, committed=not local, after_at=record.after_at)
        except JournalConflict as error:
            raise ApplicationError(str(error), record.case.complaint_id, type="JournalConflict", non_retryable=local) from error
        except (SQLAlchemyError, OSError) as error:
            raise database_away(error) from None
        count_written(written.new, record.case, datetime.now(UTC))
        return Recorded(revision=written.revision, foreign=written.foreign)
