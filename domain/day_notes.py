"""Runs of days worth a word in an explanation: a weekend, a Golden Week, a make-up Saturday."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from domain.calendar import ServiceDay
from domain.explanation import DayNote

# Explanations are stored with every deadline; a year of weekends is not worth its bytes.
_LONGEST = 12


def day_notes(days: Iterable[ServiceDay]) -> tuple[DayNote, ...]:
    """Days in order as runs of neighbours of one kind and name."""
    runs: list[DayNote] = []
    for day in days:
        last = runs[-1] if runs else None
        alike = last is not None and (last.kind, last.zh, last.en) == (day.kind, day.name.zh, day.name.en)
        if last is not None and alike and day.on == last.to_on + timedelta(days=1):
            runs[-1] = last.model_copy(update={"to_on": day.on})
        else:
            runs.append(DayNote(from_on=day.on, to_on=day.on, kind=day.kind, zh=day.name.zh, en=day.name.en))
    return tuple(runs)


def shortened(notes: tuple[DayNote, ...]) -> tuple[tuple[DayNote, ...], int]:
    """At most 12 of the runs, plain weekends dropped first, and how many days were dropped."""
    kept = notes
    if len(kept) > _LONGEST:
        kept = tuple(note for note in kept if note.kind != "weekend")[:_LONGEST]
    return kept, _length(notes) - _length(kept)


def _length(notes: tuple[DayNote, ...]) -> int:
    return sum((note.to_on - note.from_on).days + 1 for note in notes)
