"""Rows about whose complaint it is: who takes it, which department is asked, and how it is handed over."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, StrictBool, model_validator

from domain.actor import Role
from domain.policy.conditions import When
from domain.policy.figures import Duration
from domain.policy.rows import Ruled
from domain.policy.wording import Name, fault

# *first_contact*: whoever filed it; *own_supervisor*: of the employee complained of, else of the assignee.
Candidate = Literal["first_contact", "own_supervisor", "agent", "senior_agent", "supervisor", "manager", "risk_control", "legal"]


class RouteRule(Ruled):
    """Who takes a complaint once one of the entries `on` is written: the first candidate in `to` who is there.

    Of several rows that hold, the one with the most conditions takes it (the special rule before the general one), then the
    first. A row may ask a `department` as well, or instead; with `opinion` nothing is proposed before it has said what it thinks.
    """

    id: Name
    when: When = Field(default_factory=dict)
    on: tuple[str, ...] = Field(default=("received",), min_length=1)
    to: tuple[Candidate, ...] = ()
    offered: StrictBool = Field(
        default=False, description="The first contact owns it until the one who is chosen has taken it over."
    )
    answer_within: Duration | None = Field(
        default=None,
        description="Who declines the offer, or says nothing for so long, is passed over for the next candidate; in the end it "
        "is their own supervisor's.",
    )
    department: Name | None = Field(default=None, description="Department of the company that is told or asked.")
    opinion: StrictBool = Field(default=False, description="The department has to give its opinion before anything is proposed.")

    @model_validator(mode="after")
    def _says_who(self) -> Self:
        if not self.to and self.department is None:
            raise fault(
                "a route needs `to` (who takes it) or `department` (who is asked)", "须写 to（由谁处理）或 department（征询谁）"
            )
        if len(set(self.to)) != len(self.to):
            raise fault("`to` names somebody twice", "to 中有重复的人选")
        if self.opinion and self.department is None:
            raise fault("`opinion` belongs to a `department`", "opinion 须与 department 同时使用")
        if self.answer_within is not None and not self.offered:
            raise fault("`answer_within` belongs to `offered`", "answer_within 须与 offered 同时使用")
        if self.offered and not self.to:
            raise fault("`offered` belongs to `to`", "offered 须与 to 同时使用")
        return self

    @property
    def first_role(self) -> Role | None:
        """The first candidate that is a role."""
        return next((Role(each) for each in self.to if each not in ("first_contact", "own_supervisor")), None)


class HandoverRule(Ruled):
    """How a complaint changes hands: with `acceptance` the giver stays responsible until the other one has taken it over."""

    acceptance: StrictBool
