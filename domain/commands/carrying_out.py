"""Steps of the agreed plan, and the call back after them."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from domain.commands.command import Command
from domain.intake import Identifier, Line, Prose
from domain.stored import absent


class CompleteStep(Command):
    """A step that a person carries out is done: an explanation given, a claim against the carrier settled."""

    step: Identifier
    note: Prose
    order_number: Line | None = Field(
        default=None, exclude_if=absent, description="For a voided waybill: the order's number, as it stands on the waybill."
    )
    waybill: Line | None = Field(default=None, exclude_if=absent, description="For a voided waybill: the number of the waybill.")


class SettleStep(Command):
    """What becomes of a step that failed for good, or is not wanted any more: try it again, drop it, call it off.

    `call_off` stops at its partner what is under way (goods not delivered, a payment still pending, a visit to come) and takes an
    unused benefit back. What cannot be undone goes on, and the journal says why.
    """

    step: Identifier
    action: Literal["retry", "drop", "call_off"] = Field(description="retry or drop what has failed; call_off what has not.")
    reason: Prose


class ReportProgress(Command):
    """What the customer was told about how far the plan is."""

    message: Prose


class RecordCallback(Command):
    """An attempt to reach the customer after the plan was carried out."""

    answered: bool
    note: Line | None = None
    next_at: AwareDatetime | None = Field(
        default=None, description="When it will be tried again, where the customer named a time."
    )


class Confirm(Command):
    """What the customer says of the result."""

    satisfied: bool = Field(description="Only a satisfied customer closes the complaint; otherwise it is handled again.")
    rating: int | None = Field(default=None, ge=1, le=5, description="1 (bad) to 5 (good).")
    comment: Prose | None = None
