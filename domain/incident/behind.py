"""Which clauses stand behind what an incident does to a complaint."""

from __future__ import annotations

from domain import journal as j
from domain.case import Case
from domain.policy.batch_rows import BatchRule
from domain.policy.pack import Pack

OfIncident = j.IncidentJoined | j.ExtraGranted | j.IncidentTold | j.LotSuspended | j.LotReleased


def clauses_of_incident(case: Case, pack: Pack, event: OfIncident) -> tuple[str, ...]:
    """`case` is the case before the entry."""
    match event:
        case j.IncidentJoined():
            row = next((row for row in pack.batch if row.id == event.batch), None)
            return row.clauses if row else ()
        case j.ExtraGranted():
            return (event.planned.clause,)
    row = _row_of(case, pack, event.incident)
    clause = row.clause_for("statement" if isinstance(event, j.IncidentTold) else "suspension") if row else None
    return (clause,) if clause else ()


def _row_of(case: Case, pack: Pack, incident: str) -> BatchRule | None:
    batch = next((each.batch for each in case.incidents if each.incident == incident), None)
    return next((row for row in pack.batch if row.id == batch), None)
