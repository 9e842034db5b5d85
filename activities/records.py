"""The journal's way into the database."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contract import Recorded, RecordJournal, Records
from activities.errors import database_away
from activities.precedence import Precedence
from settings.language import text
from storage.batches import Batches
from storage.journal import Journal, JournalConflict
from telemetry import metrics
from telemetry.journal import count_written

_log = structlog.get_logger("redress.records")


class RecordsActivities(Records):
    def __init__(self, journal: Journal, precedence: Precedence | None = None, batches: Batches | None = None) -> None:
        """Without `batches` nothing is counted."""
        self._journal = journal
        self._batches = batches
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
                written = await self._journal.record(
                    record.entries,
                    record.case,
                    committed=not local,
                    after_at=record.after_at,
                    marks=record.marks,
                    withdrawn=record.withdrawn,
                )
        except JournalConflict as error:
            raise ApplicationError(str(error), record.case.complaint_id, type="JournalConflict", non_retryable=local) from error
        except (SQLAlchemyError, OSError) as error:
            raise database_away(error) from None
        if written.lost:
            _say_lost(record)
        count_written(written.new, record.case, datetime.now(UTC))
        repeats = await self._repeats(record) if record.count_from and not written.foreign else ()
        if written.foreign or not record.marks or self._batches is None:
            return Recorded(revision=written.revision, foreign=written.foreign, repeats=repeats)
        counted = await self._counted(self._batches, record, written.revision)
        return counted.model_copy(update={"repeats": repeats})

    async def _repeats(self, record: RecordJournal) -> tuple[int, ...]:
        """Complaints of the same customer, behind the commit that made this one countable."""
        try:
            return await self._journal.repeats(record.case, record.count_from)
        except (SQLAlchemyError, OSError) as error:
            raise database_away(error) from None

    async def _counted(self, batches: Batches, record: RecordJournal, revision: int) -> Recorded:
        """Count behind the commit: an attempt that died in between is made again, and finds what it had found."""
        case, product = record.case, record.case.intake.product
        try:
            joined = await batches.count(case, record.marks)
            lot = product.lot if product else None
            suspended_by = await batches.suspension_of(case.tenant, lot) if lot else None
        except (SQLAlchemyError, OSError) as error:
            raise database_away(error) from None
        return Recorded(revision=revision, joined=joined, suspended_by=suspended_by)


def _say_lost(record: RecordJournal) -> None:
    """The one who filed it was told that it is on file: the API could not ask the database. Somebody has to file it again."""
    metrics.filings_lost.inc()
    filed_by = record.entries[0].by.id
    en = "was filed under a key that an earlier complaint had, with another body, and is not taken up: have it filed again"
    zh = "所用幂等键已属于较早的另一投诉，内容不同，因此未受理：请以新的键重新提交"
    _log.error(
        text(f"A complaint of {filed_by} {en}.", f"{filed_by} 提交的一件投诉{zh}。"),
        complaint=record.case.complaint_id, tenant=record.case.tenant,
    )  # fmt: skip
