"""The commands of a complaint as Updates (`workflows/updates.py`).

Approvals come as Signals too, with the same payload, so that a supervisor or a script can decide from the Temporal UI or CLI. A
signal cannot be answered: one that is refused leaves an entry in the journal instead.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any

from temporalio import workflow

from domain import commands as c
from domain.commands import Command, Receipt, Signed, name_of
from domain.refusal import Refusal
from workflows.updates import Answering, described, update_of


class Commanded(Answering[Signed[Command], Receipt]):
    """What the handlers below need of the workflow that they belong to."""

    @abstractmethod
    def note_refusal(self, signed: Signed[Command], refusal: Refusal) -> None:
        """Enter that a signal was refused."""


def update(command: type[Command]) -> Any:
    return update_of(command, Signed[command], Receipt)  # type: ignore[valid-type]


def signal(command: type[Command]) -> Callable[[Any, Any], Awaitable[None]]:
    """The Signal of a command. A refusal must not fail the workflow, so it becomes an entry."""

    async def handle(self: Commanded, signed: Any) -> None:
        await self.calm()
        # Whoever can write to the namespace can say to be anybody: the journal tells that nobody has checked it.
        signed = signed.model_copy(update={"by": signed.by.model_copy(update={"via": "signal"})})
        try:
            self.perform(signed)
        except Refusal as refusal:
            self.note_refusal(signed, refusal)

    name = name_of(command)
    handle.__annotations__ = {"signed": Signed[command], "return": None}  # type: ignore[valid-type]
    handle.__name__, handle.__qualname__ = f"{name}_by_signal", f"Commands.{name}_by_signal"
    return workflow.signal(name=name, description=described(command))(handle)


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
