"""The figures of a summary: what happened within the period, so that two in a row neither miss nor repeat anything."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.money import Money
from domain.order import Locale
from domain.policy.wording import Wording
from domain.stored import absent, empty
from domain.summary.period import Every, Period


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Count(_Figures):
    """How many there were of one kind."""

    id: str = Field(description="Id of the kind.")
    title: Wording = Field(description="What it is called, in both languages.")
    count: int = Field(description="How many.")

    def in_language(self, locale: Locale) -> str:
        """What a reader calls it."""
        return self.title.in_language(locale)


class FindingCount(Count):
    """How many complaints had one finding, such as a long delay."""

    fact: str = Field(description="Name of the pack's fact; id is its value.")
    fact_title: Wording = Field(description="What the fact is called, in both languages.")

    def in_language(self, locale: Locale) -> str:
        """The finding behind its fact."""
        return f"{self.fact_title.in_language(locale)} / {self.title.in_language(locale)}"


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
    """The promises of agents that fell to one person who was in charge at that moment, and those of others that they kept."""

    person: str = Field(description="Staff id.")
    kept: int = Field(description="Promises kept in time.")
    missed: int = Field(description="Promises missed.")
    late: timedelta = Field(
        default=timedelta(0), exclude_if=empty, description="Of those done late after all: how late, in all (ISO 8601)."
    )


class TeamFigures(_Figures):
    """The same of everybody of one team: a department, the people of one supervisor, or all of a role.

    What a department that was asked, or a role, has missed is nobody's in particular.
    """

    team: str = Field(description="Id of the department or of the supervisor, or the role.")
    title: Wording = Field(description="What the team is called, in both languages.")
    kept: int = Field(description="Promises kept in time.")
    missed: int = Field(description="Promises missed.")
    late: timedelta = Field(description="Of those done late after all: how late, in all (ISO 8601).")


class StaffFigures(_Figures):
    """What counts in the month of one employee who was complained of."""

    person: str = Field(description="Staff id.")
    found_true: int = Field(description="Complaints about them, received in the period and found true by now.")
    recorded: int = Field(description="Records that a supervisor made of them.")
    coached: int = Field(description="How often they were coached.")


class RepeatComplainant(_Figures):
    """A customer who complained more than once in the period."""

    customer_id: str = Field(description="The shop's id of the customer.")
    complaints: int = Field(description="How many complaints were received.")


class Recurring(_Figures):
    """A product, a lot or a kind of trouble that came back as often as the pack calls recurring."""

    kind: Literal["product", "lot", "category"] = Field(description="What it is.")
    name: Wording = Field(description="What it is called, in both languages.")
    count: int = Field(description="Complaints that were received; those found untrue are left out.")


class IncidentFigures(_Figures):
    """Incidents that complaints of the period belong to."""

    incidents: int = Field(description="How many incidents.")
    complaints: int = Field(description="How many of the received complaints belong to one.")


class Trend(_Figures):
    """What was received in the period before this one, of the same length."""

    period: Period = Field(description="The days before.")
    received: int = Field(description="Complaints that were received then.")
    by_category: tuple[Count, ...] = Field(description="The received ones by category.")


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

    kind: Literal["route", "promise", "cause", "recurring", "regular"] = Field(
        description="What it is about; regular: proposed every time, whatever the figures."
    )
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
    by_severity: tuple[Count, ...] = Field(default=(), exclude_if=empty, description="The received ones by severity.")
    by_department: tuple[Count, ...] = Field(
        default=(), exclude_if=empty, description="The received ones by the departments that were asked or told about them."
    )
    teams: tuple[TeamFigures, ...] = Field(
        default=(), exclude_if=empty, description="Promises of agents by team, most missed first."
    )
    staff: tuple[StaffFigures, ...] = Field(
        default=(), exclude_if=empty, description="What was found true of employees, recorded and coached."
    )
    repeat_complainants: int = Field(
        default=0, exclude_if=empty, description="Customers who complained more than once in the period."
    )
    repeating: tuple[RepeatComplainant, ...] = Field(
        default=(), exclude_if=empty, description="The most frequent of them; not in what departments get."
    )
    recurring: tuple[Recurring, ...] = Field(default=(), exclude_if=empty, description="What keeps recurring, the most first.")
    incidents: IncidentFigures | None = Field(default=None, exclude_if=absent, description="Incidents, where there were any.")
    trend: Trend | None = Field(default=None, exclude_if=absent, description="The period before, where the pack asks for it.")

    @property
    def undecided(self) -> int:
        """Of the received ones, those that are neither assessed nor found untrue yet."""
        return self.received - self.assessed - self.unfounded

    def for_departments(self) -> Summary:
        """Without who of the staff did what, and without who the customers are."""
        return self.model_copy(update={"people": (), "teams": (), "staff": (), "repeating": ()})
