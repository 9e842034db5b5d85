"""Agreement: proposing a remedy, deciding on it, appealing against it."""

from __future__ import annotations

from collections.abc import Sequence

from domain import commands as c
from domain import journal as j
from domain.actor import Actor
from domain.approvals import approver_for
from domain.case import Case
from domain.case_facts import found_facts, standing
from domain.incident.withheld import check_lot
from domain.journal import Event
from domain.money import Money
from domain.offers_made import climbed
from domain.policy.matching import asked_facts, remedy_for
from domain.policy.pack import Pack
from domain.policy.vocabulary import GIVES_BACK
from domain.purse import Spent
from domain.refusal import Refusal
from domain.remedies import draft
from domain.supplier_claims import with_claim


def propose(case: Case, pack: Pack, by: Actor, command: c.Propose) -> Sequence[Event]:
    if case.decision_role is not None and not by.has(case.decision_role):
        raise Refusal(
            "higher_level_decides",
            zh=f"该投诉须由{case.decision_role}或更高层级提出方案",
            en=f"after the appeal or refusal a {case.decision_role} or higher has to propose",
        )
    if case.order_check == "pending":
        raise Refusal(
            "order_not_checked",
            zh="订单系统尚未答复订单是否存在、是否属于该客户，请稍后再提方案",
            en="the order system has not said yet whether this order exists and is this customer's; propose once it has",
        )
    known = found_facts(case)
    asked = {fact.name: case.facts[fact.name] for fact in asked_facts(pack, case.category, known) if fact.name in case.facts}
    facts = {**asked, **standing(case)}
    choices = with_claim(case, remedy_for(pack, case.category, facts), command.choices)
    plan = draft(pack, case.category, facts, case.order, case.currency, choices, spent_before(case))
    check_lot(case, plan)
    if plan.outside_range and not command.reason:
        raise Refusal(
            "reason_required", field="reason", zh="方案超出规定幅度，请说明理由", en="the plan leaves the range; give a reason"
        )
    number = case.proposals + 1
    proposed = j.Proposed(number=number, plan=plan, reason=command.reason)
    approval = approver_for(pack, plan, case.category, known)
    if approval is None:
        return [proposed, j.Offered(number=number)]
    return [proposed, j.ApprovalAsked(number=number, role=approval.role)]


def decide(case: Case, by: Actor, command: c.Approve | c.SendBack | c.Refuse) -> Sequence[Event]:
    proposal = case.proposal
    assert proposal is not None
    assert proposal.approver_role is not None
    check_number(case, command.number)
    if not by.has(proposal.approver_role):
        raise Refusal(
            "approver_too_low",
            zh=f"此方案须由{proposal.approver_role}或更高层级审批",
            en=f"this proposal needs a {proposal.approver_role} or higher",
        )
    if {proposal.proposed_by, proposal.keyed_by} & by.names:
        raise Refusal("own_proposal", zh="不得审批本人提出的方案", en="nobody decides on their own proposal")
    match command:
        case c.Approve():
            return [j.Approved(number=command.number, note=command.note), j.Offered(number=command.number)]
        case c.SendBack():
            return [j.SentBack(number=command.number, reason=command.reason)]
        case c.Refuse():
            return [j.Refused(number=command.number, reason=command.reason)]


def appeal(case: Case, pack: Pack, command: c.Appeal) -> Sequence[Event]:
    check_number(case, command.number)
    if case.appeals >= pack.appeal.max_appeals:
        raise Refusal(
            "appeals_exhausted",
            zh="申诉次数已用完，由主管作出有理由的决定",
            en="all appeals have been heard; a supervisor's reasoned decision ends the matter",
        )
    judge = pack.appeal.judge(case.appeals + 1)
    return [j.Appealed(number=command.number, grounds=command.grounds, decided_by_role=judge)]


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
    return Spent(given_back=given_back, extra=extra, climbed=climbed(case))


def check_number(case: Case, number: int) -> None:
    current = case.proposal.number if case.proposal else 0
    if number != current:
        raise Refusal(
            "other_proposal", field="number", zh=f"当前方案编号为 {current}", en=f"the current proposal is number {current}"
        )
