"""Sentences about departments that are asked, and about hand-overs that wait for a word."""

from __future__ import annotations

from domain import journal as j
from domain.journal import Event
from domain.story.teller import Teller


def hand_over(event: Event, who: str, t: Teller) -> str | None:
    """The sentence of an entry of this part of the life; None for any other."""
    match event:
        case j.Consulted():
            department = t.department(event.department)
            if event.awaited:
                return t.say(f"{department} was asked for its opinion.", f"已征询{department}的意见。")
            return t.say(f"{department} was told of the complaint.", f"已将投诉告知{department.rstrip()}。")
        case j.OpinionGiven():
            found = event.responsible
            found = t.say(f" Responsible: {t.quoted(found)}.", f"责任人：{t.quoted(found)}。") if found else ""
            department = t.department(event.department)
            gave_en, gave_zh = f"{who} gave the opinion of {department}", f"{who}反馈{department}的意见"
            if event.on_behalf:
                gave_en, gave_zh = f"{gave_en} in its place", f"{who}代{department}反馈意见"
            opinion = t.quoted(event.opinion)
            return t.say(f"{gave_en}: {opinion}.{found}", f"{gave_zh}：{opinion}。{found}")
        case j.OpinionDropped():
            department = t.department(event.department)
            return t.say(f"The opinion of {department} is no longer needed.", f"无需再由{department}反馈意见。")
        case j.HandOverOffered():
            return t.say(
                f"{who} offered the complaint to {event.to}, who has not taken it over yet.{t.because(event.reason)}",
                f"{who}提出将投诉移交 {event.to}，待其接手{t.because(event.reason)}。",
            )
        case j.HandOverDeclined() if event.unanswered is not None:
            return t.say(
                f"{event.unanswered} did not say in time whether they take it over; somebody else is asked.",
                f"{event.unanswered} 未在时限内答复是否接手，改由他人接手。",
            )
        case j.HandOverDeclined():
            return t.say(f"{who} did not take it over.{t.because(event.reason)}", f"{who}未接手投诉{t.because(event.reason)}。")
    return None
