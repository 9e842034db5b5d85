"""How grave and how urgent a complaint is, and when its turn comes: by the pack's classification, on all that is known by now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from domain import commands as c
from domain import journal as j
from domain.case import Case, Stage
from domain.case_facts import circumstances, filed_facts
from domain.intake import Intake
from domain.journal import Event
from domain.policy.classification_rows import ClassificationRule
from domain.policy.conditions import Fact, Facts, matches
from domain.policy.matching import category_for, known_facts
from domain.policy.pack import Pack
from domain.refusal import Refusal

# From the least grave to the gravest.
_LEVELS = ("normal", "urgent", "I", "II", "III")
_SEVERITIES = ("slight", "general", "severe")
# Where no row names a priority: urgent before normal, III before II before I.
_FIRST, _BY_LEVEL, _USUAL = 1, {"III": 2, "II": 3, "I": 4}, 3
# What a row must not be asked about: it is what the rows say.
_SAID = frozenset({"level", "severity", "urgent"})
# Until the customer has agreed to a plan, another category leads to another finding and another plan.
_BEFORE_AGREEMENT = (Stage.RECEIVED, Stage.VERIFYING, Stage.ASSESSING, Stage.PROPOSING, Stage.APPROVING, Stage.OFFERED)


class Classification(NamedTuple):
    """What the rows that hold make of a complaint. `priority`: 1 is worked first."""

    level: str
    severity: str | None
    urgent: bool
    priority: int
    rows: tuple[str, ...] = ()


def classify(pack: Pack, category: str, facts: Facts, of_incident: bool = False) -> Classification:
    """The gravest level and severity, any urgency and the smallest priority of all rows that hold (LOY-LVL-00, LOY-PRI-01).

    In their conditions `level` is the category's own. A pack without classification knows normal and urgent categories only.
    `of_incident`: an incident that the complaint belongs to has made all its complaints urgent.
    """
    base = category_for(pack, category).level
    if not pack.classification:
        urgent = of_incident or base == "urgent"
        return Classification(base, None, urgent, priority_of(urgent))
    given: dict[str, Fact] = {name: value for name, value in facts.items() if name not in _SAID}
    known = known_facts(pack, category, given)
    rows = [row for row in pack.classification if matches(row.when, known)]
    level = max([base, *(row.level for row in rows if row.level)], key=_LEVELS.index)
    severity = max((row.severity for row in rows if row.severity), key=_SEVERITIES.index, default=None)
    urgent = of_incident or "urgent" in (base, level) or any(row.urgent for row in rows)
    named = [row.priority for row in rows if row.priority]
    priority = min(named) if named else _FIRST if urgent else _BY_LEVEL.get(level, _USUAL)
    return Classification(level, severity, urgent, priority, tuple(row.id for row in rows))


def priority_of(urgent: bool) -> int:
    """Priority of a complaint under a pack without classification."""
    return 2 if urgent else 3


def at_intake(pack: Pack, intake: Intake) -> Classification:
    """What a complaint is the moment it is filed."""
    return classify(pack, intake.category, filed_facts(intake, intake.urgent_causes))


def of_case(pack: Pack, case: Case) -> Classification:
    """What a complaint is by all that is known of it now."""
    of_incident = any(member.urgent for member in case.incidents)
    return classify(pack, case.category, {**case.facts, **circumstances(case)}, of_incident)


def classified(pack: Pack, before: Case | None, case: Case) -> j.Classified | None:
    """The entry that follows when an event has made another thing of the complaint than it was before; None when it has not.

    Without rows it follows only on another category of another level.
    """
    if not case.open or not (pack.classification or (before is not None and before.category != case.category)):
        return None
    now = of_case(pack, case)
    if not pack.classification:
        changed = (now.level, now.urgent) != (case.level, case.urgent)
    else:
        changed = before is None or now != of_case(pack, before)
    if not changed:
        return None
    return j.Classified(category=case.category, group=case.group, **now._asdict())


def clauses_of_rows(pack: Pack, event: j.Classified) -> tuple[str, ...]:
    """Clauses of the rows that made it so, or of the category where none did."""
    rows: Sequence[ClassificationRule] = [row for row in pack.classification if row.id in event.rows]
    if not rows:
        return pack.category_of(event.category).clauses
    return tuple(dict.fromkeys(clause for row in rows for clause in row.clauses))


def reclassify(case: Case, pack: Pack, command: c.Reclassify, now: datetime) -> Sequence[Event]:
    """Another category, or other causes of urgency, on evidence; raises Refusal."""
    category = category_for(pack, command.category or case.category)
    if category.id != case.category and case.stage not in _BEFORE_AGREEMENT:
        raise Refusal(
            "agreed_already",
            field="category",
            zh="客户已同意方案，不能再更改类别；如结果不满意，将重新处理",
            en="the customer has agreed to a plan, so the category stands; a dissatisfied customer is handled again",
        )
    causes = case.urgent_causes if command.urgent_causes is None else tuple(dict.fromkeys(command.urgent_causes))
    if command.answer_by_at is not None and "superior_asks" not in causes:
        raise Refusal(
            "not_with_these_causes",
            field="answer_by_at",
            zh="只有上级部门要求（superior_asks）时才能填写答复期限",
            en="only a superior department sets such a time; name the cause superior_asks",
        )
    if command.answer_by_at is not None and command.answer_by_at <= now:
        raise Refusal("not_in_the_future", field="answer_by_at", zh="时间须晚于当前时间", en="must lie in the future")
    answer_by_at = (command.answer_by_at or case.answer_by_at) if "superior_asks" in causes else None
    if (category.id, set(causes), answer_by_at) == (case.category, set(case.urgent_causes), case.answer_by_at):
        raise Refusal(
            "nothing_changed", field="category", zh="类别和紧急原因均未变化", en="neither the category nor the causes change"
        )
    return [
        j.Reclassified(
            category=category.id,
            group=category.group,
            before=case.category,
            urgent_causes=causes,
            answer_by_at=answer_by_at,
            reason=command.reason,
        )
    ]
