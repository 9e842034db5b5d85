"""The figures of a summary: what happened within the period, so that two in a row neither miss nor repeat anything."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.money import Money
from domain.policy.wording import Wording
from domain.stored import empty
from domain.summary.period import Every, Period


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Count(_Figures):
    """How many there were of one kind."""

    id: str = Field(description="Id of the kind.")
    title: Wording = Field(description="What it is called, in both languages.")
    count: int = Field(description="How many.")


class FindingCount(Count):
    """How many complaints had one finding, such as a long delay."""

    fact: str = Field(description="Name of the pack's fact; id is its value.")
    fact_title: Wording = Field(description="What the fact is called, in both languages.")


class AnswerCount(Count):
    """How many customers gave one answer to a question of the survey; id is the choice."""

    question: str = Field(description="Id of the question.")
    question_title: Wording = Field(description="The question, in both languages.")


class PromiseFigures(_Figures):
    """One promise of the procedure: how often it was kept in time and how often missed."""

    name: str = Field(description="The pack's row.")
    title: Wording = Field(description="What it is called, in both languages.")
    clause: str = Field(description="Clause of the procedure; empty where the row is of an older version.")
    owner: str = Field(description="Role that has to keep it; empty where the row is of an older version.")
    kept: int = Field(description="How often it was kept in time.")
    missed: int = Field(description="How often it was missed, done late included.")


class PersonFigures(_Figures):
    """The promises of agents that fell to one person who was in charge at that moment."""

    person: str = Field(description="Staff id.")
    kept: int = Field(description="Promises kept in time.")
    missed: int = Field(description="Promises missed.")


class MoneyFigures(_Figures):
    """Money of one currency."""

    agreed: Money = Field(description="Money in the plans that customers agreed to.")
    given_up: Money = Field(description="Money of agreed steps that were given up.")
    paid: Money = Field(description="Money that reached customers.")


class Satisfaction(_Figures):
    """What customers said of the result, and what was taken up again."""

    satisfied: int = Field(description="Customers who were satisfied with the result.")
    dissatisfied: int = Field(description="Customers who were not; each is handled again.")
    rated: int = Field(description="How many gave a rating.")
    rating: Decimal | None = Field(description="Their mean rating, to one decimal; null without any.")
    reopened: int = Field(description="Closed complaints that were taken up again.")

    @property
    def handled_again(self) -> int:
        return self.dissatisfied + self.reopened


class CarrierCount(_Figures):
    """How many late complaints one carrier had on a route."""

    carrier: str | None = Field(description="The carrier; null where it is not known.")
    late: int = Field(description="How many complaints of lateness.")


class RouteFigures(_Figures):
    """One route with its complaints of lateness."""

    origin: str = Field(description="Where the goods leave from.")
    destination: str = Field(description="Where they go.")
    late: int = Field(description="Complaints of lateness that were received; those found untrue are left out.")
    carriers: tuple[CarrierCount, ...] = Field(description="The same by carrier.")
    flagged: bool = Field(description="Late as often as the pack calls often.")


class Improvement(_Figures):
    """Something that the figures ask to be changed."""

    kind: Literal["route", "promise", "cause"] = Field(description="What it is about.")
    clauses: tuple[str, ...] = Field(description="Clauses behind it.")
    text: Wording = Field(description="What the figures show and what is proposed, in both languages.")


class Summary(_Figures):
    """One summary of one group of complaints."""

    tenant: str = Field(description="Id of the company.")
    report: str = Field(description="The pack's row.")
    title: Wording = Field(description="What it is called, in both languages.")
    clauses: tuple[str, ...] = Field(description="Clauses that ask for it.")
    every: Every = Field(description="How often it is made: month or quarter.")
    group: str | None = Field(description="Group of categories that it counts; null: all.")
    by_route: bool = Field(description="It is about the routes.")
    period: Period = Field(description="The days that it counts.")
    received: int = Field(description="Complaints that were received.")
    assessed: int = Field(description="Of those, how many have been found true and assessed by now.")
    unfounded: int = Field(description="Of those, how many have been found untrue by now.")
    by_category: tuple[Count, ...] = Field(description="The received ones by category.")
    by_level: tuple[Count, ...] = Field(description="The received ones by level.")
    by_finding: tuple[FindingCount, ...] = Field(description="The assessed ones by what was found out.")
    by_cause: tuple[Count, ...] = Field(description="The assessed ones by who is liable.")
    closed: int = Field(description="Complaints that ended and stayed so until the end of the period.")
    by_outcome: tuple[Count, ...] = Field(description="Those by how they ended.")
    promises: tuple[PromiseFigures, ...] = Field(description="Promises that were kept or missed, the weakest first.")
    people: tuple[PersonFigures, ...] = Field(description="Promises of agents by who was in charge, most missed first.")
    money: tuple[MoneyFigures, ...] = Field(description="Money by currency.")
    satisfaction: Satisfaction = Field(description="What customers said of the result.")
    by_answer: tuple[AnswerCount, ...] = Field(
        default=(), exclude_if=empty, description="What customers answered to the survey, question by question."
    )
    routes: tuple[RouteFigures, ...] = Field(description="Routes with complaints of lateness, the most first.")
    late_elsewhere: int = Field(description="Complaints of lateness whose route is not known.")
    flag_at_least: int | None = Field(description="So many on one route are flagged; null: none is.")
    improvements: tuple[Improvement, ...] = Field(description="What the figures ask to be changed.")
