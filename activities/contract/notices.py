"""What people are told."""

from __future__ import annotations

from pydantic import Field
from temporalio import activity

from activities.contract.message import Message
from domain.actor import Role
from domain.order import Customer
from domain.policy.wording import Wording
from domain.stored import empty


class DecisionAsked(Message):
    """A proposal that waits for an approver, for a notice that carries the link to it."""

    complaint_id: str
    number: int


class Notice(Message):
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
    without: str | None = Field(default=None, exclude_if=empty, description="Staff id of who is complained of: is not told.")
    customer: Customer | None = Field(default=None, exclude_if=empty, description="For notices to the customer.")
    fields: dict[str, str] = Field(
        default={}, exclude_if=empty, description="What the notice's text names, alike in both languages."
    )
    worded: dict[str, Wording] = Field(default={}, exclude_if=empty, description="What it names in words of each language.")
    decision: DecisionAsked | None = Field(default=None, exclude_if=empty, description="What its reader decides on by the link.")


class SendNotices(Message):
    """All that one moment of a complaint tells people: one activity, however many hear of it."""

    tenant: str
    pack: str
    pack_digest: str
    notices: tuple[Notice, ...]


class NoticeReceipt(Message):
    """What became of one notice. `failed` says why nobody could be reached; None when somebody was."""

    channels: tuple[str, ...] = ()
    failed: str | None = Field(default=None, exclude_if=empty)


class NoticeReceipts(Message):
    """In the order of the notices."""

    receipts: tuple[NoticeReceipt, ...]


class Notices:
    """Remote: e-mail and chat."""

    @activity.defn
    async def send_notices(self, batch: SendNotices) -> NoticeReceipts:
        """Render notices in each reader's language and send them on every channel the reader has.

        A reader who cannot be reached fails only their own notice. Retried until each has been sent or has failed for good;
        what an earlier attempt has sent is not sent again.
        """
        raise NotImplementedError
