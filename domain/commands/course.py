"""What may be done at any time: evidence, pauses, hands, and the end."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from domain.actor import Role
from domain.commands.command import Command
from domain.intake import Evidence, Identifier, Line, Prose


class AttachEvidence(Command):
    """Add photographs, videos or documents by reference."""

    evidence: tuple[Evidence, ...] = Field(min_length=1, max_length=20)
    ours: bool = Field(
        default=False, description="The company's own, such as a recording: it answers nothing that the customer was asked for."
    )


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
