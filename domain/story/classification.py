"""Sentences about how grave and how urgent a complaint is."""

from __future__ import annotations

from domain import journal as j
from domain.journal import Event
from domain.story.teller import Teller

LEVELS = {
    "normal": ("normal", "一般"),
    "urgent": ("urgent", "紧急"),
    "I": ("level I", "I级"),
    "II": ("level II", "II级"),
    "III": ("level III", "III级"),
}
SEVERITIES = {"severe": ("severe", "严重"), "general": ("of general gravity", "一般程度"), "slight": ("slight", "轻微")}
CAUSES = {
    "public_harm": ("media, public concern or litigation", "媒体、舆情或诉讼"),
    "passed_down": ("passed down from headquarters", "总部转回"),
    "special_identity": ("who it is that complains", "投诉人身份特殊"),
    "superior_asks": ("a superior department asks", "上级部门限时要求"),
}


def classification(event: Event, who: str, t: Teller) -> str | None:
    """The sentence of an entry of this part; None for any other."""
    match event:
        case j.Classified():
            return _classified(event, t)
        case j.Reclassified():
            return _reclassified(event, who, t)
    return None


def _classified(event: j.Classified, t: Teller) -> str:
    said = [t.say(*LEVELS[event.level])] if event.level in LEVELS and event.level != "urgent" else []
    said += [t.say(*SEVERITIES[event.severity])] if event.severity in SEVERITIES else []
    said += [t.say("urgent", "紧急")] if event.urgent else []
    what = t.say(", ", "、").join(said) or event.level
    was = str((event.before or {}).get("level", ""))
    before_en, before_zh = (f" (before: {LEVELS[was][0]})", f"（原为{LEVELS[was][1]}）") if was in LEVELS else ("", "")
    return t.say(
        f"It is classified as {what}{before_en}; priority {event.priority}.",
        f"投诉定级：{what}{before_zh}；处理优先级 {event.priority}。",
    )


def _reclassified(event: j.Reclassified, who: str, t: Teller) -> str:
    if event.category != event.before:
        en = f"{who} classified it again, as {t.category(event.category)} and not {t.category(event.before)}."
        zh = f"{who}将投诉由{t.category(event.before)}改列为{t.category(event.category)}"
    else:
        en, zh = f"{who} said anew how urgent it is.", f"{who}重新认定紧急程度"
    causes = t.words.list(t.say(*CAUSES[cause]) for cause in event.urgent_causes)
    if causes:
        en, zh = f"{en} Causes of urgency: {causes}.", f"{zh}，紧急原因：{causes}"
    if event.answer_by_at is not None:
        at = t.words.at(event.answer_by_at)
        en, zh = f"{en} An answer is wanted by {at}.", f"{zh}，须于 {at} 前答复"
    return t.say(f"{en}{t.because(event.reason)}", f"{zh}{t.because(event.reason)}。")
