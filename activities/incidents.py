"""Incidents: their way to each other's workflows, and into the database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity
from temporalio.common import Priority, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError

from activities.contract import Notice, Notices, Partners, PlaceEffect, SendNotices
from activities.contract.incidents import (
    AskLot,
    AskMembers,
    AskStanding,
    Attached,
    AttachMember,
    Incidents,
    IncidentStart,
    Members,
    PlacedExtra,
    PlaceExtra,
    RecordIncident,
    Standing,
    TellClosed,
)
from activities.errors import database_away, pinned_pack
from domain.actor import SYSTEM, Role
from domain.case import Case, StepState
from domain.case_facts import facts_of
from domain.effect_orders import effect_of
from domain.effects import Benefit, Payment
from domain.incident.extra import step_of
from domain.journal import Entry, IncidentTold
from domain.notice_fields import compose
from domain.policy.matching import notices_for
from storage.cases import Cases
from storage.incidents import Incidents as Stored

# A complaint that was untrue, or taken back, suffered nothing that the incident could make good.
_NOTHING_DUE = ("unfounded", "withdrawn", "refused_as_malicious")


class IncidentsActivities(Incidents):
    def __init__(self, stored: Stored, cases: Cases, notices: Notices, partners: Partners) -> None:
        self._stored = stored
        self._cases = cases
        self._notices = notices
        self._partners = partners

    @activity.defn
    async def attach_member(self, ask: AttachMember) -> Attached:
        """Raises ApplicationError DatabaseAway, or the error of a Temporal that is away; both are tried again."""
        async with _database():
            opening, opened_at = await self._stored.opening(ask.tenant, ask.incident)
        title = pinned_pack(opening.pack, opening.pack_digest).batch_of(opening.batch).title
        try:
            await activity.client().start_workflow(
                "IncidentWorkflow",
                IncidentStart(opening=opening, opened_at=opened_at),
                id=f"incident/{ask.tenant}/{ask.incident}",
                task_queue=activity.info().task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                start_signal="member_joined",
                start_signal_args=[ask.complaint],
                static_summary=f"{title.zh} / {title.en} · {ask.tenant}",
                memo={"batch": opening.batch, "pack": opening.pack},
                priority=Priority(priority_key=1),
            )
        except WorkflowAlreadyStartedError:
            return Attached(ended=True)
        return Attached()

    @activity.defn
    async def find_members(self, ask: AskMembers) -> Members:
        async with _database():
            return Members(complaints=await self._stored.members(ask.tenant, ask.incident))

    @activity.defn
    async def find_of_lot(self, ask: AskLot) -> Members:
        async with _database():
            return Members(complaints=await self._stored.open_of_lot(ask.tenant, ask.lot))

    @activity.defn
    async def find_closed(self, ask: AskStanding) -> Standing:
        async with _database():
            return Standing(closed=await self._stored.closed_among(ask.tenant, ask.complaints))

    @activity.defn
    async def place_extra(self, ask: PlaceExtra) -> PlacedExtra:
        """The customer's number goes from the case to the partner here: the incident's own journal names nobody.

        Raises what placing an effect raises.
        """
        async with _database():
            case = await self._cases.get(ask.tenant, ask.complaint)
        if case is None:
            return PlacedExtra(because="no_such_complaint")
        if any(state.step.id == ask.step for state in case.extras):
            return PlacedExtra(because="granted_there")
        if case.outcome in _NOTHING_DUE:
            return PlacedExtra(because=str(case.outcome))
        planned = step_of(case, ask.terms, ask.step, ask.clause)
        if planned is None:
            return PlacedExtra(because="no_order")
        order = effect_of(case, StepState(step=planned, cycle=case.cycle))
        effect = PlaceEffect(
            tenant=ask.tenant,
            key=ask.key,
            payment=order if isinstance(order, Payment) else None,
            benefit=order if isinstance(order, Benefit) else None,
            clause="" if isinstance(order, Payment) else ask.clause,
            decided_by=ask.decided_by,
        )
        return PlacedExtra(report=await self._partners.place_effect(effect), money=planned.money)

    @activity.defn
    async def tell_closed(self, ask: TellClosed) -> None:
        """Raises what sending notices raises; an erased customer has no address, and fails only their own."""
        cases: list[Case] = []
        async with _database():
            for complaint in ask.complaints:
                case = await self._cases.get(ask.tenant, complaint)
                if case is not None:
                    cases.append(case)
        by_pack: dict[tuple[str, str], list[Notice]] = {}
        for case in cases:
            by_pack.setdefault((case.pack, case.pack_digest), []).extend(_letters(case, ask))
        for (ref, digest), notices in by_pack.items():
            if notices:
                await self._notices.send_notices(
                    SendNotices(tenant=ask.tenant, pack=ref, pack_digest=digest, notices=tuple(notices))
                )

    @activity.defn
    async def record_incident(self, record: RecordIncident) -> None:
        """Raises ApplicationError DatabaseAway, which is tried again."""
        async with _database():
            await self._stored.record(record.entries, record.incident)


def _letters(case: Case, ask: TellClosed) -> Iterator[Notice]:
    """What the customer of an open complaint would be sent: by the same rows, with the same words."""
    pack = pinned_pack(case.pack, case.pack_digest)
    event = IncidentTold(incident=ask.incident, number=ask.number, text=ask.text)
    entry = Entry(seq=case.revision + 1, at=case.updated_at, by=SYSTEM, event=event)
    for rule in notices_for(pack, event.kind, facts_of(case, pack, event)):
        if rule.to == "customer":
            fields, worded = compose(case, pack, rule, entry)
            key = f"{ask.incident}/{ask.number}/{case.complaint_id}/{rule.id}"
            yield Notice(notice=rule.id, key=key, to=Role.CUSTOMER, customer=case.intake.customer, fields=fields, worded=worded)


@asynccontextmanager
async def _database() -> AsyncIterator[None]:
    try:
        yield
    except LookupError as error:
        raise ApplicationError(f"there is no incident {error}", type="NoSuchIncident") from error
    except (SQLAlchemyError, OSError) as error:
        raise database_away(error) from None
