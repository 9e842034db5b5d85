"""Rows about what is complained of and by when something is done: clauses, categories, facts, deadlines and ladders."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator

from domain import budget
from domain.actor import Role
from domain.policy.conditions import When
from domain.policy.figures import Counted
from domain.policy.vocabulary import CarriedBy, Level, RungAction
from domain.policy.wording import ClauseId, Name, Row, Wording, fault


class Clause(Row):
    """One rule of the written procedure in our words, or (`house`) a figure that the procedure leaves open, with its reason."""

    id: ClauseId
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    by: Literal["software", "person", "advice"]
    inferred: StrictBool = Field(default=False, description="The source breaks off here; completed by analogy.")
    house: StrictBool = False
    reason: Wording | None = Field(default=None, description="Why a house rule has this figure.")
    carried_by: CarriedBy | None = Field(default=None, description="Where it lives when no row of the pack carries it.")
    when: When = Field(default_factory=dict, description="For `carried_by`: the complaints it is about.")

    @model_validator(mode="after")
    def _house_rules_say_why(self) -> Self:
        if self.house != self.id.startswith("HOUSE-"):
            raise fault("`house = true` and an id HOUSE-... go together", "house = true 与 HOUSE- 开头的 id 须同时使用")
        if self.house and self.reason is None:
            raise fault("a house rule needs a reason", "内部规定须写明 reason")
        return self


class Ruled(Row):
    """A row that rests on a clause; `also` names further clauses it carries."""

    clause: ClauseId
    also: tuple[ClauseId, ...] = ()

    @property
    def clauses(self) -> tuple[str, ...]:
        return (self.clause, *self.also)


class Category(Ruled):
    id: Name
    group: Name
    title: Wording
    required: tuple[str, ...] = Field(default=(), description="Fields of the intake without which it is refused.")
    level: Level = "normal"
    verification: StrictBool = Field(
        default=True, description="False: taken as told; the first response leads to the assessment."
    )


class Choice(Row):
    id: Name
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class FactRule(Ruled):
    """Something to be found out. *assess*: a person says it; *derived*: it follows from `[[class]]` rows."""

    name: Name
    type: Literal["choice", "integer", "boolean", "percent"]
    title: Wording
    values: tuple[Choice, ...] = ()
    unit: Wording | None = None
    min: StrictInt | None = None
    max: StrictInt | None = None
    when: When = Field(default_factory=dict, description="Where it is asked: categories, groups, other facts.")
    asked: Literal["assess", "derived"] = "assess"
    suggested_by: Literal["days_late"] | None = Field(default=None, description="What the order itself suggests.")
    of_staff: StrictBool = Field(
        default=False,
        description="Found so, it counts in the month of the employee complained of; without such a fact, verified.",
    )

    @model_validator(mode="after")
    def _type_fits(self) -> Self:
        if (self.type == "choice") != bool(self.values):
            raise fault("`values` belong to a choice, and a choice needs them", "choice 类型须有 values，其他类型不得有")
        if self.type not in ("integer", "percent") and (self.min is not None or self.max is not None):
            raise fault("`min` and `max` belong to an integer or a percent", "min、max 只用于 integer 或 percent")
        if self.of_staff and self.type != "boolean":
            raise fault("`of_staff` belongs to a boolean: found so or not", "of_staff 只用于 boolean 类型")
        return self


class ClassRule(Ruled):
    """A word for a range of findings: 3 to 5 days of delay are a *longer* one. Fact `name` becomes `value` `when` it holds."""

    id: Name
    name: Name
    value: str
    when: When


class DeadlineRule(Counted, Ruled):
    """A promise with a time. Entries named in `starts` open it, `met_by` keep it, `dropped_by` make it pointless.

    `dropped_by` may name the department that is asked: `consulted:laboratory` leaves the promise alone when another one is.

    With `at = "named"` it is due exactly at the instant named in the entry that starts it, and not opened by one that names none.

    With `scope = "step"` it is opened for each step of a remedy that names it, and its entries are those of that step.
    """

    id: Name
    title: Wording
    when: When = Field(default_factory=dict)
    scope: Literal["complaint", "step"] = "complaint"
    starts: tuple[str, ...] = Field(min_length=1)
    met_by: tuple[str, ...] = Field(min_length=1)
    dropped_by: tuple[str, ...] = ("closed", "withdrawn")
    repeat: StrictBool = Field(default=False, description="An entry that meets and starts it opens it again (daily).")
    pausable: StrictBool = Field(default=False, description="Waiting for the customer stops the clock.")
    owner: Role
    ladder: Name


class Rung(Row):
    """One step of an escalation: `before` (a duration, or a share of the time such as "30%") or `after` due; neither: at due."""

    id: Name
    clause: ClauseId | None = Field(default=None, description="The ladder's clause when absent.")
    before: str | None = None
    after: str | None = None
    to: Role | Literal["owner"]
    do: tuple[RungAction, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_instant(self) -> Self:
        try:
            budget.parse_rung(self.before, self.after)
        except ValueError as error:
            raise fault(str(error), '请写 before = "2h"、before = "30%" 或 after = "30m"') from error
        return self

    @property
    def place(self) -> budget.Rung:
        """Where it stands relative to the due instant."""
        return budget.parse_rung(self.before, self.after)

    def role(self, owner: Role) -> Role:
        """Whom it tells, for a deadline that `owner` keeps."""
        return owner if self.to == "owner" else Role(self.to)


class Ladder(Ruled):
    id: Name
    rung: tuple[Rung, ...] = Field(min_length=1)
