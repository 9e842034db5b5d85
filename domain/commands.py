"""What people may do to a complaint: one frozen model a command, the same in HTTP, in the workflow and in its history.

`Signed` joins a command with the person behind it; the name of a command's class in snake case is the name of its Update and
of its HTTP endpoint.
"""

from __future__ import annotations

import re
from typing import Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.actor import Actor, Role
from domain.intake import Evidence, Identifier, Line, Prose
from domain.journal import FactValue
from domain.remedies import StepChoice


class Command(BaseModel):
    """Something a person wants done. Subclasses are the whole vocabulary."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Respond(Command):
    """First response to the customer: it is recorded, and by when it will be looked into."""

    message: Prose = Field(description="What the customer was told. Automatic replies do not count as a response.")


class OrderInspection(Command):
    """Send a technician to look on site."""

    address: Line | None = Field(default=None, description="Where to; the installation address when absent.")
    note: Line | None = Field(default=None, description="What to look at.")


class ReportVisit(Command):
    """What a visit on site found or put right, with photographs or video as evidence."""

    step: Identifier = Field(description="Id of the visit: `inspection` for the latest one ordered, or a step of the plan.")
    findings: Prose
    corrected: bool = Field(default=False, description="The matter was put right to the customer's satisfaction.")
    evidence: tuple[Evidence, ...] = Field(min_length=1, max_length=20, description="At least one photograph or video.")


class Verify(Command):
    """Whether the complaint is true, after asking carrier, warehouse or installer."""

    founded: bool = Field(description="False ends the complaint as unfounded; the customer is told why.")
    findings: Prose
    sources: tuple[Line, ...] = Field(
        default=(), max_length=20, description="Who and what was asked: carrier, warehouse log, ..."
    )


class Assess(Command):
    """The facts that the procedure's remedies depend on, and who is liable."""

    facts: dict[str, FactValue] = Field(max_length=30, description="Facts by name as the pack declares them; see /v1/policies.")
    liable: Literal["company", "carrier", "installer", "supplier", "customer", "nobody"]
    note: Line | None = None


class Propose(Command):
    """Put forward the remedy that the procedure names, with the choices it leaves open."""

    choices: tuple[StepChoice, ...] = Field(
        default=(), max_length=20, description="Changes to single steps; none: as the pack says."
    )
    reason: Line | None = Field(default=None, description="Why it differs from the pack's default; required outside a range.")


class Approve(Command):
    """The approver agrees to a proposal; it is then offered to the customer."""

    number: int = Field(ge=1, description="Number of the proposal, so that a later one is never approved by mistake.")
    note: Line | None = None


class SendBack(Command):
    """The approver wants another proposal."""

    number: int = Field(ge=1)
    reason: Prose


class Refuse(Command):
    """The approver refuses the proposal and takes over: proposing anew or closing by a reasoned decision."""

    number: int = Field(ge=1)
    reason: Prose


class Accept(Command):
    """The customer agrees to the offered plan; carrying out begins."""

    number: int = Field(ge=1)


class Decline(Command):
    """The customer does not agree; the desk proposes again."""

    number: int = Field(ge=1)
    reason: Prose


class Appeal(Command):
    """The customer asks a higher level to look at it again."""

    number: int = Field(ge=1)
    grounds: Prose


class CompleteStep(Command):
    """A step that a person carries out is done: an explanation given, a claim against the carrier settled."""

    step: Identifier
    note: Prose


class SettleStep(Command):
    """What becomes of a step that failed for good, or is not wanted any more: try it again, drop it, call it off.

    `call_off` stops at its partner what is under way (goods not delivered, a payment still pending, a visit to come) and takes an
    unused benefit back. What cannot be undone goes on, and the journal says why.
    """

    step: Identifier
    action: Literal["retry", "drop", "call_off"] = Field(description="retry or drop what has failed; call_off what has not.")
    reason: Prose


class ReportProgress(Command):
    """What the customer was told about how far the plan is."""

    message: Prose


class RecordCallback(Command):
    """An attempt to reach the customer after the plan was carried out."""

    answered: bool
    note: Line | None = None
    next_at: AwareDatetime | None = Field(
        default=None, description="When it will be tried again, where the customer named a time."
    )


class Confirm(Command):
    """What the customer says of the result."""

    satisfied: bool = Field(description="Only a satisfied customer closes the complaint; otherwise it is handled again.")
    rating: int | None = Field(default=None, ge=1, le=5, description="1 (bad) to 5 (good).")
    comment: Prose | None = None


class AttachEvidence(Command):
    """Add photographs, videos or documents by reference."""

    evidence: tuple[Evidence, ...] = Field(min_length=1, max_length=20)


class Pause(Command):
    """Stop the pausable promises while the business cannot go on, such as while the customer owes an answer."""

    reason: Line
    until_at: AwareDatetime | None = Field(default=None, description="Resumes by itself at this instant.")


class Resume(Command):
    """End a pause; the promises run on from where they stood."""

    reason: Line | None = None


class HandOver(Command):
    """Give the complaint to another person."""

    to: Identifier = Field(description="Staff id of the new assignee.")
    reason: Line


class Escalate(Command):
    """Take it up by hand, without waiting for a deadline."""

    to: Literal[Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER] = Role.SUPERVISOR
    reason: Prose


class Acknowledge(Command):
    """The person escalated to has taken notice; the ladder of that deadline stops."""

    deadline: str | None = Field(
        default=None, max_length=100, description="Key of the deadline; every escalated one when absent."
    )
    note: Line | None = None


class Withdraw(Command):
    """The customer takes the complaint back."""

    reason: Prose


class Reopen(Command):
    """A closed complaint is taken up again."""

    reason: Prose


class CloseByDecision(Command):
    """A supervisor's reasoned decision ends the complaint without a satisfied customer."""

    outcome: Literal["explanation_accepted", "refused_as_malicious", "referred_outside", "decided"]
    reason: Prose


C = TypeVar("C", bound=Command, covariant=True)


class Signed(BaseModel, Generic[C]):
    """A command with the person who gives it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Actor
    command: C


class Receipt(BaseModel):
    """Answer to a command that was carried out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    complaint_id: str
    stage: str = Field(description="Stage after the command.")
    revision: int = Field(description="Sequence number of the last journal entry after the command.")


def name_of(command: type[Command]) -> str:
    """`RecordCallback` is `record_callback` as an Update and in HTTP."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()


COMMANDS: dict[str, type[Command]] = {name_of(command): command for command in Command.__subclasses__()}
