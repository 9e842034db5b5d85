"""What a notice says of the case: the fields that its text names, alike in both languages or worded in each."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from string import Formatter
from zoneinfo import ZoneInfo

from domain.articles import articles_for, as_message
from domain.case import BEHIND_THE_SCENES, Case, OpenDeadline
from domain.case_facts import facts_of
from domain.follow_up import in_one_line, rule_of, survey_of
from domain.journal import Appealed, Entry, FollowUpDue, FollowUpPlanned, IncidentTold, TimePromised
from domain.policy.pack import Pack
from domain.policy.talk_rows import NoticeRule
from domain.policy.wording import Wording
from domain.stage_names import STAGES

# Reasons that the software itself finds, in words for the customer. Nothing is said about whose order it is.
_REASONS = {
    "order_not_found": Wording(
        zh="没有找到您提供的订单号，请核对后再次与我们联系",
        en="there is no order under the number you gave; please check it and come back to us",
    ),
    "order_not_theirs": Wording(
        zh="订单号与您的信息不符，请核对后再次与我们联系",
        en="the order number does not match your details; please check it and come back to us",
    ),
}


def compose(case: Case, pack: Pack, rule: NoticeRule, entry: Entry) -> tuple[dict[str, str], dict[str, Wording]]:
    """Fields alike in both languages, and fields in words; only those that the rule's text names."""
    wanted = _named(rule)
    fields = {name: text for name, text in _fields(case, pack, entry).items() if name in wanted}
    worded = {name: words for name, words in _worded(case, pack, rule, entry).items() if name in wanted}
    return fields, worded


def names_decision(rule: NoticeRule) -> bool:
    """Whether the text leads its reader to the decision that is asked of them."""
    return "decision_link" in _named(rule)


def _named(rule: NoticeRule) -> frozenset[str]:
    return frozenset().union(*(_names_in(text) for text in (rule.subject.zh, rule.subject.en, rule.body.zh, rule.body.en)))


@lru_cache(maxsize=2000)
def _names_in(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _fields(case: Case, pack: Pack, entry: Entry) -> dict[str, str]:
    event = entry.event
    due = _due(case, pack, entry)
    plan = case.proposal.plan if case.proposal else None
    step = case.step(getattr(event, "step", ""))
    money = (step.step.money if step else None) or (plan.total if plan else None)
    reason = next((str(getattr(event, name)) for name in ("reason", "grounds", "detail") if getattr(event, name, None)), "")
    return {
        "complaint_id": case.complaint_id,
        "order_number": case.intake.order_number or "-",
        "customer_name": case.intake.customer.name,
        "due_at": due.astimezone(ZoneInfo(case.zone)).strftime("%Y-%m-%d %H:%M") if due else "",
        "amount": str(money) if money else "",
        "reason": reason or case.outcome_reason or "",
        "message": str(getattr(event, "message", "")) or (event.note or "" if isinstance(event, TimePromised) else ""),
        "assignee": case.assignee or "",
        "clause": ", ".join(dict.fromkeys(entry.clauses)),
        "tenant": case.tenant,
        "reference": (step.reference if step else None) or "",
        "article": "",
    }


def _worded(case: Case, pack: Pack, rule: NoticeRule, entry: Entry) -> dict[str, Wording]:
    event = entry.event
    category = pack.category_of(case.category).title
    deadline = case.deadline(getattr(event, "key", ""))
    step = case.step(getattr(event, "step", ""))
    plan = case.proposal.plan if case.proposal else None
    title = pack.deadline_of(deadline.name).title if deadline else step.step.title if step else category
    if isinstance(event, FollowUpPlanned | FollowUpDue) and (look_back := rule_of(pack, event.row)) is not None:
        title = look_back.title
    # What the company does with others, its own people among them, is no news for the customer.
    hidden = BEHIND_THE_SCENES if rule.to == "customer" else frozenset()
    steps = [step for step in plan.steps if step.kind not in hidden] if plan else []
    told = Wording(
        zh="；".join(f"{s.title.zh} {s.money or ''}".strip() for s in steps) or "无",
        en="; ".join(f"{s.title.en} {s.money or ''}".strip() for s in steps) or "none",
    )
    if plan is None and isinstance(event, Appealed):
        # What the customer appeals against lies before nobody any more.
        told = Wording(zh=f"第 {event.number} 号方案", en=f"number {event.number}")
    worded = {"category": category, "title": title, "plan": told, "stage": STAGES[case.stage]}
    if pack.article:
        fitting = articles_for(pack, facts_of(case, pack, event), case.intake.content)
        worded.update({"article": as_message(fitting[0])} if fitting else {})
    if pack.survey:
        worded["survey"] = in_one_line(survey_of(case, pack))
    if isinstance(event, IncidentTold):
        worded["message"] = event.text
    if case.outcome_reason in _REASONS:
        worded["reason"] = _REASONS[case.outcome_reason]
    return worded


def _due(case: Case, pack: Pack, entry: Entry) -> datetime | None:
    """The instant that the notice is about: what was named, the promise that the entry started, or else the next one due."""
    match entry.event:
        case TimePromised():
            return entry.event.at
        case FollowUpPlanned():
            return entry.event.from_at
    deadline = case.deadline(getattr(entry.event, "key", "")) or _started(case, pack, entry) or case.next_due
    return deadline.due_at if deadline else None


def _started(case: Case, pack: Pack, entry: Entry) -> OpenDeadline | None:
    """The earliest promise that stands on this entry: another one may be due before, and is not what the reader is told of."""
    look_back = rule_of(pack, entry.event.row) if isinstance(entry.event, FollowUpDue) else None
    running = [each for each in case.deadlines if each.due_at is not None and not each.missed]
    if look_back is not None:
        own = [each for each in running if each.name == look_back.deadline]
    else:
        # A promise is called by its row, its step if it has one, and the number of the entry that it stands on.
        own = [each for each in running if each.key.endswith(f"/{entry.seq}")]
    return min(own, key=lambda each: (each.due_at, each.key), default=None)
