"""The commands of an incident as Updates: one a command of the domain, with a validator that says no first."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from temporalio import workflow

from domain.commands.command import name_of
from domain.incident import commands as c
from domain.incident.commands import IncidentCommand, IncidentReceipt, SignedForIncident
from domain.refusal import Refusal
from workflows.commands import refused


class _Commanded:
    @abstractmethod
    def check(self, signed: SignedForIncident[IncidentCommand]) -> None:
        """Raise Refusal when the command is not allowed now; changes nothing."""

    @abstractmethod
    def perform(self, signed: SignedForIncident[IncidentCommand]) -> IncidentReceipt:
        """Carry the command out; raises Refusal."""


def update(command: type[IncidentCommand]) -> Any:
    """The Update of a command, named like it, with its docstring as the description that operators read."""

    async def handle(self: _Commanded, signed: Any) -> IncidentReceipt:
        try:
            return self.perform(signed)
        except Refusal as refusal:
            raise refused(refusal) from refusal

    def validate(self: _Commanded, signed: Any) -> None:
        try:
            self.check(signed)
        except Refusal as refusal:
            raise refused(refusal) from refusal

    name = name_of(command)
    for function, answer in ((handle, IncidentReceipt), (validate, None)):
        function.__annotations__ = {"signed": SignedForIncident[command], "return": answer}  # type: ignore[valid-type]
        function.__name__, function.__qualname__ = name, f"IncidentCommands.{name}"
    handler: Any = workflow.update(name=name, description=(command.__doc__ or "").strip().splitlines()[0])(handle)
    handler.validator(validate)
    return handler


class IncidentCommands(_Commanded):
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
