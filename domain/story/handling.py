"""Sentences from receipt to the assessment."""

from __future__ import annotations

from domain import journal as j
from domain.journal import Event
from domain.route import Route
from domain.story.teller import Teller

_CHANNELS = {
    "hotline": ("the hotline", "热线"),
    "email": ("e-mail", "邮件"),
    "online": ("the online service", "在线客服"),
    "app": ("the app", "应用"),
    "shop": ("the shop", "门店"),
    "social": ("social media", "社交媒体"),
    "site": ("the form of the site", "网站页面"),
    "chat": ("the online chat", "在线聊天"),
}
_CHOSEN = {
    "least_loaded": (", who had the least to do", "（当前负荷最低）"),
    "stand_in": (", standing in for somebody absent", "（代理缺席人员）"),
    "only_one": (", the only one there", "（唯一在岗人员）"),
    "first_contact": (", who had the first contact", "（首问负责）"),
    "own_supervisor": (", the supervisor of the person concerned", "（当事人直属主管）"),
    "absent": (", though absent: nobody who could take it is there", "（本人缺席，暂无可接手人员）"),
    "nobody_took_it": (", because nobody who was asked has taken it over", "（其他人均未接手）"),
    "load_unknown": (", chosen without knowing how much each has to do", "（未能获知各人负荷）"),
}
_ORDER_CHECKS = {
    "found": ("The order system confirmed the order and that it is this customer's.", "订单系统确认订单存在且属于该客户。"),
    "not_found": ("The order system knows no such order.", "订单系统中没有该订单。"),
    "not_theirs": ("The order is another customer's.", "该订单属于其他客户。"),
    "unclear": (
        "The order exists; whether it is this customer's has to be checked by a person.",
        "订单存在，但是否属于该客户须由人工核实。",
    ),
    "not_needed": ("No order was named, so none was looked up.", "未提供订单号，无需查询订单。"),
}
_PARCELS = {
    "not_shipped": ("the parcel has not been shipped", "尚未发货"),
    "in_transit": ("the parcel is on its way", "运输途中"),
    "delivered": ("the parcel was delivered", "已送达"),
    "lost": ("the parcel is lost", "已丢失"),
}
_ON_THE_WAY = {
    "ordered": ("ordered", "下单"),
    "handed_to_carrier": ("handed to the carrier", "已交承运商"),
    "departed": ("departed", "已发出"),
    "arrived_at_hub": ("arrived at the hub", "到达中转站"),
    "delivered": ("delivered", "已签收"),
    "lost": ("reported lost", "报失"),
}
LIABLE = {
    "company": ("the company", "公司"),
    "carrier": ("the carrier", "承运商"),
    "installer": ("the installer", "安装方"),
    "supplier": ("the supplier", "供应商"),
    "merchant": ("the merchant", "商户"),
    "customer": ("the customer", "客户"),
    "nobody": ("nobody", "无责任方"),
}


def handling(event: Event, who: str, t: Teller) -> str | None:
    """The sentence of an entry of this part of the life; None for any other."""
    match event:
        case j.Received():
            return _received(event, who, t)
        case j.OrderChecked():
            return t.say(*_ORDER_CHECKS[event.result]) + (_route(event.route, t) if event.route else "")
        case j.Assigned():
            en, zh = _CHOSEN.get(event.why, ("", ""))
            had = t.say(", ", "、").join(f"{person} {many}" for person, many in event.loads.items())
            had = t.say(f" Open complaints of each: {had}.", f"当时各人未结投诉：{had}。") if had else ""
            return t.say(f"The complaint was given to {event.assignee}{en}.{had}", f"投诉由 {event.assignee} 负责{zh}。{had}")
        case j.Responded():
            return t.say(
                f"{who} gave the customer a first response{t.saying(event.message) or '.'}",
                f"{who}向客户作出首次回应{t.saying(event.message) or '。'}",
            )
        case j.InspectionOrdered():
            where = t.say(f" at {event.address}", f"，地点：{event.address}") if event.address else ""
            return t.say(
                f"{who} ordered an inspection on site{where}{t.saying(event.note) or '.'}",
                f"{who}安排上门核实{where}{t.saying(event.note) or '。'}",
            )
        case j.VisitReported():
            put_right = (
                t.say("the matter was put right", "已当场整改") if event.corrected else t.say("not put right yet", "尚未整改")
            )
            visit, many = t.step(event.step), len(event.evidence)
            return t.say(
                f"{who} reported the visit {visit} ({put_right}, evidence: {many}){t.saying(event.findings) or '.'}",
                f"{who}报告{visit}的上门结果（{put_right}，凭证 {many} 份）{t.saying(event.findings) or '。'}",
            )
        case j.Verified():
            asked = t.quoted(t.words.list(event.sources)) if event.sources else ""
            sources = t.say(f" Sources: {asked}.", f"查询来源：{asked}。") if asked else ""
            found = t.say("founded", "属实") if event.founded else t.say("unfounded", "不成立")
            return t.say(
                f"{who} found the complaint {found}{t.saying(event.findings) or '.'}{sources}{rests_on(event.rests_on, t)}",
                f"{who}核实投诉{found}{t.saying(event.findings) or '。'}{sources}{rests_on(event.rests_on, t)}",
            )
        case j.Assessed():
            liable = t.say(*LIABLE[event.liable]) if event.liable in LIABLE else event.liable
            # A category may leave nothing to find out, such as goods that are lost.
            en, zh = (f": {facts}", f"：{facts}") if (facts := t.facts(event.facts)) else ("", "")
            return t.say(
                f"{who} assessed it{en}. Liable: {liable}.{t.because(event.note)}{rests_on(event.rests_on, t)}",
                f"{who}定性定责{zh}。责任方：{liable}{t.because(event.note)}。{rests_on(event.rests_on, t)}",
            )
    return None


def rests_on(pieces: tuple[str, ...], t: Teller) -> str:
    many = "one piece" if len(pieces) == 1 else f"{len(pieces)} pieces"
    return t.say(f" It rests on {many} of evidence.", f"依据凭证 {len(pieces)} 份。") if pieces else ""


def _route(route: Route, t: Teller) -> str:
    """Where the parcel is, and what happened to it last."""
    carrier = t.say(f" {route.carrier}", f" {route.carrier} ") if route.carrier else ""
    where = t.say(*_PARCELS[route.status])
    if not route.events:
        return t.say(f" The carrier{carrier} says: {where}.", f"承运商{carrier}答复：{where}。")
    last = route.events[-1]
    what, place = t.say(*_ON_THE_WAY.get(last.event, (last.event, last.event))), f" {last.place}" if last.place else ""
    at = t.words.at(last.at)
    return t.say(
        f" The carrier{carrier} says: {where}; last entry: {what}{place and ','}{place}, {at}.",
        f"承运商{carrier}答复：{where}；最近一条：{at}{place} {what}。",
    )


def _received(event: j.Received, who: str, t: Teller) -> str:
    intake = event.intake
    channel = t.say(*_CHANNELS[intake.channel])
    order = t.say(f", order {intake.order_number}", f"，订单 {intake.order_number}") if intake.order_number else ""
    wanted = (
        t.say(f" Wanted: {t.quoted(intake.expectation)}.", f"期望：{t.quoted(intake.expectation)}。")
        if intake.expectation
        else ""
    )
    kind, content = t.category(intake.category), t.quoted(intake.content)
    return t.say(
        f"{who} filed a complaint that came by {channel} under {t.procedure(event.pack)}: {kind}{order}. "
        f"The customer says {content}.{wanted}",
        f"{who}受理投诉（渠道：{channel}，适用规程：{t.procedure(event.pack)}）：{kind}{order}。客户陈述：{content}。{wanted}",
    )
