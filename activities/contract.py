"""What workflows may ask of the world: the typed contract that `activities/` implements.

Workflow code imports this file and nothing else of `activities/`. Methods declare arguments and answers; a class of the same
methods, over real adapters and a real database, is registered in the worker.
"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from temporalio import activity

from domain.actor import Role
from domain.budget import Pause
from domain.case import Case
from domain.effects import AccountChange, Benefit, EffectReport, Payment, ShipmentOrder, VisitOrder
from domain.explanation import Explanation
from domain.journal import Entry
from domain.ledger import Partner
from domain.order import Customer, Order
from domain.policy.wording import Wording
from domain.route import Route
from domain.stored import empty
from domain.summary.period import Period


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DeadlineAsk(_Message):
    """One promise to plan: a row of the pinned pack and the instant it counts from."""

    key: str
    name: str
    start_at: AwareDatetime


class PlanDeadlines(_Message):
    tenant: str
    pack: str
    pack_digest: str
    asks: tuple[DeadlineAsk, ...]
    pauses: tuple[Pause, ...] = ()


class PlannedDeadline(_Message):
    """`due_at` is None, and there are no rungs, while an open pause makes the promise stand still."""

    key: str
    due_at: AwareDatetime | None
    rungs: tuple[AwareDatetime, ...]
    pausable: bool
    explanation: Explanation


class PlannedDeadlines(_Message):
    planned: tuple[PlannedDeadline, ...]


class Assign(_Message):
    """Find a person of a role: the stand-in of whoever is absent at `at`, the least loaded when several are there."""

    tenant: str
    role: Role
    at: AwareDatetime


class Assignment(_Message):
    person: str | None
    why: str


class RecordJournal(_Message):
    """Entries `case.revision - len(entries) + 1` to `case.revision`, and the case they add up to."""

    entries: tuple[Entry, ...]
    case: Case
    after_at: AwareDatetime | None = Field(
        default=None, exclude_if=empty, description="Instant of the entry before them; None: they are the first."
    )


class Recorded(_Message):
    """`foreign`: the id already belongs to an earlier, closed complaint (same tenant and key): this run must do nothing."""

    revision: int
    foreign: bool = Field(default=False, exclude_if=empty)


class FindOrder(_Message):
    tenant: str
    number: str


class FoundOrder(_Message):
    """`route`: where the order's parcel is, if its carrier could say so at once."""

    order: Order | None
    route: Route | None = Field(default=None, exclude_if=empty)


class PlaceEffect(_Message):
    """Place, or ask after, one effect at its partner. `key` is the same for ever: `complaint/cycle/step`."""

    tenant: str
    key: str
    shipment: ShipmentOrder | None = Field(default=None, exclude_if=empty)
    visit: VisitOrder | None = Field(default=None, exclude_if=empty)
    payment: Payment | None = Field(default=None, exclude_if=empty)
    benefit: Benefit | None = Field(default=None, exclude_if=empty)
    account: AccountChange | None = Field(default=None, exclude_if=empty)
    clause: str = Field(default="", exclude_if=empty, description="Clause behind it; a payment names its own as its reason.")
    decided_by: str = Field(default="", exclude_if=empty, description="Staff id of whoever approved it, or proposed it.")


class CancelEffect(_Message):
    tenant: str
    key: str
    partner: Literal["logistics", "benefits", "payments", "accounts"]


class Notice(_Message):
    """One notice of the pinned pack; sent at least once, its key makes a second arrival recognisable."""

    notice: str
    key: str
    to: Role
    person: str | None = Field(
        default=None, exclude_if=empty, description="Staff id, for notices to staff; none: everybody of the role."
    )
    department: str | None = Field(
        default=None, exclude_if=empty, description="Department id, for notices to one: its address, or its people."
    )
    customer: Customer | None = Field(default=None, exclude_if=empty, description="For notices to the customer.")
    fields: dict[str, str] = Field(
        default={}, exclude_if=empty, description="What the notice's text names, alike in both languages."
    )
    worded: dict[str, Wording] = Field(default={}, exclude_if=empty, description="What it names in words of each language.")


class SendNotices(_Message):
    """All that one moment of a complaint tells people: one activity, however many hear of it."""

    tenant: str
    pack: str
    pack_digest: str
    notices: tuple[Notice, ...]


class NoticeReceipt(_Message):
    """What became of one notice. `failed` says why nobody could be reached; None when somebody was."""

    channels: tuple[str, ...] = ()
    failed: str | None = Field(default=None, exclude_if=empty)


class NoticeReceipts(_Message):
    """In the order of the notices."""

    receipts: tuple[NoticeReceipt, ...]


class Summarise(_Message):
    """One report of the pinned pack over a period, mailed to those who can change something."""

    tenant: str
    pack: str
    pack_digest: str
    report: str
    period: Period
    key: str = Field(description="Names this sending: a mail that arrives twice under it is recognisable as one.")


class SummaryReceipt(_Message):
    """Who has the summary, and what it came to. `unreached`: people without an address, or whose address is refused."""

    sent_to: tuple[str, ...] = Field(default=(), description="Staff ids.")
    unreached: tuple[str, ...] = Field(default=(), description="Staff ids.")
    received: int
    improvements: int


class Reconcile(_Message):
    """Compare ledger, partners and cases of a stretch of days; what does not fit is entered and mailed."""

    tenant: str
    period: Period
    asked_by: str = Field(default="redress", description="Staff id, or redress for the daily one.")
    key: str = Field(description="Names this sending: a mail that arrives twice under it is recognisable as one.")
    without_the_away: bool = Field(
        default=False, description="Do not wait for a partner that does not answer: say that it could not be asked."
    )


class Reconciled(_Message):
    """What was compared and what did not fit. All is well when `open` is 0 and `away` is empty."""

    effects: int = Field(description="Rows of the ledger compared.")
    lines: int = Field(description="Lines of the partners' statements compared.")
    complaints: int = Field(description="Complaints whose paid amount was compared.")
    found: int = Field(description="Things that did not fit, settled ones included.")
    open: int = Field(description="Findings that nobody has settled, of earlier days too.")
    healed: int = Field(default=0, description="Open findings of which both sides agree now.")
    away: tuple[Partner, ...] = Field(default=(), description="Partners that did not answer and could not be compared.")
    sent_to: tuple[str, ...] = Field(default=(), description="Staff ids of those who were told.")


class Planning:
    """Local: reads the tenant's calendar as it is now. No database."""

    @activity.defn
    async def plan_deadlines(self, ask: PlanDeadlines) -> PlannedDeadlines:
        """Instants of promises in the tenant's calendar, with their explanation."""
        raise NotImplementedError

    @activity.defn
    async def assign(self, ask: Assign) -> Assignment:
        """Who of a role takes it. With the database down the choice ignores loads and says so in `why`."""
        raise NotImplementedError


class Records:
    """Local first, and as an ordinary activity that retries for ever when the database is away."""

    @activity.defn
    async def record_journal(self, record: RecordJournal) -> Recorded:
        """Write entries and the case row in one transaction; writing twice is writing once, an older revision changes nothing."""
        raise NotImplementedError


class Partners:
    """Remote: the shop's order, logistics, payment and benefit systems."""

    @activity.defn
    async def find_order(self, ask: FindOrder) -> FoundOrder:
        """The order with its parcel's route, or none under that number. Retried for ever while the order system is away."""
        raise NotImplementedError

    @activity.defn
    async def place_effect(self, effect: PlaceEffect) -> EffectReport:
        """One effect at its partner, entered in the ledger first.

        Raises ApplicationError `PartnerRefused` and `LedgerConflict` (final); all else is retried under the same key.
        """
        raise NotImplementedError

    @activity.defn
    async def ask_effect(self, effect: PlaceEffect) -> EffectReport:
        """How far the partner is with an effect that was placed. Raises ApplicationError `EffectUnknown` when it knows none."""
        raise NotImplementedError

    @activity.defn
    async def cancel_effect(self, effect: CancelEffect) -> EffectReport:
        """Call back an effect that is not done yet."""
        raise NotImplementedError


class Notices:
    """Remote: e-mail and chat."""

    @activity.defn
    async def send_notices(self, batch: SendNotices) -> NoticeReceipts:
        """Render notices in each reader's language and send them on every channel the reader has.

        A reader who cannot be reached fails only their own notice. Retried until each has been sent or has failed for good;
        what an earlier attempt has sent is not sent again.
        """
        raise NotImplementedError


class Summaries:
    """Remote: reads the database, and e-mail."""

    @activity.defn
    async def summarise(self, ask: Summarise) -> SummaryReceipt:
        """Make the summary and mail it to every supervisor and manager who acts today, each in their own language.

        Retried until each has it or cannot be reached for good; what an earlier attempt has sent is not sent again.
        """
        raise NotImplementedError


class Reconciling:
    """Remote: reads the database and the partners' statements, and e-mail."""

    @activity.defn
    async def reconcile(self, ask: Reconcile) -> Reconciled:
        """Find what does not fit, keep it, and mail whatever is open to every supervisor and manager who acts today.

        Retried while the database, the mail server or (unless `without_the_away`) a partner is away; again finds the same.
        """
        raise NotImplementedError
