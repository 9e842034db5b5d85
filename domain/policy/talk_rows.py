"""Rows about talking with people: notices, advice, the call back, appeals, how a complaint ends, and what is reported."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from domain.actor import Role
from domain.policy.conditions import When
from domain.policy.figures import Duration
from domain.policy.rows import Ruled
from domain.policy.vocabulary import NoticeTo
from domain.policy.wording import Name, Wording, fault
from domain.stored import absent, empty


class NoticeRule(Ruled):
    """A message that goes out when one of the entries `on` is written; `{fields}` are those of the vocabulary."""

    id: Name
    on: tuple[str, ...] = Field(min_length=1)
    when: When = Field(default_factory=dict)
    to: NoticeTo
    department: str | None = Field(default=None, description="Which department of the tenant; the step's own when absent.")
    title: Wording | None = Field(default=None, description="What it is called in the story of a complaint; its id when absent.")
    subject: Wording
    body: Wording

    @model_validator(mode="after")
    def _department_of_the_department(self) -> Self:
        if self.department is not None and self.to != "department":
            raise fault('`department` belongs to to = "department"', 'department 只用于 to = "department"')
        return self


class AdviceRule(Ruled):
    """What a person is told at the moment it applies, after the entry `on`."""

    id: Name
    on: str
    when: When = Field(default_factory=dict)
    text: Wording


class FollowUpRule(Ruled):
    """A look back at the customer `after` their word that they are satisfied, before the complaint is closed for good.

    `deadline` counts from confirmed + `after`: after 7 days and within 8 is a visit between the 7th and the 15th day. The first
    row that holds applies.
    """

    id: Name
    title: Wording
    when: When = Field(default_factory=dict)
    starts: Literal["confirmed"] = "confirmed"
    after: Duration
    owner: Role
    deadline: Name = Field(description="The promise to do it, which starts when its time has come.")


class HintRule(Ruled):
    """Words of a text that speak for a category: a suggestion to whoever files, never a decision.

    "没…筷子" means the second within ten characters of the first, in the same sentence.
    """

    id: Name
    category: Name
    words: tuple[str, ...] = Field(min_length=1, description="Any of these; each counts once.")
    without: tuple[str, ...] = Field(default=(), description="None of these.")
    weight: StrictInt = Field(default=1, ge=1, le=10)


class ReportRule(Ruled):
    id: Name
    title: Wording
    every: Literal["month", "quarter"]
    group: Name | None = None
    by_route: StrictBool = Field(default=False, description="Counts complaints by where goods leave and where they go.")
    flag_at_least: StrictInt | None = Field(default=None, ge=1, description="So many on one route within the period are flagged.")
    proposal: Wording | None = None
    due_day: StrictInt | None = Field(
        default=None,
        ge=1,
        le=28,
        exclude_if=absent,
        description="It reaches a supervisor by the end of this day of the month after the period; else the manager is told.",
    )
    trend: StrictBool = Field(default=False, exclude_if=empty, description="Tells the period before beside this one.")
    departments: tuple[str, ...] = Field(
        default=(), exclude_if=empty, description="Departments of the company that get it too, without who did what."
    )
    recurring_at_least: StrictInt | None = Field(
        default=None,
        ge=2,
        exclude_if=absent,
        description="So many complaints about one product, lot or step within the period are called recurring.",
    )
    recurring_to: tuple[str, ...] = Field(
        default=(), exclude_if=empty, description="Departments that hear of what recurs, such as production or quality."
    )

    @model_validator(mode="after")
    def _recurring_is_counted(self) -> Self:
        if self.recurring_to and self.recurring_at_least is None:
            raise fault("`recurring_to` needs recurring_at_least", "recurring_to 须与 recurring_at_least 一起使用")
        return self


class ConfirmRule(Ruled):
    """The call back after the remedy: the scale of satisfaction and how often it is tried."""

    rating_min: StrictInt = 1
    rating_max: StrictInt = 5
    satisfied_from: StrictInt
    attempts: StrictInt = Field(ge=1, description="Unanswered calls after which a supervisor may close with a reason.")


class AppealRule(Ruled):
    """Who hears a customer who does not agree, appeal by appeal; after the last a reasoned decision stands."""

    heard_by: tuple[Role, ...] = Field(min_length=1)

    @property
    def max_appeals(self) -> int:
        return len(self.heard_by)

    def judge(self, number: int) -> Role:
        """Who hears appeal `number`, counted from 1; the last one hears any further."""
        return self.heard_by[min(number, len(self.heard_by)) - 1]


class ClosingRule(Ruled):
    """How a complaint may end, and who may end it against the customer's word."""

    outcomes: tuple[str, ...] = Field(min_length=1)
    decided_by: Role
