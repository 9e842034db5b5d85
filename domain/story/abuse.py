"""Sentences about complaints that may not be honest."""

from __future__ import annotations

from domain import journal as j
from domain.journal import Event
from domain.policy.vocabulary import Sign
from domain.story.teller import Teller

SIGNS: dict[Sign, tuple[str, str]] = {
    "contradiction": ("statements that contradict each other", "陈述前后矛盾"),
    "excessive_demand": ("an excessive demand", "诉求过度"),
    "threat": ("a threat", "威胁"),
    "repetition": ("repeated complaints", "重复投诉"),
    "no_evidence": ("no evidence, or none that fits", "无证据或证据不符"),
    "unreasonable": ("plainly unreasonable", "明显无理"),
}


def abuse(event: Event, who: str, t: Teller) -> str | None:
    """The sentence of an entry of this part; None for any other."""
    match event:
        case j.SignNoted():
            return _sign(event, who, t)
        case j.EvidenceDemanded():
            return t.say(
                f"{who} asked the customer for evidence: {t.quoted(event.what)}.",
                f"{who}请客户提供证据：{t.quoted(event.what)}。",
            )
        case j.MalicePresumed():
            on = t.say(f"its signs score {event.score}", f"恶意特征得分 {event.score}")
            if event.unanswered:
                on += t.say(" and demanded evidence had not come in time", "，且所要求的证据逾期未提供")
            return t.say(
                f"{who} presumed the complaint to be malicious; {on}.{t.because(event.reason)}",
                f"{who}推定投诉为恶意投诉（{on}）{t.because(event.reason)}。",
            )
        case j.ReferredToLegal():
            return t.say(
                f"{who} referred the complaint to {t.role(event.to)} with its whole file.{t.because(event.reason)}",
                f"{who}将投诉连同全部材料移交{t.role(event.to)}{t.because(event.reason)}。",
            )
    return None


def _sign(event: j.SignNoted, who: str, t: Teller) -> str:
    what = t.say(*SIGNS[event.sign])
    weight = t.say(f"(weight {event.weight})", f"（权重 {event.weight}）")
    if event.count is not None:
        return t.say(
            f"A sign was counted: {what}, {event.count} complaints of this customer {weight}.",
            f"统计到恶意特征：{what}，该客户共 {event.count} 件投诉{weight}。",
        )
    if event.found:
        words = t.words.list(event.found)
        return t.say(
            f"A sign was found in the customer's words: {what}, {t.quoted(words)} {weight}.",
            f"客户文字中出现恶意特征：{what}，{t.quoted(words)}{weight}。",
        )
    return t.say(
        f"{who} noted a sign: {what} {weight}{t.saying(event.note) or '.'}",
        f"{who}记录恶意特征：{what}{weight}{t.saying(event.note) or '。'}",
    )
