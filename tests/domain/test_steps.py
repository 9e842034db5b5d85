"""What a person may do about a step that failed."""

from __future__ import annotations

import pytest

from domain import commands as c
from domain import journal as j
from domain.case import StepState
from domain.policy.wording import Wording
from domain.refusal import Refusal
from domain.remedies import PlannedStep
from domain.steps import LEDGER_CONFLICT, options, settle_step
from tests.storage.stories import Story

STEP = PlannedStep(
    id="refund", kind="refund", clause="HOM-DMG-03", title=Wording(zh="退款", en="Refund"), by="software", executor="payments"
)


def failed(code: str) -> StepState:
    return StepState(step=STEP, cycle=1, status="failed", detail="x", failure=code)


def test_what_a_partner_refused_may_be_tried_again_or_dropped() -> None:
    assert options(failed("over_paid")) == ("retry", "drop")


def test_what_may_have_happened_under_its_key_is_never_tried_under_another() -> None:
    state = failed(LEDGER_CONFLICT)
    assert options(state) == ("drop",)
    case = Story("shop").case.model_copy(update={"steps": (state,)})
    with pytest.raises(Refusal) as refused:
        settle_step(case, c.SettleStep(step="refund", action="retry", reason="再试"))
    assert (refused.value.code, refused.value.field) == ("may_have_happened", "action")
    assert [type(event) for event in settle_step(case, c.SettleStep(step="refund", action="drop", reason="已核对"))] == [
        j.StepSettled
    ]
