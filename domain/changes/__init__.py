"""What each event changes in the case: the rules of the fold (`domain/fold.py`), a file a part of the procedure."""

from __future__ import annotations

from domain.changes import (
    abuse,
    agreement,
    assignment,
    carrying_out,
    classification,
    course,
    follow_up,
    hand_over,
    handling,
    incidents,
    promises,
)
from domain.changes.rule import changes_of

__all__ = [
    "abuse",
    "agreement",
    "assignment",
    "carrying_out",
    "changes_of",
    "classification",
    "course",
    "follow_up",
    "hand_over",
    "handling",
    "incidents",
    "promises",
]
