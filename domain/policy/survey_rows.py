"""The survey after the remedy: short questions with choices."""

from __future__ import annotations

from typing import Self

from pydantic import Field, StrictBool, model_validator

from domain.policy.conditions import When
from domain.policy.rows import Choice, Ruled
from domain.policy.wording import Name, Wording, fault


class SurveyChoice(Choice):
    dissatisfied: StrictBool = Field(default=False, description="Whoever answers this is not satisfied: it is handled again.")


class SurveyRule(Ruled):
    """One question to the customer. Questions are asked in the pack's order."""

    id: Name
    when: When = Field(default_factory=dict)
    question: Wording
    choice: tuple[SurveyChoice, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _choices_differ(self) -> Self:
        ids = [choice.id for choice in self.choice]
        if len(set(ids)) < len(ids):
            raise fault("two choices have one id; rename one", "选项编号重复，请改名")
        return self
