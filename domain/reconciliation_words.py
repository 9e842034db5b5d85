"""What reconciling found, in words for the people who have to clear it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.ledger import Partner
from domain.money import Money
from domain.order import Locale
from domain.reconciliation import Finding, FindingKind
from domain.summary.period import Period

_KINDS: dict[FindingKind, tuple[str, str]] = {
    "not_in_ledger": ("合作方已有此笔，本方账中没有", "the partner has it, our ledger has not"),
    "unknown_to_partner": ("本方账中已有此笔，合作方称没有", "our ledger has it, the partner knows nothing of it"),
    "amounts_differ": ("两边金额或数量不同", "the amounts or numbers differ"),
    "twice": ("同一步骤执行了不止一次", "one step was carried out more than once"),
    "ended_differently": ("一边已完成，另一边未成", "done on one side, and not on the other"),
    "stuck": ("超过一天仍无结果", "no outcome is known for more than a day"),
    "case_differs": (
        "投诉或批量事件记录的已付金额与账中不符",
        "the complaint or incident says another sum was paid than the ledger",
    ),
}
_PARTNERS: dict[Partner, tuple[str, str]] = {
    "payments": ("支付", "payments"),
    "benefits": ("权益", "benefits"),
    "logistics": ("物流", "logistics"),
    "accounts": ("账户", "accounts"),
    "lots": ("批次", "lots"),
}


def subject(count: int, period: Period, locale: Locale) -> str:
    """One line. `count` is 0 where nothing was found and some partner could not be asked."""
    if locale == "zh-CN":
        return f"对账发现 {count} 处不符：{period}" if count else f"对账未能完成：{period}"
    if not count:
        return f"Reconciliation is not complete, {period}"
    return f"Reconciliation: {count} {'thing does' if count == 1 else 'things do'} not fit, {period}"


def letter(found: Mapping[str, Finding], away: Sequence[Partner], period: Period, locale: Locale) -> str:
    """The whole text, one paragraph a finding; `found` by the ids under which they are settled."""
    zh = locale == "zh-CN"
    head = [f"{'对账期间：' if zh else 'Period: '}{period}"]
    if away:
        names = ("、" if zh else ", ").join(_PARTNERS[each][0 if zh else 1] for each in away)
        head.append(
            f"合作方无应答，未能核对：{names}。请在其恢复后重新对账（POST /v1/reconciliation）。"
            if zh
            else f"Not compared, for they did not answer: {names}. Ask for this period again later (POST /v1/reconciliation)."
        )
    if found:
        head.append(
            "以下各项请逐一核实，并写明理由办结（POST /v1/reconciliation/<编号>/settle）："
            if zh
            else "Please clear up each of these and settle it with a reason (POST /v1/reconciliation/<id>/settle):"
        )
    return "\n\n".join([*head, *(_told(id, each, zh) for id, each in found.items())]) + "\n"


def _told(id: str, finding: Finding, zh: bool) -> str:
    kind = _KINDS[finding.kind][0 if zh else 1]
    colon = "：" if zh else ": "

    def line(name_zh: str, name_en: str, value: str | None) -> list[str]:
        return [f"  {name_zh if zh else name_en}{colon}{value}"] if value else []

    partner = _PARTNERS[finding.partner][0 if zh else 1] if finding.partner else None
    of_case = finding.kind == "case_differs"
    return "\n".join(
        [
            f"- {kind}",
            *line("编号", "id", id),
            *line("投诉", "complaint", finding.complaint_id),
            *line("合作方", "partner", partner),
            *line("业务键", "key", finding.key),
            *line("合作方编号", "partner's number", finding.reference),
            *line("本方账", "our ledger", _side(finding.our_state, finding.our_money, finding.our_quantity)),
            *line(
                "投诉记录" if of_case else "合作方记录", "the complaint's row" if of_case else "the partner's books",
                _side(finding.their_state, finding.their_money, finding.their_quantity),
            ),
        ]
    )  # fmt: skip


def _side(state: str | None, money: Money | None, quantity: int | None) -> str:
    told = [state or "", str(money) if money else "", str(quantity) if quantity is not None else ""]
    return " ".join(each for each in told if each)
