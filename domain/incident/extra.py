"""Extra compensation of an incident: what it may come to by the pack, and what it is for one complaint."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal

from domain.case import Case
from domain.incident.commands import GrantExtra
from domain.incident.events import Terms
from domain.money import Money, minor_digits
from domain.policy.batch_rows import ExtraRule
from domain.policy.vocabulary import ExtraKind, executor_of
from domain.policy.wording import Wording
from domain.refusal import Refusal
from domain.remedies import PlannedStep

_TITLES: dict[ExtraKind, Wording] = {
    "extra_payment": Wording(zh="批量事件额外赔付", en="Extra payment by the incident"),
    "coupon": Wording(zh="批量事件额外优惠券", en="Extra coupon by the incident"),
    "gift": Wording(zh="批量事件赠品", en="Gift by the incident"),
    "points": Wording(zh="批量事件额外积分", en="Extra points by the incident"),
}


def extra_of(grant: int, complaint: str) -> str:
    """Id of the incident's effect that gives a closed complaint its part of a grant."""
    return f"extra-{grant}-{complaint}"


def is_extra_of(effect: str, complaint: str) -> bool:
    """Whether an effect of an incident is what it gives this complaint."""
    return effect.startswith("extra-") and effect.endswith(f"-{complaint}")


def terms_of(rule: ExtraRule, command: GrantExtra, currency: str, before: Iterable[Terms]) -> Terms:
    """The terms of a request; raises Refusal for what nobody can approve. What the incident gives already (`before`) counts."""
    given = tuple(before)
    if command.kind not in rule.kinds:
        kinds = "、".join(rule.kinds)
        raise Refusal(
            "extra_not_allowed",
            field="kind",
            zh=f"本规程只允许额外给予：{kinds}",
            en=f"the procedure allows {', '.join(rule.kinds)}",
        )
    if command.percent is not None:
        most = (rule.percent_max or Decimal(0)) - sum((each.percent or Decimal(0) for each in given), Decimal(0))
        if command.percent > most:
            raise _over("percent", f"{most.normalize():f} %", f"{most.normalize():f}%")
    if command.amount is not None:
        if command.amount.currency != currency:
            raise Refusal("other_currency", field="amount", zh=f"请以 {currency} 填写", en=f"say it in {currency}")
        limit = rule.amount_max.get(currency, Decimal(0)) - sum((e.amount.amount for e in given if e.amount), Decimal(0))
        if command.amount.amount > limit:
            raise _over("amount", f"{limit} {currency}", f"{limit} {currency}")
    if command.points is not None:
        points = (rule.points_max or 0) - sum(each.points or 0 for each in given)
        if command.points > points:
            raise _over("points", f"{points} points", f"{points} 分")
    item = Wording(zh=command.item.zh, en=command.item.en) if command.item else None
    return Terms(kind=command.kind, percent=command.percent, amount=command.amount, points=command.points, item=item)


def _over(field: str, most: str, most_zh: str) -> Refusal:
    return Refusal("over_the_cap", field=field, zh=f"每起投诉最多还可给 {most_zh}", en=f"at most {most} more for each complaint")


def step_of(case: Case, terms: Terms, id: str, clause: str) -> PlannedStep | None:
    """The step for one complaint; None where it comes to nothing: no order to take a share of, and no amount beside it."""
    money = _money(case, terms)
    if terms.kind in ("extra_payment", "coupon") and not money:
        return None
    return PlannedStep(
        id=id,
        kind=terms.kind,
        clause=clause,
        title=_TITLES[terms.kind],
        by="partner",
        executor=executor_of(terms.kind, "partner"),
        money=money,
        percent=terms.percent if money is not None and money != terms.amount else None,
        points=terms.points,
        item=terms.item,
    )


def _money(case: Case, terms: Terms) -> Money | None:
    order = case.order if case.order_check == "found" else None
    if terms.percent is not None and order is not None and order.paid.currency == case.currency:
        # Down, not half up: a cap that is rounded up would be exceeded.
        unit = Decimal(1).scaleb(-minor_digits(case.currency))
        return Money.of((order.paid.amount * terms.percent / 100).quantize(unit, rounding=ROUND_DOWN), case.currency)
    return terms.amount
