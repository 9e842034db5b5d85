"""Entries about steps that somebody wants stopped after they were ordered."""

from __future__ import annotations

from typing import Literal

from domain.promise_events import JournalEvent


class CallOffAsked(JournalEvent):
    """A person wants what is under way at a partner to be stopped, or a benefit that was granted to be taken back."""

    kind: Literal["call_off_asked"] = "call_off_asked"
    step: str
    reason: str


class CallOffRefused(JournalEvent):
    """It is too late, or the partner will not: the step goes on as it was."""

    kind: Literal["call_off_refused"] = "call_off_refused"
    step: str
    code: str
    detail: str = ""
