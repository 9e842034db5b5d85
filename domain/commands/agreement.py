"""Proposing a remedy, deciding on it, agreeing to it or not."""

from __future__ import annotations

from pydantic import Field

from domain.commands.command import Command
from domain.intake import Line, Prose
from domain.remedies import StepChoice


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
