"""The commands of an incident as Updates."""

from __future__ import annotations

from typing import Any

from domain.incident import commands as c
from domain.incident.commands import IncidentCommand, IncidentReceipt, SignedForIncident
from workflows.updates import Answering, update_of


def update(command: type[IncidentCommand]) -> Any:
    return update_of(command, SignedForIncident[command], IncidentReceipt)  # type: ignore[valid-type]


class IncidentCommands(Answering[SignedForIncident[IncidentCommand], IncidentReceipt]):
    """Everything people may do about an incident."""

    name_team = update(c.NameTeam)
    record_finding = update(c.RecordFinding)
    suspend_lot = update(c.SuspendLot)
    release_lot = update(c.ReleaseLot)
    recall = update(c.Recall)
    publish_statement = update(c.PublishStatement)
    tell_members = update(c.TellMembers)
    grant_extra = update(c.GrantExtra)
    approve_extra = update(c.ApproveExtra)
    refuse_extra = update(c.RefuseExtra)
    settle = update(c.Settle)
    close = update(c.Close)
