"""What is called back is called back at the partner that carries it out."""

from __future__ import annotations

import pytest

from domain.case import StepState
from domain.policy.vocabulary import Executor
from domain.policy.wording import Wording
from domain.remedies import PlannedStep
from tests.storage.stories import Story
from workflows.carrying_out import stopping

_TITLE = Wording(zh="步骤", en="Step")


def _state(executor: Executor) -> StepState:
    step = PlannedStep(id="step", kind="task", clause="HOM-DMG-03", title=_TITLE, by="partner", executor=executor)
    return StepState(step=step, cycle=1)


@pytest.mark.parametrize("executor", ["payments", "logistics", "benefits", "accounts"])
def test_a_step_is_stopped_at_its_own_partner_under_its_own_key(executor: Executor) -> None:
    case = Story().case
    asked = stopping(case, _state(executor))
    assert (asked.partner, asked.key) == (executor, f"home:{case.complaint_id}/1/step")


def test_what_no_partner_carries_out_is_stopped_at_none() -> None:
    with pytest.raises(ValueError, match="no partner carries out a task"):
        stopping(Story().case, _state("person"))
