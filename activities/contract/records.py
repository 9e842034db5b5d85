"""Writing the journal."""

from __future__ import annotations

from pydantic import AwareDatetime, Field
from temporalio import activity

from activities.contract.message import Message
from domain.case import Case
from domain.incident.marks import BatchMark, JoinedIncident
from domain.journal import Entry
from domain.stored import absent, empty


class RecordJournal(Message):
    """Entries `case.revision - len(entries) + 1` to `case.revision`, and the case they add up to."""

    entries: tuple[Entry, ...]
    case: Case
    marks: tuple[BatchMark, ...] = Field(default=(), exclude_if=empty, description="What these entries make countable.")
    withdrawn: tuple[str, ...] = Field(
        default=(), exclude_if=empty, description="Rows of the pack under which the complaint counts no longer."
    )
    count_from: tuple[AwareDatetime, ...] = Field(
        default=(), exclude_if=empty, description="From when this customer's complaints are to be counted."
    )
    after_at: AwareDatetime | None = Field(
        default=None, exclude_if=empty, description="Instant of the entry before them; None: they are the first."
    )


class Recorded(Message):
    """`foreign`: the id already belongs to an earlier, closed complaint (same tenant and key): this run must do nothing."""

    revision: int
    joined: tuple[JoinedIncident, ...] = Field(
        default=(), exclude_if=empty, description="Incidents that the complaint belongs to; told with what makes it countable."
    )
    suspended_by: str | None = Field(default=None, exclude_if=absent, description="The incident that stopped its lot.")
    foreign: bool = Field(default=False, exclude_if=empty)
    repeats: tuple[int, ...] = Field(
        default=(), exclude_if=empty, description="Complaints of this customer from each `count_from`, this one too."
    )


class Records:
    """Local first, and as an ordinary activity that retries for ever when the database is away."""

    @activity.defn
    async def record_journal(self, record: RecordJournal) -> Recorded:
        """Write entries and the case row in one transaction; writing twice is writing once, an older revision changes nothing."""
        raise NotImplementedError
