"""Rows about remedies and money: what a finding is answered with, who must approve it, and how far it may ever go."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, StrictBool, model_validator

from domain.actor import Role
from domain.money import Currency
from domain.policy.conditions import When
from domain.policy.figures import Amounts, Figure, Percent, PerDay, Points
from domain.policy.rows import Ruled
from domain.policy.vocabulary import DONE_BY_PEOPLE, GOODS_KINDS, MONEY_KINDS, StepBy, StepKind
from domain.policy.wording import ClauseId, Name, Row, Wording, fault


class StepRule(Row):
    """One thing done for the customer. Money is a percentage, a percentage a day, or an amount of each currency."""

    id: Name
    kind: StepKind
    title: Wording
    clause: ClauseId | None = Field(default=None, description="Clause of its figure; the remedy's when absent.")
    by: StepBy
    optional: StrictBool = Field(default=False, description="The agent may leave it out.")
    if_chosen: StrictBool = Field(default=False, description="An optional step that is left out unless the agent chooses it.")
    one_of: Name | None = Field(default=None, description="Exactly one step with this word is offered: the first unless chosen.")
    percent: Percent | None = None
    per_day: PerDay | None = None
    of: Literal["order", "goods", "items"] | None = Field(
        default=None, description="order: what was paid with freight; goods: the goods; items: those goods that are chosen."
    )
    progressive: StrictBool = Field(default=False, description="Each offer of a complaint is higher than the one before.")
    offers: tuple[Figure, ...] = Field(default=(), max_length=20, description="Per cent proposed first, second, ...")
    amount: Amounts | None = None
    points: Points | None = None
    item: Wording | None = Field(default=None, description="What a gift is.")
    deadline: Name | None = Field(default=None, description="A deadline of scope step.")
    after: Name | None = Field(default=None, description="An earlier step of the remedy: this one is ordered once that is done.")
    freight_paid_by: Literal["company", "customer"] = "company"
    items: Literal["order", "chosen"] = Field(
        default="order", description="chosen: the agent says which goods of the order; order: all of it unless the agent says."
    )
    invoice: StrictBool = Field(default=False, description="The agent says what stands on it: title, tax number, content.")
    department: str | None = Field(default=None, description="The tenant's department whose task it is; the owner's when absent.")

    @model_validator(mode="after")
    def _figures_fit_the_kind(self) -> Self:
        figures = [self.percent, self.per_day, self.amount]
        if self.kind in MONEY_KINDS and figures.count(None) != 2:
            raise fault(
                f"a {self.kind} needs one of `percent`, `per_day` and `amount`", f"{self.kind} 须有 percent、per_day、amount 之一"
            )
        if self.kind not in MONEY_KINDS and any(figure is not None for figure in figures):
            raise fault(f"a {self.kind} moves no money, so it has no figure", f"{self.kind} 不涉及金额，不得有比例或金额")
        if (self.of is not None) != (self.percent is not None or self.per_day is not None):
            raise fault("`of` belongs to a percentage, and a percentage needs it", "比例须以 of 指明 order、goods 或 items")
        if (self.kind == "points") != (self.points is not None):
            raise fault("`points` belong to a step of kind points, and it needs them", "points 类步骤须有 points，其他步骤不得有")
        if self.items == "chosen" and self.kind not in GOODS_KINDS and self.of != "items":
            raise fault(
                'chosen `items` belong to goods that are sent or fetched, or to a share `of = "items"`',
                'items = "chosen" 只用于寄送或取回的货物，或 of = "items" 的比例',
            )
        if self.of == "items" and self.items != "chosen":
            raise fault('a share `of = "items"` needs `items = "chosen"`', 'of = "items" 的比例须写 items = "chosen"')
        if self.kind in DONE_BY_PEOPLE and self.by != "person":
            raise fault(f'a {self.kind} is done `by = "person"`', f'{self.kind} 须由人员执行：by = "person"')
        if self.department is not None and self.by != "person":
            raise fault("a `department` does a step that is by a person", "department 只用于由人员执行的步骤")
        if self.invoice and self.kind != "new_invoice":
            raise fault("`invoice` belongs to a new_invoice", "invoice 只用于 new_invoice 类步骤")
        if (self.kind == "gift") != (self.item is not None):
            raise fault("`item` belongs to a gift, and a gift needs it", "gift 类步骤须有 item，其他步骤不得有")
        return self

    @model_validator(mode="after")
    def _can_be_left_out(self) -> Self:
        if self.kind == "supplier_claim" and not self.if_chosen:
            raise fault(
                "a supplier_claim is `if_chosen`: it is added where the supplier or merchant is found liable, and only there",
                "supplier_claim 须写 if_chosen：认定责任在供应商或商户时自动加入，其他情况不得加入",
            )
        if self.if_chosen and (not self.optional or self.one_of is not None):
            raise fault(
                "`if_chosen` belongs to a step that is `optional` and no alternative (`one_of`)",
                "if_chosen 只用于 optional 且不在 one_of 中的步骤",
            )
        return self

    @model_validator(mode="after")
    def _offers_rise(self) -> Self:
        if self.progressive != bool(self.offers):
            raise fault(
                "`progressive` and `offers` belong together: offers = [10, 20, 30]",
                "progressive 与 offers 须同时填写：offers = [10, 20, 30]",
            )
        if not self.offers:
            return self
        if self.percent is None:
            raise fault("`offers` climb inside a `percent`", "offers 须与 percent 一同使用")
        if any(later <= earlier for earlier, later in zip(self.offers, self.offers[1:], strict=False)):
            raise fault("each of the `offers` is higher than the one before", "offers 须逐次递增")
        if self.offers[0] != self.percent.default or self.offers[-1] > self.percent.max:
            raise fault(
                "`offers` begin with the default of `percent` and stay within its max",
                "offers 须以 percent 的默认值开始，且不超过其最大值",
            )
        return self


class RemedyRule(Ruled):
    """The answer to one finding. Exactly one remedy holds for every finding a category allows."""

    id: Name
    title: Wording
    when: When
    advice: Wording | None = None
    step: tuple[StepRule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _steps_follow_earlier_ones(self) -> Self:
        ids = [step.id for step in self.step]
        for place, step in enumerate(self.step):
            if step.after is not None and step.after not in ids[:place]:
                raise fault(
                    f"step {step.id!r} comes `after` {step.after!r}, which is no earlier step of the remedy",
                    f"步骤“{step.id}”的 after 须为同一方案中在它之前的步骤，“{step.after}”不是",
                )
        return self


class ApprovalRule(Ruled):
    """A plan that meets all that is said here needs `role`; of several that hold, the highest role counts.

    `over` is compared with the plan's total (with `kinds`: of those steps); a currency it does not name is always over.
    """

    id: Name
    role: Role
    when: When = Field(default_factory=dict)
    kinds: tuple[StepKind, ...] = Field(default=(), description="The plan has a step of one of these kinds.")
    over: dict[Currency, Figure] | None = None
    outside_range: StrictBool | None = Field(default=None, description="The agent went outside what the procedure leaves open.")
    outside_order: StrictBool | None = Field(default=None, description="Something would be sent that the order does not hold.")
    deadline: Name


class CapRule(Ruled):
    """What may never be exceeded, whoever approves: payments and coupons on top of refunds, in per cent of the order."""

    extra_percent: Figure = Field(ge=0, le=100)
