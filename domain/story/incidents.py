"""Sentences about an incident that a complaint belongs to."""

from __future__ import annotations

from domain import journal as j
from domain.actor import UNNAMED
from domain.journal import Event
from domain.story.teller import Teller


def incidents(event: Event, who: str, t: Teller) -> str | None:
    """The sentence of an entry of this part of the life; None for any other."""
    match event:
        case j.IncidentJoined():
            urgent = t.say(" and became urgent", "，并转为紧急") if event.urgent else ""
            return t.say(
                f"The complaint became part of incident {event.incident} ({t.batch(event.batch)}){urgent}.",
                f"投诉并入批量事件 {event.incident}（{t.batch(event.batch)}）{urgent}。",
            )
        case j.ExtraGranted():
            # A customer is not told who of the house it was.
            unnamed = event.decided_by == UNNAMED
            en, zh = ("", "") if unnamed else (f", approved by {event.decided_by}", f"，批准人 {event.decided_by}")
            return t.say(
                f"Incident {event.incident} granted on top: {t.planned(event.planned)}{en}.",
                f"批量事件 {event.incident} 给予额外补偿：{t.planned(event.planned)}{zh}。",
            )
        case j.IncidentTold():
            told = t.saying(t.worded(event.text))
            return t.say(
                f"Incident {event.incident} has told everybody whom it concerns{told}",
                f"批量事件 {event.incident} 统一告知{told}",
            )
        case j.LotSuspended():
            return t.say(
                f"The sale of lot {event.lot} was stopped: nothing of it may be sent.",
                f"批次 {event.lot} 已暂停销售，不得再寄送。",
            )
        case j.LotReleased():
            return t.say(f"Lot {event.lot} was released for sale.", f"批次 {event.lot} 已恢复销售。")
    return None
