"""Figures that appear only where there is something: teams, employees, what and who comes back, the period before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from domain.policy.talk_rows import ReportRule
from domain.policy.wording import Wording
from domain.summary.counting import counts
from domain.summary.figures import (
    Count,
    IncidentFigures,
    PersonFigures,
    Recurring,
    RepeatComplainant,
    StaffFigures,
    TeamFigures,
    Trend,
)
from domain.summary.names import ROLES, SEVERITIES, named
from domain.summary.period import Period
from domain.summary.tally import Tally
from domain.tenant import Tenant

# A list to act on, not a register: the register is the list of complaints.
_MOST = 20


def by_severity(tally: Tally) -> tuple[Count, ...]:
    return counts(tally.severities, SEVERITIES)


def by_department(tally: Tally, company: Tenant | None) -> tuple[Count, ...]:
    names = {each.id: Wording(zh=each.name.zh, en=each.name.en) for each in company.departments} if company else {}
    return counts(tally.departments, names)


def teams(people: Sequence[PersonFigures], tally: Tally, company: Tenant | None) -> tuple[TeamFigures, ...]:
    """Everybody's figures added up by department, or else by supervisor; who has neither is of no team (FOO-RSP-04).

    What nobody in particular has missed, such as an opinion, is the department's that was asked, or the role's that owes it.
    """
    if company is None:
        return ()
    found: dict[str, tuple[Wording, list[PersonFigures]]] = {}
    for each in _of_teams(tally):
        found[each.person] = _title(each.person, company), [each]
    for each in people:
        team = _team(each.person, company)
        if team is not None:
            found.setdefault(team[0], (team[1], []))[1].append(each)
    figures = [
        TeamFigures(
            team=team,
            title=title,
            kept=sum(each.kept for each in members),
            missed=sum(each.missed for each in members),
            late=sum((each.late for each in members), timedelta(0)),
        )
        for team, (title, members) in found.items()
    ]
    return tuple(sorted(figures, key=lambda each: (-each.missed, each.kept, each.team)))


def _of_teams(tally: Tally) -> list[PersonFigures]:
    names = sorted({*tally.kept_in, *tally.missed_in, *tally.late_in})
    return [
        PersonFigures(
            person=each, kept=tally.kept_in[each], missed=tally.missed_in[each], late=timedelta(seconds=tally.late_in[each])
        )
        for each in names
    ]


def _title(team: str, company: Tenant) -> Wording:
    for department in company.departments:
        if department.id == team:
            return Wording(zh=department.name.zh, en=department.name.en)
    return named(team, ROLES)


def _team(person: str, company: Tenant) -> tuple[str, Wording] | None:
    of = company.person(person)
    if of is None:
        return None
    for department in company.departments:
        if department.id == of.department:
            return department.id, Wording(zh=department.name.zh, en=department.name.en)
    if of.supervisor is None:
        return None
    lead = company.person(of.supervisor)
    name = lead.name if lead else of.supervisor
    return of.supervisor, Wording(zh=f"{name}的团队", en=f"{name}'s team")


def staff(tally: Tally) -> tuple[StaffFigures, ...]:
    """Of each employee who was complained of, for their month (LOY-II-04)."""
    people = sorted({*tally.staff_found_true, *tally.staff_recorded, *tally.staff_coached})
    return tuple(
        StaffFigures(
            person=each,
            found_true=tally.staff_found_true[each],
            recorded=tally.staff_recorded[each],
            coached=tally.staff_coached[each],
        )
        for each in people
    )


def repeating(tally: Tally) -> tuple[RepeatComplainant, ...]:
    """The most frequent first."""
    often = sorted(((-count, customer) for customer, count in tally.customers.items() if count > 1))
    return tuple(RepeatComplainant(customer_id=customer, complaints=-count) for count, customer in often[:_MOST])


def recurring(tally: Tally, report: ReportRule, categories: Mapping[str, Wording]) -> tuple[Recurring, ...]:
    """Products, lots and kinds of trouble that came back as often as the row says, the most first (FOO-FBK-06)."""
    least = report.recurring_at_least
    if least is None:
        return ()

    def found() -> Iterator[Recurring]:
        for name, count in tally.products.items():
            yield Recurring(kind="product", name=Wording(zh=name, en=name), count=count)
        for name, count in tally.lots.items():
            yield Recurring(kind="lot", name=Wording(zh=name, en=name), count=count)
        for id, count in tally.founded_or_open.items():
            yield Recurring(kind="category", name=categories.get(id) or Wording(zh=id, en=id), count=count)

    often = [each for each in found() if each.count >= least]
    kinds = ("lot", "product", "category")
    return tuple(sorted(often, key=lambda each: (kinds.index(each.kind), -each.count, each.name.zh))[:_MOST])


def incidents(tally: Tally) -> IncidentFigures | None:
    if not tally.incidents:
        return None
    return IncidentFigures(incidents=len(tally.incidents), complaints=tally.in_incidents)


def trend(before: tuple[Period, Mapping[str, int]] | None, categories: Mapping[str, Wording]) -> Trend | None:
    """The period before, with its figures beside those of this one."""
    if before is None:
        return None
    period, received = before
    return Trend(period=period, received=sum(received.values()), by_category=counts(received, categories))
