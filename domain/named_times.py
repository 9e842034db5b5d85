"""Instants that somebody named, for promises that say `at = "named"`: to the customer, by the customer, by a superior."""

from __future__ import annotations

from datetime import datetime

from domain import journal as j
from domain.case import Case
from domain.journal import Entry, Event
from domain.policy.vocabulary import NAMING_ENTRIES


def named_at(case: Case, event: Event) -> datetime | None:
    """The instant that an entry names; None for one that names none. `case` is the case after it."""
    match event:
        case j.TimePromised():
            return event.at
        case j.CallbackAttempted():
            return event.next_at
    if event.kind not in NAMING_ENTRIES:
        return None
    return case.answer_by_at


def key_of(row: str, entry: Entry) -> str:
    """Name of the promise that an entry starts. What a time was named for stands in it, so that another time takes its place."""
    if isinstance(entry.event, j.TimePromised):
        return f"{row}/{entry.event.about}/{entry.seq}"
    return f"{row}/{entry.seq}"


def repeats_time(before: Case, event: Event) -> bool:
    """Whether a complaint is said anew with the time that was named already: its promise runs on, or was kept or missed."""
    return isinstance(event, j.Reclassified) and event.answer_by_at == before.answer_by_at


def replaced(key: str, event: Event) -> bool:
    """Whether an entry names another time for the same thing: the promise of the time before is no longer waited for."""
    return isinstance(event, j.TimePromised) and key.split("/")[1] == event.about
