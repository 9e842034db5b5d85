"""Departments that the procedure tells or asks, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain import commands as c
from domain import journal as j
from domain.actor import Actor, Role
from domain.case import Case, Consultation
from domain.case_facts import facts_of
from domain.journal import Entry, Event
from domain.policy.conditions import Facts, matches
from domain.policy.pack import Pack
from domain.policy.route_rows import RouteRule
from domain.refusal import Refusal


def consulted_by(case: Case, pack: Pack, entry: Entry) -> Sequence[Event]:
    """Departments that an entry brings in, each once in a handling, and those that it leaves out of it again.

    `case` is the case after the entry.
    """
    if not case.open or not (_may_ask(pack, entry.event.kind) or outstanding(case)):
        return []
    facts = facts_of(case, pack, entry.event)
    return [*_left_out(case, pack, facts), *_brought_in(case, pack, entry, facts)]


def _may_ask(pack: Pack, kind: str) -> bool:
    return any(row.department and kind in row.on for row in pack.route)


def _left_out(case: Case, pack: Pack, facts: Facts) -> Iterator[Event]:
    rows = {row.id: row for row in pack.route}
    for asked in outstanding(case):
        if not _may_hold(rows[asked.route], facts):
            yield j.OpinionDropped(department=asked.department, asked=asked.entry)


def _may_hold(row: RouteRule, facts: Facts) -> bool:
    """What is not known any more, such as whether a call was answered, speaks against nothing; nor does who was asked since."""
    known = {name: condition for name, condition in row.when.items() if name in facts and name != "department"}
    return matches(known, facts)


def _brought_in(case: Case, pack: Pack, entry: Entry, facts: Facts) -> Iterator[Event]:
    asked = {each.route for each in case.consultations if each.cycle == case.cycle and not each.dropped}
    for row in pack.route:
        if row.department and row.id not in asked and entry.event.kind in row.on and matches(row.when, facts):
            yield j.Consulted(department=row.department, route=row.id, awaited=row.opinion)


def outstanding(case: Case) -> tuple[Consultation, ...]:
    """Opinions that are waited for in this handling."""
    return tuple(
        each for each in case.consultations if each.opinion and not each.given and not each.dropped and each.cycle == case.cycle
    )


def check_given(case: Case) -> None:
    """Nothing is proposed before the departments have said what they think. Raises Refusal `opinion_outstanding`."""
    if waiting := outstanding(case):
        names = ", ".join(dict.fromkeys(each.department for each in waiting))
        raise Refusal(
            "opinion_outstanding",
            zh=f"须先由责任部门（{names}）反馈意见，再提出方案",
            en=f"the department ({names}) has to give its opinion before anything is proposed",
        )


def give_opinion(case: Case, by: Actor, command: c.GiveOpinion) -> Sequence[Event]:
    """The answer to the question to that department; those whose opinion is waited for come first.

    A department without anybody who could speak leaves nothing stuck: a supervisor speaks in its place. Raises Refusal
    `wrong_role` and `not_consulted`.
    """
    on_behalf = command.on_behalf or Role.DEPARTMENT not in by.roles
    if on_behalf and not by.has(Role.SUPERVISOR):
        raise Refusal(
            "wrong_role",
            zh="只有主管或更高层级可以代部门反馈意见",
            en="only a supervisor or higher may give an opinion in a department's place",
        )
    asked = [each for each in case.consultations if not each.given and not each.dropped and each.cycle == case.cycle]
    for each in sorted(asked, key=lambda each: (not each.opinion, each.entry)):
        if command.department in (None, each.department):
            return [
                j.OpinionGiven(
                    department=each.department,
                    opinion=command.opinion,
                    responsible=command.responsible,
                    asked=each.entry,
                    on_behalf=on_behalf,
                )
            ]
    names = ", ".join(dict.fromkeys(each.department for each in asked)) or "-"
    raise Refusal(
        "not_consulted",
        field="department",
        zh=f"没有待该部门答复的征询；正在征询的部门：{names}",
        en=f"this department has no question to answer; asked are: {names}",
    )
