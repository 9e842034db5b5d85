"""What a step of an agreed plan asks of a partner, in the partner's words, and under which key for ever."""

from __future__ import annotations

from typing import Literal

from domain.case import Case, StepState
from domain.effects import Benefit, EffectOrder, Payment, ShipmentOrder, VisitOrder

_VISITS: dict[str, Literal["inspection", "repair", "rectification", "reinstallation"]] = {
    "inspection_visit": "inspection",
    "repair_visit": "repair",
    "rectification_visit": "rectification",
    "reinstallation": "reinstallation",
}


def effect_key(case: Case, state: StepState) -> str:
    """`tenant:complaint/cycle/step`. A retry after a final refusal, where nothing has happened for sure, gets a suffix."""
    key = f"{case.tenant}:{case.complaint_id}/{state.cycle}/{state.step.id}"
    return f"{key}/r{state.attempt}" if state.attempt else key


def effect_of(case: Case, state: StepState) -> EffectOrder:
    """The order to the partner behind a step; raises ValueError for a step that no partner carries out."""
    step = state.step
    number = case.intake.order_number or case.complaint_id
    where = state.address or case.intake.installation_address
    match step.kind:
        case "refund" | "discount" | "extra_payment" if step.money is not None:
            kind: Literal["refund", "extra_payment"] = "extra_payment" if step.kind == "extra_payment" else "refund"
            return Payment(kind=kind, order_number=number, money=step.money, reason=step.clause)
        case "coupon" | "gift" | "points":
            item = step.item.in_language(case.intake.customer.locale) if step.item else None
            customer = case.intake.customer.customer_id or (case.order.customer_id if case.order else None)
            return Benefit(
                kind=step.kind, order_number=number, customer_id=customer, money=step.money, item=item, points=step.points
            )
        case "reship" | "exchange" | "return" | "collection":
            paid_by: Literal["company", "customer"] = "customer" if step.freight_paid_by == "customer" else "company"
            return ShipmentOrder(kind=step.kind, order_number=number, freight_paid_by=paid_by)
        case "inspection_visit" | "repair_visit" | "rectification_visit" | "reinstallation":
            return VisitOrder(kind=_VISITS[step.kind], order_number=number, address=where)
    raise ValueError(f"no partner carries out a {step.kind}")
