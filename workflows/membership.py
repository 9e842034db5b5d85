"""Membership: a complaint that belongs to an incident. It keeps its own clocks; what the incident gives on top it carries out."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.contract import AttachMember, Incidents, Recorded
from domain.incident.extra import step_of
from domain.incident.news import IncidentNews
from domain.journal import CommandRefused, ExtraGranted, IncidentJoined, IncidentTold, LotReleased, LotSuspended
from workflows.carrying_out import CarryingOut
from workflows.case_file import CaseFile
from workflows.faults import Background
from workflows.local import LocalWork, leave_a_mark

_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))


class Membership:
    def __init__(self, file: CaseFile, carrying_out: CarryingOut, background: Background, local: LocalWork) -> None:
        self._file = file
        self._carrying_out = carrying_out
        self._background = background
        self._local = local
        self._joining = 0
        self._waiting = 0
        self._seen_through: set[str] = set()
        # What the database said of a lot at registration may be older than what the incident has told since.
        self._released: set[str] = set()

    @property
    def idle(self) -> bool:
        """Nothing is on its way that another run would not begin again."""
        return not self._joining and not self._waiting

    @property
    def over(self) -> bool:
        """Every extra has been given or given up; until then the complaint's file stays open for its partner's word."""
        return self.idle and all(state.status in ("done", "dropped") for state in self._file.case.extras)

    def counted(self, recorded: Recorded) -> None:
        """The database has counted the complaint: it belongs to these incidents."""
        if recorded.joined or recorded.suspended_by:
            self._joining += 1
            self._background.start(self._join(recorded))

    def go_on(self) -> None:
        """See every extra through that nobody is seeing through yet: one just granted, tried again, or of an earlier run."""
        for state in self._file.case.extras:
            step = state.step.id
            if state.status in ("planned", "ordered") and step not in self._seen_through:
                self._seen_through.add(step)
                self._background.start(self._see_through(step))

    def heard(self, news: IncidentNews) -> None:
        """What the incident tells. Told twice is told once."""
        case = self._file.case
        if news.what == "lot_released" and news.lot is not None:
            self._released.add(news.lot)
        match news.what:
            case "joined":
                self._enter(news.incident, news.batch)
            case "message" if news.text is not None and not self._told(news):
                self._file.say(IncidentTold(incident=news.incident, number=news.number, text=news.text))
            case "lot_suspended" if news.lot is not None and news.lot not in case.suspended_lots:
                self._file.say(LotSuspended(incident=news.incident, lot=news.lot))
            case "lot_released" if news.lot is not None and news.lot in case.suspended_lots:
                self._file.say(LotReleased(incident=news.incident, lot=news.lot))
            case "extra" if news.terms is not None and case.step(news.step) is None:
                self._waiting += 1
                self._background.start(self._extra(news))

    def _told(self, news: IncidentNews) -> bool:
        return any(each.incident == news.incident and each.heard >= news.number for each in self._file.case.incidents)

    def _enter(self, incident: str, batch: str) -> None:
        if all(each.incident != incident for each in self._file.case.incidents):
            urgent = self._file.pack.batch_of(batch).urgent
            self._file.say(IncidentJoined(incident=incident, batch=batch, urgent=urgent))

    async def _join(self, recorded: Recorded) -> None:
        await self._local.calm()
        case = self._file.case
        for joined in recorded.joined:
            self._enter(joined.incident, joined.batch)
        lot = case.intake.product.lot if case.intake.product else None
        if recorded.suspended_by and lot and lot not in (*case.suspended_lots, *self._released):
            self._file.say(LotSuspended(incident=recorded.suspended_by, lot=lot))
        for joined in recorded.joined:
            await workflow.execute_activity_method(
                Incidents.attach_member,
                AttachMember(tenant=case.tenant, incident=joined.incident, complaint=case.complaint_id),
                start_to_close_timeout=timedelta(seconds=20),
                retry_policy=_RETRY,
                priority=self._file.turn,
                summary=f"part of {joined.incident}",
            )
        self._joining -= 1
        leave_a_mark(self._file.case.revision)

    async def _extra(self, news: IncidentNews) -> None:
        """A share of the order's price is known once the order system has said whether there is one."""
        await workflow.wait_condition(lambda: self._file.case.order_check != "pending" or not self._file.case.open)
        await self._local.calm()
        self._waiting -= 1
        case = self._file.case
        if news.terms is None or case.step(news.step) is not None:
            return
        planned = step_of(case, news.terms, news.step, news.clause or "")
        if planned is None:
            reason = "no order of this customer to take a share of / 没有可按比例计算的订单"
            self._file.say(CommandRefused(command="grant_extra", code="no_order", reason=reason))
            return
        granted = ExtraGranted(incident=news.incident, step=news.step, planned=planned, decided_by=news.decided_by or "-")
        self._file.say(granted)
        self.go_on()

    async def _see_through(self, step: str) -> None:
        await self._carrying_out.see_through(step)
        self._seen_through.discard(step)
