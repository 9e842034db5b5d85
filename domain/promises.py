"""Promises: which deadlines an entry starts, keeps or makes pointless, and what falls due on the ladder. Pure, by the pack."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from domain import abuse, grounds
from domain import journal as j
from domain import promise_events as p
from domain.actor import Role
from domain.approvals import approver_for
from domain.case import Case, OpenDeadline
from domain.case_facts import facts_of, found_facts
from domain.classification import clauses_of_rows
from domain.follow_up import clauses_of_follow_up, deadline_of, is_follow_up, made_pointless
from domain.incident.behind import clauses_of_incident
from domain.journal import Entry, Event
from domain.named_times import key_of, named_at, replaced
from domain.policy.conditions import matches
from domain.policy.matching import deadlines_started_by, known_facts, may_start
from domain.policy.pack import Pack
from domain.policy.rows import DeadlineRule
from domain.whose import clauses_of_route, is_of


class Started(NamedTuple):
    """A promise that an entry opens: planned in the tenant's calendar before it becomes a `DeadlineSet`.

    `named_at`: the instant at which it is due, where the pack says `at = "named"`.
    """

    key: str
    name: str
    start_at: datetime
    named_at: datetime | None = None


class Due(NamedTuple):
    """The next instant at which a promise asks for something: a rung of its ladder (from 0), or being missed."""

    at: datetime
    key: str
    rung: int | None


def started_by(case: Case, pack: Pack, entry: Entry) -> Sequence[Started]:
    """Promises that an entry opens. `case` is the case after the entry."""
    event = entry.event
    rows = deadlines_started_by(pack, event.kind, facts_of(case, pack, event)) if may_start(pack, event.kind) else ()
    opened = [each for row in rows if (each := opened_by(case, pack, row, entry)) is not None]
    if isinstance(event, j.Reopened):
        return [*opened, *_going_on(case, pack, entry)]
    if isinstance(event, j.FollowUpPlanned) and (name := deadline_of(pack, event.row)) is not None:
        return [*opened, Started(key=f"{name}/{entry.seq}", name=name, start_at=event.from_at)]
    step = _step_of(case, event)
    if step is not None:
        name = _deadline_of_step(case, step)
        row = pack.deadline_of(name) if name else None
        if row is not None and event.kind in row.starts:
            return [*opened, Started(key=f"{row.id}/{step}/{entry.seq}", name=row.id, start_at=entry.at)]
    return opened


def _going_on(case: Case, pack: Pack, entry: Entry) -> list[Started]:
    """The end dropped the promises of steps that go on behind it, such as a claim: taken up again, they count anew."""
    ordered = [state.step for state in case.steps if state.status == "ordered"]
    return [
        Started(key=f"{step.deadline}/{step.id}/{entry.seq}", name=step.deadline, start_at=entry.at)
        for step in ordered
        if step.deadline is not None and "step_ordered" in pack.deadline_of(step.deadline).starts
    ]


def opened_by(case: Case, pack: Pack, row: DeadlineRule, entry: Entry) -> Started | None:
    """The promise of a row that an entry starts; None where the entry names no instant for it, or it has its own beginning."""
    if is_follow_up(pack, row.id):
        return None
    if row.at is not None:
        at = named_at(case, entry.event)
        return Started(key_of(row.id, entry), row.id, entry.at, at) if at is not None else None
    # A time that the customer named is when the next call is promised from.
    next_at = entry.event.next_at if isinstance(entry.event, j.CallbackAttempted) else None
    return Started(key=f"{row.id}/{entry.seq}", name=row.id, start_at=next_at or entry.at)


def touches(key: str, name: str, pack: Pack, entry: Entry, *, repeats: bool = False) -> str | None:
    """What an entry does to a running promise: `met`, `dropped` or nothing. A promise of a step hears its own step only.

    `repeats`: the time that the entry names is the one that was named before.
    """
    row = pack.deadline_of(name)
    kind = entry.event.kind
    if row.scope == "step" and _named_step(entry.event) not in (None, key.split("/")[1]):
        return None
    if not is_of(row, key, entry.event):
        return None
    if kind in row.met_by and counts(entry.event) and _answers(row, entry.event):
        return "met"
    if is_follow_up(pack, name) and made_pointless(entry.event):
        return "dropped"
    if row.at is not None and (replaced(key, entry.event) or (kind == "reclassified" and kind in row.starts and not repeats)):
        return "dropped"
    return "dropped" if any(name in row.dropped_by for name in names_of(entry.event)) else None


def names_of(event: Event) -> tuple[str, ...]:
    """What `dropped_by` may call an entry: its kind, and of a department that is asked that one alone: consulted:laboratory."""
    return (event.kind, f"{event.kind}:{event.department}") if isinstance(event, j.Consulted) else (event.kind,)


def kept_by(deadline: OpenDeadline, entry: Entry) -> str | None:
    """Who of the house keeps a promise with an entry, where it is not that of whoever is in charge."""
    if deadline.owner in (None, Role.AGENT, Role.CUSTOMER) or set(entry.by.roles) <= _NOT_OF_THE_HOUSE:
        return None
    return entry.by.id


# Their word may keep a promise of ours, such as that a visit took place.
_NOT_OF_THE_HOUSE = {Role.CUSTOMER, Role.INTAKE, Role.SYSTEM}


def settle(deadline: OpenDeadline, what: str, at: datetime, by: str | None = None) -> Sequence[Event]:
    """The events of a promise that is met or dropped at an instant. What comes after due is missed first, however it ends."""
    overdue = deadline.due_at is not None and not deadline.standing_still and at > deadline.due_at
    late = deadline.missed or overdue
    end = p.DeadlineDropped(key=deadline.key) if what == "dropped" else p.DeadlineMet(key=deadline.key, in_time=not late, by=by)
    if late and not deadline.missed and deadline.due_at is not None:
        return [p.DeadlineMissed(key=deadline.key, due_at=deadline.due_at), end]
    return [end]


def next_due(case: Case) -> Due | None:
    """The earliest thing that any promise of the case asks for; None while nothing runs. Ties go by key."""
    asks = [due for deadline in case.deadlines for due in _asks(deadline)]
    return min(asks, key=lambda due: (due.at, due.rung is not None, due.key), default=None)


def _asks(deadline: OpenDeadline) -> Sequence[Due]:
    if deadline.due_at is None or deadline.standing_still:
        return []
    asks = [] if deadline.missed else [Due(deadline.due_at, deadline.key, None)]
    if not deadline.acknowledged and deadline.next_rung < len(deadline.rungs):
        asks.append(Due(deadline.rungs[deadline.next_rung], deadline.key, deadline.next_rung))
    return asks


def clauses_behind(case: Case, pack: Pack, event: Event) -> tuple[str, ...]:
    """The clauses that an entry rests on. `case` is the case before it."""
    match event:
        case p.DeadlineSet():
            return (event.clause,)
        case p.DeadlineMoved() | p.DeadlineMet() | p.DeadlineMissed() | p.DeadlineDropped() | p.Acknowledged():
            deadline = case.deadline(event.key)
            return (deadline.clause,) if deadline else ()
        case p.Escalated():
            deadline = case.deadline(event.key)
            if deadline is None:
                return ()
            ladder = pack.ladder_of(pack.deadline_of(deadline.name).ladder)
            return (deadline.clause, ladder.rung[event.rung].clause or ladder.clause)
        case j.Proposed():
            return event.plan.clauses
        case j.ApprovalAsked() if case.proposal is not None:
            asked = approver_for(pack, case.proposal.plan, case.category, found_facts(case))
            return (asked.clause,) if asked else ()
        case j.Accepted() | j.Declined() | j.Offered() if case.proposal is not None:
            return (*case.proposal.plan.clauses, *_carried(pack, case, _WORK.get(event.kind)))
        case j.StepOrdered() | j.StepDone() | j.StepFailed() | j.StepSettled() | j.CallOffAsked() | j.CallOffRefused():
            state = case.step(event.step)
            return (state.step.clause,) if state and state.step.clause else ()
        case j.IncidentJoined() | j.ExtraGranted() | j.IncidentTold() | j.LotSuspended() | j.LotReleased():
            return tuple(dict.fromkeys([*clauses_of_incident(case, pack, event), *_carried(pack, case, _WORK.get(event.kind))]))
        case j.Appealed():
            return pack.appeal.clauses
        case j.SignNoted() | j.EvidenceDemanded() | j.MalicePresumed() | j.ReferredToLegal():
            return abuse.clauses(pack, event)
        case j.Confirmed() | j.CallbackAttempted():
            return (*pack.confirm.clauses, *_carried(pack, case, _WORK.get(event.kind)))
        case j.VisitReported() if case.step(event.step) is not None:
            state = case.step(event.step)
            return (state.step.clause,) if state else ()
        case j.InspectionOrdered() | j.VisitReported() | j.CarriedOut() | j.TimePromised():
            return _promised(case, pack, event)
        case j.FollowUpPlanned() | j.FollowUpDue() | j.FollowedUp() | j.SurveyAnswered():
            return tuple(dict.fromkeys([*clauses_of_follow_up(case, pack, event), *_carried(pack, case, "follow_up")]))
        case j.Assessed():
            found = [fact.clause for fact in pack.fact if fact.name in event.facts]
            grounds_of = grounds.clauses(pack, event.liable, event.facts)
            return tuple(dict.fromkeys([*found, *grounds_of, *_carried(pack, case, _WORK.get(event.kind))]))
        case j.Classified():
            return tuple(dict.fromkeys([*clauses_of_rows(pack, event), *_carried(pack, case, _WORK.get(event.kind))]))
        case j.Closed():
            return tuple(dict.fromkeys([pack.closing.clause, *_carried(pack, case, _WORK.get(event.kind))]))
        case _:
            routed, kept = clauses_of_route(case, pack, event), _kept(case, pack, event)
            return tuple(dict.fromkeys([*routed, *kept, *_carried(pack, case, _WORK.get(event.kind))]))


def _promised(case: Case, pack: Pack, event: Event) -> tuple[str, ...]:
    """Clauses of the promises that an event starts or keeps."""
    facts = facts_of(case, pack, event)
    rows = [row for row in pack.deadline if row.scope == "complaint" and matches(row.when, facts)]
    about = (row.clauses for row in rows if event.kind in row.starts or event.kind in row.met_by)
    return tuple(dict.fromkeys(clause for clauses in about for clause in clauses))


def _kept(case: Case, pack: Pack, event: Event) -> tuple[str, ...]:
    """Clauses of the promises that an event keeps."""
    rows = (pack.deadline_of(deadline.name) for deadline in case.deadlines)
    return tuple(row.clause for row in rows if row.scope == "complaint" and event.kind in row.met_by)


# Where in the work an entry belongs, for clauses that no row of a pack carries.
_WORK = {
    "received": "intake", "order_checked": "verification", "verified": "verification", "visit_reported": "verification",
    "inspection_ordered": "verification", "assigned": "assignment", "assessed": "assessment", "offered": "agreement",
    "accepted": "agreement", "carried_out": "carrying_out", "progress_reported": "carrying_out", "confirmed": "closing",
    "closed": "closing", "classified": "classification", "reclassified": "classification",
    "incident_joined": "incident",
}  # fmt: skip


def _carried(pack: Pack, case: Case, work: str | None) -> tuple[str, ...]:
    if work is None:
        return ()
    mine = pack.category_of(case.category).clauses if work == "intake" else ()
    clauses = [clause for clause in pack.clause if clause.carried_by == work]
    facts = known_facts(pack, case.category, found_facts(case)) if clauses else {}
    return tuple(dict.fromkeys([*mine, *(clause.id for clause in clauses if matches(clause.when, facts))]))


def _answers(row: DeadlineRule, event: Event) -> bool:
    """What the company attaches of its own answers nothing that the customer owes."""
    return not (row.owner is Role.CUSTOMER and isinstance(event, j.EvidenceAttached) and event.ours)


def counts(event: Event) -> bool:
    """Only a visit that put things right keeps a promise to do so; nobody is looked back at who was not reached."""
    match event:
        case j.VisitReported():
            return event.corrected
        case j.FollowedUp():
            return event.answered
        case _:
            return True


def _named_step(event: Event) -> str | None:
    return getattr(event, "step", None)


def _step_of(case: Case, event: Event) -> str | None:
    step = _named_step(event)
    return step if step is not None and case.step(step) is not None else None


def _deadline_of_step(case: Case, step: str) -> str | None:
    state = case.step(step)
    return state.step.deadline if state else None
