"""The fold: a case is the sum of its journal. Nothing changes a case but an entry, so the journal alone tells the whole story."""

from __future__ import annotations

from collections.abc import Iterable

from domain import journal as j
from domain.case import Case
from domain.changes import changes_of
from domain.journal import Entry
from domain.money import Money


def begin(entry: Entry) -> Case:
    """The case after its first entry, which is always `Received`; raises ValueError otherwise."""
    event = entry.event
    if not isinstance(event, j.Received) or entry.seq != 1:
        raise ValueError(f"a journal begins with entry 1, received; this is entry {entry.seq}, {event.kind}")
    return Case(
        tenant=event.tenant,
        complaint_id=event.complaint_id,
        pack=event.pack,
        pack_digest=event.pack_digest,
        zone=event.zone,
        currency=event.currency,
        revision=1,
        received_at=entry.at,
        updated_at=entry.at,
        group=event.group,
        category=event.intake.category,
        level=event.level,
        urgent=event.urgent,
        priority=2 if event.urgent else 3,
        urgent_causes=event.intake.urgent_causes,
        answer_by_at=event.intake.answer_by_at,
        intake=event.intake,
        first_contact=entry.by.id if entry.by.of_the_house else None,
        evidence=event.intake.evidence,
        decided=Money.zero(event.currency),
        paid=Money.zero(event.currency),
    )


def evolve(case: Case, entry: Entry) -> Case:
    """The case after one more entry; raises ValueError when an entry is missing between them."""
    if entry.seq != case.revision + 1:
        raise ValueError(f"entry {case.revision + 1} is missing before entry {entry.seq}")
    changes = changes_of(entry.event, case, entry)
    return case.model_copy(update={"revision": entry.seq, "updated_at": entry.at, **changes})


def replay(entries: Iterable[Entry]) -> Case:
    """The case that a whole journal adds up to."""
    entries = iter(entries)
    case = begin(next(entries))
    for entry in entries:
        case = evolve(case, entry)
    return case
