"""Entries about the steps of an agreed plan and the call back after them."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from domain.money import Money
from domain.promise_events import JournalEvent


class StepOrdered(JournalEvent):
    kind: Literal["step_ordered"] = "step_ordered"
    step: str
    reference: str
    detail: str = ""


class StepDone(JournalEvent):
    kind: Literal["step_done"] = "step_done"
    step: str
    detail: str = ""
    paid: Money | None = None


class StepFailed(JournalEvent):
    kind: Literal["step_failed"] = "step_failed"
    step: str
    code: str
    detail: str


class StepSettled(JournalEvent):
    """A person decided what becomes of a step that failed for good."""

    kind: Literal["step_settled"] = "step_settled"
    step: str
    action: Literal["retry", "drop"]
    reason: str


class ProgressReported(JournalEvent):
    kind: Literal["progress_reported"] = "progress_reported"
    message: str


class CarriedOut(JournalEvent):
    kind: Literal["carried_out"] = "carried_out"


class CallbackAttempted(JournalEvent):
    kind: Literal["callback_attempted"] = "callback_attempted"
    answered: bool
    note: str | None = None
    next_at: AwareDatetime | None = None


class Confirmed(JournalEvent):
    kind: Literal["confirmed"] = "confirmed"
    satisfied: bool
    rating: int | None = None
    comment: str | None = None
