"""Sentences of what may happen at any time: evidence, pauses, hands, the end, promises and messages."""

from __future__ import annotations

import re

from domain import journal as j
from domain import promise_events as p
from domain.actor import Actor, Role
from domain.journal import Event
from domain.story.command_names import COMMANDS
from domain.story.own_words import CHANNELS, known
from domain.story.teller import Teller

_ACTIONS = {
    "notify": ("notified", "已通知"),
    "raise": ("the priority was raised", "优先级已提高"),
    "hand_over": ("the complaint is now theirs", "投诉改由其负责"),
    "ask_partner": ("the partner was asked how far it is", "已向合作方催办"),
}
# What stands as the reason where nobody had to give one: it went up, or somebody took what was offered to them.
_WENT_UP = re.compile(r"escalated to (\w+)")
_ACCEPTED = re.compile(r"accepted from (\S+) / .*")


def course(event: Event, who: str, by: Actor, t: Teller) -> str | None:
    """The sentence of an entry that belongs to no one part of the life; None for any other."""
    match event:
        case j.EvidenceAttached():
            many = len(event.evidence)
            own = t.say(" of the house", "（公司自有）") if event.ours else ""
            pieces = "one piece" if many == 1 else f"{many} pieces"
            return t.say(f"{who} added {pieces} of evidence{own}.", f"{who}补充凭证 {many} 份{own}。")
        case j.Paused():
            until = t.say(f" until {t.words.at(event.until_at)}", f"至 {t.words.at(event.until_at)}") if event.until_at else ""
            return t.say(f"{who} paused it{until}.{t.because(event.reason)}", f"{who}暂停计时{until}{t.because(event.reason)}。")
        case j.Resumed():
            return t.say(f"It goes on.{t.because(event.reason)}", f"恢复计时{t.because(event.reason)}。")
        case j.HandedOver():
            return _handed_over(event, who, by, t)
        case j.EscalatedByHand():
            return t.say(
                f"{who} took it up to the {t.role(event.to)}.{t.because(event.reason)}",
                f"{who}将投诉上报{t.role(event.to)}{t.because(event.reason)}。",
            )
        case j.Withdrawn():
            return t.say(
                f"The customer took the complaint back.{t.because(event.reason)}", f"客户撤回投诉{t.because(event.reason)}。"
            )
        case j.Reopened():
            return t.say(
                f"{who} took the closed complaint up again.{t.because(event.reason)}",
                f"{who}重新开启投诉{t.because(event.reason)}。",
            )
        case j.Closed():
            return t.say(
                f"The complaint was closed: {t.outcome(event.outcome)}.{t.because(event.reason)}",
                f"投诉结案：{t.outcome(event.outcome)}{t.because(event.reason)}。",
            )
        case j.CommandRefused():
            en, zh = known(COMMANDS, event.command)
            return t.say(
                f"{who} asked {en}, which was not possible at that time{t.saying(event.reason)}",
                f"{who}请求{zh}，当时不允许{t.saying(event.reason_zh or event.reason)}",
            )
    return _promise(event, who, t) or _message(event, t)


def _handed_over(event: j.HandedOver, who: str, by: Actor, t: Teller) -> str:
    if (offered := _ACCEPTED.fullmatch(event.reason)) is not None:
        return t.say(f"{who} took the complaint over from {offered[1]}.", f"{who}接手投诉（由 {offered[1]} 移交）。")
    if (up := _WENT_UP.fullmatch(event.reason)) is not None:
        role = t.role(up[1])
        return t.say(
            f"The complaint, which was taken up, is now with {role} {event.assignee}.",
            f"投诉已上报，改由{role} {event.assignee} 负责。",
        )
    if by.id == event.assignee:
        return t.say(f"{who} took the complaint over.{t.because(event.reason)}", f"{who}自行接手投诉{t.because(event.reason)}。")
    return t.say(
        f"{who} handed the complaint over to {event.assignee}.{t.because(event.reason)}",
        f"{who}将投诉移交 {event.assignee}{t.because(event.reason)}。",
    )


def _promise(event: Event, who: str, t: Teller) -> str | None:
    match event:
        case p.DeadlineSet():
            due = t.words.at(event.due_at) if event.due_at else t.say("once it goes on", "恢复计时后确定")
            if event.owner is Role.CUSTOMER:
                until = t.say(f"until {due}", f"于 {due} 前") if event.due_at else t.say("time", "")
                return t.say(
                    f"The customer has {until} for {t.promise(event.key)}.", f"请客户{until}完成：{t.promise(event.key)}。"
                )
            return t.say(
                f"Promised by the procedure: {t.promise(event.key)}, due {due}.",
                f"规程承诺：{t.promise(event.key)}，到期时间 {due}。",
            )
        case p.DeadlineMoved():
            why = t.say("a pause ended", "暂停结束") if event.why == "resumed" else t.say("the calendar changed", "日历调整")
            due = t.words.at(event.due_at) if event.due_at else t.say("once it goes on", "恢复计时后确定")
            en, zh = _called(event.key, t)
            moved = f"因{why}改为 {due} 到期" if event.due_at else f"因{why}变更：{due}"
            return t.say(f"{en} is now due {due}, for {why}.", f"{zh}{moved}。")
        case p.DeadlineMet():
            en, zh = _called(event.key, t)
            if t.is_customers(event.key):
                late_en, late_zh = ("was met in time", "按时完成") if event.in_time else ("was met late", "逾期完成")
            else:
                late_en, late_zh = ("was kept in time", "按时履行") if event.in_time else ("was kept late", "逾期履行")
            return t.say(f"{en} {late_en}.", f"{zh}{late_zh}。")
        case p.DeadlineMissed():
            due = t.words.at(event.due_at)
            if t.is_customers(event.key):
                return t.say(
                    f"The customer did not keep the time limit {t.promise(event.key)}; it ended {due}.",
                    f"客户未在期限内完成{t.promise(event.key)}，期限为 {due}。",
                )
            return t.say(
                f"The promise {t.promise(event.key)} was missed; it was due {due}.",
                f"承诺{t.promise(event.key)}逾期，应于 {due} 前履行。",
            )
        case p.DeadlineDropped():
            en, zh = _called(event.key, t)
            return t.say(f"{en} no longer applies.", f"{zh}不再适用。")
        case p.Escalated():
            person = f" {event.person}" if event.person else ""
            done = t.words.list(t.say(*_ACTIONS[action]) for action in event.actions)
            step = event.rung + 1
            # The first step of a ladder goes to whoever has the complaint, whatever they are: a reminder, nothing goes up.
            if event.to is Role.AGENT:
                return t.say(
                    f"Whoever has the complaint{person and ','}{person}{person and ','} was reminded of {t.promise(event.key)} "
                    f"(step {step}): {done}.",
                    f"就{t.promise(event.key)}提醒投诉负责人{person}（第 {step} 级）：{done}。",
                )
            role = f"{t.reader(event.to)}{person}"
            return t.say(
                f"Because of {t.promise(event.key)} it went up to {role} (step {step}): {done}.",
                f"因{t.promise(event.key)}上报{t.role(event.to)}{person}（第 {step} 级）：{done}。",
            )
        case p.Acknowledged():
            return t.say(
                f"{who} took notice of the escalation of {t.promise(event.key)}{t.saying(event.note) or '.'}",
                f"{who}已确认知悉{t.promise(event.key)}的上报{t.saying(event.note) or '。'}",
            )
    return None


def _called(key: str, t: Teller) -> tuple[str, str]:
    """What is due, in both languages: a promise of the company, or what the customer has to do by then."""
    title = t.promise(key)
    return (f"The time limit {title}", f"客户期限{title}") if t.is_customers(key) else (f"The promise {title}", f"承诺{title}")


def _message(event: Event, t: Teller) -> str | None:
    match event:
        case p.NoticeSent():
            ways = t.say(" and ", "、").join(t.say(*known(CHANNELS, way)) for way in event.channels)
            by = t.say(f" by {ways}", f"（{ways}）") if ways else ""
            notice, reader = t.notice(event.notice), t.reader_of(event.notice, event.to)
            return t.say(f"The notice {notice} went to {reader}{by}.", f"通知{notice}已发送给{reader}{by}。")
        case p.NoticeFailed():
            reader = t.reader_of(event.notice, event.to)
            return t.say(
                f"The notice {t.notice(event.notice)} to {reader} could not be delivered{t.saying(event.detail)}",
                f"发送给{reader}的通知{t.notice(event.notice)}未能送达{t.saying(event.detail)}",
            )
    return None
