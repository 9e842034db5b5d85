"""Rows about how grave and how urgent a complaint is, and in which order work is done."""

from __future__ import annotations

from typing import Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from domain.policy.conditions import When
from domain.policy.rows import Ruled
from domain.policy.vocabulary import Level, Severity
from domain.policy.wording import Name, fault


class ClassificationRule(Ruled):
    """What a complaint is `when` this holds. All rows that hold count: the gravest level and severity, any urgency, and the
    smallest priority. Without a row that says so, level and urgency are the category's own.
    """

    id: Name
    when: When = Field(default_factory=dict)
    level: Level | None = None
    severity: Severity | None = None
    urgent: StrictBool | None = Field(default=None, description="true: urgent. Nothing makes an urgent complaint less so.")
    priority: StrictInt | None = Field(default=None, ge=1, le=5, description="1 is worked first.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.level, self.severity, self.urgent, self.priority) == (None, None, None, None):
            raise fault("a classification needs level, severity, urgent or priority", "须有 level、severity、urgent 或 priority")
        if self.urgent is False:
            raise fault("`urgent` is true or left out", "urgent 只能为 true，否则请删除")
        return self
