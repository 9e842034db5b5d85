"""Whose turn it is, read off the case: the work lists stand on it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.actor import Role
from domain.case import Case, Consultation, Offer, Proposal, Stage, StepState
from domain.money import Money
from domain.policy.wording import Wording
from domain.remedies import PlannedStep, RemedyPlan
from storage.case_row import row_of, waits_for
from tests.storage.stories import Story

_TITLE = Wording(zh="换货", en="Exchange")


def _case(stage: Stage, **changes: Any) -> Case:
    return Story().case.model_copy(update={"stage": stage, **changes})


def _step(status: str, executor: str = "logistics", kind: str = "exchange") -> StepState:
    step = PlannedStep.model_validate(
        {"id": "s1", "kind": kind, "clause": "HOM-LOS-01", "title": _TITLE, "by": "software", "executor": executor}
    )
    return StepState.model_validate({"step": step, "cycle": 1, "status": status})


def _proposal(approver: Role | None) -> Proposal:
    nothing = Money.zero("CNY")
    plan = RemedyPlan(row_id="lost", clause="HOM-LOS-01", title=_TITLE, steps=(), total=nothing, cash=nothing)
    return Proposal(number=1, plan=plan, proposed_by="lin", approver_role=approver)


def _offered(giver: str, **changes: Any) -> Case:
    return Story().assigned("lin").case.model_copy(update={"offered": Offer(to="zhao", giver=giver), **changes})


def _asked(**changes: Any) -> Consultation:
    return Consultation.model_validate(
        {"entry": 5, "department": "warehouse", "route": "warehouse", "cycle": 1, "opinion": True, **changes}
    )


@pytest.mark.parametrize(
    ("case", "turn"),
    [
        (_case(Stage.RECEIVED), "agent"),
        (_case(Stage.VERIFYING), "agent"),
        (_case(Stage.VERIFYING, inspection=_step("ordered", kind="inspection_visit")), "department"),
        (_case(Stage.VERIFYING, inspection=_step("done", kind="inspection_visit")), "agent"),
        (_case(Stage.VERIFYING, inspection=_step("failed", kind="inspection_visit")), "agent"),
        (_case(Stage.ASSESSING), "agent"),
        (_case(Stage.PROPOSING), "agent"),
        (_case(Stage.PROPOSING, decision_role=Role.MANAGER), "manager"),
        (_case(Stage.PROPOSING, consultations=(_asked(),), decision_role=Role.MANAGER), "department"),
        (_case(Stage.PROPOSING, consultations=(_asked(given=True), _asked(opinion=False), _asked(dropped=True))), "agent"),
        (_case(Stage.PROPOSING, consultations=(_asked(),), cycle=2), "agent"),
        (_case(Stage.APPROVING, proposal=_proposal(Role.GENERAL_MANAGER)), "general_manager"),
        (_case(Stage.APPROVING, proposal=_proposal(None)), "supervisor"),
        (_case(Stage.OFFERED), "customer"),
        (_case(Stage.CARRYING_OUT, steps=(_step("ordered"), _step("done"))), "partner"),
        (_case(Stage.CARRYING_OUT, steps=(_step("ordered"), _step("failed"))), "agent"),
        (_case(Stage.CARRYING_OUT, steps=(_step("planned", "person"),)), "agent"),
        (_case(Stage.CONFIRMING), "agent"),
        (_case(Stage.CARRYING_OUT, steps=(_step("ordered", kind="repair_visit"), _step("ordered"))), "department"),
        (_case(Stage.ASSESSING, paused=True), "customer"),
        (_case(Stage.CLOSED), None),
    ],
)
def test_each_stage_waits_for_somebody(case: Case, turn: str | None) -> None:
    assert waits_for(case) == turn


@pytest.mark.parametrize(
    ("case", "taker"),
    [
        (_offered("lin"), "zhao"),
        (_offered("lin", paused=True), "zhao"),
        # It has gone to somebody else since, nobody offers it any more, and it is at its end.
        (_offered("qian"), None),
        (_offered("lin", offered=None), None),
        (_offered("lin", stage=Stage.CLOSED), None),
    ],
)
def test_a_hand_over_waits_for_whom_it_is_offered_to(case: Case, taker: str | None) -> None:
    assert row_of(case, "complaint/home/x")["offered_to"] == taker


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CLOSED])
def test_an_open_complaint_never_waits_for_nobody(stage: Stage) -> None:
    assert waits_for(_case(stage)) is not None
