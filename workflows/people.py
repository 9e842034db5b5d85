"""People: who of a role takes it, by the tenant's staff as it is at that moment."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

from activities.contract import Assign, Assignment, Planning
from domain.actor import Role
from domain.journal import Assigned, HandedOver
from workflows.case_file import CaseFile
from workflows.local import LocalWork

_QUICK = timedelta(seconds=3)


class People:
    """`idle` is false while somebody is looked up: what is written or told meanwhile can name the person."""

    def __init__(self, file: CaseFile, local: LocalWork) -> None:
        self._file = file
        self._local = local
        self._asking = 0

    @property
    def idle(self) -> bool:
        return self._asking == 0

    async def assign(self) -> None:
        """Give a new complaint to the least loaded agent (a stand-in for whoever is absent)."""
        assignment = await self._ask(Role.AGENT)
        if assignment.person is not None and self._file.case.assignee is None and self._file.case.open:
            self._file.say(Assigned(assignee=assignment.person, why=assignment.why))

    async def hand_up(self, to: Role) -> None:
        """Give the complaint to somebody of a higher role after an escalation by hand."""
        person = await self.find(to)
        if person is not None and person != self._file.case.assignee and self._file.case.open:
            self._file.say(HandedOver(assignee=person, reason=f"escalated to {to}"))

    async def find(self, role: Role) -> str | None:
        """Somebody of a role, or None when the tenant has nobody: the notice then goes to the whole role."""
        return (await self._ask(role)).person

    async def _ask(self, role: Role) -> Assignment:
        case = self._file.case
        ask = Assign(tenant=case.tenant, role=role, at=workflow.now())
        self._asking += 1
        try:
            return await self._local.run(
                lambda: workflow.execute_local_activity_method(
                    Planning.assign,
                    ask,
                    schedule_to_close_timeout=_QUICK,
                    start_to_close_timeout=_QUICK,
                    retry_policy=RetryPolicy(maximum_attempts=2),
                    summary=f"who of the {role}s",
                )
            )
        except FailureError:
            # No escalation waits for a person's name; the notice goes to everybody of the role.
            return Assignment(person=None, why="unknown")
        finally:
            self._asking -= 1
