"""What the supplier owes is claimed from the supplier: who is liable never changes what the customer gets."""

from __future__ import annotations

from collections.abc import Sequence

from domain.case import Case
from domain.policy.remedy_rows import RemedyRule
from domain.refusal import Refusal
from domain.step_choice import StepChoice


def with_claim(case: Case, row: RemedyRule, choices: Sequence[StepChoice]) -> Sequence[StepChoice]:
    """The agent's choices, with the claim where the supplier or the merchant was found liable.

    Raises Refusal `supplier_not_liable` where somebody else was.
    """
    claims = [rule.id for rule in row.step if rule.kind == "supplier_claim"]
    if case.liable in ("supplier", "merchant"):
        said = {choice.step for choice in choices}
        return [*choices, *(StepChoice(step=each, include=True) for each in claims if each not in said)]
    for choice in choices:
        if choice.step in claims and choice.include is not False:
            raise Refusal(
                "supplier_not_liable",
                field=f"choices.{choice.step}",
                zh="认定的责任方不是供应商或商户，不能向其索赔",
                en="neither the supplier nor the merchant was found liable, so there is nothing to claim from them",
            )
    return choices
