"""One incident: many complaints about one thing, looked into by a team and answered as one.

Complaints come by themselves (`member_joined`), or are fetched where they were received before there was an incident. Whatever
the incident has to tell goes to every one of them in the same order, to a late one from the beginning; each writes it into its
own journal and keeps its own clocks. What the lead decides about lots is carried out here; extra compensation is carried out by
each complaint, and for those that are closed, here. It ends when its lead says so and everything decided has come to an end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.contract import AskMembers, Incidents, IncidentStart
from domain.given import Given
from domain.incident.commands import IncidentCommand, IncidentReceipt, SignedForIncident
from domain.incident.events import ComplaintsJoined, Happening
from domain.incident.incident import Incident
from domain.incident.procedure import perform
from domain.policy.registry import pack_for
from domain.receipts import Receipts
from workflows.arguments import EffectNews
from workflows.faults import Background
from workflows.incident_commands import IncidentCommands
from workflows.incident_effects import IncidentEffects
from workflows.incident_file import IncidentFile
from workflows.incident_lots import IncidentLots
from workflows.incident_news import NewsRound
from workflows.incident_staff import IncidentStaff
from workflows.incident_view import IncidentView
from workflows.local import leave_a_mark
from workflows.updates import id_of_command

_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))


@workflow.defn
class IncidentWorkflow(IncidentCommands):
    """Many complaints about one thing."""

    @workflow.init
    def __init__(self, start: IncidentStart) -> None:
        if start.carried is not None:
            pack = pack_for(start.carried.pack, start.carried.pack_digest)
            self._file = IncidentFile(pack, start.carried)
        elif start.opening is not None and start.opened_at is not None:
            pack = pack_for(start.opening.pack, start.opening.pack_digest)
            self._file = IncidentFile.opened(pack, start.opening, start.opened_at)
        else:
            raise ValueError("an incident starts with an opening or a carried incident")
        self._receipts = Receipts(start.given)
        self._background = Background()
        self._effects = IncidentEffects(self._file, self._background)
        self._news = NewsRound(self._file, self._effects, start.heard)
        self._staff = IncidentStaff(self._file, start.told)
        self._lots = IncidentLots(self._file, start.lots_told)
        self._view = IncidentView(self._file)

    @workflow.run
    async def run(self, start: IncidentStart) -> IncidentReceipt:
        for part in (self._file, self._news, self._lots, self._staff, self._view):
            self._background.start(part.work())
        if start.carried is None:
            await self._fetch_members()
        self._effects.go_on()
        await self._background.until(lambda: self._over() or self._must_continue())
        if not self._over():
            carried = IncidentStart(
                carried=self._file.incident,
                heard=self._news.heard,
                told=self._staff.told,
                lots_told=self._lots.told,
                given=self._receipts.all,
            )
            workflow.continue_as_new(carried)
        # Whoever was counted in while it ended is told too: nobody would tell them later.
        await self._fetch_members()
        await self._background.until(self._quiet)
        return self._receipt()

    async def _fetch_members(self) -> None:
        incident = self._file.incident
        found = await workflow.execute_activity_method(
            Incidents.find_members,
            AskMembers(tenant=incident.tenant, incident=incident.incident_id),
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=_RETRY,
            summary="who belongs to it",
        )
        self._enter(found.complaints)

    def _enter(self, complaints: Sequence[str]) -> None:
        known = set(self._file.incident.complaints)
        if new := tuple(complaint for complaint in dict.fromkeys(complaints) if complaint not in known):
            self._file.say(ComplaintsJoined(complaints=new))

    def _over(self) -> bool:
        return not self._file.incident.open and self._quiet()

    def _must_continue(self) -> bool:
        return workflow.info().is_continue_as_new_suggested() and self._quiet()

    def _quiet(self) -> bool:
        return (
            workflow.all_handlers_finished()
            and self._file.written
            and self._news.idle
            and self._effects.idle
            and self._staff.idle
            and self._lots.idle
        )

    # What comes from outside

    def check(self, signed: SignedForIncident[IncidentCommand]) -> None:
        if self._given_before() is None:
            perform(self._file.incident, self._file.row, signed.by, signed.command)

    def perform(self, signed: SignedForIncident[IncidentCommand]) -> IncidentReceipt:
        if (first := self._given_before()) is not None:
            return IncidentReceipt(incident_id=self._file.incident.incident_id, revision=first.revision)
        events: Sequence[Happening] = perform(self._file.incident, self._file.row, signed.by, signed.command)
        self._file.record(signed.by, events)
        self._effects.go_on()
        if (id := id_of_command()) is not None:
            incident = self._file.incident
            stage = "open" if incident.open else "closed"
            self._receipts.keep(Given(key=id.key, body=id.body, stage=stage, revision=incident.revision))
        return self._receipt()

    def _given_before(self) -> Given | None:
        """The same command, from this run or an earlier one; raises Refusal when its key was used for another."""
        id = id_of_command()
        return self._receipts.given(id) if id else None

    def _receipt(self) -> IncidentReceipt:
        incident = self._file.incident
        return IncidentReceipt(incident_id=incident.incident_id, revision=incident.revision)

    @workflow.signal(description="A complaint was counted into the incident.")
    async def member_joined(self, complaint: str) -> None:
        # It knows that it belongs here: it need not be told that.
        self._news.knows(complaint)
        self._enter([complaint])
        leave_a_mark(self._file.incident.revision)

    @workflow.signal(description="A partner's word on an effect, from its webhook.")
    async def effect_reported(self, news: EffectNews) -> None:
        self._effects.heard(news.key, news.report, system=news.system)

    @workflow.query(name="incident", description="The incident as it stands.")
    def incident_now(self) -> Incident:
        return self._file.incident

    @workflow.query(description="What was done under keys of its callers.")
    def given(self) -> list[Given]:
        return list(self._receipts.all)
