"""The fold: an incident is the sum of its journal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.incident import events as e
from domain.incident.events import IncidentEntry
from domain.incident.incident import Grant, Incident, IncidentEffect, Said

Changes = dict[str, Any]


def begin(entry: IncidentEntry) -> Incident:
    """The incident after its first entry, which is always `IncidentOpened`; raises ValueError otherwise."""
    event = entry.event
    if not isinstance(event, e.IncidentOpened) or entry.seq != 1:
        raise ValueError(f"a journal begins with entry 1, incident_opened; this is entry {entry.seq}, {event.kind}")
    return Incident(**event.model_dump(exclude={"kind"}), revision=1, opened_at=entry.at, updated_at=entry.at)


def evolve(incident: Incident, entry: IncidentEntry) -> Incident:
    """The incident after one more entry; raises ValueError when one is missing between them."""
    if entry.seq != incident.revision + 1:
        raise ValueError(f"entry {incident.revision + 1} is missing before entry {entry.seq}")
    changes = _changes(incident, entry)
    if (news := _tidings(incident, entry)) is not None:
        changes["tidings"] = (*incident.tidings, news)
    return incident.model_copy(update={"revision": entry.seq, "updated_at": entry.at, **changes})


def replay(entries: Iterable[IncidentEntry]) -> Incident:
    """The incident that a whole journal adds up to."""
    entries = iter(entries)
    incident = begin(next(entries))
    for entry in entries:
        incident = evolve(incident, entry)
    return incident


def _tidings(i: Incident, entry: IncidentEntry) -> str | None:
    """What an entry is news of to the complaints."""
    match entry.event:
        case e.LotDecided() as event if event.action != "release" and event.lot not in i.suspended:
            return f"lot_suspended:{event.lot}"
        case e.EffectDone() as event:
            state = i.effect(event.effect)
            return f"lot_released:{state.lot}" if state is not None and state.what == "release" else None
        case e.StatementPublished() | e.MembersTold() as event:
            return f"message:{event.number}"
        case e.ExtraApproved() as event:
            return f"extra:{event.number}"
    return None


def _changes(i: Incident, entry: IncidentEntry) -> Changes:
    match entry.event:
        case e.ComplaintsJoined() as event:
            return {"complaints": tuple(dict.fromkeys((*i.complaints, *event.complaints)))}
        case e.TeamNamed() as event:
            return {"lead": event.lead, "team": event.members}
        case e.FindingRecorded() as event:
            return {"cause": event.cause, "found": event.final, "lots": tuple(dict.fromkeys((*i.lots, *event.lots)))}
        case e.LotDecided() as event:
            effect = IncidentEffect(
                id=event.effect, what=event.action, lot=event.lot, product=event.product, reason=event.reason,
                clause=entry.clauses[0] if entry.clauses else "", decided_by=entry.by.id,
            )  # fmt: skip
            return {"effects": (*i.effects, effect), **_lot(i, event)}
        case e.StatementPublished() as event:
            said = Said(number=event.number, text=event.text, public=True, expected_at=event.expected_at)
            return {"said": (*i.said, said)}
        case e.MembersTold() as event:
            return {"said": (*i.said, Said(number=event.number, text=event.text, public=False))}
        case e.IncidentClosed() as event:
            return {"closed_at": entry.at, "closed_because": event.reason}
    return _money(i, entry)


def _money(i: Incident, entry: IncidentEntry) -> Changes:
    match entry.event:
        case e.ExtraAsked() as event:
            grant = Grant(number=event.number, terms=event.terms, reason=event.reason, asked_by=entry.by.id)
            return {"grants": (*i.grants, grant)}
        case e.ExtraApproved() as event:
            return _grant(i, event.number, state="approved", decided_by=entry.by.id)
        case e.ExtraRefused() as event:
            return _grant(i, event.number, state="refused", decided_by=entry.by.id)
        case e.ExtraOwed() as event:
            decided = i.grant(event.number)
            effect = IncidentEffect(
                id=event.effect, what="extra", complaint=event.complaint, grant=event.number,
                clause=entry.clauses[0] if entry.clauses else "", decided_by=(decided.decided_by or "") if decided else "",
            )  # fmt: skip
            return {"effects": (*i.effects, effect)}
        case e.EffectOrdered() as event:
            return _effect(i, event.effect, status="ordered", reference=event.reference, money=event.money)
        case e.EffectDone() as event:
            known = {"money": event.money} if event.money else {}
            return {**_effect(i, event.effect, status="done", **known), **_released(i, event.effect)}
        case e.EffectFailed() as event:
            return _effect(i, event.effect, status="failed", failure=event.code)
        case e.EffectSettled() as event:
            state = i.effect(event.effect)
            attempt = state.attempt if state else 0
            if event.action == "drop":
                return _effect(i, event.effect, status="dropped")
            return _effect(i, event.effect, status="planned", failure=None, attempt=attempt + 1)
    return {}


def _lot(i: Incident, event: e.LotDecided) -> Changes:
    """From the decision on nothing of the lot is sent, whenever the shop has taken it from its shelves."""
    others = tuple(lot for lot in i.suspended if lot != event.lot)
    match event.action:
        case "suspend":
            return {"suspended": (*others, event.lot)}
        case "release":
            return {}
        case "recall":
            return {"suspended": (*others, event.lot), "recalled": tuple(dict.fromkeys((*i.recalled, event.lot)))}


def _released(i: Incident, effect: str) -> Changes:
    """Only when the shop sells it again may it be sent again."""
    state = i.effect(effect)
    if state is None or state.what != "release":
        return {}
    return {"suspended": tuple(lot for lot in i.suspended if lot != state.lot)}


def _grant(i: Incident, number: int, **changes: Any) -> Changes:
    return {"grants": tuple(g.model_copy(update=changes) if g.number == number else g for g in i.grants)}


def _effect(i: Incident, id: str, **changes: Any) -> Changes:
    return {"effects": tuple(each.model_copy(update=changes) if each.id == id else each for each in i.effects)}
