"""What a command does to a case: events, or a refusal in words. Pure; the order of the procedure is the order of this file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain import commands as c
from domain import journal as j
from domain.actor import Actor, Role, rank
from domain.approvals import approver_for
from domain.case import Case, Stage, StepState
from domain.commands import Command
from domain.journal import Event
from domain.money import Money
from domain.policy.errors import PolicyRefused
from domain.policy.matching import asked_facts, check_facts
from domain.policy.pack import Pack
from domain.policy.vocabulary import GIVES_BACK
from domain.purse import Spent
from domain.refusal import Refusal
from domain.remedies import draft
from domain.rights import may

_STAGE_ZH = {
    Stage.RECEIVED: "待首次回应",
    Stage.VERIFYING: "核实中",
    Stage.ASSESSING: "定性定责中",
    Stage.PROPOSING: "待提出方案",
    Stage.APPROVING: "待审批",
    Stage.OFFERED: "待客户答复",
    Stage.CARRYING_OUT: "执行中",
    Stage.CONFIRMING: "待回访确认",
    Stage.CLOSED: "已结案",
}

# Each command that belongs to one place in the procedure, and that place.
_STAGES: dict[type[Command], tuple[Stage, ...]] = {
    c.Respond: (Stage.RECEIVED,),
    c.OrderInspection: (Stage.VERIFYING, Stage.ASSESSING),
    c.Verify: (Stage.VERIFYING,),
    c.Assess: (Stage.ASSESSING, Stage.PROPOSING),
    c.Propose: (Stage.PROPOSING,),
    c.Approve: (Stage.APPROVING,),
    c.SendBack: (Stage.APPROVING,),
    c.Refuse: (Stage.APPROVING,),
    c.Accept: (Stage.OFFERED,),
    c.Decline: (Stage.OFFERED,),
    c.Appeal: (Stage.OFFERED,),
    c.CompleteStep: (Stage.CARRYING_OUT, Stage.CONFIRMING),
    c.SettleStep: (Stage.CARRYING_OUT,),
    c.ReportProgress: (Stage.CARRYING_OUT,),
    c.RecordCallback: (Stage.CONFIRMING,),
    c.Confirm: (Stage.CONFIRMING,),
    c.Reopen: (Stage.CLOSED,),
    c.Withdraw: (Stage.RECEIVED, Stage.VERIFYING, Stage.ASSESSING, Stage.PROPOSING, Stage.APPROVING, Stage.OFFERED),
}


def perform(case: Case, pack: Pack, by: Actor, command: Command, now: datetime) -> Sequence[Event]:
    """The events of a command; raises Refusal when the procedure, the person's role or a figure does not allow it."""
    _check_rights(by, command)
    _check_stage(case, command)
    try:
        return _events(case, pack, by, command, now)
    except PolicyRefused as error:
        raise Refusal("not_allowed_by_policy", field=error.field, zh=error.zh, en=error.en) from error


def _check_rights(by: Actor, command: Command) -> None:
    if not may(by, c.name_of(type(command))):
        roles = "、".join(by.roles)
        raise Refusal("wrong_role", zh=f"您的角色（{roles}）不能执行此操作", en=f"your role ({roles}) does not allow this")


def _check_stage(case: Case, command: Command) -> None:
    allowed = _STAGES.get(type(command))
    if allowed is None and not case.open:
        raise Refusal("complaint_closed", zh="投诉已结案，如需继续请先重新开启", en="the complaint is closed; reopen it first")
    if allowed is not None and case.stage not in allowed:
        wanted_zh, wanted = "、".join(_STAGE_ZH[s] for s in allowed), ", ".join(allowed)
        raise Refusal(
            "wrong_stage",
            zh=f"当前阶段为“{_STAGE_ZH[case.stage]}”，此操作只适用于：{wanted_zh}",
            en=f"the complaint is at stage {case.stage}; this belongs to {wanted}",
        )


def _events(case: Case, pack: Pack, by: Actor, command: Command, now: datetime) -> Sequence[Event]:
    match command:
        case c.Respond():
            return [j.Responded(message=command.message)]
        case c.OrderInspection():
            return _order_inspection(case, command)
        case c.ReportVisit():
            return _report_visit(case, command)
        case c.Verify():
            return _verify(command)
        case c.Assess():
            facts = check_facts(pack, case.category, command.facts)
            return [j.Assessed(facts=facts, liable=command.liable, note=command.note)]
        case c.Propose():
            return _propose(case, pack, by, command)
        case c.Approve() | c.SendBack() | c.Refuse():
            return _decide(case, by, command)
        case c.Accept():
            _check_number(case, command.number)
            return [j.Accepted(number=command.number, reported_by_desk=not by.has(Role.CUSTOMER))]
        case c.Decline():
            _check_number(case, command.number)
            return [j.Declined(number=command.number, reason=command.reason)]
        case c.Appeal():
            return _appeal(case, pack, command)
        case c.CompleteStep():
            return _complete_step(case, command)
        case c.SettleStep():
            return _settle_step(case, command)
        case c.ReportProgress():
            return [j.ProgressReported(message=command.message)]
        case c.RecordCallback():
            _check_future(command.next_at, now, "next_at")
            return [j.CallbackAttempted(answered=command.answered, note=command.note, next_at=command.next_at)]
        case c.Confirm():
            return _confirm(case, pack, command)
        case c.Reopen():
            return [j.Reopened(reason=command.reason)]
        case c.Withdraw():
            return [j.Withdrawn(reason=command.reason), j.Closed(outcome="withdrawn", reason=command.reason)]
        case c.CloseByDecision():
            return _close(case, pack, by, command)
        case c.AttachEvidence():
            return [j.EvidenceAttached(evidence=command.evidence)]
        case c.Pause():
            return _pause(case, command, now)
        case c.Resume():
            if not case.paused:
                raise Refusal("not_paused", zh="投诉未处于暂停状态", en="the complaint is not paused")
            return [j.Resumed(reason=command.reason)]
        case c.HandOver():
            if command.to == case.assignee:
                raise Refusal("same_assignee", field="to", zh="该投诉已由此人负责", en="this person already has the complaint")
            return [j.HandedOver(assignee=command.to, reason=command.reason)]
        case c.Escalate():
            return [j.EscalatedByHand(to=command.to, assignee=None, reason=command.reason)]
        case c.Acknowledge():
            return _acknowledge(case, pack, by, command)
    raise AssertionError(f"no rule for {type(command).__name__}")


def _order_inspection(case: Case, command: c.OrderInspection) -> Sequence[Event]:
    if case.inspection is not None and case.inspection.status in ("planned", "ordered"):
        raise Refusal("inspection_under_way", zh="已安排上门核实，请等待结果", en="an inspection is already on its way")
    address = command.address or case.intake.installation_address
    return [j.InspectionOrdered(step=f"inspection-{case.revision + 1}", address=address, note=command.note)]


def _report_visit(case: Case, command: c.ReportVisit) -> Sequence[Event]:
    state = _step_of(case, command.step)
    if not state.is_visit:
        raise Refusal("not_a_visit", field="step", zh="该步骤不是上门服务", en="this step is not a visit")
    _check_unfinished(state)
    report = j.VisitReported(step=command.step, findings=command.findings, corrected=command.corrected, evidence=command.evidence)
    if state is not case.inspection and not command.corrected:
        return [report]
    return [report, j.StepDone(step=command.step, detail=command.findings[:200]), *_if_last(case, command.step)]


def _verify(command: c.Verify) -> Sequence[Event]:
    verified = j.Verified(founded=command.founded, findings=command.findings, sources=command.sources)
    if command.founded:
        return [verified]
    return [verified, j.Closed(outcome="unfounded", reason=command.findings)]


def _propose(case: Case, pack: Pack, by: Actor, command: c.Propose) -> Sequence[Event]:
    if case.decision_role is not None and not by.has(case.decision_role):
        raise Refusal(
            "higher_level_decides",
            zh=f"该投诉须由{case.decision_role}或更高层级提出方案",
            en=f"after the appeal or refusal a {case.decision_role} or higher has to propose",
        )
    asked = {fact.name: case.facts[fact.name] for fact in asked_facts(pack, case.category, case.facts) if fact.name in case.facts}
    plan = draft(pack, case.category, asked, case.order, case.currency, command.choices, spent_before(case))
    if plan.outside_range and not command.reason:
        raise Refusal(
            "reason_required", field="reason", zh="方案超出规定幅度，请说明理由", en="the plan leaves the range; give a reason"
        )
    number = case.proposals + 1
    proposed = j.Proposed(number=number, plan=plan, reason=command.reason)
    approval = approver_for(pack, plan, case.category, case.facts)
    if approval is None:
        return [proposed, j.Offered(number=number)]
    return [proposed, j.ApprovalAsked(number=number, role=approval.role)]


def _decide(case: Case, by: Actor, command: c.Approve | c.SendBack | c.Refuse) -> Sequence[Event]:
    proposal = case.proposal
    assert proposal is not None
    assert proposal.approver_role is not None
    _check_number(case, command.number)
    if not by.has(proposal.approver_role):
        raise Refusal(
            "approver_too_low",
            zh=f"此方案须由{proposal.approver_role}或更高层级审批",
            en=f"this proposal needs a {proposal.approver_role} or higher",
        )
    if by.id == proposal.proposed_by:
        raise Refusal("own_proposal", zh="不得审批本人提出的方案", en="nobody decides on their own proposal")
    match command:
        case c.Approve():
            return [j.Approved(number=command.number, note=command.note), j.Offered(number=command.number)]
        case c.SendBack():
            return [j.SentBack(number=command.number, reason=command.reason)]
        case c.Refuse():
            return [j.Refused(number=command.number, reason=command.reason)]


def _appeal(case: Case, pack: Pack, command: c.Appeal) -> Sequence[Event]:
    _check_number(case, command.number)
    if case.appeals >= pack.appeal.max_appeals:
        raise Refusal(
            "appeals_exhausted",
            zh="申诉次数已用完，由主管作出有理由的决定",
            en="all appeals have been heard; a supervisor's reasoned decision ends the matter",
        )
    judge = pack.appeal.judge(case.appeals + 1)
    return [j.Appealed(number=command.number, grounds=command.grounds, decided_by_role=judge)]


def _complete_step(case: Case, command: c.CompleteStep) -> Sequence[Event]:
    state = _step_of(case, command.step)
    if state.step.executor != "person":
        raise Refusal(
            "not_a_persons_step",
            field="step",
            zh="该步骤由合作方系统执行，不能人工标记完成",
            en="a partner carries this step out; it cannot be marked done by hand",
        )
    _check_unfinished(state)
    return [j.StepDone(step=command.step, detail=command.note[:200]), *_if_last(case, command.step)]


def _settle_step(case: Case, command: c.SettleStep) -> Sequence[Event]:
    state = _step_of(case, command.step)
    if state.status != "failed":
        raise Refusal("step_not_failed", field="step", zh="该步骤没有失败，无需处置", en="this step has not failed")
    settled = j.StepSettled(step=command.step, action=command.action, reason=command.reason)
    return [settled, *(_if_last(case, command.step) if command.action == "drop" else ())]


def _confirm(case: Case, pack: Pack, command: c.Confirm) -> Sequence[Event]:
    rating = command.rating
    if case.satisfied:
        raise Refusal("already_confirmed", zh="客户已确认满意", en="the customer has already confirmed")
    if command.satisfied and rating is not None and rating < pack.confirm.satisfied_from:
        raise Refusal(
            "rating_contradicts",
            field="rating",
            zh=f"评分低于 {pack.confirm.satisfied_from} 分不能视为满意",
            en=f"a rating below {pack.confirm.satisfied_from} is not a satisfied customer",
        )
    confirmed = j.Confirmed(satisfied=command.satisfied, rating=rating, comment=command.comment)
    if not command.satisfied or unfinished(case):
        return [confirmed]
    return [confirmed, j.Closed(outcome="satisfied")]


def _close(case: Case, pack: Pack, by: Actor, command: c.CloseByDecision) -> Sequence[Event]:
    if not by.has(pack.closing.decided_by):
        role = pack.closing.decided_by
        raise Refusal("wrong_role", zh=f"须由{role}或更高层级决定结案", en=f"only a {role} or higher may close by decision")
    if command.outcome not in pack.closing.outcomes:
        raise Refusal("outcome_unknown", field="outcome", zh="本规程没有此结案方式", en="this procedure has no such outcome")
    under_way = [s.step.id for s in case.steps if s.status in ("planned", "ordered") and s.step.executor != "person"]
    if under_way:
        raise Refusal(
            "step_under_way",
            zh=f"步骤 {'、'.join(under_way)} 正在合作方执行，请待其完成或失败后再结案",
            en=f"partners are carrying out {', '.join(under_way)}; wait until they are done or have failed",
        )
    return [j.Closed(outcome=command.outcome, reason=command.reason)]


def _pause(case: Case, command: c.Pause, now: datetime) -> Sequence[Event]:
    if case.paused:
        raise Refusal("already_paused", zh="投诉已处于暂停状态", en="the complaint is already paused")
    _check_future(command.until_at, now, "until_at")
    return [j.Paused(reason=command.reason, until_at=command.until_at)]


def _acknowledge(case: Case, pack: Pack, by: Actor, command: c.Acknowledge) -> Sequence[Event]:
    escalated = [d for d in case.deadlines if d.next_rung and not d.acknowledged and command.deadline in (None, d.key)]
    if not escalated:
        raise Refusal("nothing_escalated", field="deadline", zh="没有待确认的升级", en="no escalation waits to be acknowledged")
    for deadline in escalated:
        row = pack.deadline_of(deadline.name)
        reached = pack.ladder_of(row.ladder).rung[deadline.next_rung - 1].role(row.owner)
        if rank(by.highest) < rank(reached):
            raise Refusal(
                "acknowledged_too_low",
                zh=f"该升级已到达{reached}，须由其本人或更高层级确认",
                en=f"this has reached the {reached}; they or someone higher must acknowledge it",
            )
    return [j.Acknowledged(key=deadline.key, note=command.note) for deadline in escalated]


def step_done(case: Case, step: str, detail: str, paid: Money | None) -> Sequence[Event]:
    """The events of a step that a partner has finished."""
    return [j.StepDone(step=step, detail=detail, paid=paid), *_if_last(case, step)]


def spent_before(case: Case) -> Spent:
    """What earlier handlings of the same complaint decided, so that caps count it."""
    given_back = extra = Money.zero(case.currency)
    for state in case.earlier_steps:
        if state.step.money is None or state.status == "dropped":
            continue
        if state.step.kind in GIVES_BACK:
            given_back = given_back + state.step.money
        else:
            extra = extra + state.step.money
    return Spent(given_back=given_back, extra=extra)


def unfinished(case: Case) -> tuple[StepState, ...]:
    """Steps of the agreed plan that are neither done nor dropped."""
    return tuple(s for s in case.steps if s.status not in ("done", "dropped"))


def _if_last(case: Case, step: str) -> Sequence[Event]:
    """What follows when this was the last step: the call back, or the end when the customer is satisfied already."""
    left = [s for s in unfinished(case) if s.step.id != step]
    if case.stage is Stage.CONFIRMING and case.satisfied and not left:
        return [j.Closed(outcome="satisfied")]
    if case.stage is Stage.CARRYING_OUT and all(s.behind_the_scenes for s in left):
        return [j.CarriedOut()]
    return []


def _step_of(case: Case, step: str) -> StepState:
    if case.inspection is not None and case.inspection.step.id == step:
        return case.inspection
    state = case.step(step)
    if state is None:
        known = [s.step.id for s in case.steps] + ([case.inspection.step.id] if case.inspection else [])
        raise Refusal(
            "no_such_step",
            field="step",
            zh=f"没有此步骤，可选：{'、'.join(known) or '无'}",
            en=f"there is no such step; there are: {', '.join(known) or 'none'}",
        )
    return state


def _check_unfinished(state: StepState) -> None:
    if state.status in ("done", "dropped"):
        raise Refusal("step_finished", field="step", zh="该步骤已结束", en="this step is already finished")


def _check_number(case: Case, number: int) -> None:
    current = case.proposal.number if case.proposal else 0
    if number != current:
        raise Refusal(
            "other_proposal", field="number", zh=f"当前方案编号为 {current}", en=f"the current proposal is number {current}"
        )


def _check_future(at: datetime | None, now: datetime, field: str) -> None:
    if at is not None and at <= now:
        raise Refusal("not_in_the_future", field=field, zh="时间须晚于当前时间", en="must lie in the future")
