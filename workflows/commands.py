"""The commands as Updates: one a command of the domain, with a validator that says no before anything is written to history.

Approvals come as Signals too, with the same payload, so that a supervisor or a script can decide from the Temporal UI or CLI. A
signal cannot be answered: one that is refused leaves an entry in the journal instead.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from domain import commands as c
from domain.commands import Command, Receipt, Signed, name_of
from domain.refusal import Refusal


class Commanded:
    """What the handlers below need of the workflow that they belong to."""

    @abstractmethod
    async def calm(self) -> None:
        """Wait until a command may change the case (`workflows/local.py`); normally at once."""

    @abstractmethod
    def check(self, signed: Signed[Command]) -> None:
        """Raise Refusal when the command is not allowed now; changes nothing."""

    @abstractmethod
    def perform(self, signed: Signed[Command]) -> Receipt:
        """Carry the command out; raises Refusal."""

    @abstractmethod
    def note_refusal(self, signed: Signed[Command], refusal: Refusal) -> None:
        """Enter that a signal was refused."""


def refused(refusal: Refusal) -> ApplicationError:
    """A refusal as it travels to the client: its code as type, the sentences as details."""
    detail = {"field": refusal.field, "zh": refusal.zh, "en": refusal.en}
    return ApplicationError(refusal.en, detail, type=refusal.code, non_retryable=True)


def update(command: type[Command]) -> Any:
    """The Update of a command, named like it, with its docstring as the description that operators read."""

    async def handle(self: Commanded, signed: Any) -> Receipt:
        await self.calm()
        try:
            return self.perform(signed)
        except Refusal as refusal:
            raise refused(refusal) from refusal

    def validate(self: Commanded, signed: Any) -> None:
        try:
            self.check(signed)
        except Refusal as refusal:
            raise refused(refusal) from refusal

    name = name_of(command)
    for function, answer in ((handle, Receipt), (validate, None)):
        function.__annotations__ = {"signed": Signed[command], "return": answer}  # type: ignore[valid-type]
        function.__name__, function.__qualname__ = name, f"Commands.{name}"
    handler: Any = workflow.update(name=name, description=(command.__doc__ or "").strip().splitlines()[0])(handle)
    handler.validator(validate)
    return handler


def signal(command: type[Command]) -> Callable[[Any, Any], Awaitable[None]]:
    """The Signal of a command. A refusal must not fail the workflow, so it becomes an entry."""

    async def handle(self: Commanded, signed: Any) -> None:
        await self.calm()
        try:
            self.perform(signed)
        except Refusal as refusal:
            self.note_refusal(signed, refusal)

    name = name_of(command)
    handle.__annotations__ = {"signed": Signed[command], "return": None}  # type: ignore[valid-type]
    handle.__name__, handle.__qualname__ = f"{name}_by_signal", f"Commands.{name}_by_signal"
    return workflow.signal(name=name, description=(command.__doc__ or "").strip().splitlines()[0])(handle)


class Commands(Commanded):
    """Everything people may do, in the order of the procedure."""

    respond = update(c.Respond)
    order_inspection = update(c.OrderInspection)
    report_visit = update(c.ReportVisit)
    verify = update(c.Verify)
    assess = update(c.Assess)
    propose = update(c.Propose)
    approve = update(c.Approve)
    send_back = update(c.SendBack)
    refuse = update(c.Refuse)
    accept = update(c.Accept)
    decline = update(c.Decline)
    appeal = update(c.Appeal)
    complete_step = update(c.CompleteStep)
    settle_step = update(c.SettleStep)
    report_progress = update(c.ReportProgress)
    record_callback = update(c.RecordCallback)
    confirm = update(c.Confirm)
    attach_evidence = update(c.AttachEvidence)
    pause = update(c.Pause)
    resume = update(c.Resume)
    hand_over = update(c.HandOver)
    escalate = update(c.Escalate)
    acknowledge = update(c.Acknowledge)
    withdraw = update(c.Withdraw)
    reopen = update(c.Reopen)
    close_by_decision = update(c.CloseByDecision)
    reclassify = update(c.Reclassify)
    give_opinion = update(c.GiveOpinion)
    take_over = update(c.TakeOver)
    decline_hand_over = update(c.DeclineHandOver)
    promise_time = update(c.PromiseTime)
    record_follow_up = update(c.RecordFollowUp)
    answer_survey = update(c.AnswerSurvey)
    note_sign = update(c.NoteSign)
    demand_evidence = update(c.DemandEvidence)
    presume_malice = update(c.PresumeMalice)
    refer_to_legal = update(c.ReferToLegal)

    approve_by_signal = signal(c.Approve)
    send_back_by_signal = signal(c.SendBack)
    refuse_by_signal = signal(c.Refuse)
