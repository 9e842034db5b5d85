"""What the software wrote into the journal by itself, told in the reader's language. What people wrote is quoted as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

# English, Chinese. `{}` is what the pattern's first group holds.
_REASONS = {
    "order_not_found": ("there is no such order", "没有该订单"),
    "order_not_theirs": ("the order is another customer's", "订单属于其他客户"),
    "no order of this customer to take a share of / 没有可按比例计算的订单": (
        "there is no order of this customer to take a share of",
        "没有可按比例计算的订单",
    ),
    "the procedure has no verification for this": ("the procedure has no verification for this", "规程对此类投诉不设核实"),
    "规程对此类投诉不设核实 / the procedure has no verification for this": (
        "the procedure has no verification for this",
        "规程对此类投诉不设核实",
    ),
    "the term of the pause is over": ("the term of the pause is over", "暂停期限已满"),
    "no address": ("no address is known", "没有可用的地址"),
    "no e-mail address and no chat is known / 没有可用的邮箱或聊天地址": (
        "no e-mail address and no chat is known",
        "没有可用的邮箱或聊天地址",
    ),
    "could not be sent for a day": ("it could not be sent for a day", "一天内未能发出"),
    "refused": ("the partner refused", "合作方拒绝"),
}
_CALLED_OFF = re.compile(r"called off: ?(.*)", re.DOTALL)
# The words of partners for how far they are.
STATES = {
    "accepted": ("taken on", "已受理"),
    "in_transit": ("on its way", "运输途中"),
    "delivered": ("delivered", "已送达"),
    "pending": ("under way", "办理中"),
    "succeeded": ("the money has been paid out", "款项已付出"),
    "granted": ("granted", "已发放"),
    "changed": ("changed", "已变更"),
    "executed": ("carried out", "已执行"),
    "completed": ("completed", "已完成"),
    "cancelled": ("called off", "已撤回"),
    "scheduled": ("in the calendar", "已排期"),
    "asked": ("asked for", "已提出"),
    "lost": ("lost", "已丢失"),
    "failed": ("failed", "失败"),
    "revoked": ("taken back", "已收回"),
    "undone": ("undone", "已恢复原状"),
}
CHANNELS = {
    "email": ("e-mail", "邮件"),
    "chat": ("chat", "即时消息"),
    "sms": ("text message", "短信"),
}
PARTS = {
    "whole": ("", ""),
    "accessory": ("accessory", "配件"),
    "manual": ("manual", "说明书"),
    "warranty_card": ("warranty card", "保修卡"),
    "cutlery": ("cutlery", "餐具"),
}


def own_reason(text: str) -> tuple[str, str] | None:
    """A reason that the software gave, in English and in Chinese; None when it is a person's."""
    if (known := _REASONS.get(text)) is not None:
        return known
    if (off := _CALLED_OFF.fullmatch(text)) is not None:
        en, zh = STATES.get(off[1].strip(), (off[1].strip(), off[1].strip()))
        if off[1].strip() in ("", "cancelled"):
            return "it was called off", "已撤回"
        return f"it was called off: {en}", f"已撤回：{zh}"
    return None


def known(names: Mapping[str, tuple[str, str]], word: str) -> tuple[str, str]:
    """What a word of the program is called, or the word itself."""
    return names.get(word, (word, word))
