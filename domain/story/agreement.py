"""Sentences from the first proposal to the customer's word on the result."""

from __future__ import annotations

from domain import journal as j
from domain.actor import UNNAMED
from domain.journal import Event
from domain.story.teller import Teller


def agreement(event: Event, who: str, t: Teller) -> str | None:
    """The sentence of an entry of this part of the life; None for any other."""
    match event:
        case j.Proposed():
            return t.say(
                f"{who} put forward proposal {event.number}, {t.plan(event.plan)}{t.because(event.reason)}",
                f"{who}提出第 {event.number} 号方案{t.plan(event.plan)}{t.because(event.reason)}。",
            )
        case j.ApprovalAsked():
            role = t.role(event.role)
            return t.say(f"Proposal {event.number} needs the approval of a {role}.", f"第 {event.number} 号方案须经{role}审批。")
        case j.Approved():
            return t.say(
                f"{who} approved proposal {event.number}{t.saying(event.note) or '.'}",
                f"{who}批准第 {event.number} 号方案{t.saying(event.note) or '。'}",
            )
        case j.SentBack():
            return t.say(
                f"{who} sent proposal {event.number} back.{t.because(event.reason)}",
                f"{who}退回第 {event.number} 号方案{t.because(event.reason)}。",
            )
        case j.Refused():
            return t.say(
                f"{who} refused proposal {event.number}.{t.because(event.reason)}",
                f"{who}否决第 {event.number} 号方案{t.because(event.reason)}。",
            )
        case j.Offered():
            return t.say(f"Plan {event.number} was put to the customer.", f"已将第 {event.number} 号方案告知客户，等待其答复。")
        case j.Accepted():
            if event.reported_by_desk:
                return t.say(
                    f"The customer agreed to plan {event.number}, as {who} recorded.",
                    f"客户同意第 {event.number} 号方案（由{who}记录）。",
                )
            return t.say(f"The customer agreed to plan {event.number}.", f"客户同意第 {event.number} 号方案。")
        case j.Declined():
            return t.say(
                f"The customer did not agree to plan {event.number}.{t.because(event.reason)}",
                f"客户不同意第 {event.number} 号方案{t.because(event.reason)}。",
            )
        case j.Appealed():
            judge = t.role(event.decided_by_role)
            return t.say(
                f"The customer appealed against plan {event.number}; a {judge} now decides. Grounds: {t.quoted(event.grounds)}.",
                f"客户对第 {event.number} 号方案提出申诉，由{judge}裁定。申诉理由：{t.quoted(event.grounds)}。",
            )
        case j.StepOrdered():
            return _ordered(event, t)
        case j.StepDone():
            paid = t.say(f", {event.paid} paid", f"，已支付 {event.paid}") if event.paid is not None else ""
            return t.say(
                f"{t.step(event.step)} is done{paid}{t.saying(event.detail) or '.'}",
                f"{t.step(event.step)}已完成{paid}{t.saying(event.detail) or '。'}",
            )
        case j.StepFailed():
            return t.say(
                f"{t.step(event.step)} failed for good ({event.code}) and waits for a decision{t.saying(event.detail) or '.'}",
                f"{t.step(event.step)}最终未能执行（{event.code}），等待处置{t.saying(event.detail) or '。'}",
            )
        case j.StepSettled():
            what = t.say("to be tried again", "重试") if event.action == "retry" else t.say("to be left out", "放弃该步骤")
            return t.say(
                f"{who} decided on {t.step(event.step)}: {what}.{t.because(event.reason)}",
                f"{who}对{t.step(event.step)}作出处置：{what}{t.because(event.reason)}。",
            )
        case j.CallOffAsked():
            return t.say(
                f"{who} asked for {t.step(event.step)} to be called off.{t.because(event.reason)}",
                f"{who}要求撤回{t.step(event.step)}{t.because(event.reason)}。",
            )
        case j.CallOffRefused():
            return t.say(
                f"{t.step(event.step)} could not be called off ({event.code}) and goes on{t.saying(event.detail) or '.'}",
                f"{t.step(event.step)}无法撤回（{event.code}），将继续执行{t.saying(event.detail) or '。'}",
            )
        case j.ProgressReported():
            return t.say(
                f"{who} told the customer how far it is{t.saying(event.message)}", f"{who}向客户反馈进度{t.saying(event.message)}"
            )
        case j.CarriedOut():
            return t.say("The agreed plan was carried out.", "约定的方案已执行完毕。")
        case j.CallbackAttempted():
            reached = t.say("reached the customer", "已接通") if event.answered else t.say("did not reach the customer", "未接通")
            again = (
                t.say(f", to be tried again {t.words.at(event.next_at)}", f"，约定 {t.words.at(event.next_at)} 再次联系")
                if event.next_at
                else ""
            )
            return t.say(
                f"{who} called back and {reached}{again}{t.saying(event.note) or '.'}",
                f"{who}回访客户，{reached}{again}{t.saying(event.note) or '。'}",
            )
        case j.Confirmed():
            found = (
                t.say("satisfied", "满意")
                if event.satisfied
                else t.say("not satisfied, so it is handled again", "不满意，将重新处理")
            )
            rating = t.say(f", rating {event.rating} of 5", f"，评分 {event.rating}/5") if event.rating is not None else ""
            return t.say(
                f"The customer is {found}{rating}{t.saying(event.comment) or '.'}",
                f"客户表示{found}{rating}{t.saying(event.comment) or '。'}",
            )
    return None


def _ordered(event: j.StepOrdered, t: Teller) -> str:
    """At a partner under the partner's reference; or given to a department or a person of the house, whom the reference names."""
    if t.by_hand(event.step):
        if event.reference in (UNNAMED, "-"):
            return t.say(f"{t.step(event.step)} was begun.", f"{t.step(event.step)}已安排办理。")
        to = t.department(event.reference) if event.reference in t.departments else t.say(event.reference, f" {event.reference} ")
        return t.say(f"{t.step(event.step)} was given to {to}.", f"{t.step(event.step)}已交{to}办理。")
    return t.say(
        f"{t.step(event.step)} was ordered, reference {event.reference}.",
        f"{t.step(event.step)}已下达，编号 {event.reference}。",
    )
