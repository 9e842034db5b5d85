"""One entry of an incident's journal as one line: when, who, what, by which clause; in the reader's language."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from domain.actor import Actor, Role
from domain.incident import events as e
from domain.incident.events import Happening, IncidentEntry, Terms
from domain.incident.incident import Incident
from domain.order import Locale
from domain.policy.pack import Pack
from domain.policy.wording import Wording
from domain.story.teller import ROLES
from domain.words import Words

_KINDS = {
    "extra_payment": ("extra payment", "额外赔付"),
    "coupon": ("coupon", "优惠券"),
    "gift": ("gift", "赠品"),
    "points": ("points", "积分"),
}
_LOTS = {
    "suspend": ("decided to stop the sale of lot", "决定暂停销售批次"),
    "release": ("decided to release lot", "决定恢复销售批次"),
    "recall": ("decided to recall lot", "决定召回批次"),
}
_WHY_NOT = {
    "granted_there": ("the complaint gives it itself", "由投诉自行执行"),
    "no_order": ("there is no order to take a share of", "没有可按比例计算的订单"),
    "unfounded": ("the complaint was untrue", "投诉不成立"),
    "withdrawn": ("the complaint was taken back", "投诉已撤回"),
    "refused_as_malicious": ("the complaint was malicious", "投诉被认定为恶意"),
    "no_such_complaint": ("there is no such complaint", "没有此投诉"),
}


def tell(entry: IncidentEntry, incident: Incident, pack: Pack | None, locale: Locale) -> str:
    """`incident` is the incident as it stands; without the pack its row is called by its id."""
    words = Words("zh" if locale == "zh-CN" else "en", ZoneInfo(incident.zone))
    sentence = _Told(words, incident, pack).sentence(entry)
    at = words.at(entry.at.replace(microsecond=0))
    clauses = f" [{', '.join(entry.clauses)}]" if entry.clauses else ""
    sentence = sentence[:1].upper() + sentence[1:]
    return words.say(f"{at}: {sentence}{clauses}", f"{at}：{sentence}{clauses}")


class _Told:
    def __init__(self, words: Words, incident: Incident, pack: Pack | None) -> None:
        self._say = words.say
        self._words = words
        self._incident = incident
        self._pack = pack

    def sentence(self, entry: IncidentEntry) -> str:
        event, who = entry.event, self._who(entry.by)
        return self._course(event, who) or self._extra(event, who) or self._effect(event, who) or event.kind

    def _course(self, event: Happening, who: str) -> str | None:
        say = self._say
        match event:
            case e.IncidentOpened():
                about = self._words.list(event.about.values())
                return say(f"An incident began: {self._title()} ({about}).", f"批量事件启动：{self._title()}（{about}）。")
            case e.ComplaintsJoined():
                many, ids = len(event.complaints), ", ".join(event.complaints[:5])
                more = say(" and more", " 等") if many > 5 else ""
                return say(f"{many} complaints joined: {ids}{more}.", f"并入 {many} 起投诉：{ids}{more}。")
            case e.TeamNamed():
                team = self._words.list(event.members) or "-"
                return say(
                    f"{who} named the team: led by {event.lead}, with {team}.{self._because(event.note)}",
                    f"{who}成立调查组：牵头 {event.lead}，成员 {team}{self._because(event.note)}。",
                )
            case e.FindingRecorded():
                lots = self._words.list(event.lots)
                about = say(f" Lots: {lots}.", f"涉及批次：{lots}。") if lots else ""
                en, zh = ("the root", "根本原因") if event.final else ("so far", "阶段性结论")
                return say(f"{who} found ({en}): “{event.cause}”.{about}", f"{who}记录调查结论（{zh}）：“{event.cause}”。{about}")
            case e.LotDecided():
                en, zh = _LOTS[event.action]
                return say(
                    f"{who} {en} {event.lot}.{self._because(event.reason)}",
                    f"{who}{zh} {event.lot}{self._because(event.reason)}。",
                )
            case e.StatementPublished():
                by = self._words.at(event.expected_at) if event.expected_at else ""
                more = say(f" More is expected by {by}.", f"预计 {by} 前公布进展。") if by else ""
                text = self._text(event.text)
                return say(f"{who} published a statement: “{text}”.{more}", f"{who}发布公开说明：“{text}”。{more}")
            case e.MembersTold():
                text = self._text(event.text)
                return say(f"{who} told everybody concerned: “{text}”.", f"{who}统一告知：“{text}”。")
            case e.NewsPassedOn():
                letters = say(f", {event.closed} by letter", f"，其中 {event.closed} 起以信函告知") if event.closed else ""
                return say(
                    f"Message {event.number} reached {event.complaints} complaints{letters}.",
                    f"第 {event.number} 条告知已送达 {event.complaints} 起投诉{letters}。",
                )
            case e.IncidentClosed():
                return say(
                    f"{who} ended the incident.{self._because(event.reason)}", f"{who}结束批量事件{self._because(event.reason)}。"
                )
        return None

    def _extra(self, event: Happening, who: str) -> str | None:
        say = self._say
        match event:
            case e.ExtraAsked():
                terms = self._terms(event.terms)
                return say(
                    f"{who} asked for extra {event.number} for every complaint: {terms}.{self._because(event.reason)}",
                    f"{who}提请第 {event.number} 项额外补偿，适用于每起投诉：{terms}{self._because(event.reason)}。",
                )
            case e.ExtraApproved():
                return say(
                    f"{who} approved extra compensation {event.number}.{self._because(event.note)}",
                    f"{who}批准第 {event.number} 项额外补偿{self._because(event.note)}。",
                )
            case e.ExtraRefused():
                return say(
                    f"{who} refused extra compensation {event.number}.{self._because(event.reason)}",
                    f"{who}驳回第 {event.number} 项额外补偿{self._because(event.reason)}。",
                )
            case e.ExtraPassedOn():
                many = len(event.complaints)
                return say(
                    f"Extra compensation {event.number} was handed to {many} complaints, which carry it out.",
                    f"第 {event.number} 项额外补偿已交由 {many} 起投诉各自执行。",
                )
            case e.ExtraOwed():
                return say(
                    f"Complaint {event.complaint} is closed: the incident gives extra compensation {event.number} itself.",
                    f"投诉 {event.complaint} 已结案，第 {event.number} 项额外补偿由批量事件直接给予。",
                )
        return None

    def _effect(self, event: Happening, who: str) -> str | None:
        say = self._say
        match event:
            case e.EffectOrdered():
                return say(
                    f"{event.effect} was ordered at the partner under {event.reference}.",
                    f"{event.effect} 已由合作方受理，编号 {event.reference}。",
                )
            case e.EffectDone():
                money = f" {event.money}" if event.money else ""
                return say(f"{event.effect} is done{money and ':' + money}.", f"{event.effect} 已完成{money}。")
            case e.EffectFailed():
                return say(
                    f"{event.effect} failed for good ({event.code}): a person has to decide.",
                    f"{event.effect} 最终失败（{event.code}），须由人员决定。",
                )
            case e.EffectSettled():
                en, zh = _WHY_NOT.get(event.reason, (event.reason, event.reason))
                if event.action == "retry":
                    tried = say(f"{who} has {event.effect} tried again.", f"{who}决定重试 {event.effect}")
                    return f"{tried}{self._because(event.reason)}{say('', '。')}"
                return say(f"{event.effect} is left out: {en}.", f"{event.effect} 不予执行：{zh}。")
        return None

    def _title(self) -> str:
        rows = [row for row in self._pack.batch if row.id == self._incident.batch] if self._pack else []
        return self._text(rows[0].title) if rows else self._incident.batch

    def _text(self, wording: Wording) -> str:
        return self._say(wording.en, wording.zh)

    def _terms(self, terms: Terms) -> str:
        figures = [f"{terms.percent.normalize():f} %"] if terms.percent is not None else []
        figures += [str(terms.amount)] if terms.amount is not None else []
        figures += [str(terms.points)] if terms.points is not None else []
        figures += [self._text(terms.item)] if terms.item is not None else []
        return f"{self._say(*_KINDS[terms.kind])} {', '.join(figures)}"

    def _because(self, reason: str | None) -> str:
        return self._say(f" Reason: “{reason}”.", f"，理由：“{reason}”") if reason else ""

    def _who(self, actor: Actor) -> str:
        role = actor.highest
        en, zh = ROLES[role]
        return self._say(en, zh) if role is Role.SYSTEM else self._say(f"{en} {actor.id}", f"{zh} {actor.id} ")
