"""Departments that the procedure tells or asks, and what they say."""

from __future__ import annotations

from collections.abc import Sequence

from domain import commands as c
from domain import journal as j
from domain.case import Case, Consultation
from domain.case_facts import facts_of, found_facts
from domain.journal import Entry, Event
from domain.policy.conditions import matches
from domain.policy.matching import known_facts
from domain.policy.pack import Pack
from domain.refusal import Refusal


def consulted_by(case: Case, pack: Pack, entry: Entry) -> Sequence[Event]:
    """Departments that an entry brings in; each once in a handling. `case` is the case after the entry."""
    if not case.open:
        return []
    facts = facts_of(case, pack, entry.event)
    rows = [row for row in pack.route if row.department and entry.event.kind in row.on and matches(row.when, facts)]
    asked = {each.route for each in case.consultations if each.cycle == case.cycle}
    return [
        j.Consulted(department=row.department, route=row.id, opinion=row.opinion)
        for row in rows
        if row.department and row.id not in asked
    ]


def outstanding(case: Case, pack: Pack) -> tuple[Consultation, ...]:
    """Opinions that are still waited for. Of a department that was asked by a rule that no longer holds, none is."""
    waiting = [each for each in case.consultations if each.opinion and not each.given and each.cycle == case.cycle]
    if not waiting:
        return ()
    facts = known_facts(pack, case.category, found_facts(case))
    rows = {row.id: row for row in pack.route}
    return tuple(each for each in waiting if each.route in rows and matches(rows[each.route].when, facts))


def check_given(case: Case, pack: Pack) -> None:
    """Nothing is proposed before the departments have said what they think. Raises Refusal `opinion_outstanding`."""
    if waiting := outstanding(case, pack):
        names = ", ".join(dict.fromkeys(each.department for each in waiting))
        raise Refusal(
            "opinion_outstanding",
            zh=f"须先由责任部门（{names}）反馈意见，再提出方案",
            en=f"the department ({names}) has to give its opinion before anything is proposed",
        )


def give_opinion(case: Case, command: c.GiveOpinion) -> Sequence[Event]:
    """The answer to the earliest question to that department, in this handling, that has none yet."""
    asked = [each for each in case.consultations if not each.given and each.cycle == case.cycle]
    for each in sorted(asked, key=lambda each: (not each.opinion, each.entry)):
        if command.department in (None, each.department):
            return [
                j.OpinionGiven(
                    department=each.department, opinion=command.opinion, responsible=command.responsible, asked=each.entry
                )
            ]
    names = ", ".join(dict.fromkeys(each.department for each in asked)) or "-"
    raise Refusal(
        "not_consulted",
        field="department",
        zh=f"没有待该部门答复的征询；正在征询的部门：{names}",
        en=f"this department has no question to answer; asked are: {names}",
    )
