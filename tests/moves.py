"""Moves: what people may try to do to a complaint, the likely next thing or anything at all. Who chooses is an argument.

`choose` is Hypothesis (`draw(sampled_from(...))`) or a seeded random number generator, so that both kinds of test share them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from domain import commands as c
from domain.actor import Actor, Role
from domain.case import Case, Stage
from domain.commands import COMMANDS, Command
from domain.intake import Evidence
from domain.money import Money
from domain.remedies import StepChoice

T = TypeVar("T")


class Choose(Protocol):
    def __call__(self, options: Sequence[T], /) -> T: ...


CATEGORIES = (
    "transport_damage", "transport_delay", "transport_loss",
    "installation_workmanship", "installation_delay", "installation_attitude",
)  # fmt: skip
PHOTO = Evidence(uri="s3://evidence/photo-1.jpg", sha256="0" * 64, media_type="image/jpeg", size=48_213)

AGENT, SECOND_AGENT = Actor(id="lin", roles=(Role.AGENT,)), Actor(id="zhao", roles=(Role.AGENT,))
SUPERVISOR, SECOND_SUPERVISOR = Actor(id="zhou", roles=(Role.SUPERVISOR,)), Actor(id="wu", roles=(Role.SUPERVISOR,))
MANAGER, GENERAL_MANAGER = Actor(id="qian", roles=(Role.MANAGER,)), Actor(id="zheng", roles=(Role.GENERAL_MANAGER,))
DEPARTMENT, CUSTOMER = Actor(id="guo", roles=(Role.DEPARTMENT,)), Actor(id="cust-0001", roles=(Role.CUSTOMER,))
# Somebody who is both sides of the desk: the rule that nobody approves their own must hold for them too.
BOTH = Actor(id="ann", roles=(Role.AGENT, Role.SUPERVISOR, Role.CUSTOMER))
OUTSIDERS = tuple(Actor(id=str(role), roles=(role,)) for role in (Role.INTAKE, Role.OPERATOR, Role.ADMINISTRATOR, Role.SYSTEM))
# Decides on proposals in a supervisor's place, and may do nothing else with that rank.
DELEGATE = Actor(id="zhao", roles=(Role.SUPERVISOR,), acting_for="zhou")
STAFF = (AGENT, SECOND_AGENT, SUPERVISOR, SECOND_SUPERVISOR, MANAGER, GENERAL_MANAGER, BOTH)
EVERYBODY = (*STAFF, DELEGATE, DEPARTMENT, CUSTOMER, *OUTSIDERS)


def likely_move(choose: Choose, case: Case, now: datetime) -> tuple[Actor, Command]:
    """Something that fits the stage, most often by somebody who may."""
    return choose((*STAFF, *STAFF, CUSTOMER, CUSTOMER)), _command(choose, choose(_LIKELY[case.stage]), case, now)


def any_move(choose: Choose, case: Case, now: datetime) -> tuple[Actor, Command]:
    """Anything by anybody."""
    return choose(EVERYBODY), _command(choose, choose(tuple(COMMANDS.values())), case, now)


# What leads on stands there twice.
_LIKELY: dict[Stage, tuple[type[Command], ...]] = {
    Stage.RECEIVED: (c.Respond, c.Respond, c.Acknowledge),
    Stage.VERIFYING: (c.Verify, c.Verify, c.OrderInspection, c.ReportVisit, c.Pause, c.Resume),
    Stage.ASSESSING: (c.Assess, c.Assess, c.Assess, c.Pause, c.Resume, c.Acknowledge),
    Stage.PROPOSING: (c.Propose, c.Propose, c.Propose, c.Resume, c.Assess, c.Acknowledge),
    Stage.APPROVING: (c.Approve, c.Approve, c.Approve, c.SendBack, c.Refuse),
    Stage.OFFERED: (c.Accept, c.Accept, c.Accept, c.Decline, c.Appeal),
    Stage.CARRYING_OUT: (c.CompleteStep, c.CompleteStep, c.SettleStep, c.ReportVisit, c.ReportProgress, c.CloseByDecision),
    Stage.CONFIRMING: (c.Confirm, c.Confirm, c.RecordCallback, c.CompleteStep, c.CloseByDecision),
    Stage.FOLLOWING_UP: (c.RecordFollowUp, c.RecordFollowUp, c.AnswerSurvey, c.Confirm, c.PromiseTime, c.CloseByDecision),
    Stage.CLOSED: (c.Reopen, c.Reopen, c.Accept),
}

_FACTS: dict[str, tuple[dict[str, Any], ...]] = {
    "transport_damage": ({"damage": "slight"}, {"damage": "moderate"}, {"damage": "severe"}, {"damage": "severe"}, {}),
    "transport_delay": (
        {"delay_days": 2}, {"delay_days": 4}, {"delay_days": 60, "customer_cancels": False},
        {"delay_days": 9, "customer_cancels": True}, {"delay_days": 0},
    ),
    "transport_loss": ({}, {"damage": "slight"}),
    "installation_workmanship": ({"workmanship": "minor"}, {"workmanship": "severe"}, {"workmanship": 1}),
    "installation_delay": ({"delay_days": 1}, {"delay_days": 5}),
    "installation_attitude": ({"work_left": True}, {"work_left": False}),
}  # fmt: skip


def _command(choose: Choose, kind: type[Command], case: Case, now: datetime) -> Command:
    given = _FIELDS[kind](choose, case, now) if kind in _FIELDS else {}
    for name in kind.model_fields:
        if name == "number":
            # Now and then the number of another proposal than the one on the table.
            given = {**given, name: max(1, case.proposals + choose((0, 0, 0, 0, 0, -1, 1)))}
        elif name == "evidence":
            given = {**given, name: (PHOTO,)}
        elif name in ("reason", "grounds") and name not in given:
            given = {**given, name: "客户要求"}
    return kind(**given)


# What a command says beside numbers, reasons and evidence; drawn only for the command that is given.
_FIELDS: dict[type[Command], Callable[[Choose, Case, datetime], dict[str, Any]]] = {
    c.Verify: lambda choose, case, now: {"founded": choose((True, True, True, True, False)), "findings": "承运商已核实"},
    c.Assess: lambda choose, case, now: {"facts": choose(_FACTS[case.category]), "liable": choose(("carrier", "nobody"))},
    c.Propose: lambda choose, case, now: {"choices": _choices(choose, case), "reason": choose((None, "客户情况特殊"))},
    c.ReportVisit: lambda choose, case, now: {
        "step": _a_step(choose, case), "findings": "已查看", "corrected": choose((True, True, False)),
    },
    c.CompleteStep: lambda choose, case, now: {"step": _a_step(choose, case), "note": "已办理"},
    c.SettleStep: lambda choose, case, now: {"step": _a_step(choose, case), "action": choose(("retry", "drop"))},
    c.RecordCallback: lambda choose, case, now: {
        "answered": choose((True, False)), "next_at": choose((None, now + timedelta(hours=5), now)),
    },
    c.Confirm: lambda choose, case, now: {"satisfied": choose((True, True, False)), "rating": choose((None, 1, 4))},
    c.Pause: lambda choose, case, now: {"until_at": choose((None, now + timedelta(hours=30), now - timedelta(hours=1)))},
    c.HandOver: lambda choose, case, now: {"to": choose(("zhao", "lin"))},
    c.GiveOpinion: lambda choose, case, now: {"opinion": "同意客服意见"},
    c.Escalate: lambda choose, case, now: {"to": choose((Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER))},
    c.Acknowledge: lambda choose, case, now: {"deadline": choose((None, *(deadline.key for deadline in case.deadlines)))},
    c.CloseByDecision: lambda choose, case, now: {
        "outcome": choose(("decided", "explanation_accepted", "refused_as_malicious", "referred_outside")),
    },
    c.Reclassify: lambda choose, case, now: {
        "category": choose((None, *CATEGORIES)),
        "urgent_causes": choose((None, (), ("public_harm",), ("superior_asks", "passed_down"))),
        "answer_by_at": choose((None, None, now + timedelta(hours=20))),
    },
    c.NoteSign: lambda choose, case, now: {
        "sign": choose(("contradiction", "excessive_demand", "threat", "unreasonable")), "note": "见通话录音",
    },
    c.DemandEvidence: lambda choose, case, now: {"what": "购买凭证"},
    c.Respond: lambda choose, case, now: {"message": "已登记"},
    c.ReportProgress: lambda choose, case, now: {"message": "货已发出"},
    c.PromiseTime: lambda choose, case, now: {
        "about": choose(("callback", "answer")), "at": now + timedelta(hours=choose((3, 30, -1))),
    },
    c.RecordFollowUp: lambda choose, case, now: choose(
        ({"answered": True, "satisfied": True}, {"answered": True, "satisfied": True, "recurred": True}, {"answered": False}),
    ),
    c.AnswerSurvey: lambda choose, case, now: {"answers": {"solved": choose(("yes", "no"))}},
}  # fmt: skip


def _a_step(choose: Choose, case: Case) -> str:
    known = [state.step.id for state in case.steps] + ([case.inspection.step.id] if case.inspection else [])
    return choose((*known, *known, "no-such-step"))


def _choices(choose: Choose, case: Case) -> tuple[StepChoice, ...]:
    """The pack's figures, or other ones: inside the range, outside it, and beyond what anybody may give."""
    if not choose((False, False, True)):
        return ()
    step = choose(("compensation", "coupon", "discount", "refund", "gift"))
    change: dict[str, Any] = choose(
        (
            {"percent": Decimal("12")}, {"percent": Decimal("3.5")}, {"percent": Decimal("49.99")}, {"percent": Decimal("80")},
            {"amount": Money.of("33.33", case.currency)}, {"include": True}, {"include": False},
        )
    )  # fmt: skip
    return (StepChoice(step=step, **change),)
