"""Sentences about how grave and how urgent a complaint is."""

from __future__ import annotations

from domain import journal as j
from domain.journal import Event
from domain.story.handling import rests_on
from domain.story.teller import Teller

LEVELS = {
    "normal": ("normal", "一般"),
    "urgent": ("urgent", "紧急"),
    "I": ("level I", "I级"),
    "II": ("level II", "II级"),
    "III": ("level III", "III级"),
}
SEVERITIES = {"severe": ("severe", "严重"), "general": ("of general gravity", "一般"), "slight": ("slight", "轻微")}
CAUSES = {
    "public_harm": ("media, public concern or litigation", "媒体、舆情或诉讼"),
    "passed_down": ("passed down from headquarters", "总部转回"),
    "special_identity": ("who it is that complains", "投诉人身份特殊"),
    "superior_asks": ("a superior department asks", "上级部门限时要求"),
}
_CHANGING = {
    **CAUSES,
    "batch": ("it is part of an incident", "属于批量事件"),
    "escalated": (
        "escalation (a promise missed, a customer not satisfied, or taken up by hand)",
        "升级情形（逾期、客户不满意或人工上报）",
    ),
    "category": ("the category", "投诉类别"),
    "complained_of_staff": ("an employee is complained of", "涉及被投诉员工"),
}
# What was found out beside the category. Whom it names is in the case, not in the story.
_DETAILS = {
    "against_staff": ("which employee it is about", "被投诉的员工"),
    "against": ("whom it is against", "被投诉方"),
    "order_number": ("the order", "订单号"),
    "customer_id": ("the customer's id", "客户编号"),
    "phone": ("a telephone number", "电话"),
    "email": ("an e-mail address", "电子邮箱"),
    "expectation": ("what the customer wants", "客户的期望"),
    "product": ("the product", "产品信息"),
    "occurred_at": ("when it happened", "发生时间"),
    "bought_through": ("where it was bought", "购买渠道"),
    "address": ("the address", "地址"),
    "installation_address": ("the installation address", "安装地址"),
    "region": ("the region", "地区"),
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
    what = _gravity(event.level, event.severity, event.urgent, t)
    earlier = event.before or {}
    before_en = before_zh = ""
    if not earlier.keys().isdisjoint(("level", "severity", "urgent")):
        known = {"level": event.level, "severity": event.severity or "", "urgent": event.urgent, **earlier}
        before = _gravity(str(known["level"]), str(known["severity"]), bool(known["urgent"]), t)
        before_en, before_zh = f" (before: {before})", f"（原为{before}）"
    why = t.words.list(_cause(name, was, t) for name, was in earlier.items() if name in _CHANGING)
    return t.say(
        f"It is classified as {what}{before_en}; priority {event.priority}{why and '; what changed: '}{why}.",
        f"投诉定级：{what}{before_zh}；处理优先级 {event.priority}{why and '；变更依据：'}{why}。",
    )


def _gravity(level: str, severity: str | None, urgent: bool, t: Teller) -> str:
    said = [t.say(*LEVELS[level])] if level in LEVELS and level != "urgent" else []
    if severity in SEVERITIES:
        en, zh = SEVERITIES[severity]
        said += [t.say(en, f"严重程度{zh}")]
    said += [t.say("urgent", "紧急")] if urgent else []
    return t.say(", ", "、").join(said) or level


def _cause(name: str, was: bool | int | str, t: Teller) -> str:
    """What is otherwise than before, of all that the classification goes by; `was` is what it was."""
    en, zh = _CHANGING[name]
    return t.say(f"no longer: {en}", f"不再：{zh}") if was is True else t.say(en, zh)


def _reclassified(event: j.Reclassified, who: str, t: Teller) -> str:
    said = t.words.list(t.say(*_DETAILS[name]) for name in event.details.given()) if event.details is not None else ""
    if event.category != event.before:
        en = f"{who} classified it again, as {t.category(event.category)} and not {t.category(event.before)}."
        zh = f"{who}将投诉由{t.category(event.before)}改列为{t.category(event.category)}"
    elif said and not event.urgent_causes and event.answer_by_at is None:
        en, zh, said = f"{who} added to what the complaint says: {said}.", f"{who}补充投诉信息：{said}", ""
    else:
        en, zh = f"{who} said anew how urgent it is.", f"{who}重新认定紧急程度"
    if said:
        en, zh = f"{en} Known by now: {said}.", f"{zh}，补充：{said}"
    causes = t.words.list(t.say(*CAUSES[cause]) for cause in event.urgent_causes)
    if causes:
        en, zh = f"{en} Causes of urgency: {causes}.", f"{zh}，紧急原因：{causes}"
    if event.answer_by_at is not None:
        at = t.words.at(event.answer_by_at)
        en, zh = f"{en} An answer is wanted by {at}.", f"{zh}，须于 {at} 前答复"
    rests = rests_on(event.rests_on, t)
    return t.say(f"{en}{t.because(event.reason)}{rests}", f"{zh}{t.because(event.reason)}。{rests}")
