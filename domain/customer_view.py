"""What a customer sees of their complaint: what concerns them, and nothing that the house keeps to itself.

Left out are the people of the house by name, remarks among them, what was found out and who is liable, proposals that were never
offered, approvals and escalations, and steps between the company and others. What is not listed here is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain import journal as j
from domain.actor import UNNAMED, Actor, Role
from domain.budget import Pause
from domain.case import BEHIND_THE_SCENES, Case, OpenDeadline, Proposal, Stage, StepState
from domain.explanation import Explanation
from domain.intake import Intake
from domain.journal import Entry, Event
from domain.remedies import PlannedStep

# Whose promises are made to the customer, or by them; older ones do not say whose they are.
_OWNERS = frozenset({Role.AGENT, Role.SENIOR_AGENT, Role.DEPARTMENT, Role.CUSTOMER, None})
# To whom an order number belongs is not told to who guessed it.
_NOT_TOLD = "order_not_theirs"


def case_for_customer(case: Case) -> Case:
    """The case without what is internal; its form is the same."""
    hidden = hidden_promises(case)
    kept = [each for each in case.deadlines if promised(each.owner, each.name, hidden)]
    changes: dict[str, object] = {
        "assignee": None,
        "intake": _intake(case.intake),
        "severity": None,
        "urgent_causes": (),
        "answer_by_at": None,
        "ranked": None,
        "taken_up": False,
        "first_contact": None,
        "routed": None,
        "offered": None,
        "consultations": (),
        "decision_role": None,
        "offers": {},
        "facts": {},
        "liable": None,
        "signs": (),
        "presumed": False,
        "with_legal": False,
        "escalations": 0,
        "order": case.order if case.order_check == "found" else None,
        "incidents": (),
        "extras": _steps(case.extras),
        "suspended_lots": (),
        "inspection": _step(case.inspection) if case.inspection else None,
        "steps": _steps(case.steps),
        "earlier_steps": _steps(case.earlier_steps),
        "proposal": _proposal(case),
        "deadlines": tuple(_promise(each) for each in kept),
        "pauses": _silent(case.pauses),
        "evidence": case.intake.evidence,
        "route": case.route if case.order_check == "found" else None,
        "outcome_reason": None if case.outcome_reason == _NOT_TOLD else case.outcome_reason,
    }
    return case.model_copy(update=changes)


def entry_for_customer(entry: Entry, case: Case) -> Entry | None:
    """The entry without what is internal; None for one that the customer does not see."""
    event = _event(entry.event, _behind(case), own=entry.by.highest in (Role.CUSTOMER, Role.INTAKE))
    if isinstance(event, j.StepOrdered) and event.step in _by_hand(case):
        event = event.model_copy(update={"reference": UNNAMED})
    return entry.model_copy(update={"by": _unnamed(entry.by), "event": event}) if event is not None else None


def explained(explanation: Explanation) -> Explanation:
    """The reckoning without what was remarked about its pauses."""
    return explanation.model_copy(update={"pauses": _silent(explanation.pauses)})


def promised(owner: Role | None, name: str, hidden: frozenset[str]) -> bool:
    """Whether a promise concerns the customer; `hidden` as `hidden_promises` names them."""
    return owner in _OWNERS and name not in hidden


def _event(event: Event, behind: frozenset[str], *, own: bool) -> Event | None:
    match event:
        case j.Received():
            return event.model_copy(update={"intake": _intake(event.intake)})
        case j.Responded() | j.Offered() | j.Accepted() | j.Declined() | j.Appealed() | j.ProgressReported():
            return event
        case j.CarriedOut() | j.Confirmed() | j.Withdrawn() | j.FollowUpPlanned() | j.SurveyAnswered():
            return event
        case j.EvidenceAttached():
            return event if own else None
        case j.OrderChecked():
            return event if event.result == "found" else None
        case j.InspectionOrdered() | j.CallbackAttempted() | j.TimePromised() | j.FollowedUp():
            return event.model_copy(update={"note": None})
        case j.VisitReported():
            return event.model_copy(update={"findings": "", "evidence": ()})
        case j.Verified():
            hidden = {"findings": "" if event.founded else event.findings, "sources": (), "rests_on": ()}
            return event.model_copy(update=hidden)
        case j.StepOrdered() | j.StepDone():
            return None if event.step in behind else event.model_copy(update={"detail": ""})
        case j.ExtraGranted():
            return event.model_copy(update={"decided_by": UNNAMED})
        case j.IncidentTold():
            return event
        case j.EvidenceDemanded():
            return event
        case j.Paused():
            return event.model_copy(update={"reason": ""})
        case j.Resumed():
            return event.model_copy(update={"reason": None})
        case j.Reopened():
            return event if own else event.model_copy(update={"reason": ""})
        case j.Closed():
            return event.model_copy(update={"reason": None}) if event.reason == _NOT_TOLD else event
    return None


def _intake(intake: Intake) -> Intake:
    """What was filed, without whom of the house it names and what the house says of whoever complains."""
    return intake.model_copy(update={"urgent_causes": (), "answer_by_at": None, "member_tier": None, "against_staff": None})


def _proposal(case: Case) -> Proposal | None:
    """What lies before the customer, or what they agreed to; nothing that is still talked about inside."""
    agreed = any(state.cycle == case.cycle for state in case.steps) and case.stage not in (Stage.PROPOSING, Stage.APPROVING)
    if case.proposal is None or not (agreed or case.stage is Stage.OFFERED):
        return None
    shown = tuple(_final(step) for step in case.proposal.plan.steps if step.kind not in BEHIND_THE_SCENES)
    plan = case.proposal.plan.model_copy(update={"steps": shown, "outside_range": False})
    return Proposal(number=case.proposal.number, plan=plan, proposed_by=UNNAMED)


def _promise(deadline: OpenDeadline) -> OpenDeadline:
    changes = {"rungs": (), "next_rung": 0, "acknowledged": False, "explanation": explained(deadline.explanation)}
    return deadline.model_copy(update=changes)


def _silent(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    return tuple(pause.model_copy(update={"reason": ""}) for pause in pauses)


def _steps(steps: Iterable[StepState]) -> tuple[StepState, ...]:
    return tuple(_step(state) for state in steps if not state.behind_the_scenes)


def _step(state: StepState) -> StepState:
    changes = {"detail": "", "decided_by": None, "step": _final(state.step)}
    # The reference of what a person does is who of the house does it.
    who = {"reference": UNNAMED} if state.reference is not None and state.step.executor == "person" else {}
    return state.model_copy(update={**changes, **who})


def _final(step: PlannedStep) -> PlannedStep:
    """The step as it is offered: that a further offer would be higher is the house's own business."""
    return step.model_copy(update={"progressive": False}) if step.progressive else step


def _behind(case: Case) -> frozenset[str]:
    return frozenset(state.step.id for state in (*case.steps, *case.earlier_steps) if state.behind_the_scenes)


def _by_hand(case: Case) -> frozenset[str]:
    return frozenset(s.step.id for s in (*case.steps, *case.extras, *case.earlier_steps) if s.step.executor == "person")


def hidden_promises(case: Case) -> frozenset[str]:
    """Rows of the pack whose promises belong to steps between the company and others."""
    behind = [state.step.deadline for state in (*case.steps, *case.earlier_steps) if state.behind_the_scenes]
    return frozenset(name for name in behind if name is not None)


def _unnamed(by: Actor) -> Actor:
    if by.highest in (Role.CUSTOMER, Role.SYSTEM):
        return by.model_copy(update={"made_by": None})
    return Actor(id=UNNAMED, roles=(by.highest,))
