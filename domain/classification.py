"""How grave and how urgent a complaint is, and when its turn comes: by the pack's classification, on all that is known by now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain import commands as c
from domain import grounds, supplement
from domain import journal as j
from domain.case import Case, Stage
from domain.case_facts import CLASSIFYING, circumstances, filed_facts, found_facts
from domain.intake import Intake
from domain.journal import Event
from domain.policy.classification_rows import ClassificationRule
from domain.policy.classifying import Classification, classify
from domain.policy.conditions import Fact, Facts, When, matches
from domain.policy.matching import category_for
from domain.policy.pack import Pack
from domain.policy.talk_rows import NoticeRule
from domain.refusal import Refusal

# Until the customer has agreed to a plan, another category leads to another finding and another plan.
_BEFORE_AGREEMENT = (Stage.RECEIVED, Stage.VERIFYING, Stage.ASSESSING, Stage.PROPOSING, Stage.APPROVING, Stage.OFFERED)


def at_intake(pack: Pack, intake: Intake) -> Classification:
    """What a complaint is the moment it is filed."""
    return classify(pack, intake.category, filed_facts(intake, intake.urgent_causes))


def of_case(pack: Pack, case: Case) -> Classification:
    """What a complaint is by all that is known of it now."""
    return classify(pack, *_known(case))


def _known(case: Case) -> tuple[str, Facts, bool]:
    """All that a classification is made from, beside the pack."""
    return case.category, {**case.facts, **circumstances(case)}, any(member.urgent for member in case.incidents)


def classified(pack: Pack, before: Case | None, case: Case) -> j.Classified | None:
    """The entry that follows when an event has made another thing of the complaint than it was before; None when it has not.

    Without rows it follows only on another category of another level.
    """
    if not case.open or not (pack.classification or (before is not None and before.category != case.category)):
        return None
    # After most entries nothing is known that was not known before.
    if before is not None and _known(before) == _known(case):
        return None
    now = of_case(pack, case)
    if not pack.classification:
        changed = (now.level, now.urgent) != (case.level, case.urgent)
    else:
        changed = before is None or now != of_case(pack, before)
    if not changed:
        return None
    return j.Classified(category=case.category, group=case.group, **now._asdict(), before=_otherwise(before, case, now))


def _otherwise(before: Case | None, case: Case, now: Classification) -> dict[str, Fact] | None:
    if before is None:
        return None
    earlier: dict[str, Fact] = {"category": before.category, "group": before.group, **found_facts(before)}
    said: dict[str, Fact] = {"level": now.level, "urgent": now.urgent, "severity": now.severity or ""}
    later: dict[str, Fact] = {"category": case.category, "group": case.group, **found_facts(case), **said}
    return {name: earlier.get(name, "") for name in sorted(CLASSIFYING) if earlier.get(name, "") != later.get(name, "")}


def is_news(when: When, facts: Facts, event: Event) -> bool:
    """Whether a row about how a complaint is classified did not hold before: what held already is told once."""
    if not isinstance(event, j.Classified) or event.before is None:
        return True
    return not matches(when, {**facts, **event.before})


def tells_anew(pack: Pack, rule: NoticeRule, facts: Facts, event: Event) -> bool:
    """Whether a notice tells its reader something: what was told of a complaint at receipt is not told again when it turns out
    to be another one of which the same holds.
    """
    match event:
        case j.Classified(before=None):
            return "received" not in rule.on
        case j.Reclassified() if "received" in rule.on:
            earlier: dict[str, Fact] = {"category": event.before, "group": pack.category_of(event.before).group}
            return not matches(rule.when, {**facts, **earlier})
    return is_news(rule.when, facts, event)


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
    intake = supplement.with_details(case, command.details)
    if (category.id, set(causes), answer_by_at, intake) == (
        case.category, set(case.urgent_causes), case.answer_by_at, case.intake,
    ):  # fmt: skip
        raise Refusal(
            "nothing_changed",
            field="category",
            zh="类别、紧急原因和补充信息均未变化",
            en="neither the category nor the causes nor the details change",
        )
    if category.id != case.category:
        stated = case.model_copy(update={"urgent_causes": causes, "answer_by_at": answer_by_at})
        supplement.check_required(stated, category, intake)
    grounds.check_known(case, command.rests_on)
    return [
        j.Reclassified(
            category=category.id,
            group=category.group,
            before=case.category,
            urgent_causes=causes,
            answer_by_at=answer_by_at,
            details=command.details if intake != case.intake else None,
            reason=command.reason,
            rests_on=command.rests_on,
        )
    ]
