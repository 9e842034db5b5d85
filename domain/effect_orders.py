"""What a step of an agreed plan asks of a partner, in the partner's words, and under which key for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from domain.case import Case, StepState
from domain.effects import AccountChange, Benefit, EffectOrder, Payment, ShipmentOrder, VisitOrder
from domain.policy.pack import Pack
from domain.promise_plan import WALL_CLOCK, plan_promise

_VISITS: dict[str, Literal["inspection", "repair", "rectification", "reinstallation"]] = {
    "inspection_visit": "inspection",
    "repair_visit": "repair",
    "rectification_visit": "rectification",
    "reinstallation": "reinstallation",
}
_ACCOUNT: dict[str, Literal["restrict_cod", "restore_cod", "freeze", "release"]] = {
    "cod_restriction": "restrict_cod",
    "cod_restoration": "restore_cod",
    "account_freeze": "freeze",
    "account_release": "release",
}


def effect_key(case: Case, state: StepState) -> str:
    """`tenant:complaint/cycle/step`. A retry after a final refusal, where nothing has happened for sure, gets a suffix."""
    key = f"{case.tenant}:{case.complaint_id}/{state.cycle}/{state.step.id}"
    return f"{key}/r{state.attempt}" if state.attempt else key


def latest(pack: Pack, state: StepState, now: datetime) -> datetime | None:
    """By when a visit ordered now has to take place; None where the procedure sets no time, or a calendar has a say in it.

    Never later than what the customer is promised, for that counts from the moment in which the partner takes the order.
    """
    name = state.step.deadline
    if not state.is_visit or name is None or not pack.deadline_of(name).budget.counts_wall_clock:
        return None
    return plan_promise(pack, name, now, (), WALL_CLOCK).due_at


def effect_of(case: Case, state: StepState, before_at: datetime | None = None) -> EffectOrder:
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
            customer = _customer(case)
            # What is credited to an account needs no order; without either the partner says what is missing.
            about = case.intake.order_number if customer else number
            return Benefit(
                kind=step.kind, order_number=about, customer_id=customer, money=step.money, item=item, points=step.points
            )
        case "reship" | "exchange" | "return" | "collection":
            paid_by: Literal["company", "customer"] = "customer" if step.freight_paid_by == "customer" else "company"
            return ShipmentOrder(kind=step.kind, order_number=number, items=step.items, freight_paid_by=paid_by)
        case "new_invoice":
            return ShipmentOrder(kind="invoice", order_number=number, invoice=step.invoice)
        case "cod_restriction" | "cod_restoration" | "account_freeze" | "account_release":
            return AccountChange(
                kind=_ACCOUNT[step.kind],
                customer_id=_customer(case) or "",
                order_number=case.intake.order_number,
                reason=step.clause,
            )
        case "inspection_visit" | "repair_visit" | "rectification_visit" | "reinstallation":
            return VisitOrder(kind=_VISITS[step.kind], order_number=number, address=where, before_at=before_at)
    raise ValueError(f"no partner carries out a {step.kind}")


def _customer(case: Case) -> str | None:
    """The shop's id of the customer, as they gave it or as their order has it."""
    return case.intake.customer.customer_id or (case.order.customer_id if case.order else None)
