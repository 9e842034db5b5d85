"""Sentences of what may happen at any time: evidence, pauses, hands, the end, promises and messages."""

from __future__ import annotations

from domain import journal as j
from domain import promise_events as p
from domain.journal import Event
from domain.story.teller import Teller

_ACTIONS = {
    "notify": ("was told", "已通知"),
    "raise": ("the priority was raised", "优先级已提高"),
    "hand_over": ("the complaint was handed over", "投诉已移交"),
    "ask_partner": ("the partner was asked how far it is", "已向合作方催办"),
}
# Reasons that the software gives itself.
_REASONS = {
    "order_not_found": ("there is no such order", "没有该订单"),
    "order_not_theirs": ("the order is another customer's", "订单属于其他客户"),
}


def course(event: Event, who: str, t: Teller) -> str | None:
    """The sentence of an entry that belongs to no one part of the life; None for any other."""
    match event:
        case j.EvidenceAttached():
            many = len(event.evidence)
            own = t.say(" of the house", "（公司自有）") if event.ours else ""
            return t.say(f"{who} added {many} pieces of evidence{own}.", f"{who}补充凭证 {many} 份{own}。")
        case j.Paused():
            until = t.say(f" until {t.words.at(event.until_at)}", f"至 {t.words.at(event.until_at)}") if event.until_at else ""
            return t.say(f"{who} paused it{until}.{t.because(event.reason)}", f"{who}暂停计时{until}{t.because(event.reason)}。")
        case j.Resumed():
            return t.say(f"It goes on.{t.because(event.reason)}", f"恢复计时{t.because(event.reason)}。")
        case j.HandedOver():
            return t.say(
                f"{who} handed it over to {event.assignee}.{t.because(event.reason)}",
                f"{who}将投诉移交 {event.assignee}{t.because(event.reason)}。",
            )
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
            reason = t.say(*_REASONS[event.reason]) if event.reason in _REASONS else event.reason
            return t.say(
                f"The complaint was closed: {t.outcome(event.outcome)}.{t.because(reason)}",
                f"投诉结案：{t.outcome(event.outcome)}{t.because(reason)}。",
            )
        case j.CommandRefused():
            return t.say(
                f"{who} asked for {event.command}, which the procedure does not allow now{t.saying(event.reason)}",
                f"{who}请求 {event.command}，当前规程不允许{t.saying(event.reason)}",
            )
    return _promise(event, who, t) or _message(event, t)


def _promise(event: Event, who: str, t: Teller) -> str | None:
    match event:
        case p.DeadlineSet():
            due = t.words.at(event.due_at) if event.due_at else t.say("once it goes on", "恢复计时后确定")
            return t.say(
                f"Promised by the procedure: {t.promise(event.key)}, due {due}.",
                f"规程承诺：{t.promise(event.key)}，到期时间 {due}。",
            )
        case p.DeadlineMoved():
            why = t.say("a pause ended", "暂停结束") if event.why == "resumed" else t.say("the calendar changed", "日历调整")
            due = t.words.at(event.due_at) if event.due_at else t.say("once it goes on", "恢复计时后确定")
            return t.say(
                f"The promise {t.promise(event.key)} is now due {due}, for {why}.",
                f"承诺 {t.promise(event.key)} 因{why}改为 {due} 到期。",
            )
        case p.DeadlineMet():
            if event.in_time:
                return t.say(f"The promise {t.promise(event.key)} was kept in time.", f"承诺 {t.promise(event.key)} 按时履行。")
            return t.say(f"The promise {t.promise(event.key)} was kept late.", f"承诺 {t.promise(event.key)} 逾期履行。")
        case p.DeadlineMissed():
            due = t.words.at(event.due_at)
            return t.say(
                f"The promise {t.promise(event.key)} was missed; it was due {due}.",
                f"承诺 {t.promise(event.key)} 逾期，应于 {due} 前履行。",
            )
        case p.DeadlineDropped():
            return t.say(f"The promise {t.promise(event.key)} no longer applies.", f"承诺 {t.promise(event.key)} 不再适用。")
        case p.Escalated():
            person = f" {event.person}" if event.person else ""
            done = t.words.list(t.say(*_ACTIONS[action]) for action in event.actions)
            role, step = f"{t.role(event.to)}{person}", event.rung + 1
            return t.say(
                f"Because of {t.promise(event.key)} it went up to the {role} (rung {step}): {done}.",
                f"因 {t.promise(event.key)} 上报{role}（第 {step} 级）：{done}。",
            )
        case p.Acknowledged():
            return t.say(
                f"{who} took notice of the escalation of {t.promise(event.key)}{t.saying(event.note) or '.'}",
                f"{who}已确认 {t.promise(event.key)} 的上报{t.saying(event.note) or '。'}",
            )
    return None


def _message(event: Event, t: Teller) -> str | None:
    match event:
        case p.NoticeSent():
            ways = t.words.list(event.channels)
            by = t.say(f" by {ways}", f"（{ways}）") if ways else ""
            notice, reader = t.notice(event.notice), t.reader(event.to)
            return t.say(f"The notice {notice} went to {reader}{by}.", f"通知{notice}已发送给{reader}{by}。")
        case p.NoticeFailed():
            reader = t.reader(event.to)
            return t.say(
                f"The notice {t.notice(event.notice)} to {reader} could not be delivered{t.saying(event.detail)}",
                f"发送给{reader}的通知{t.notice(event.notice)}未能送达{t.saying(event.detail)}",
            )
    return None
