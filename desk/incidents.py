"""Commands to incidents: a person's word reaches the workflow, and its answer or its refusal comes back in domain words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from temporalio.client import Client

from desk.commands import update_id
from desk.errors import ComplaintClosed, NoSuchComplaint, Refused
from desk.look import given
from desk.translate import temporal_errors
from domain.commands import name_of
from domain.incident.commands import IncidentReceipt, SignedForIncident
from domain.receipts import Receipts, command_id
from domain.refusal import Refusal

_INCIDENT_ID = re.compile(r"inc_[a-z2-7]{26}")


async def give_incident_command(
    client: Client, tenant: str, incident: str, signed: SignedForIncident[Any], key: str | None, patience: timedelta
) -> IncidentReceipt:
    """Carry out one command. Raises Refused, ComplaintClosed (the incident has ended), NoSuchComplaint, DeskBusy, NobodyAnswered,
    TemporalAway.

    `key` is the caller's own: the same key for the same command of the same person answers the first receipt again, in whatever
    run of the incident it was carried out, and after its end; with another body it is Refused (`key_reused`).
    """
    if _INCIDENT_ID.fullmatch(incident) is None:
        raise NoSuchComplaint(incident)
    handle = client.get_workflow_handle(f"incident/{tenant}/{incident}")
    try:
        with temporal_errors():
            receipt: IncidentReceipt = await handle.execute_update(
                name_of(type(signed.command)),
                signed,
                id=update_id(signed, key),
                result_type=IncidentReceipt,
                rpc_timeout=patience,
            )
    except ComplaintClosed:
        if key is not None and (first := await _before_the_end(client, handle.id, incident, signed, key)) is not None:
            return first
        raise
    return receipt


async def _before_the_end(
    client: Client, workflow_id: str, incident: str, signed: SignedForIncident[Any], key: str
) -> IncidentReceipt | None:
    try:
        first = Receipts(await given(client, workflow_id)).given(command_id(signed, key))
    except Refusal as refusal:
        raise Refused.of(refusal) from refusal
    return IncidentReceipt(incident_id=incident, revision=first.revision) if first else None
