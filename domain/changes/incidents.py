"""What the entries of an incident change in a complaint that belongs to it."""

from __future__ import annotations

from domain import journal as j
from domain.case import Case, Membership, StepState
from domain.changes.rule import Changes, changes_of
from domain.journal import Entry


@changes_of.register
def _(event: j.IncidentJoined, case: Case, entry: Entry) -> Changes:
    changes: Changes = {
        "incidents": (*case.incidents, Membership(incident=event.incident, batch=event.batch, urgent=event.urgent))
    }
    if event.urgent:
        # The level is the category's and stays; it is the order of work that changes.
        changes |= {"urgent": True, "priority": min(case.priority, 2)}
    return changes


@changes_of.register
def _(event: j.ExtraGranted, case: Case, entry: Entry) -> Changes:
    state = StepState(step=event.planned, cycle=case.cycle, decided_by=event.decided_by)
    decided = case.decided + state.cash if state.cash else case.decided
    return {"extras": (*case.extras, state), "decided": decided}


@changes_of.register
def _(event: j.IncidentTold, case: Case, entry: Entry) -> Changes:
    heard = (
        each.model_copy(update={"heard": event.number}) if each.incident == event.incident else each for each in case.incidents
    )
    return {"incidents": tuple(heard)}


@changes_of.register
def _(event: j.LotSuspended, case: Case, entry: Entry) -> Changes:
    return {"suspended_lots": (*(lot for lot in case.suspended_lots if lot != event.lot), event.lot)}


@changes_of.register
def _(event: j.LotReleased, case: Case, entry: Entry) -> Changes:
    return {"suspended_lots": tuple(lot for lot in case.suspended_lots if lot != event.lot)}
