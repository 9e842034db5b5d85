"""Sentences of times that were named, of the look back after a handling, and of the survey."""

from __future__ import annotations

from domain import journal as j
from domain.journal import Event
from domain.story.teller import Teller

ABOUT = {
    "callback": ("a call back", "回电"),
    "answer": ("an answer", "答复"),
    "arrival": ("the arrival", "送达"),
    "other": ("what was agreed", "约定事项"),
}


def follow_up(event: Event, who: str, t: Teller) -> str | None:
    """The sentence of an entry of this part of the life; None for any other."""
    match event:
        case j.TimePromised():
            about, at = t.say(*ABOUT[event.about]), t.words.at(event.at)
            return t.say(
                f"{who} promised the customer {about} by {at}{t.saying(event.note) or '.'}",
                f"{who}向客户承诺{about}时间：{at}{t.saying(event.note) or '。'}",
            )
        case j.FollowUpPlanned():
            title, at = _title(event.row, t), t.words.at(event.from_at)
            return t.say(
                f"It stays open for {title}, from {at} on, by {t.reader(event.owner)}.",
                f"投诉保留至{title}完成，{at}起由{t.role(event.owner)}进行。",
            )
        case j.FollowUpDue():
            return t.say(f"The time for {_title(event.row, t)} has come.", f"已到{_title(event.row, t)}的时间。")
        case j.FollowedUp():
            return _followed_up(event, who, t)
        case j.SurveyAnswered():
            answers = t.words.list(_answer(question, choice, t) for question, choice in event.answers.items())
            again = t.say("; it is handled again", "；将重新处理") if event.dissatisfied else ""
            return t.say(
                f"The survey was answered: {answers}{again}{t.saying(event.comment) or '.'}",
                f"满意度问卷：{answers}{again}{t.saying(event.comment) or '。'}",
            )
    return None


def _followed_up(event: j.FollowedUp, who: str, t: Teller) -> str:
    if not event.answered:
        return t.say(
            f"{who} tried to ask the customer again how it went and reached nobody{t.saying(event.note) or '.'}",
            f"{who}跟踪回访，未接通{t.saying(event.note) or '。'}",
        )
    found = [t.say("satisfied", "客户满意") if event.satisfied else t.say("not satisfied", "客户不满意")]
    found += [t.say("it has come up again", "问题再次出现")] if event.recurred else []
    found += [t.say("there is a new demand", "客户有新的诉求")] if event.new_demand else []
    again = "" if event.all_is_well else t.say(", so it is handled again", "，将重新处理")
    return t.say(
        f"{who} asked the customer again how it went: {t.words.list(found)}{again}{t.saying(event.note) or '.'}",
        f"{who}跟踪回访：{t.words.list(found)}{again}{t.saying(event.note) or '。'}",
    )


def _title(row: str, t: Teller) -> str:
    rules = [rule for rule in t.pack.follow_up if rule.id == row] if t.pack else []
    return t.quoted(t.worded(rules[0].title) if rules else row)


def _answer(question: str, choice: str, t: Teller) -> str:
    row = next((rule for rule in t.pack.survey if rule.id == question), None) if t.pack else None
    said = next((each for each in row.choice if each.id == choice), None) if row else None
    if row is None or said is None:
        return f"{question} = {choice}"
    return f"{t.worded(row.question)} {t.say(said.en, said.zh)}"
