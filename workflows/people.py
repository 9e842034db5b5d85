"""People: who takes it, by the pack's routes and the tenant's staff as it is at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

from activities.contract import Assign, Assignment, Planning
from domain.actor import Role
from domain.journal import Assigned, Event, HandedOver, HandOverDeclined, HandOverOffered
from domain.policy.route_rows import RouteRule
from domain.whose import offers_on, route_for
from workflows.case_file import CaseFile
from workflows.local import LocalWork

_QUICK = timedelta(seconds=3)


class People:
    """`idle` is false while somebody is looked up: what is written or told meanwhile can name the person."""

    def __init__(self, file: CaseFile, local: LocalWork) -> None:
        self._file = file
        self._local = local
        local.also_wanted(lambda: self._wants_a_route)
        self._asking = 0
        # Who takes it at all is settled before anything later takes it to somebody else.
        self._has_been_given = file.case.assignee is not None

    @property
    def idle(self) -> bool:
        return self._asking == 0 and not self._wants_a_route

    @property
    def _wants_a_route(self) -> bool:
        return self._has_been_given and bool(self._file.unrouted)

    async def work(self) -> None:
        """Take the complaint where the pack's routes want it once later entries are written."""
        while True:
            await workflow.wait_condition(lambda: self._wants_a_route and self._asking == 0)
            event = self._file.unrouted[0]
            if isinstance(event, HandOverDeclined):
                await self._offer_on(event)
                del self._file.unrouted[0]
                continue
            row = route_for(self._file.case, self._file.pack, event.kind, event) if self._file.case.open else None
            if row is not None and row.id != self._file.case.routed:
                await self._route(row)
            del self._file.unrouted[0]

    async def assign(self) -> None:
        """Give a new complaint to whom the pack's routes name, or else to the least loaded agent (a stand-in for the absent)."""
        row = route_for(self._file.case, self._file.pack, "received")
        try:
            if row is not None:
                await self._route(row)
            if self._file.case.assignee is None and self._file.case.open:
                await self._give_to_the_desk()
        finally:
            self._has_been_given = True

    async def give_anew(self) -> None:
        """Whoever has turned out to be complained of has lost it: somebody else gets it, as if it had just come."""
        await workflow.wait_condition(lambda: self.idle)
        if self._file.case.assignee is None and self._file.case.open:
            await self.assign()

    async def _give_to_the_desk(self) -> None:
        assignment = await self._ask(Role.AGENT)
        if assignment.person is not None and self._file.case.assignee is None and self._file.case.open:
            self._file.say(Assigned(assignee=assignment.person, why=assignment.why, loads=assignment.loads))

    async def _route(self, row: RouteRule) -> None:
        before = self._file.case.assignee
        assignment = await self._ask(row.first_role or Role.AGENT, row)
        case = self._file.case
        # Given to somebody by hand while it was looked up: that stands.
        if assignment.person not in (None, before) and case.open and case.assignee == before:
            self._file.say(*_given(row, assignment, before))

    async def _offer_on(self, declined: HandOverDeclined) -> None:
        """Ask the next candidate of the row; where all were asked, it is their own supervisor's without asking again."""
        row, before = offers_on(self._file.case, self._file.pack, declined), self._file.case.assignee
        if row is None or not self._file.case.open:
            return
        assignment = await self._ask(row.first_role or Role.AGENT, row)
        case, person = self._file.case, assignment.person
        if person is None or person == before or not case.open or case.assignee != before or case.offered is not None:
            return
        if person in case.passed_over or assignment.why == "absent":
            self._file.say(Assigned(assignee=person, why="nobody_took_it", route=row.id))
        else:
            self._file.say(_offer(row, person))

    async def hand_up(self, to: Role) -> None:
        """Give the complaint to somebody of a higher role after an escalation by hand.

        At once, also where a hand-over has to be accepted: what the desk cannot decide must not lie there until somebody above
        has time to say so, and nobody above may decline it.
        """
        person = await self.find(to)
        if person is not None and person != self._file.case.assignee and self._file.case.open:
            self._file.say(HandedOver(assignee=person, reason=f"escalated to {to}"))

    async def find(self, role: Role) -> str | None:
        """Somebody of a role, or None when the tenant has nobody: the notice then goes to the whole role."""
        return (await self._ask(role)).person

    async def _ask(self, role: Role, row: RouteRule | None = None) -> Assignment:
        case = self._file.case
        ask = Assign(tenant=case.tenant, role=role, at=workflow.now(), complained_of=case.intake.against_staff)
        if row is not None:
            about: dict[str, Any] = {"first_contact": case.first_contact, "assignee": case.assignee}
            if row.id == case.routed and case.passed_over:
                about["passed_over"] = case.passed_over
            ask = ask.model_copy(update={"candidates": row.to, **about})
        self._asking += 1
        try:
            return await self._local.run(
                lambda: workflow.execute_local_activity_method(
                    Planning.assign,
                    ask,
                    schedule_to_close_timeout=_QUICK,
                    start_to_close_timeout=_QUICK,
                    retry_policy=RetryPolicy(maximum_attempts=2),
                    summary=f"who takes it: {row.id}" if row is not None else f"who of the {role}s",
                )
            )
        except FailureError:
            # No escalation waits for a person's name; the notice goes to everybody of the role.
            return Assignment(person=None, why="unknown")
        finally:
            self._asking -= 1


def _given(row: RouteRule, assignment: Assignment, before: str | None) -> Sequence[Event]:
    """What a route's answer writes. Where it is only offered, whoever has it, or had the first contact, owns it until then."""
    assert assignment.person is not None
    person, owner = assignment.person, before or assignment.first_contact
    if not row.offered or owner in (None, person):
        return [Assigned(assignee=person, why=assignment.why, route=row.id, loads=assignment.loads)]
    offered = _offer(row, person)
    if before is not None:
        return [offered]
    return [Assigned(assignee=str(owner), why="first_contact", route=row.id), offered]


def _offer(row: RouteRule, person: str) -> HandOverOffered:
    until_at = workflow.now() + row.answer_within if row.answer_within is not None else None
    return HandOverOffered(to=person, route=row.id, until_at=until_at)
