"""Where an approver decides: a link signed for them alone, or, where none is set up, the words that say where to look."""

from __future__ import annotations

from dataclasses import dataclass

from activities.contract import DecisionAsked
from domain.order import Locale
from settings.deciding import sign_decision


@dataclass(frozen=True)
class DecisionLinks:
    """`base` is the API's address as people reach it, `secret` signs; without both of them there are no links."""

    base: str = ""
    secret: str = ""

    def to(self, tenant: str, person: str, asked: DecisionAsked) -> str | None:
        """The address of the decision page for this person; None where links are not set up."""
        if not self.base or not self.secret:
            return None
        return f"{self.base}/v1/decisions/{sign_decision(self.secret, tenant, person, asked.complaint_id, asked.number)}"


def where_to_look(asked: DecisionAsked | None, locale: Locale) -> str:
    """For whoever gets no link: nothing that opens anything."""
    if asked is None:
        return "无需审批" if locale == "zh-CN" else "nothing waits for a decision"
    if locale == "zh-CN":
        return f"请登录投诉系统，打开投诉 {asked.complaint_id} 的第 {asked.number} 号方案"
    return f"open proposal {asked.number} of complaint {asked.complaint_id} in your complaint system"
