"""The desk: everything that the outside may ask of Temporal, in one small class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.client import Client

from activities.contract import Reconciled
from desk import commands, incidents, look, news, opening, reconciling
from desk.counted import count_filed, counted_command, counted_filing
from desk.errors import NoSuchComplaint
from desk.ids import ComplaintName, is_complaint_id
from desk.opening import Opened, Terms
from domain.actor import Actor
from domain.case import Case
from domain.commands import Command, Receipt, Reopen, Signed
from domain.given import Given
from domain.incident.commands import IncidentReceipt, SignedForIncident
from domain.intake import Intake
from workflows.arguments import EffectNews
from workflows.reconciliation import Reconciliation


@dataclass(frozen=True)
class Desk:
    """The door to one Temporal namespace. Every method raises the errors of `desk.errors` and no others."""

    client: Client
    task_queue: str
    patience: timedelta = commands.PATIENCE

    async def open(self, terms: Terms, intake: Intake, key: str, by: Actor) -> Opened:
        """File a complaint, once for each tenant and key."""
        with counted_filing():
            opened = await opening.open_complaint(self.client, self.task_queue, terms, intake, key, by)
        count_filed(opened.created)
        return opened

    async def command(
        self, tenant: str, complaint_id: str, name: str, signed: Signed[Command], command_id: str | None = None
    ) -> Receipt:
        """Give a command to an open complaint."""
        with counted_command(name):
            complaint = _named(tenant, complaint_id)
            return await commands.give_command(self.client, complaint, name, signed, command_id, self.patience)

    async def lead(
        self, tenant: str, incident_id: str, signed: SignedForIncident[Any], command_id: str | None = None
    ) -> IncidentReceipt:
        """Give a command to an open incident."""
        with counted_command("incident"):
            return await incidents.give_incident_command(self.client, tenant, incident_id, signed, command_id, self.patience)

    async def reopen(
        self, closed: Case, signed: Signed[Reopen], command_id: str | None = None, given: tuple[Given, ...] = ()
    ) -> Receipt:
        """Take a closed complaint up again, with the case as the database knows it and what was done under its callers' keys."""
        with counted_command("reopen"):
            return await commands.reopen(self.client, self.task_queue, closed, given, signed, command_id, self.patience)

    async def look(self, tenant: str, complaint_id: str) -> Case:
        """The case where it lives."""
        return await look.live_case(self.client, _named(tenant, complaint_id))

    async def given(self, tenant: str, complaint_id: str) -> tuple[Given, ...]:
        """What was done under keys of its callers, asked where the complaint lives or lived last."""
        return await look.given(self.client, _named(tenant, complaint_id).workflow_id)

    async def tell(self, report: EffectNews, news_id: str) -> bool:
        """Pass a partner's news on, once for each id; False when nobody waits for it."""
        return await news.pass_on(self.client, report, news_id)

    async def reconcile(self, asked: Reconciliation) -> Reconciled:
        """Compare ledger, partners and cases of these days now."""
        return await reconciling.reconcile_now(self.client, self.task_queue, asked, self.patience)

    async def is_there(self) -> bool:
        """Whether Temporal answers."""
        return await look.is_there(self.client)


def _named(tenant: str, complaint_id: str) -> ComplaintName:
    # Anything else was never an id of ours, and Temporal need not be asked.
    if not is_complaint_id(complaint_id):
        raise NoSuchComplaint(complaint_id)
    return ComplaintName(tenant, complaint_id)
