"""The agent's choices among the steps of a remedy: what is left out, and which of several alternatives is offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from domain.invoice import Invoice
from domain.money import Money
from domain.order import Item
from domain.policy.errors import RemedyRefused
from domain.policy.remedy_rows import RemedyRule, StepRule
from domain.policy.vocabulary import GOODS_KINDS
from domain.stored import absent


class StepChoice(BaseModel):
    """What the agent wants of one step, where it differs from the pack's default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: str = Field(max_length=64, description="Id of the step in the pack's remedy.")
    include: bool | None = Field(
        default=None,
        description="False leaves an optional step out; true takes one that is left to the agent, or one of alternatives.",
    )
    percent: Decimal | None = Field(default=None, ge=0, le=100, max_digits=7, description="Per cent of the order or the goods.")
    amount: Money | None = Field(default=None, description="An amount instead of a percentage.")
    points: int | None = Field(default=None, ge=1, le=10_000_000)
    items: tuple[Item, ...] = Field(
        default=(), max_length=50, description="What of the order is sent, exchanged, returned or paid for; none: all of it."
    )
    invoice: Invoice | None = Field(default=None, exclude_if=absent, description="What has to stand on a new invoice.")


def by_step(row: RemedyRule, choices: Iterable[StepChoice]) -> dict[str, StepChoice]:
    """The choices by step; raises RemedyRefused for a step that the row lacks or that is chosen twice."""
    chosen: dict[str, StepChoice] = {}
    ids = [step.id for step in row.step]
    for choice in choices:
        if choice.step not in ids:
            names = ", ".join(ids)
            raise RemedyRefused(
                f"choices.{choice.step}",
                zh=f"方案“{row.title.zh}”没有这一步骤，可选：{names}",
                en=f"the remedy {row.title.en!r} has no such step; choose one of {names}",
            )
        if choice.step in chosen:
            raise RemedyRefused(f"choices.{choice.step}", zh="同一步骤只能选择一次，请合并", en="is chosen twice; say it once")
        chosen[choice.step] = choice
    return chosen


def check_items(rule: StepRule, choice: StepChoice) -> None:
    """Goods that move are named where the procedure wants them named, and only there; raises RemedyRefused."""
    if rule.items == "chosen" and not choice.items:
        raise RemedyRefused(
            f"choices.{rule.id}.items",
            zh=f"请注明“{rule.title.zh}”的商品及数量",
            en=f"say which goods of the order {rule.title.en!r} is about, and how many",
        )
    if choice.items and rule.kind not in GOODS_KINDS and rule.of != "items":
        raise RemedyRefused(
            f"choices.{rule.id}.items", zh="此步骤不涉及商品，请不要填写", en="this step moves no goods; leave the items out"
        )


def check_invoice(rule: StepRule, choice: StepChoice) -> None:
    """What stands on a new invoice is said where the procedure wants it said, and nowhere else; raises RemedyRefused."""
    if rule.invoice and choice.invoice is None:
        raise RemedyRefused(
            f"choices.{rule.id}.invoice",
            zh="请写明新发票的抬头、税号（个人无税号）和内容",
            en="say what has to stand on the new invoice: title, tax number (a person has none) and content",
        )
    if choice.invoice is not None and rule.kind != "new_invoice":
        raise RemedyRefused(
            f"choices.{rule.id}.invoice", zh="此步骤不开具发票，请不要填写", en="this step makes no invoice; leave it out"
        )


def included(row: RemedyRule, chosen: Mapping[str, StepChoice]) -> list[StepRule]:
    """The steps of the row that are offered; raises RemedyRefused for a required one left out, or two alternatives."""
    included: list[StepRule] = []
    for rule in row.step:
        include = chosen[rule.id].include if rule.id in chosen else None
        if rule.one_of is not None:
            if _pick(row, rule.one_of, chosen) is rule:
                included.append(rule)
        elif include is False and not rule.optional:
            raise RemedyRefused(
                f"choices.{rule.id}",
                zh=f"“{rule.title.zh}”是制度规定的步骤，不能省略",
                en=f"{rule.title.en!r} is required by the procedure and cannot be left out",
            )
        elif include is not False and (rule.id in chosen or not rule.if_chosen):
            included.append(rule)
    return included


def _pick(row: RemedyRule, group: str, chosen: Mapping[str, StepChoice]) -> StepRule | None:
    """The one alternative that is offered; None when the whole group is optional and was left out."""
    rules = [rule for rule in row.step if rule.one_of == group]
    wanted = [rule for rule in rules if rule.id in chosen and chosen[rule.id].include is not False]
    if len(wanted) > 1:
        names = ", ".join(rule.id for rule in wanted)
        raise RemedyRefused(
            f"choices.{wanted[1].id}", zh=f"以下步骤只能选择其一：{names}", en=f"only one of these can be offered: {names}"
        )
    if wanted:
        return wanted[0]
    left = [rule for rule in rules if rule.id not in chosen]
    if left and (len(left) == len(rules) or not all(rule.optional for rule in rules)):
        return left[0]
    if not all(rule.optional for rule in rules):
        names = ", ".join(rule.id for rule in rules)
        raise RemedyRefused(
            f"choices.{rules[0].id}", zh=f"以下步骤必须选择其一：{names}", en=f"one of these has to be offered: {names}"
        )
    return None
