"""Summaries and reconciliation."""

from __future__ import annotations

from datetime import date

from pydantic import Field
from temporalio import activity

from activities.contract.message import Message
from domain.ledger import Partner
from domain.stored import empty
from domain.summary.period import Period


class Summarise(Message):
    """One report of the pinned pack over a period, mailed to those who can change something."""

    tenant: str
    pack: str
    pack_digest: str
    report: str
    period: Period
    key: str = Field(description="Names this sending: a mail that arrives twice under it is recognisable as one.")
    have_it: tuple[str, ...] = Field(default=(), exclude_if=empty, description="Staff ids and departments that have it already.")


class SummaryReceipt(Message):
    """Who has the summary, and what it came to. `unreached`: people without an address, or whose address is refused."""

    sent_to: tuple[str, ...] = Field(default=(), description="Staff ids.")
    unreached: tuple[str, ...] = Field(default=(), description="Staff ids.")
    received: int
    improvements: int
    departments: tuple[str, ...] = Field(
        default=(), exclude_if=empty, description="Departments that have it, as department/<id>."
    )
    supervised: bool = Field(
        default=True,
        exclude_if=bool,
        description="A supervisor has it; where the company has none, a manager.",
    )


class TellLate(Message):
    """A report that was to have reached a supervisor by a day, and has not."""

    tenant: str
    pack: str
    pack_digest: str
    report: str
    period: Period
    due_on: date = Field(description="Last day on which it was in time.")
    key: str = Field(description="Names this sending: a mail that arrives twice under it is recognisable as one.")


class LateTold(Message):
    """Who knows. `unreached`: people without an address, or whose address is refused."""

    sent_to: tuple[str, ...] = Field(default=(), description="Staff ids.")
    unreached: tuple[str, ...] = Field(default=(), description="Staff ids.")


class Summaries:
    """Remote: reads the database, and e-mail."""

    @activity.defn
    async def summarise(self, ask: Summarise) -> SummaryReceipt:
        """Make the summary and mail it to every supervisor and manager who acts today, each in their own language.

        Retried until each has it or cannot be reached for good; what an earlier attempt has sent is not sent again.
        """
        raise NotImplementedError

    @activity.defn
    async def tell_late(self, ask: TellLate) -> LateTold:
        """Tell the managers, by mail, that a report is late."""
        raise NotImplementedError


class Reconcile(Message):
    """Compare ledger, partners and cases of a stretch of days; what does not fit is entered and mailed."""

    tenant: str
    period: Period
    asked_by: str = Field(default="redress", description="Staff id, or redress for the daily one.")
    key: str = Field(description="Names this sending: a mail that arrives twice under it is recognisable as one.")
    without_the_away: bool = Field(
        default=False, description="Do not wait for a partner that does not answer: say that it could not be asked."
    )


class Reconciled(Message):
    """What was compared and what did not fit. All is well when `open` is 0 and `away` is empty."""

    effects: int = Field(description="Rows of the ledger compared.")
    lines: int = Field(description="Lines of the partners' statements compared.")
    complaints: int = Field(description="Complaints whose paid amount was compared.")
    found: int = Field(description="Things that did not fit, settled ones included.")
    open: int = Field(description="Findings that nobody has settled, of earlier days too.")
    healed: int = Field(default=0, description="Open findings of which both sides agree now.")
    away: tuple[Partner, ...] = Field(default=(), description="Partners that did not answer and could not be compared.")
    sent_to: tuple[str, ...] = Field(default=(), description="Staff ids of those who were told.")


class Reconciling:
    """Remote: reads the database and the partners' statements, and e-mail."""

    @activity.defn
    async def reconcile(self, ask: Reconcile) -> Reconciled:
        """Find what does not fit, keep it, and mail whatever is open to every supervisor and manager who acts today.

        Retried while the database, the mail server or (unless `without_the_away`) a partner is away; again finds the same.
        """
        raise NotImplementedError
