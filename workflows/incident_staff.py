"""The people of the house: told what the pack says of an incident's entries. A letter that fails holds nothing else up."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

from activities.contract import Notice, Notices, SendNotices
from domain.incident.events import IncidentEntry
from domain.incident.letters import letters
from workflows.incident_file import IncidentFile
from workflows.local import leave_a_mark

_RETRY = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=5))
_GIVE_UP = timedelta(days=1)


class IncidentStaff:
    """`told` is the sequence number of the last entry that people were told of."""

    def __init__(self, file: IncidentFile, told: int) -> None:
        self._file = file
        self.told = told
        self._sending = False

    @property
    def idle(self) -> bool:
        return not self._sending and self.told >= self._file.incident.revision

    async def work(self) -> None:
        while True:
            await workflow.wait_condition(lambda: self.told < self._file.incident.revision)
            new = [entry for entry in self._file.entries if entry.seq > self.told]
            if notices := [notice for entry in new for notice in self._notices(entry)]:
                self._sending = True
                await self._send(notices)
                self._sending = False
                leave_a_mark(self._file.incident.revision)
            self.told = new[-1].seq if new else self._file.incident.revision

    def _notices(self, entry: IncidentEntry) -> list[Notice]:
        incident = self._file.incident
        return [
            Notice(
                notice=letter.rule.id,
                key=f"{incident.incident_id}/{letter.rule.id}/{entry.seq}/{letter.department or ''}",
                to=letter.to,
                person=letter.person,
                department=letter.department,
                fields=letter.fields,
                worded=letter.worded,
            )
            for letter in letters(incident, self._file.pack, self._file.row, entry)
        ]

    async def _send(self, notices: list[Notice]) -> None:
        incident = self._file.incident
        try:
            await workflow.execute_activity_method(
                Notices.send_notices,
                SendNotices(tenant=incident.tenant, pack=incident.pack, pack_digest=incident.pack_digest, notices=tuple(notices)),
                start_to_close_timeout=timedelta(seconds=60),
                schedule_to_close_timeout=_GIVE_UP,
                retry_policy=_RETRY,
                summary="tell " + ", ".join(f"{notice.to}: {notice.notice}" for notice in notices)[:180],
            )
        except FailureError:
            # A day long nobody could be written to; the incident stands in the list all the same.
            workflow.logger.warning("people could not be told of an incident for a day")
