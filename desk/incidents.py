"""Commands to incidents: a person's word reaches the workflow, and its answer or its refusal comes back in domain words."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta
from typing import Any

from temporalio.client import Client

from desk.errors import NoSuchComplaint
from desk.translate import temporal_errors
from domain.commands import name_of
from domain.incident.commands import IncidentReceipt, SignedForIncident

_INCIDENT_ID = re.compile(r"inc_[a-z2-7]{26}")


async def give_incident_command(
    client: Client, tenant: str, incident: str, signed: SignedForIncident[Any], key: str | None, patience: timedelta
) -> IncidentReceipt:
    """Carry out one command; the same key of the same person for the same command answers the first receipt again.

    Raises Refused, ComplaintClosed (the incident has ended), NoSuchComplaint, DeskBusy, NobodyAnswered, TemporalAway.
    """
    if _INCIDENT_ID.fullmatch(incident) is None:
        raise NoSuchComplaint(incident)
    name = name_of(type(signed.command))
    handle = client.get_workflow_handle(f"incident/{tenant}/{incident}")
    with temporal_errors():
        receipt: IncidentReceipt = await handle.execute_update(
            name, signed, id=_update_id(signed, name, key), result_type=IncidentReceipt, rpc_timeout=patience
        )
    return receipt


def _update_id(signed: SignedForIncident[Any], name: str, key: str | None) -> str:
    """A digest, for ids stand in the history in clear."""
    if key is None:
        return secrets.token_urlsafe(9)
    said = f"{signed.by.id}\0{name}\0{key}\0{signed.command.model_dump_json(exclude_defaults=True)}"
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
