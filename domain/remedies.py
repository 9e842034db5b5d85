"""What a finding is answered with: the pack's row, its figures on this order, and the agent's choices inside what it leaves open.

A choice outside a range needs a higher approval. A choice over a cap is refused, whoever approves: what is given back never
exceeds what was paid, and what comes on top never exceeds the pack's cap.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from domain.invoice import Invoice
from domain.money import Currency, Money
from domain.order import Item, Order
from domain.policy.conditions import Facts
from domain.policy.errors import RemedyRefused
from domain.policy.matching import known_facts, remedy_for
from domain.policy.pack import Pack
from domain.policy.remedy_rows import RemedyRule, StepRule
from domain.policy.vocabulary import CASH_KINDS, MONEY_KINDS, Executor, StepBy, StepKind, executor_of
from domain.policy.wording import Wording
from domain.purse import Purse, Spent
from domain.step_choice import StepChoice as StepChoice  # part of this module's vocabulary
from domain.step_choice import by_step, check_invoice, check_items, included
from domain.step_money import price
from domain.stored import absent, empty


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlannedStep(_Message):
    """One thing that will be done for the customer once they agree."""

    id: str
    kind: StepKind
    clause: str
    title: Wording
    by: StepBy
    executor: Executor
    money: Money | None = Field(default=None, description="Exact amount, rounded once; a coupon's is its value.")
    percent: Decimal | None = Field(default=None, description="The percentage behind the money.")
    points: int | None = None
    item: Wording | None = None
    deadline: str | None = Field(default=None, description="The pack's deadline of scope step that this step keeps.")
    after: str | None = Field(default=None, exclude_if=absent, description="Step that has to be done before this one is ordered.")
    freight_paid_by: str = "company"
    items: tuple[Item, ...] = Field(default=(), exclude_if=empty, description="What of the order; none: all of it.")
    invoice: Invoice | None = Field(default=None, exclude_if=absent, description="What has to stand on a new invoice.")
    department: str | None = Field(default=None, exclude_if=empty, description="The department whose task it is.")
    progressive: bool = Field(default=False, exclude_if=empty, description="A later offer of the complaint has to be higher.")


class RemedyPlan(_Message):
    """A remedy with its figures, as it is approved, offered to the customer and carried out."""

    row_id: str
    clause: str
    clauses: tuple[str, ...] = Field(default=(), description="Every clause behind the plan and its figures.")
    title: Wording
    steps: tuple[PlannedStep, ...]
    total: Money = Field(description="Worth of all steps: money out, and coupons at their value.")
    cash: Money = Field(description="Money that leaves: refunds, discounts and extra payments.")
    outside_range: bool = Field(default=False, description="The agent left the procedure's range; a higher role approves.")
    outside_order: bool = Field(
        default=False, exclude_if=empty, description="Something is sent that the order does not hold; a higher role approves."
    )

    def sum_of(self, kinds: Iterable[StepKind]) -> Money:
        """Worth of the steps of these kinds."""
        wanted = frozenset(kinds)
        total = Money.zero(self.total.currency)
        for step in self.steps:
            if step.kind in wanted and step.money is not None:
                total = total + step.money
        return total


def draft(
    pack: Pack,
    category: str,
    facts: Facts,
    order: Order | None,
    currency: Currency,
    choices: Iterable[StepChoice] = (),
    spent: Spent | None = None,
) -> RemedyPlan:
    """The plan of the one row that holds, at its default figures except where the agent chose.

    `spent` is what earlier handlings of the complaint decided: caps count it, default figures shrink to what is left, and a step
    that would move nothing falls out.
    Raises NoRemedy when the finding is not whole, RemedyRefused for a choice that no one can approve.
    """
    row = remedy_for(pack, category, facts)
    chosen = by_step(row, choices)
    purse = Purse.of(pack, order, currency, spent)
    known = known_facts(pack, category, facts)
    steps: list[PlannedStep] = []
    outside = False
    for rule in included(row, chosen):
        choice = chosen.get(rule.id, StepChoice(step=rule.id))
        check_items(rule, choice)
        check_invoice(rule, choice)
        step, left_range = _plan(rule, row, choice, known, purse)
        outside = outside or left_range
        # Nothing is left of what may be given: a payment of nothing is no payment, and no partner would make it.
        if step.money is None or step.money.amount:
            steps.append(step)
    plan = RemedyPlan(
        row_id=row.id,
        clause=row.clause,
        clauses=tuple(dict.fromkeys([*row.clauses, *(step.clause for step in steps)])),
        title=row.title,
        steps=tuple(steps),
        total=Money.zero(currency),
        cash=Money.zero(currency),
        outside_range=outside,
        outside_order=any(order is None or not order.holds(item) for step in steps for item in step.items),
    )
    return plan.model_copy(update={"total": plan.sum_of(MONEY_KINDS), "cash": plan.sum_of(CASH_KINDS)})


def _plan(rule: StepRule, row: RemedyRule, choice: StepChoice, facts: Facts, purse: Purse) -> tuple[PlannedStep, bool]:
    figures: dict[str, Any] = {}
    outside = False
    if rule.kind in MONEY_KINDS:
        priced = price(rule, choice, facts, purse)
        figures, outside = {"money": priced.money, "percent": priced.percent}, priced.outside_range
    elif choice.percent is not None or choice.amount is not None:
        raise RemedyRefused(
            f"choices.{rule.id}",
            zh=f"“{rule.title.zh}”不涉及金额，请不要填写比例或金额",
            en=f"{rule.title.en!r} moves no money; leave percent and amount out",
        )
    if rule.points is not None:
        points = choice.points if choice.points is not None else rule.points.default
        outside = not rule.points.min <= points <= rule.points.max
        if outside and rule.points.hard:
            raise RemedyRefused(
                f"choices.{rule.id}.points",
                zh=f"积分须在 {rule.points.min} 至 {rule.points.max} 之间",
                en=f"give from {rule.points.min} to {rule.points.max} points",
            )
        figures = {"points": points}
    elif choice.points is not None:
        raise RemedyRefused(
            f"choices.{rule.id}.points", zh="此步骤不发放积分，请不要填写", en="this step grants no points; leave it out"
        )
    step = PlannedStep(
        id=rule.id,
        kind=rule.kind,
        clause=rule.clause or row.clause,
        title=rule.title,
        by=rule.by,
        executor=executor_of(rule.kind, rule.by),
        item=rule.item,
        deadline=rule.deadline,
        after=rule.after,
        freight_paid_by=rule.freight_paid_by,
        items=choice.items,
        invoice=choice.invoice,
        department=rule.department,
        progressive=rule.progressive,
        **figures,
    )
    return step, outside
