"""A time that is named to the customer."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from domain.commands.command import Command
from domain.intake import Line


class PromiseTime(Command):
    """Name a time to the customer: for a call, an answer, an arrival. Whoever names it again, names another time for the same."""

    about: Literal["callback", "answer", "arrival", "other"] = Field(description="What will have happened by then.")
    at: AwareDatetime = Field(description="The instant that the customer was told.")
    note: Line | None = Field(default=None, description="What was said, such as the number to call.")
