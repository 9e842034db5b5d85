"""Forgetting a customer: entries and case without names, contacts, addresses, texts and evidence, with all figures in place.

The folded journal is still the case, and the story still reads. What is a person's own word, or could name one, becomes a mark;
instants, clauses, amounts, stages, facts of the pack, goods, regions and the staff who acted stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.actor import Role
from domain.case import Case
from domain.fold import replay
from domain.journal import Closed, Entry

MARK = "［已删除 / erased］"
_ID = "erased"

# Fields by their name, wherever they stand in an entry, and what takes their place. None: the field is emptied.
ERASED: dict[str, str | None] = {
    "customer_id": None, "phone": None, "email": None,
    # What people wrote, and what partners said of them
    "content": MARK, "expectation": MARK, "message": MARK, "findings": MARK, "sources": MARK, "note": MARK, "reason": MARK,
    "reason_zh": MARK, "grounds": MARK, "comment": MARK, "detail": MARK, "opinion": MARK, "responsible": MARK,
    "address": MARK, "installation_address": MARK, "against": MARK,
    "uri": "erased:evidence", "sha256": "0" * 64, "rests_on": "0" * 64,
    "found": MARK, "what": MARK,
    "order_number": _ID,
}  # fmt: skip
# The same, only inside these.
ERASED_IN: dict[tuple[str, str], str] = {
    ("customer", "name"): MARK, ("invoice", "title"): MARK, ("invoice", "tax_number"): "erased", ("order", "number"): _ID,
    # A carrier's own words of the parcel may name who signed for it, and where.
    ("events", "event"): MARK, ("events", "place"): MARK,
}  # fmt: skip


def forget(entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], Case]:
    """The whole journal of one complaint and its case without the customer. Forgetting twice is forgetting once."""
    forgotten = tuple(_forget(entry) for entry in entries)
    return forgotten, replay(forgotten)


def _forget(entry: Entry) -> Entry:
    stored: dict[str, Any] = entry.model_dump(mode="json")
    event = stored["event"]
    # Why the software itself closed a complaint is a code of its own.
    kept = event.get("reason") if isinstance(entry.event, Closed) and Role.SYSTEM in entry.by.roles else None
    stored["event"] = _cleaned(event, "event")
    if kept:
        stored["event"]["reason"] = kept
    if set(entry.by.roles) == {Role.CUSTOMER}:
        stored["by"]["id"] = _ID
    # The digest of a key that the customer's own program chose.
    stored.pop("given", None)
    return Entry.model_validate(stored)


def _cleaned(value: Any, name: str, inside: str = "") -> Any:
    if isinstance(value, dict):
        # What was found and answered is in the pack's own words, whatever it calls them.
        return value if name in ("facts", "answers") else {key: _cleaned(each, key, name) for key, each in value.items()}
    if isinstance(value, list):
        return [_cleaned(each, name, inside) for each in value]
    if value in (None, ""):
        return value
    if name in ERASED:
        return ERASED[name]
    return ERASED_IN.get((inside, name), value)
