"""The promises of a complaint, running and past, with the reckoning behind each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.finding import find_case, whole_journal
from api.parts import Parts
from domain import promise_events as p
from domain.actor import Role
from domain.case import Case
from domain.customer_view import explained, hidden_promises, promised
from domain.explanation import Explanation
from domain.journal import Entry
from domain.order import Locale
from domain.policy.pack import Pack

State = Literal["running", "paused", "overdue", "met", "met_late", "dropped"]


class Promise(BaseModel):
    """One promise of the procedure to this customer."""

    model_config = ConfigDict(frozen=True)

    key: str = Field(description="Name of this one promise, as acknowledging it names it.")
    name: str = Field(description="Row of the pack.")
    title: str = Field(description="What is promised, in the reader's language.")
    clause: str = Field(description="Clause of the written procedure.")
    owner: Role | None = Field(description="Whose promise it is: a role; customer where the customer owes an answer.")
    state: State = Field(
        description="running; paused: stands still; overdue: missed and still open; met; met_late; dropped: no longer applies."
    )
    start_at: AwareDatetime = Field(description="Instant it counts from (UTC).")
    due_at: AwareDatetime | None = Field(description="Instant it is due (UTC); null while it stands still.")
    ended_at: AwareDatetime | None = Field(description="Instant it was met or dropped (UTC); null while it is open.")
    escalations: int = Field(description="Rungs of the escalation ladder that were reached.")
    acknowledged: bool = Field(description="The person escalated to has taken notice.")
    in_words: tuple[str, ...] = Field(description="Why it is due then: sentences in the reader's language and the tenant's time.")
    explanation: Explanation = Field(description="Why it is due then, as data.")


class Promises(BaseModel):
    """Every promise of a complaint in the order in which they were made."""

    model_config = ConfigDict(frozen=True)

    complaint_id: str = Field(description="Id of the complaint.")
    zone: str = Field(description="IANA time zone of the instants in the sentences.")
    locale: Locale = Field(description="Language of the sentences.")
    deadlines: tuple[Promise, ...] = Field(description="The promises.")


async def promises_of(parts: Parts, tenant: str, complaint_id: str, locale: Locale, *, to_customer: bool = False) -> Promises:
    """Raises NoSuchComplaint when there is none, database errors when the journal cannot be read."""
    case, _ = await find_case(parts, tenant, complaint_id)
    pack = parts.shelf.pinned(case.pack, case.pack_digest)
    known = _folded(await whole_journal(parts, tenant, complaint_id), case, pack, locale)
    if to_customer:
        hidden = hidden_promises(case)
        known = {key: _for_customer(each, case, locale) for key, each in known.items() if promised(each.owner, each.name, hidden)}
    return Promises(complaint_id=complaint_id, zone=case.zone, locale=locale, deadlines=tuple(known.values()))


def _for_customer(promise: Promise, case: Case, locale: Locale) -> Promise:
    why = explained(promise.explanation)
    words = tuple(why.in_words(locale, case.zone))
    return promise.model_copy(update={"escalations": 0, "acknowledged": False, "explanation": why, "in_words": words})


def _folded(entries: Iterable[Entry], case: Case, pack: Pack | None, locale: Locale) -> dict[str, Promise]:
    known: dict[str, Promise] = {}
    changes: dict[str, Any]
    for entry in entries:
        event = entry.event
        if isinstance(event, p.DeadlineSet):
            known[event.key] = _new(event, case, pack, locale)
            continue
        before = known.get(str(getattr(event, "key", "")))
        if before is None:
            continue
        match event:
            case p.DeadlineMoved():
                words = tuple(event.explanation.in_words(locale, case.zone))
                changes = {"due_at": event.due_at, "explanation": event.explanation, "in_words": words}
            case p.DeadlineMissed():
                changes = {"state": "overdue"}
            case p.DeadlineMet():
                changes = {"state": "met" if event.in_time else "met_late", "ended_at": entry.at}
            case p.DeadlineDropped():
                changes = {"state": "dropped", "ended_at": entry.at}
            case p.Escalated():
                changes = {"escalations": before.escalations + 1}
            case p.Acknowledged():
                changes = {"acknowledged": True}
            case _:
                continue
        known[event.key] = before.model_copy(update=changes)
    standing = {deadline.key for deadline in case.deadlines if deadline.standing_still and not deadline.missed}
    return {
        key: promise.model_copy(update={"state": "paused", "due_at": None}) if key in standing else promise
        for key, promise in known.items()
    }


def _new(event: p.DeadlineSet, case: Case, pack: Pack | None, locale: Locale) -> Promise:
    title = pack.deadline_of(event.name).title.in_language(locale) if pack else event.name
    return Promise(
        key=event.key, name=event.name, title=title, clause=event.clause, owner=event.owner, state="running",
        start_at=event.start_at, due_at=event.due_at, ended_at=None, escalations=0, acknowledged=False,
        in_words=tuple(event.explanation.in_words(locale, case.zone)), explanation=event.explanation,
    )  # fmt: skip
