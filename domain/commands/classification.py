"""Saying what kind of complaint it is, once more is known."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from domain.commands.command import Command
from domain.commands.handling import RESTS_ON, Digest
from domain.intake import Details, Identifier, Prose, UrgentCause


class Reclassify(Command):
    """Put the complaint into another category, say why it is urgent, or add what was found out about it.

    Its promises are counted anew from receipt. Whoever turns out to be complained of loses it.
    """

    category: Identifier | None = Field(default=None, description="Category id of the pack; as it is when absent.")
    urgent_causes: tuple[UrgentCause, ...] | None = Field(
        default=None, max_length=4, description="All the causes that hold now; as they are when absent, none when empty."
    )
    answer_by_at: AwareDatetime | None = Field(
        default=None, description="By when a superior department wants an answer; only with superior_asks."
    )
    details: Details | None = Field(
        default=None, description="What the complaint did not say and is known by now, such as what the new category requires."
    )
    reason: Prose = Field(description="The evidence for it, in words.")
    rests_on: tuple[Digest, ...] = Field(default=(), max_length=20, description=RESTS_ON)
