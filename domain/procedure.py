"""What a command does to a case: events, or a refusal in words. Pure; the order of the procedure is the order of this file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain import abuse, agreement, classification, follow_up, grounds, hand_overs, opinions, steps
from domain import commands as c
from domain import journal as j
from domain import promise_events as p
from domain.actor import Actor, Role, rank
from domain.case import Case, Stage
from domain.case_facts import standing
from domain.commands import Command
from domain.journal import Event
from domain.policy.errors import PolicyRefused
from domain.policy.matching import check_facts
from domain.policy.pack import Pack
from domain.refusal import Refusal
from domain.rights import may
from domain.stage_names import STAGES

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
    c.SettleStep: (Stage.VERIFYING, Stage.ASSESSING, Stage.CARRYING_OUT),
    c.ReportProgress: (Stage.CARRYING_OUT,),
    c.RecordCallback: (Stage.CONFIRMING,),
    c.Confirm: (Stage.CONFIRMING, Stage.FOLLOWING_UP),
    c.RecordFollowUp: (Stage.FOLLOWING_UP,),
    c.AnswerSurvey: (Stage.CONFIRMING, Stage.FOLLOWING_UP),
    c.Reopen: (Stage.CLOSED,),
    c.Withdraw: (Stage.RECEIVED, Stage.VERIFYING, Stage.ASSESSING, Stage.PROPOSING, Stage.APPROVING, Stage.OFFERED),
}


def perform(case: Case, pack: Pack, by: Actor, command: Command, now: datetime) -> Sequence[Event]:
    """The events of a command; raises Refusal when the procedure, the person's role or a figure does not allow it."""
    _check_rights(by, command)
    hand_overs.check_not_complained_of(case, by)
    _check_stage(case, pack, command)
    try:
        return _events(case, pack, by, command, now)
    except PolicyRefused as error:
        raise Refusal("not_allowed_by_policy", field=error.field, zh=error.zh, en=error.en) from error


def _check_rights(by: Actor, command: Command) -> None:
    if not may(by, c.name_of(type(command))):
        roles = "、".join(by.roles)
        raise Refusal("wrong_role", zh=f"您的角色（{roles}）不能执行此操作", en=f"your role ({roles}) does not allow this")


def _check_stage(case: Case, pack: Pack, command: Command) -> None:
    allowed = _STAGES.get(type(command))
    if allowed is None and not case.open:
        raise Refusal("complaint_closed", zh="投诉已结案，如需继续请先重新开启", en="the complaint is closed; reopen it first")
    if isinstance(command, c.CompleteStep) and steps.goes_on_behind(case, command.step):
        return
    if isinstance(command, c.SettleStep) and any(state.step.id == command.step for state in case.extras):
        return
    if case.open and _keeps_a_promise(case, pack, command):
        return
    if allowed is not None and case.stage not in allowed:
        wanted_zh, wanted = "、".join(STAGES[s].zh for s in allowed), ", ".join(allowed)
        raise Refusal(
            "wrong_stage",
            zh=f"当前阶段为“{STAGES[case.stage].zh}”，此操作只适用于：{wanted_zh}",
            en=f"the complaint is at stage {case.stage}; this belongs to {wanted}",
        )


def _keeps_a_promise(case: Case, pack: Pack, command: Command) -> bool:
    """Who was promised a call or word on progress gets it, wherever the complaint stands."""
    kind = {c.RecordCallback: "callback_attempted", c.ReportProgress: "progress_reported"}.get(type(command))
    return kind is not None and any(kind in pack.deadline_of(deadline.name).met_by for deadline in case.deadlines)


def _events(case: Case, pack: Pack, by: Actor, command: Command, now: datetime) -> Sequence[Event]:
    match command:
        case c.Respond():
            return _respond(case, pack, command)
        case c.OrderInspection():
            return steps.order_inspection(case, command)
        case c.ReportVisit():
            return steps.report_visit(case, command)
        case c.Verify():
            return _verify(case, pack, command)
        case c.Assess():
            facts = check_facts(pack, case.category, command.facts, standing(case))
            grounds.check_blame(case, pack, command.liable, facts, command.rests_on)
            return [j.Assessed(facts=facts, liable=command.liable, note=command.note, rests_on=command.rests_on)]
        case c.Propose():
            opinions.check_given(case)
            return agreement.propose(case, pack, by, command)
        case c.Approve() | c.SendBack() | c.Refuse():
            return agreement.decide(case, by, command)
        case c.Accept():
            agreement.check_number(case, command.number)
            return [j.Accepted(number=command.number, reported_by_desk=not by.has(Role.CUSTOMER))]
        case c.Decline():
            agreement.check_number(case, command.number)
            return [j.Declined(number=command.number, reason=command.reason)]
        case c.Appeal():
            return agreement.appeal(case, pack, command)
        case c.CompleteStep():
            return steps.complete_step(case, command)
        case c.SettleStep():
            return steps.settle_step(case, command)
        case c.ReportProgress():
            return [j.ProgressReported(message=command.message)]
        case c.RecordCallback():
            _check_future(command.next_at, now, "next_at")
            return _record_callback(case, pack, command)
        case c.Confirm():
            return _confirm(case, pack, command, now)
        case c.Reopen():
            return [j.Reopened(reason=command.reason)]
        case c.Withdraw():
            return [j.Withdrawn(reason=command.reason), j.Closed(outcome="withdrawn", reason=command.reason)]
        case c.CloseByDecision():
            return _close(case, pack, by, command)
        case c.AttachEvidence():
            ours = command.ours and Role.CUSTOMER not in by.roles
            return [j.EvidenceAttached(evidence=command.evidence, ours=ours)]
        case c.Pause():
            return _pause(case, command, now)
        case c.Resume():
            if not case.paused:
                raise Refusal("not_paused", zh="投诉未处于暂停状态", en="the complaint is not paused")
            return [j.Resumed(reason=command.reason)]
        case c.HandOver():
            return hand_overs.hand_over(case, pack, by, command)
        case c.TakeOver():
            return hand_overs.take_over(case, by)
        case c.DeclineHandOver():
            return hand_overs.decline(case, by, command)
        case c.GiveOpinion():
            return opinions.give_opinion(case, by, command)
        case c.Escalate():
            return [j.EscalatedByHand(to=command.to, assignee=None, reason=command.reason)]
        case c.Acknowledge():
            return _acknowledge(case, pack, by, command)
        case c.PromiseTime():
            _check_future(command.at, now, "at")
            return [j.TimePromised(about=command.about, at=command.at, note=command.note)]
        case c.RecordFollowUp():
            return follow_up.record_follow_up(case, pack, command, now)
        case c.AnswerSurvey():
            return follow_up.answer_survey(case, pack, command)
        case c.NoteSign() | c.DemandEvidence() | c.PresumeMalice() | c.ReferToLegal():
            return abuse.perform(case, pack, command, now)
        case c.Reclassify():
            return classification.reclassify(case, pack, command, now)
    raise AssertionError(f"no rule for {type(command).__name__}")


def _respond(case: Case, pack: Pack, command: c.Respond) -> Sequence[Event]:
    responded = j.Responded(message=command.message)
    if pack.category_of(case.category).verification:
        return [responded]
    # The procedure takes what this category is about as told: there is nothing to look into.
    return [responded, j.Verified(founded=True, findings="规程对此类投诉不设核实 / the procedure has no verification for this")]


def _verify(case: Case, pack: Pack, command: c.Verify) -> Sequence[Event]:
    grounds.check_verified(case, pack, command)
    verified = j.Verified(founded=command.founded, findings=command.findings, sources=command.sources, rests_on=command.rests_on)
    if command.founded:
        return [verified]
    return [verified, j.Closed(outcome="unfounded", reason=command.findings)]


def _record_callback(case: Case, pack: Pack, command: c.RecordCallback) -> Sequence[Event]:
    attempted = j.CallbackAttempted(answered=command.answered, note=command.note, next_at=command.next_at)
    if command.answered or case.callbacks + 1 != pack.confirm.attempts:
        return [attempted]
    # Who cannot be reached is decided on by whoever may close without the customer's word.
    reason = f"{pack.confirm.attempts} unanswered calls / {pack.confirm.attempts} 次回访无人接听"
    return [attempted, j.EscalatedByHand(to=pack.closing.decided_by, assignee=None, reason=reason)]


def _confirm(case: Case, pack: Pack, command: c.Confirm, now: datetime) -> Sequence[Event]:
    rating = command.rating
    if case.satisfied and (command.satisfied or case.stage is not Stage.FOLLOWING_UP):
        raise Refusal("already_confirmed", zh="客户已确认满意", en="the customer has already confirmed")
    if command.satisfied and rating is not None and rating < pack.confirm.satisfied_from:
        raise Refusal(
            "rating_contradicts",
            field="rating",
            zh=f"评分低于 {pack.confirm.satisfied_from} 分不能视为满意",
            en=f"a rating below {pack.confirm.satisfied_from} is not a satisfied customer",
        )
    confirmed = j.Confirmed(satisfied=command.satisfied, rating=rating, comment=command.comment)
    return follow_up.after_satisfied(case, pack, confirmed, now) if command.satisfied else [confirmed]


def _close(case: Case, pack: Pack, by: Actor, command: c.CloseByDecision) -> Sequence[Event]:
    if not by.has(pack.closing.decided_by):
        role = pack.closing.decided_by
        raise Refusal("wrong_role", zh=f"须由{role}或更高层级决定结案", en=f"only a {role} or higher may close by decision")
    if command.outcome == "refused_as_malicious":
        abuse.check_refusal(case, pack, by)
    if command.outcome not in pack.closing.outcomes:
        raise Refusal("outcome_unknown", field="outcome", zh="本规程没有此结案方式", en="this procedure has no such outcome")
    at_partners = (s for s in case.steps if s.status in ("planned", "ordered") and s.step.executor != "person")
    under_way = [state.step.id for state in at_partners if not steps.waits(case, state)]
    if under_way:
        raise Refusal(
            "step_under_way",
            zh=f"步骤 {'、'.join(under_way)} 正在合作方执行，请待其完成或失败后再结案",
            en=f"partners are carrying out {', '.join(under_way)}; wait until they are done or have failed",
        )
    undecided = [s.step.id for s in case.steps if s.status == "failed"]
    if undecided:
        raise Refusal(
            "step_not_settled",
            zh=f"步骤 {'、'.join(undecided)} 执行失败，请先决定重试或放弃",
            en=f"decide first what becomes of {', '.join(undecided)}, which failed: try again or drop",
        )
    return [j.Closed(outcome=command.outcome, reason=command.reason)]


def _pause(case: Case, command: c.Pause, now: datetime) -> Sequence[Event]:
    if case.paused:
        raise Refusal("already_paused", zh="投诉已处于暂停状态", en="the complaint is already paused")
    _check_future(command.until_at, now, "until_at")
    return [j.Paused(reason=command.reason, until_at=command.until_at)]


def _acknowledge(case: Case, pack: Pack, by: Actor, command: c.Acknowledge) -> Sequence[Event]:
    escalated = [d for d in case.deadlines if d.escalated and not d.acknowledged and command.deadline in (None, d.key)]
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
    return [p.Acknowledged(key=deadline.key, note=command.note) for deadline in escalated]


def _check_future(at: datetime | None, now: datetime, field: str) -> None:
    if at is not None and at <= now:
        raise Refusal("not_in_the_future", field=field, zh="时间须晚于当前时间", en="must lie in the future")
