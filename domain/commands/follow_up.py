"""Looking back at the customer after the end of a handling: the visit, and the survey."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.commands.command import Command
from domain.intake import Prose

_Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class RecordFollowUp(Command):
    """What the look back at the customer found, or that nobody answered. What is not all right is handled again."""

    answered: bool = Field(description="The customer was reached.")
    satisfied: bool | None = Field(default=None, description="Whether the customer is still satisfied; where answered.")
    recurred: bool = Field(default=False, description="The matter has come up again.")
    new_demand: bool = Field(default=False, description="The customer wants something that is not settled yet.")
    note: Prose | None = Field(default=None, description="What the customer said.")

    @model_validator(mode="after")
    def _only_who_answered_said_something(self) -> Self:
        if self.answered != (self.satisfied is not None):
            raise ValueError("satisfied belongs to answered: say it where the customer was reached, and only there")
        if not self.answered and (self.recurred or self.new_demand):
            raise ValueError("recurred and new_demand are what a customer says who was reached")
        return self


class AnswerSurvey(Command):
    """The customer's answers to the survey of the procedure. An answer that says dissatisfied has the matter handled again."""

    answers: dict[_Word, _Word] = Field(
        min_length=1, max_length=20, description="Id of the choice by id of the question; see the complaint's survey."
    )
    comment: Prose | None = None
