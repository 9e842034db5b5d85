"""Writing the journal."""

from __future__ import annotations

from pydantic import AwareDatetime, Field
from temporalio import activity

from activities.contract.message import Message
from domain.case import Case
from domain.journal import Entry
from domain.stored import empty


class RecordJournal(Message):
    """Entries `case.revision - len(entries) + 1` to `case.revision`, and the case they add up to."""

    entries: tuple[Entry, ...]
    case: Case
    after_at: AwareDatetime | None = Field(
        default=None, exclude_if=empty, description="Instant of the entry before them; None: they are the first."
    )


class Recorded(Message):
    """`foreign`: the id already belongs to an earlier, closed complaint (same tenant and key): this run must do nothing."""

    revision: int
    foreign: bool = Field(default=False, exclude_if=empty)


class Records:
    """Local first, and as an ordinary activity that retries for ever when the database is away."""

    @activity.defn
    async def record_journal(self, record: RecordJournal) -> Recorded:
        """Write entries and the case row in one transaction; writing twice is writing once, an older revision changes nothing."""
        raise NotImplementedError
