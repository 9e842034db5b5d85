"""From counts to a summary: names from the pack, the weakest first, and what the figures ask to be changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from domain.policy.pack import Pack
from domain.policy.talk_rows import ReportRule
from domain.policy.wording import Wording
from domain.summary.counting import counts
from domain.summary.figures import (
    AnswerCount,
    CarrierCount,
    FindingCount,
    PersonFigures,
    PromiseFigures,
    RouteFigures,
    Summary,
)
from domain.summary.improvements import improvements
from domain.summary.more import by_department, by_severity, incidents, recurring, repeating, staff, teams, trend
from domain.summary.names import CAUSES, LEVELS, OUTCOMES, named
from domain.summary.period import Period
from domain.summary.tally import Tally
from domain.tenant import Tenant


def report_of(pack: Pack, id: str) -> ReportRule:
    """The row; raises KeyError."""
    for row in pack.report:
        if row.id == id:
            return row
    raise KeyError(id)


def compose(
    tally: Tally,
    report: ReportRule,
    tenant: str,
    company: Tenant | None = None,
    before: tuple[Period, Mapping[str, int]] | None = None,
) -> Summary:
    """The summary of everything that the tally was given.

    `company` tells its teams; `before` is the period before, with what was received in it by category.
    """
    pack = tally.pack
    routes = _routes(tally, report.flag_at_least) if report.by_route else ()
    promises = _promises(tally)
    categories = {row.id: row.title for row in pack.category}
    again = recurring(tally, report, categories)
    people = _people(tally)
    repeats = [count for count in tally.customers.values() if count > 1]
    return Summary(
        tenant=tenant,
        report=report.id,
        title=report.title,
        clauses=report.clauses,
        every=report.every,
        group=report.group,
        by_route=report.by_route,
        period=tally.period,
        received=tally.received,
        assessed=tally.causes.total(),
        unfounded=tally.unfounded,
        by_category=counts(tally.categories, categories),
        by_level=counts(tally.levels, LEVELS),
        by_finding=_findings(tally),
        by_cause=counts(tally.causes, CAUSES),
        closed=len(tally.outcomes),
        by_outcome=counts(Counter(tally.outcomes.values()), OUTCOMES),
        promises=promises,
        people=people,
        money=tally.money(),
        satisfaction=tally.satisfaction(),
        by_answer=_answers(tally),
        routes=routes,
        late_elsewhere=tally.late_elsewhere,
        flag_at_least=report.flag_at_least,
        improvements=improvements(report, routes, promises, tally, again),
        by_severity=by_severity(tally),
        by_department=by_department(tally, company),
        teams=teams(people, tally, company),
        staff=staff(tally),
        repeat_complainants=len(repeats),
        repeating=repeating(tally),
        recurring=again,
        incidents=incidents(tally),
        trend=trend(before, categories),
    )


def _findings(tally: Tally) -> tuple[FindingCount, ...]:
    """Fact by fact in the pack's order, each from the first of its values on."""
    return tuple(
        FindingCount(
            id=choice.id,
            title=Wording(zh=choice.zh, en=choice.en),
            count=tally.findings[fact.name, choice.id],
            fact=fact.name,
            fact_title=fact.title,
        )
        for fact in tally.pack.fact
        for choice in fact.values
        if tally.findings[fact.name, choice.id]
    )


def _answers(tally: Tally) -> tuple[AnswerCount, ...]:
    """Question by question in the pack's order, each from the first of its choices on."""
    return tuple(
        AnswerCount(
            id=choice.id,
            title=Wording(zh=choice.zh, en=choice.en),
            count=tally.survey[row.id, choice.id],
            question=row.id,
            question_title=row.question,
        )
        for row in tally.pack.survey
        for choice in row.choice
        if tally.survey[row.id, choice.id]
    )


def _promises(tally: Tally) -> tuple[PromiseFigures, ...]:
    rows = {row.id: row for row in tally.pack.deadline}
    titles = {row.id: row.title for row in tally.pack.deadline}
    found = [
        PromiseFigures(
            name=name,
            title=named(name, titles),
            clause=rows[name].clause if name in rows else "",
            owner=rows[name].owner.value if name in rows else "",
            kept=tally.kept[name],
            missed=tally.missed[name],
        )
        for name in [*rows, *sorted({*tally.kept, *tally.missed} - set(rows))]
        if tally.kept[name] or tally.missed[name]
    ]
    return tuple(sorted(found, key=_weakest_first))


def _weakest_first(each: PromiseFigures | PersonFigures) -> tuple[int, int]:
    """Missed most often; of equals the one that was kept less often."""
    return -each.missed, each.kept


def _people(tally: Tally) -> tuple[PersonFigures, ...]:
    people = sorted({*tally.kept_by, *tally.missed_by, *tally.late_by})
    figures = [
        PersonFigures(person=each, kept=tally.kept_by[each], missed=tally.missed_by[each], late=tally.late_of(each))
        for each in people
    ]
    return tuple(sorted(figures, key=_weakest_first))


def _routes(tally: Tally, flag_at_least: int | None) -> tuple[RouteFigures, ...]:
    """A route counts with all its carriers: three late ones are three late ones, whoever drove."""
    ways = sorted({(origin, destination) for origin, destination, _ in tally.routes})
    figures = []
    for origin, destination in ways:
        of_way = [
            CarrierCount(carrier=carrier, late=late)
            for (begin, end, carrier), late in tally.routes.items()
            if (begin, end) == (origin, destination)
        ]
        late = sum(each.late for each in of_way)
        figures.append(
            RouteFigures(
                origin=origin,
                destination=destination,
                late=late,
                carriers=tuple(sorted(of_way, key=lambda each: (-each.late, each.carrier or ""))),
                flagged=flag_at_least is not None and late >= flag_at_least,
            )
        )
    return tuple(sorted(figures, key=lambda each: -each.late))
