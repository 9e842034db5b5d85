"""What departments say when they are asked, and what is said to a hand-over."""

from __future__ import annotations

from pydantic import Field

from domain.commands.command import Command
from domain.intake import Identifier, Line, Prose
from domain.stored import empty


class GiveOpinion(Command):
    """Say what the department thinks of the complaint, before anything is proposed."""

    opinion: Prose = Field(description="What the department thinks: the cause, and what should be done.")
    responsible: Line | None = Field(default=None, description="The person responsible, where the department found one.")
    department: Identifier | None = Field(
        default=None, description="Department that speaks; the speaker's own by the company's file when absent."
    )
    on_behalf: bool = Field(
        default=False,
        exclude_if=empty,
        description="A supervisor or above speaks in the department's place, and it is on record as that. True by itself where "
        "the speaker is nobody of that department.",
    )


class TakeOver(Command):
    """Accept a hand-over: from now on the complaint is yours."""


class DeclineHandOver(Command):
    """Turn a hand-over down: the complaint stays with whoever has it."""

    reason: Line
