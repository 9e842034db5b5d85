"""Saying what kind of complaint it is, once more is known."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from domain.commands.command import Command
from domain.intake import Identifier, Prose, UrgentCause


class Reclassify(Command):
    """Put the complaint into another category, or say why it is urgent; its promises are counted anew from receipt."""

    category: Identifier | None = Field(default=None, description="Category id of the pack; as it is when absent.")
    urgent_causes: tuple[UrgentCause, ...] | None = Field(
        default=None, max_length=4, description="All the causes that hold now; as they are when absent, none when empty."
    )
    answer_by_at: AwareDatetime | None = Field(
        default=None, description="By when a superior department wants an answer; only with superior_asks."
    )
    reason: Prose = Field(description="The evidence for it, in words.")
