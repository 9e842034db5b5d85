"""What departments that are asked, and hand-overs that wait for a word, change."""

from __future__ import annotations

from typing import Any

from domain import journal as j
from domain.case import Case, Consultation, Offer
from domain.changes.rule import Changes, changes_of
from domain.journal import Entry


@changes_of.register
def _(event: j.Consulted, case: Case, entry: Entry) -> Changes:
    asked = Consultation(entry=entry.seq, department=event.department, route=event.route, cycle=case.cycle, opinion=event.awaited)
    return {"consultations": (*case.consultations, asked)}


@changes_of.register
def _(event: j.OpinionGiven, case: Case, entry: Entry) -> Changes:
    return _consultation(case, event.asked, given=True, responsible=event.responsible)


@changes_of.register
def _(event: j.OpinionDropped, case: Case, entry: Entry) -> Changes:
    return _consultation(case, event.asked, dropped=True)


@changes_of.register
def _(event: j.HandOverOffered, case: Case, entry: Entry) -> Changes:
    offer = Offer(to=event.to, giver=case.assignee, route=event.route, until_at=event.until_at)
    asked = case.passed_over if event.route == case.routed else ()
    return {"offered": offer, "routed": event.route or case.routed, "passed_over": asked}


@changes_of.register
def _(event: j.HandOverDeclined, case: Case, entry: Entry) -> Changes:
    if case.offered is None or case.offered.route is None:
        return {"offered": None}
    return {"offered": None, "passed_over": (*case.passed_over, case.offered.to)}


def _consultation(case: Case, asked: int, **changes: Any) -> Changes:
    return {
        "consultations": tuple(each.model_copy(update=changes) if each.entry == asked else each for each in case.consultations)
    }
