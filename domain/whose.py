"""Whose complaint it is, by the rows of a pack: which rule takes it where, and the clauses behind it."""

from __future__ import annotations

from domain import journal as j
from domain.case import Case
from domain.case_facts import facts_of, found_facts
from domain.journal import Event
from domain.policy.conditions import matches
from domain.policy.matching import known_facts
from domain.policy.pack import Pack
from domain.policy.route_rows import RouteRule
from domain.policy.rows import DeadlineRule


def may_route(pack: Pack, kind: str) -> bool:
    """Whether any row names somebody once an entry of this kind is written."""
    return any(row.to and kind in row.on for row in pack.route)


def route_for(case: Case, pack: Pack, kind: str, event: Event | None = None) -> RouteRule | None:
    """The row that names who takes the complaint once an entry of this kind is written: the most special one, then the first.

    The event itself tells what is known of nothing else, such as whether a call was answered.
    """
    if not may_route(pack, kind):
        return None
    facts = facts_of(case, pack, event) if event is not None else known_facts(pack, case.category, found_facts(case))
    rows = [row for row in pack.route if row.to and kind in row.on and matches(row.when, facts)]
    return max(rows, key=lambda row: len(row.when), default=None)


def offers_on(case: Case, pack: Pack, event: Event) -> RouteRule | None:
    """The row whose next candidate is asked, now that an offer of its was declined or not answered. `case` is the one after."""
    if not isinstance(event, j.HandOverDeclined) or not case.passed_over or case.offered is not None:
        return None
    return next((row for row in pack.route if row.id == case.routed and row.answer_within is not None), None)


def clauses_of_route(case: Case, pack: Pack, event: Event) -> tuple[str, ...]:
    """Clauses of the row behind an entry about whose complaint it is, and of how it changes hands. `case` is the one before."""
    match event:
        case j.Assigned() | j.Consulted():
            return _clauses(pack, event.route)
        case j.OpinionGiven() | j.OpinionDropped():
            return _clauses(pack, next((each.route for each in case.consultations if each.entry == event.asked), None))
        case j.HandOverOffered():
            return (*_clauses(pack, event.route), *_of_hand_over(pack))
        case j.HandedOver() | j.HandOverDeclined():
            return _of_hand_over(pack)
    return ()


def is_of(row: DeadlineRule, key: str, event: Event) -> bool:
    """Whether an event may keep a running promise: an opinion keeps the promise of the department that was asked for it."""
    if isinstance(event, j.OpinionGiven | j.OpinionDropped) and row.starts == ("consulted",):
        return key.split("/")[-1] == str(event.asked)
    return True


def _clauses(pack: Pack, route: str | None) -> tuple[str, ...]:
    return next((row.clauses for row in pack.route if row.id == route), ())


def _of_hand_over(pack: Pack) -> tuple[str, ...]:
    return pack.handover.clauses if pack.handover is not None else ()
