"""The numbered complaint sheet (LOY-FLW-04): opened with the solution, completed after the reply, and again after the follow-up.

It is the journal in the form of a sheet, so nobody fills it in and it is never behind. Its number is the complaint's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.case import Case
from domain.follow_up import rule_of
from domain.journal import Entry
from domain.order import Locale
from domain.policy.pack import Pack
from domain.policy.wording import Wording
from domain.story.tell import tell
from domain.summary.names import CAUSES, LEVELS, named
from domain.words import Words

# Which entries belong to which part of the sheet.
_SOLUTION = ("assessed", "proposed", "approval_asked", "approved", "sent_back", "refused")
_REPLY = ("offered", "accepted", "declined", "appealed", "carried_out", "time_promised", "callback_attempted", "confirmed")
_FOLLOW_UP = ("follow_up_planned", "follow_up_due", "followed_up", "survey_answered", "reopened", "closed")
# What completes each part, the first time in the handling that counts.
_COMPLETED = (("proposed",), ("accepted", "declined"), ("followed_up",))
_STAGES = (
    Wording(en="Solution submitted", zh="提交处理方案"),
    Wording(en="Completed after the reply", zh="回复后补填"),
    Wording(en="Completed after the follow-up", zh="回访后补填"),
)


@dataclass(frozen=True)
class SheetPart:
    """A part of the sheet: fields with their values, and what happened, line by line."""

    title: str
    fields: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    number: str
    title: str
    parts: tuple[SheetPart, ...]


def sheet_of(case: Case, entries: Sequence[Entry], pack: Pack | None, locale: Locale) -> Sheet:
    """The sheet as far as it is known, in one language; instants in the tenant's zone. Without its pack rows go by their ids."""
    words = Words("zh" if locale == "zh-CN" else "en", ZoneInfo(case.zone))
    return Sheet(
        number=case.complaint_id,
        title=words.say("Complaint sheet", "投诉处理单"),
        parts=(
            SheetPart(words.say("Completed", "填写情况"), fields=_completed(entries, words)),
            SheetPart(words.say("Complaint", "投诉信息"), fields=_data(case, pack, words, locale)),
            SheetPart(
                words.say("Solution", "处理方案"), _solution(case, words, locale), _told(_SOLUTION, case, entries, pack, locale)
            ),
            SheetPart(words.say("Reply to the customer", "回复客户"), (), _told(_REPLY, case, entries, pack, locale)),
            SheetPart(
                words.say("Follow-up", "跟踪回访"),
                _follow_up(case, pack, words, locale),
                _told(_FOLLOW_UP, case, entries, pack, locale),
            ),
        ),
    )


def _completed(entries: Sequence[Entry], words: Words) -> tuple[tuple[str, str], ...]:
    """When each part was completed last, by whom; a dash for what is still to come."""
    rows = []
    # Where the procedure looks back no further, the call in which the customer is content is the follow-up.
    called = any(each.event.kind == "follow_up_planned" for each in entries)
    completed = _COMPLETED if called else (*_COMPLETED[:2], ("confirmed",))
    for stage, kinds in zip(_STAGES, completed, strict=True):
        done = [each for each in entries if each.event.kind in kinds and getattr(each.event, "answered", True)]
        said = f"{_at(done[-1].at, words)} · {done[-1].by.id}" if done else "—"
        rows.append((words.say(stage.en, stage.zh), said))
    return tuple(rows)


def _at(instant: datetime, words: Words) -> str:
    return words.at(instant.replace(microsecond=0))


def _data(case: Case, pack: Pack | None, words: Words, locale: Locale) -> tuple[tuple[str, str], ...]:
    intake, customer = case.intake, case.intake.customer
    titles = {row.id: row.title for row in pack.category} if pack else {}
    rows = (
        ("Number", "编号", case.complaint_id),
        ("Received", "受理时间", _at(case.received_at, words)),
        ("Person in charge", "处理人", case.assignee),
        ("Customer", "客户", customer.name),
        ("Telephone", "电话", customer.phone),
        ("E-mail", "邮箱", customer.email),
        ("Kind", "类别", named(case.category, titles).in_language(locale)),
        ("Level", "等级", named(case.level, LEVELS).in_language(locale)),
        ("Order", "订单号", intake.order_number),
        ("What happened", "投诉内容", intake.content),
        ("Wanted", "客户期望", intake.expectation),
        ("Evidence", "凭证", words.say(f"{len(case.evidence)} pieces", f"{len(case.evidence)} 份") if case.evidence else None),
        ("Procedure", "规程", case.pack),
    )
    return tuple((words.say(en, zh), said) for en, zh, said in rows if said)


def _solution(case: Case, words: Words, locale: Locale) -> tuple[tuple[str, str], ...]:
    proposal = case.proposal
    rows: list[tuple[str, str, str | None]] = []
    if case.liable is not None:
        rows.append(("Liable", "责任方", named(case.liable, CAUSES).in_language(locale)))
    if proposal is not None:
        rows.append(("Plan", "方案", proposal.plan.title.in_language(locale)))
        rows += [
            (f"Step {place}", f"步骤{place}", f"{step.title.in_language(locale)} {step.money or ''}".strip())
            for place, step in enumerate(proposal.plan.steps, 1)
        ]
        rows += [("Submitted by", "提交人", proposal.proposed_by), ("Approved by", "批复人", proposal.decided_by)]
    return tuple((words.say(en, zh), said) for en, zh, said in rows if said)


def _follow_up(case: Case, pack: Pack | None, words: Words, locale: Locale) -> tuple[tuple[str, str], ...]:
    rows = []
    if case.follow_up is not None:
        rule = rule_of(pack, case.follow_up.row) if pack else None
        title = rule.title.in_language(locale) if rule else case.follow_up.row
        rows.append(
            (title, words.say(f"from {_at(case.follow_up.from_at, words)} on", f"{_at(case.follow_up.from_at, words)}起"))
        )
    if case.satisfied is not None:
        rows.append((words.say("Satisfied", "客户满意"), words.say("yes", "是") if case.satisfied else words.say("no", "否")))
    if case.rating is not None:
        rows.append((words.say("Rating", "评分"), f"{case.rating}/5"))
    return tuple(rows)


def _told(kinds: tuple[str, ...], case: Case, entries: Sequence[Entry], pack: Pack | None, locale: Locale) -> tuple[str, ...]:
    return tuple(tell(entry, case, pack, locale) for entry in entries if entry.event.kind in kinds)
